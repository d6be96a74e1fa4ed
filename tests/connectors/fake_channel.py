"""A channel whose provider is this object: what it sends is kept, and faults are written down for the next sends."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from connectors.base import Files, Media, PushConnector, Request
from connectors.channel import LiveChatChannel
from connectors.errors import BadSignature, Gone, Malformed, UnsupportedUpdate
from connectors.model import Inbound, Outbound, Receipt

SECRET = "the-provider-knows-it"
SIGNED = {"x-secret": SECRET}


class FakeConnector(PushConnector[str]):
    """Each file goes out, then the text line by line. `faults` are raised by the next sends, None lets one through.
    Each send waits for one of the `gates`, if there are any.
    """

    name = "fake"
    max_webhook = 1000
    accounts = ("shop", "shop2")

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.faults: list[Exception | None] = []
        self.delay = 0.0
        self.gates: list[asyncio.Event] = []
        self.typed: list[str] = []
        self.acknowledged: list[str] = []
        self.files: dict[str, Sequence[bytes | Exception]] = {}
        self.tells_size = True

    @classmethod
    def from_credentials(cls, credentials: Mapping[str, Any]) -> "FakeConnector":
        return cls()

    def verify(self, request: Request) -> Collection[str]:
        if request.headers.get("x-secret") != SECRET:
            raise BadSignature("the secret is wrong")
        return ("shop",)

    def handshake(self, request: Request) -> str:
        if request.query.get("secret") != SECRET:
            raise BadSignature("the secret is wrong")
        return request.query["challenge"]

    def parse(self, body: bytes, accounts: Collection[str]) -> Sequence[Inbound | Receipt]:
        try:
            entries = json.loads(body)["things"]
        except (ValueError, KeyError, TypeError) as reason:
            raise Malformed("things: expected a list") from reason
        if entries == ["poll"]:
            raise UnsupportedUpdate("poll")
        (account,) = accounts
        return [self._thing(account, entry) for entry in entries]

    def _thing(self, account: str, entry: Mapping[str, str]) -> Inbound | Receipt:
        if "status" in entry:
            return Receipt("fake", account, entry["status"], "2026-01-05T10:00:00Z", external_id=entry["id"])
        return Inbound("fake", account, entry["user"], entry["id"], "message", text=entry["text"], answer_to="q1")

    async def acknowledge(self, inbound: Inbound) -> None:
        self.acknowledged.append(inbound.external_id)

    def parts(self, message: Outbound) -> list[str]:
        parts = [attachment.url for attachment in message.attachments]
        return [*parts, *(message.text or "").splitlines()]

    def without_file(self, part: str) -> str | None:
        """`/path#words` has words under the file."""
        return part if not part.startswith("/") else part.partition("#")[2] or None

    async def send(self, message: Outbound, part: str, files: Files) -> str:
        await asyncio.sleep(self.delay)
        if self.gates:
            await self.gates.pop(0).wait()
        if self.faults and (fault := self.faults.pop(0)) is not None:
            raise fault
        content = (await files.read_file(part.partition("#")[0], 10)).decode() if part.startswith("/") else part
        self.sent.append((message.message_id, content))
        return f"p{len(self.sent)}"

    async def typing(self, message: Outbound) -> None:
        self.typed.append(message.external_user)

    def media(self, account: str, ref: str) -> AbstractAsyncContextManager[Media]:
        return self._media(ref)

    @asynccontextmanager
    async def _media(self, ref: str) -> AsyncIterator[Media]:
        if ref not in self.files:
            raise Gone("no such file")
        chunks = self.files[ref]
        size = sum(len(chunk) for chunk in chunks if isinstance(chunk, bytes)) if self.tells_size else None
        yield Media("image/png", size, self._chunks(chunks))

    async def _chunks(self, chunks: Sequence[bytes | Exception]) -> AsyncIterator[bytes]:
        for chunk in chunks:
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk


class FakeChannel(LiveChatChannel):
    """The fake as a Rasa channel."""

    connector = FakeConnector
