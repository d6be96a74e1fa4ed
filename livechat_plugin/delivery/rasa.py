"""The client of the connectors inside Rasa: `{rasa}/webhooks/<channel>/…`, with the shared bearer."""

import contextlib
import time
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import aiohttp
import msgspec

TIMEOUT_SECONDS = 20.0
PING_SECONDS = 2.0
FETCH_SECONDS = 300.0
"""For a file, all in all: 20 MB over a line of 70 kB/s. Its row is locked for longer (`usecases.files`)."""

IDLE_SECONDS = 30.0
"""No byte of a file for so long, the first one included. A connector waits 25 s at most for its provider's first."""

FETCH = aiohttp.ClientTimeout(total=FETCH_SECONDS, connect=IDLE_SECONDS, sock_read=IDLE_SECONDS)

CHUNK = 256 * 1024


class RasaDown(Exception):
    """Rasa could not be reached; nothing was accepted."""


class RasaSilent(Exception):
    """The bytes left and no answer came: it may have been accepted."""


class Rasa:
    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._session: aiohttp.ClientSession | None = None
        self.down_since: float | None = None

    async def post(self, channel: str, path: str, body: msgspec.Struct) -> tuple[int, Any]:
        """Status and decoded JSON (None when there is none). Raises `RasaDown`, `RasaSilent`."""
        url = f"{self._url}/webhooks/{channel}/{path}"
        try:
            async with self._open().post(url, data=msgspec.json.encode(body), headers=self._headers) as answer:
                content = await answer.read()
                self.down_since = None
                return answer.status, _decoded(content)
        except aiohttp.ClientConnectorError as error:
            self._note_down()
            raise RasaDown from error
        except (aiohttp.ClientError, TimeoutError) as error:
            self._note_down()
            raise RasaSilent from error

    @contextlib.asynccontextmanager
    async def fetch(
        self, channel: str, path: str, body: msgspec.Struct, bounds: aiohttp.ClientTimeout = FETCH
    ) -> AsyncIterator[tuple[int, AsyncIterator[bytes]]]:
        """Status and the answer's bytes as they come. Raises `RasaDown`, `RasaSilent`; so do the bytes."""
        url = f"{self._url}/webhooks/{channel}/{path}"
        content = msgspec.json.encode(body)
        try:
            async with (
                self._open().post(url, data=content, headers=self._headers, timeout=bounds) as answer,
                contextlib.aclosing(_pieces(answer)) as pieces,
            ):
                yield answer.status, pieces
        except aiohttp.ClientConnectorError as error:
            raise RasaDown from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise RasaSilent from error

    async def ping(self) -> bool:
        """Whether Rasa answers at all."""
        try:
            timeout = aiohttp.ClientTimeout(total=PING_SECONDS)
            async with self._open().get(f"{self._url}/", timeout=timeout) as answer:
                alive = answer.status < 500
        except (aiohttp.ClientError, TimeoutError):
            alive = False
        if alive:
            self.down_since = None
        else:
            self._note_down()
        return alive

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            # Callers bound what is in flight for each account; a common bound would make them wait for one another.
            connector = aiohttp.TCPConnector(limit=0)
            timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
            self._session = aiohttp.ClientSession(timeout=timeout, connector=connector)
        return self._session

    def _note_down(self) -> None:
        if self.down_since is None:
            self.down_since = time.monotonic()


async def _pieces(answer: aiohttp.ClientResponse) -> AsyncGenerator[bytes]:
    # Whoever stores them must not take a time-out of the network, which is an OSError, for a fault of the disk.
    try:
        async for piece in answer.content.iter_chunked(CHUNK):
            yield piece
    except (aiohttp.ClientError, TimeoutError) as error:
        raise RasaSilent from error


def _decoded(content: bytes) -> Any:
    try:
        return msgspec.json.decode(content) if content else None
    except msgspec.DecodeError:
        return None
