"""A TCP proxy on loopback that breaks connections on request.

    browser ──▶ FaultProxy.port ──▶ target_port

It runs an event loop in a thread of its own; every method may be called from the test's thread and has taken effect
when it returns. Faults hold for connections open now and later, until `heal()`.
"""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Literal, Self, TypeVar

T = TypeVar("T")

CHUNK = 64 * 1024
ANSWER_SECONDS = 5
REFUSED_UPGRADE = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

Direction = Literal["up", "down"]  # up: client → server


@dataclass
class Faults:
    """What is wrong with the line at the moment."""

    delay: float = 0.0
    refuse: bool = False
    swallow: set[Direction] = field(default_factory=set)
    reset_after: int | None = None
    refuse_upgrades: bool = False


@dataclass(eq=False)
class Line:
    """One client's connection and what it has carried so far."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    carried: int = 0

    def reset(self) -> None:
        """Close both ends with RST, as a pulled cable behind a firewall looks to a program."""
        for writer in (self.client, self.server):
            raw = writer.get_extra_info("socket")
            if raw is not None:
                with contextlib.suppress(OSError):
                    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()


class FaultProxy:
    """`with FaultProxy(service.port) as proxy: page.goto(proxy.url); proxy.cut()`."""

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        self.port = 0
        self.faults = Faults()
        self.accepted = 0
        self.upgrades_refused = 0
        self._lines: set[Line] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault-proxy", daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def open_connections(self) -> int:
        return len(self._lines)

    # What a test does to the line

    def delay(self, seconds: float) -> None:
        """Every chunk waits so long, in both directions."""
        self._now(lambda: setattr(self.faults, "delay", seconds))

    def cut(self) -> None:
        """Reset what is open and refuse what is new: the network is gone."""

        def apply() -> None:
            self.faults.refuse = True
            self._reset_all()

        self._now(apply)

    def drop_connections(self) -> None:
        """Reset what is open now; new connections work."""
        self._now(self._reset_all)

    def swallow(self, *directions: Direction) -> None:
        """Half-open: bytes of these directions (default both) vanish, and nobody is told."""
        self._now(lambda: self.faults.swallow.update(directions or ("up", "down")))

    def reset_after(self, size: int) -> None:
        """Reset each connection once it has carried `size` more bytes, both directions together."""

        def apply() -> None:
            self.faults.reset_after = size
            for line in self._lines:
                line.carried = 0

        self._now(apply)

    def refuse_upgrades(self) -> None:
        """Answer 403 to each request for a WebSocket and reset those that are open; plain HTTP works."""

        def apply() -> None:
            self.faults.refuse_upgrades = True
            self._reset_all()

        self._now(apply)

    def heal(self) -> None:
        """No faults any more. Connections whose bytes were swallowed are reset: they can't go on."""

        def apply() -> None:
            if self.faults.swallow:
                self._reset_all()
            self.faults = Faults()

        self._now(apply)

    def retarget(self, port: int) -> None:
        """New connections go to another port: a failover."""
        self._now(lambda: setattr(self, "target_port", port))

    # Life

    def start(self) -> Self:
        self._thread.start()
        self.port = self._run(self._listen())
        return self

    def stop(self) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(ANSWER_SECONDS)
        self._loop.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    # In the loop's thread

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(ANSWER_SECONDS)

    def _now(self, change: Callable[[], object]) -> None:
        async def apply() -> None:
            change()

        self._run(apply())

    async def _listen(self) -> int:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=CHUNK)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def _close(self) -> None:
        self._server.close()
        self._reset_all()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _reset_all(self) -> None:
        for line in list(self._lines):
            line.reset()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._serve(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        if self.faults.refuse:
            Line(writer, writer).reset()
            return
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
        line = Line(writer, server_writer)
        self._lines.add(line)
        try:
            await self._both_ways(line, reader, server_reader)
        finally:
            self._lines.discard(line)
            server_writer.transport.abort()

    async def _both_ways(self, line: Line, reader: asyncio.StreamReader, server_reader: asyncio.StreamReader) -> None:
        up = asyncio.create_task(self._pump(line, reader, line.server, "up"))
        down = asyncio.create_task(self._pump(line, server_reader, line.client, "down"))
        try:
            await asyncio.gather(up, down)
        finally:
            up.cancel()
            down.cancel()

    async def _pump(
        self, line: Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, direction: Direction
    ) -> None:
        while chunk := await reader.read(CHUNK):
            if direction == "up" and self.faults.refuse_upgrades and asks_for_upgrade(chunk):
                self.upgrades_refused += 1
                line.client.write(REFUSED_UPGRADE)
                await line.client.drain()
                line.client.close()
                raise ConnectionAbortedError
            await self._carry(line, chunk, writer, direction)
        if direction in self.faults.swallow:  # an end is swallowed like everything else: nobody is told
            return
        with contextlib.suppress(OSError):
            writer.write_eof()

    async def _carry(self, line: Line, chunk: bytes, writer: asyncio.StreamWriter, direction: Direction) -> None:
        if self.faults.delay:
            await asyncio.sleep(self.faults.delay)
        if direction in self.faults.swallow:
            return
        limit = self.faults.reset_after
        if limit is not None and line.carried + len(chunk) >= limit:
            writer.write(chunk[: limit - line.carried])
            await writer.drain()
            line.reset()
            raise ConnectionResetError
        line.carried += len(chunk)
        writer.write(chunk)
        await writer.drain()


def asks_for_upgrade(chunk: bytes) -> bool:
    """Whether these bytes begin a request for a WebSocket (a request's head comes in one piece on loopback)."""
    head = chunk.split(b"\r\n\r\n", 1)[0].lower()
    return head.startswith(b"get ") and b"upgrade: websocket" in head
