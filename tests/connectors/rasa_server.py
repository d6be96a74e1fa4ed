"""Rasa's web server in this process, with one channel."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import aiohttp
from sanic import Sanic

from connectors.channel import LiveChatChannel

from .fake_service import TOKEN

BEARER = {"Authorization": f"Bearer {TOKEN}"}
NAME = "rasa_for_a_test"


class Reply(NamedTuple):
    status: int
    body: Any


class RasaServer:
    """The routes of one channel."""

    def __init__(self, app: Sanic, url: str) -> None:
        self.app = app
        self.url = url

    async def post(self, path: str, body: Any = None, headers: dict[str, str] | None = None, **options: Any) -> Reply:
        """Post JSON, or `data`; as the service unless other `headers` are given."""
        if "data" not in options:
            options["json"] = body
        return await self._call("POST", path, BEARER if headers is None else headers, options)

    async def get(self, path: str, headers: dict[str, str] | None = None) -> Reply:
        """Get a page."""
        return await self._call("GET", path, headers or {}, {})

    async def _call(self, method: str, path: str, headers: dict[str, str], options: dict[str, Any]) -> Reply:
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, f"{self.url}/{path}", headers=headers, **options) as response,
        ):
            if response.content_type == "application/json":
                return Reply(response.status, await response.json())
            return Reply(response.status, await response.read())


@contextmanager
def rasa_server(loop: asyncio.AbstractEventLoop, channel: LiveChatChannel, agent: Any = None) -> Iterator[RasaServer]:
    """Serve `channel` on loopback."""
    Sanic.test_mode = True
    app = Sanic(NAME, configure_logging=False)
    app.blueprint(channel.blueprint(_unused), url_prefix=f"/webhooks/{channel.name()}")
    app.ctx.agent = agent

    free = socket.create_server(("127.0.0.1", 0))  # this Sanic takes a port 0 for its own default

    async def start() -> Any:
        listening = await app.create_server(sock=free, return_asyncio_server=True)
        await listening.startup()
        await listening.before_start()
        return listening

    listening = loop.run_until_complete(start())
    port = free.getsockname()[1]
    try:
        yield RasaServer(app, f"http://127.0.0.1:{port}/webhooks/{channel.name()}")
    finally:
        loop.run_until_complete(channel._close(app, loop))
        listening.close()
        Sanic._app_registry.pop(NAME, None)


async def _unused(message: Any) -> None:
    raise AssertionError("Rasa's own way is not used")
