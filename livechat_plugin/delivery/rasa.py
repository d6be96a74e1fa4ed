"""The client of the connectors inside Rasa: `{rasa}/webhooks/<channel>/…`, with the shared bearer."""

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from typing import Any

import aiohttp
import msgspec

TIMEOUT_SECONDS = 20.0
CONNECT_SECONDS = 5.0
"""A machine that is gone answers nothing at all: without a bound of its own this would look like a message that Rasa
may have taken.
"""

PING_SECONDS = 2.0
FETCH_SECONDS = 300.0
"""For a file, all in all: 20 MB over a line of 70 kB/s. Its row is locked for longer (`usecases.files`)."""

IDLE_SECONDS = 30.0
"""No byte of a file for so long, the first one included. A connector waits 25 s at most for its provider's first."""

FETCH = aiohttp.ClientTimeout(total=FETCH_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=IDLE_SECONDS)

CHUNK = 256 * 1024

NOT_REACHED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
"""No byte has left us."""


class RasaDown(Exception):
    """Rasa could not be reached; nothing was accepted."""


class RasaSilent(Exception):
    """The bytes left and no answer came: it may have been accepted."""


class Rasa:
    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._session: aiohttp.ClientSession | None = None
        self._away = False

    async def is_there(self) -> bool:
        """Whether it can be asked: one that could not be reached must answer a ping first."""
        return not self._away or await self.ping()

    async def post(self, channel: str, path: str, body: msgspec.Struct) -> tuple[int, Any]:
        """Status and decoded JSON (None when there is none). Raises `RasaDown`, `RasaSilent`."""
        url = f"{self._url}/webhooks/{channel}/{path}"
        content = msgspec.json.encode(body)
        with self._failures():
            async with self._open().post(url, data=content, headers=self._headers) as answer:
                return answer.status, _decoded(await answer.read())

    @contextlib.asynccontextmanager
    async def fetch(
        self, channel: str, path: str, body: msgspec.Struct, bounds: aiohttp.ClientTimeout = FETCH
    ) -> AsyncIterator[tuple[int, AsyncIterator[bytes]]]:
        """Status and the answer's bytes as they come. Raises `RasaDown`, `RasaSilent`; so do the bytes."""
        url = f"{self._url}/webhooks/{channel}/{path}"
        content = msgspec.json.encode(body)
        with self._failures():
            async with (
                self._open().post(url, data=content, headers=self._headers, timeout=bounds) as answer,
                contextlib.aclosing(_pieces(answer)) as pieces,
            ):
                yield answer.status, pieces

    async def ping(self) -> bool:
        """Whether Rasa answers at all."""
        timeout = aiohttp.ClientTimeout(total=PING_SECONDS)
        try:
            async with self._open().get(f"{self._url}/", timeout=timeout) as answer:
                alive = answer.status < 500
        except (aiohttp.ClientError, TimeoutError):
            return False
        if alive:
            self._away = False
        return alive

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except NOT_REACHED as error:
            self._away = True
            raise RasaDown from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise RasaSilent from error

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            # Callers bound what is in flight for each account; a common bound would make them wait for one another.
            connector = aiohttp.TCPConnector(limit=0)
            timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS, sock_connect=CONNECT_SECONDS)
            self._session = aiohttp.ClientSession(timeout=timeout, connector=connector)
        return self._session


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
