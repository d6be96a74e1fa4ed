"""The way out to one socket: a bounded queue and the task that empties it.

What must hold: putting never waits, so no socket slows down another; a socket that is 256 frames or 1 MB behind is
closed with 4408 and resumes by seq when it comes back.
"""

import asyncio
import contextlib
from collections import deque
from typing import Protocol

MAX_FRAMES = 256
MAX_CHARACTERS = 1_000_000

BAD_HELLO = 4400
SESSION_OVER = 4401
WRONG_ORIGIN = 4403
TOO_SLOW = 4408
TRY_LATER = 1013
"""Close codes: a client signs in anew on 4401 alone, and comes back after a while on the others."""


class Socket(Protocol):
    """What we need of a WebSocket."""

    async def send(self, message: str) -> None: ...
    async def close(self, code: int = 1000, reason: str = "") -> None: ...


class Outlet:
    def __init__(self, socket: Socket) -> None:
        self._socket = socket
        self._frames: deque[str] = deque()
        self._size = 0
        self._filled = asyncio.Event()
        self._emptied = asyncio.Event()
        self._closing: tuple[int, str] | None = None

    @property
    def closed(self) -> bool:
        return self._closing is not None

    def put(self, frame: str) -> None:
        """Queues a frame; a socket that is too far behind is closed instead."""
        if self._closing is not None:
            return
        self._frames.append(frame)
        self._size += len(frame)
        if len(self._frames) > MAX_FRAMES or self._size > MAX_CHARACTERS:
            self.close(TOO_SLOW, "too slow")
        self._filled.set()

    async def put_patiently(self, frame: str) -> None:
        """For a replay, in the reader's own task: waits until half of the queue is free."""
        while len(self._frames) > MAX_FRAMES // 2 and not self.closed:
            self._emptied.clear()
            await self._emptied.wait()
        self.put(frame)

    def close(self, code: int, reason: str) -> None:
        """Ends the socket; what is queued is not sent any more."""
        if self._closing is None:
            self._closing = (code, reason)
            self._frames.clear()
            self._filled.set()
            self._emptied.set()

    async def run(self) -> None:
        """Sends until the socket is closed, by us or by the other side."""
        try:
            await self._send_all()
        finally:
            self.close(1000, "")

    async def _send_all(self) -> None:
        while True:
            await self._filled.wait()
            self._filled.clear()
            while self._frames:
                frame = self._frames.popleft()
                self._size -= len(frame)
                await self._socket.send(frame)
            self._emptied.set()
            if self._closing is not None:
                with contextlib.suppress(Exception):
                    await self._socket.close(*self._closing)
                return
