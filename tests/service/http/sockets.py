"""A browser's end of a socket, of the widget or the dashboard; tests that open one use the fixture `closed_sockets`."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, ClassVar, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.harness.client import AgentClient, VisitorClient
from tests.harness.running import Service
from tests.harness.waiting import PATIENCE


class Socket:
    """A browser's end of a socket."""

    made: ClassVar[list[ClientConnection]] = []

    def __init__(self, connection: ClientConnection) -> None:
        Socket.made.append(connection)
        self.connection = connection
        self.frames: list[dict[str, Any]] = []

    @classmethod
    async def open(cls, url: str, path: str, cookie: str = "", origin: str | None = None) -> Self:
        headers = {"Cookie": cookie} if cookie else {}
        address = url.replace("http", "ws") + path
        return cls(await connect(address, additional_headers=headers, origin=origin, proxy=None))  # type: ignore[arg-type]

    async def say(self, type_: str, **fields: Any) -> None:
        await self.connection.send(json.dumps({"type": type_, **fields}))

    async def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next frame that is wanted; what comes before it is kept in `frames`."""
        async with asyncio.timeout(PATIENCE):
            while True:
                frame = json.loads(await self.connection.recv())
                self.frames.append(frame)
                if wanted(frame):
                    return dict(frame)

    async def next(self, type_: str) -> dict[str, Any]:
        return await self.until(lambda frame: frame["type"] == type_)

    def events(self) -> list[dict[str, Any]]:
        return [frame["event"] for frame in self.frames if frame["type"] == "event"]

    async def closed_with(self) -> int | None:
        """The code with which the other side ends it."""
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    await self.connection.recv()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None


async def widget(service: Service, visitor: VisitorClient, after: int = 0) -> Socket:
    socket = await Socket.open(service.url, "/widget/v1/socket")
    await socket.say("hello", token=str(visitor.http.headers["Authorization"]).split()[1], after=after)
    await socket.next("live")
    return socket


async def dashboard(service: Service, agent: AgentClient, conversation: str, after: int = 0) -> Socket:
    socket = await Socket.open(service.url, "/api/v1/socket", agent.cookie)
    await socket.say("hello", conversation_id=conversation, after=after)
    await socket.next("live")
    return socket
