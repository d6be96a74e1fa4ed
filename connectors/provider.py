"""HTTP to a channel's provider: one session for all calls, opened by the first.

What must be known of a call that failed is whether the provider may have acted on it. Without a connection it can't
have; once the request is on its way it can, whatever went wrong then. An answer of any status is an answer.

A provider's URLs and headers may carry tokens, so no error and no log says more of a call than its host, and errors
of the HTTP client, which may, are not chained to ours.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import aiohttp

from .errors import ProviderDown

ANSWER_TIMEOUT = 10.0
"""Seconds for a call, all in all."""

CONNECT_TIMEOUT = 5.0
"""Seconds of these for a connection. A call that has none after that has surely not been taken."""

UPLOAD_BYTES_PER_SECOND = 250_000
"""The slowest line on which an upload is waited for."""

CHUNK = 65_536


class Answer(NamedTuple):
    """What the provider said. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """The object in the body; an empty one when there is none."""
        try:
            value = json.loads(self.body)
        except ValueError:
            value = None
        return value if isinstance(value, dict) else {}


class Provider:
    """The HTTP client of one connector."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def call(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        form: aiohttp.FormData | None = None,
        upload: int = 0,
    ) -> Answer:
        """Call with JSON or a form that carries `upload` bytes of files. Raises ProviderDown when no answer came."""
        timeout = aiohttp.ClientTimeout(
            total=ANSWER_TIMEOUT + upload / UPLOAD_BYTES_PER_SECOND, connect=CONNECT_TIMEOUT
        )
        options: dict[str, Any] = {"headers": headers, "timeout": timeout, "allow_redirects": False}
        options.update({"data": form} if form is not None else {"json": body} if body is not None else {})
        try:
            async with self._open().request(method, url, **options) as response:
                return Answer(response.status, _lower(response.headers), await response.read())
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise _down(url, error) from None

    @asynccontextmanager
    async def open(self, url: str, headers: Mapping[str, str] | None = None) -> AsyncIterator[aiohttp.ClientResponse]:
        """Download: the response, of any status, whose body is read piece by piece. Raises ProviderDown."""
        timeout = aiohttp.ClientTimeout(connect=CONNECT_TIMEOUT, sock_read=ANSWER_TIMEOUT)
        try:
            async with self._open().get(url, headers=headers, timeout=timeout, allow_redirects=False) as response:
                yield response
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise _down(url, error) from None

    async def close(self) -> None:
        """Close the session; a later call opens a new one."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession()
        return self._session


async def pieces(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """The body of a download; raises ProviderDown when it breaks off."""
    try:
        async for chunk in response.content.iter_chunked(CHUNK):
            yield chunk
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
        raise ProviderDown(f"the download broke off ({type(error).__name__})") from None


def _down(url: str, error: Exception) -> ProviderDown:
    reached = not isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ServerTimeoutError, aiohttp.InvalidURL))
    said = "gave no answer" if reached else "could not be reached"
    return ProviderDown(f"{urlsplit(url).hostname} {said} ({type(error).__name__})", sent=None if reached else False)


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
