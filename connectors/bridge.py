"""The client of the service's bridge: one HTTP session for the whole process, opened by the first call.

A call that got no answer, or a fault of the service (5xx, 429), is tried again with growing pauses until `patience`
seconds have passed; every body carries a key or a position, so a repeat does nothing twice. A refusal (4xx) is final.
The token travels in a header and is part of no message, error or log.
"""

import asyncio
import logging
import random
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import aiohttp

from .errors import UNWORDED, Gone, Refused, TooLarge, Unreachable
from .model import Body, Inbound, Receipt, as_body
from .settings import BridgeSettings

logger = logging.getLogger(__name__)

TURN_PATIENCE = 60.0
"""Seconds for which what the bot said is offered: a restart of the service takes less."""

ANSWER_TIMEOUT = 10.0
"""Seconds for one try."""

KEPT_SECONDS, KEPT_MOST = 5.0, 1000
"""For how long an answer about availability is good, and for how many conversations one is kept."""

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
"""Seconds between tries: the first, doubled each time, and the most."""


class Bridge:
    """What the Rasa side can tell the service. Raises Unreachable and Refused."""

    def __init__(self, settings: BridgeSettings, patience: float = TURN_PATIENCE) -> None:
        self._settings = settings
        self._patience = patience
        self._session: aiohttp.ClientSession | None = None
        self._known: dict[str, tuple[float, Body]] = {}

    async def receive(self, inbound: Inbound, patience: float) -> Body:
        """Hand over what a customer did; the answer says who answers them."""
        return await self._post("/inbound", as_body(inbound), patience)

    async def post_turn(
        self, turn: str, epoch: int, first: int, messages: list[Body], done: bool = False, failed: str | None = None
    ) -> str:
        """Bubbles `first`, `first + 1`, … of a turn; none keep it, `done` ends it. Answers accepted or suppressed."""
        body: Body = {"epoch": epoch, "from": first, "messages": messages, "done": done}
        if failed is not None:
            body["failed"] = failed[:500]
        return str((await self._post(f"/turns/{turn}/messages", body)).get("status"))

    async def post_aside(self, conversation_id: str, key: str, messages: list[Body]) -> str:
        """What the bot says outside of a turn, under a `key` that a repeat shares."""
        body = {"conversation_id": conversation_id, "key": key, "messages": messages}
        return str((await self._post("/bot-messages", body)).get("status"))

    async def open_handover(
        self,
        key: str,
        conversation_id: str,
        trigger: str,
        reason: str,
        card: Body | None = None,
        patience: float | None = None,
        contact: Body | None = None,
    ) -> Body:
        """Ask for a person, or leave a `contact`. Answers `status`: pending, already_open, out_of_hours or disabled."""
        body: Body = {"key": key, "conversation_id": conversation_id, "trigger": trigger, "reason": reason[:500]}
        if card is not None:
            body["card"] = card
        if contact is not None:
            body["contact"] = contact
        return await self._post("/handovers", body, patience)

    async def availability(self, conversation_id: str, patience: float) -> Body:
        """Whether a person can be asked now; `opening` is when again, in words. The same answer for five seconds."""
        known = self._known.get(conversation_id)
        if known is not None and time.monotonic() - known[0] < KEPT_SECONDS:
            return known[1]
        answer = await self._ask(
            "GET", f"/availability?conversation_id={quote(conversation_id, safe='')}", None, patience
        )
        if len(self._known) >= KEPT_MOST:
            self._known.clear()
        self._known[conversation_id] = (time.monotonic(), answer)
        return answer

    async def report(self, receipt: Receipt, patience: float | None = None) -> None:
        """How far the provider got with a message."""
        await self._post("/receipts", as_body(receipt), patience)

    async def read_file(self, path: str, max_bytes: int) -> bytes:
        """A file of the service, `/bridge/v1/files/…`, tried once; raises Gone and TooLarge, too."""
        try:
            async with self._open().get(
                f"{self._settings.url}{path}",
                timeout=aiohttp.ClientTimeout(total=ANSWER_TIMEOUT),
                headers=self._headers(),
                allow_redirects=False,
            ) as response:
                if response.status == 200:
                    return await _read(response, max_bytes)
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            raise Unreachable(f"{self._settings.url}: {type(error).__name__}") from error
        if response.status in (404, 410):
            raise Gone("the file is no longer there")
        raise Unreachable(f"{self._settings.url}: HTTP {response.status}")

    async def close(self) -> None:
        """Close the session; a later call opens a new one."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _post(self, path: str, body: Mapping[str, Any], patience: float | None = None) -> Body:
        return await self._ask("POST", path, body, patience)

    async def _ask(self, method: str, path: str, body: Mapping[str, Any] | None, patience: float | None = None) -> Body:
        deadline = time.monotonic() + (self._patience if patience is None else patience)
        pause = FIRST_PAUSE
        while True:
            try:
                return await self._try(method, path, body, deadline)
            except Unreachable as reason:  # noqa: PERF203 - trying again is the point
                wait = random.uniform(pause / 2, pause)
                if time.monotonic() + wait >= deadline:
                    raise
                logger.warning("The live chat service did not take %s (%s), trying again", path, reason)
                await asyncio.sleep(wait)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _try(self, method: str, path: str, body: Mapping[str, Any] | None, deadline: float) -> Body:
        seconds = max(0.05, min(ANSWER_TIMEOUT, deadline - time.monotonic()))
        timeout = aiohttp.ClientTimeout(total=seconds)
        url = f"{self._settings.url}/bridge/v1{path}"
        try:
            async with self._open().request(
                method, url, json=body, timeout=timeout, headers=self._headers()
            ) as response:
                answer = await _json(response)
                status = response.status
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            raise Unreachable(f"{self._settings.url}: {type(error).__name__}") from error
        if status >= 500 or status == 429:
            raise Unreachable(f"{self._settings.url}: HTTP {status}")
        if status >= 400:
            raise Refused(status, str(answer.get("code", UNWORDED)), str(answer.get("message", path)))
        return answer

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession()
        return self._session

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._settings.token}"}


async def _read(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_chunked(65536):
        content += chunk
        if len(content) > max_bytes:
            raise TooLarge(f"the file is larger than {max_bytes} bytes")
    return bytes(content)


async def _json(response: aiohttp.ClientResponse) -> Body:
    try:
        answer = await response.json(content_type=None)
    except ValueError:
        answer = None
    return answer if isinstance(answer, dict) else {}
