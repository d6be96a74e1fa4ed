"""A worker's loop: woken by a poke, or by its own beat when a poke was lost; an error ends a round, never the loop."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from .errors import LiveChatError

log = logging.getLogger(__name__)


class Loop:
    def __init__(self, name: str, beat_seconds: float, work: Callable[[], Awaitable[object]]) -> None:
        self._name = name
        self._beat = beat_seconds
        self._work = work
        self._poked = asyncio.Event()

    def poke(self) -> None:
        """There is work."""
        self._poked.set()

    async def run(self) -> None:
        while True:
            try:
                await self._work()
            except LiveChatError as error:
                log.warning("%s: %s", self._name, error.code)
            except Exception:
                log.exception("%s: a round failed", self._name)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._beat):
                    await self._poked.wait()
            self._poked.clear()
