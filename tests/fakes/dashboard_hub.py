"""The stand-in's open sockets, what each follows, and a pulse for long polls."""

import asyncio
from typing import Any

import msgspec
from sanic import Websocket
from sanic.exceptions import WebsocketClosed

from livechat_plugin.wire import common, sockets

from .dashboard_reads import row
from .dashboard_talk import Talk
from .dashboard_world import World


class Hub:
    def __init__(self, world: World) -> None:
        self.world = world
        self.followers: dict[Websocket, set[str]] = {}
        self.bot_watchers: set[Websocket] = set()
        self.pulse = asyncio.Event()
        self.tasks: set[asyncio.Task[None]] = set()
        world.on_event = self.event
        world.on_row = self.row
        world.on_marks = self.marks

    def event(self, talk: Talk, event: common.Event) -> None:
        for socket, followed in self.followers.items():
            if talk.id in followed:
                self.send(socket, sockets.NewEvent(conversation_id=talk.id, event=event))
        self.beat()

    def row(self, talk: Talk) -> None:
        items = [row(talk, handover) for handover in talk.handovers[-1:]]
        for socket in self.followers:
            extra = [row(talk, None)] if socket in self.bot_watchers and talk.holder.kind == "bot" else []
            self.send(socket, sockets.InboxChange(items=items + extra, counts=self.world.counts()))
        self.beat()

    def marks(self, talk: Talk) -> None:
        marks = {"sent_upto": talk.sent, "delivered_upto": talk.delivered, "read_upto": talk.read}
        self.all(sockets.Watermark(conversation_id=talk.id, **marks))

    def all(self, frame: Any) -> None:
        for socket in self.followers:
            self.send(socket, frame)

    def send(self, socket: Websocket, frame: Any) -> None:
        task = asyncio.get_running_loop().create_task(self._send(socket, msgspec.json.encode(frame).decode()))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _send(self, socket: Websocket, text: str) -> None:
        try:
            await socket.send(text)
        except (WebsocketClosed, ConnectionError):
            self.followers.pop(socket, None)

    def beat(self) -> None:
        self.pulse.set()
        self.pulse = asyncio.Event()

    async def wait_until(self, ready: Any, seconds: float) -> None:
        async def until() -> None:
            while not ready():
                await self.pulse.wait()

        try:
            await asyncio.wait_for(until(), seconds)
        except TimeoutError:
            return
