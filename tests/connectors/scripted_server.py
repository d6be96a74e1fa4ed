"""A provider that answers what a test wrote down, call by call, and keeps what it was asked."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

NO_ANSWER = "no answer"
"""Takes the call and never answers."""

HANG_UP = "hang up"
"""Takes the call and closes the connection."""

Script = tuple[int, Any] | str


@dataclass
class Call:
    """One call: the path with its query, and the body: JSON, or the fields of a form with the bytes of its files."""

    path: str
    body: Any
    headers: dict[str, str]


@dataclass
class ScriptedServer:
    """Answers with `script`, in order: (status, JSON or bytes), NO_ANSWER or HANG_UP; then with `usual`."""

    usual: Script = (200, {})
    script: list[Script] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    url: str = ""
    _runner: web.AppRunner | None = None

    async def start(self) -> "ScriptedServer":
        """Listen on a free port."""
        app = web.Application(client_max_size=100_000_000)
        app.router.add_route("*", "/{path:.*}", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def stop(self) -> None:
        """Be gone."""
        if self._runner is not None:
            await self._runner.cleanup()

    def bodies(self) -> list[Any]:
        """What was asked, in order."""
        return [call.body for call in self.calls]

    def paths(self) -> list[str]:
        """Where it was asked."""
        return [call.path for call in self.calls]

    async def _take(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.calls.append(Call(request.path_qs, await _body(request), headers))
        script = self.script.pop(0) if self.script else self.usual
        if script == NO_ANSWER:
            await asyncio.sleep(60)
        if isinstance(script, str):
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        status, content = script
        if isinstance(content, bytes):
            return web.Response(status=status, body=content)
        headers = {"Location": "/elsewhere"} if 300 <= status < 400 else {}
        return web.json_response(content, status=status, headers=headers)


async def _body(request: web.Request) -> Any:
    if request.content_type != "multipart/form-data":
        raw = await request.read()
        return json.loads(raw) if raw else None
    fields: dict[str, Any] = {}
    async for part in await request.multipart():
        content = bytes(await part.read())
        named = (part.filename, part.headers.get("Content-Type"), content)
        fields[part.name] = named if part.filename else content.decode()
    return fields


@contextmanager
def scripted_server(loop: asyncio.AbstractEventLoop, usual: Script = (200, {})) -> Iterator[ScriptedServer]:
    """Serve for the length of a block."""
    server = loop.run_until_complete(ScriptedServer(usual).start())
    try:
        yield server
    finally:
        loop.run_until_complete(server.stop())
