"""Hints between processes: Redis pub/sub when there is a Redis, this process alone when there is none.

A hint says only that something may have happened. What must hold: a lost one costs at most the five seconds until the
next sweep; the sender never waits for Redis.
"""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable

import msgspec
from redis.exceptions import RedisError

from ..ids import ConversationId
from ..storage.redis_link import RedisDown, RedisLink, connect_redis
from ..usecases.context import Change

log = logging.getLogger(__name__)

CHANNEL = "livechat:hints"
QUEUE = 10_000
"""Hints that wait for Redis; beyond that they are dropped and the sweep finds what they meant."""

AT_ONCE = 100
"""Hints in one message."""

RECONNECT_SECONDS = 1.0


class Hint(msgspec.Struct, kw_only=True, omit_defaults=True):
    """`origin` is the process that sent it; `frame` is a passing frame for the readers of the conversation."""

    origin: str
    conversation: str = ""
    inbox: bool = False
    marks: bool = False
    turn: bool = False
    outbox: bool = False
    settings: bool = False
    frame: str | None = None


class Hints:
    """Gives every hint to `receive`: those of this process at once, those of others as they come."""

    def __init__(self, link: RedisLink | None, url: str | None, receive: Callable[[Hint], None]) -> None:
        self._link = link
        self._url = url
        self._receive = receive
        self._origin = secrets.token_hex(8)
        self._queue: asyncio.Queue[Hint] = asyncio.Queue(QUEUE)

    def announce(self, change: Change) -> None:
        self.send(
            Hint(
                origin=self._origin,
                conversation=change.conversation,
                inbox=change.inbox,
                marks=change.marks,
                turn=change.turn,
                outbox=change.outbox,
            )
        )

    def pass_on(self, conversation: ConversationId, frame: str) -> None:
        """Somebody types: for the other processes' readers."""
        self._enqueue(Hint(origin=self._origin, conversation=conversation, frame=frame))

    def settings_changed(self) -> None:
        self.send(Hint(origin=self._origin, settings=True))

    def send(self, hint: Hint) -> None:
        self._receive(hint)
        self._enqueue(hint)

    def _enqueue(self, hint: Hint) -> None:
        if self._link is not None:
            with contextlib.suppress(asyncio.QueueFull):
                self._queue.put_nowait(hint)

    async def publish(self) -> None:
        """Runs for as long as the process: hands queued hints to Redis."""
        if self._link is None:
            return
        client = self._link.client
        while True:
            body = msgspec.json.encode(await self._next())
            with contextlib.suppress(RedisDown):
                await self._link.ask(lambda body=body: client.publish(CHANNEL, body))  # type: ignore[misc]

    async def _next(self) -> list[Hint]:
        """All that wait: a burst is one message."""
        hints = [await self._queue.get()]
        while not self._queue.empty() and len(hints) < AT_ONCE:
            hints.append(self._queue.get_nowait())
        return hints

    async def listen(self) -> None:
        """Runs for as long as the process: takes hints of the others, and connects again when Redis was away."""
        while self._url is not None:
            try:
                await self._listen_once(self._url)
            except (RedisError, OSError, TimeoutError, msgspec.DecodeError) as error:
                log.debug("hints: %s; connecting again", type(error).__name__)
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen_once(self, url: str) -> None:
        client = connect_redis(url, timeout=None)
        try:
            async with client.pubsub(ignore_subscribe_messages=True) as subscription:
                await subscription.subscribe(CHANNEL)
                async for message in subscription.listen():
                    for hint in msgspec.json.decode(message["data"], type=list[Hint]):
                        if hint.origin != self._origin:
                            self._receive(hint)
        finally:
            await client.aclose()
