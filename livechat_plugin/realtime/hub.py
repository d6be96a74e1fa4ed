"""Fan-out of this process: who reads which conversation, and the one look at SQL that serves them all.

What must hold: a hint is never trusted; the hub reads what is beyond its cursor and gives it out in order. A reader
subscribes before the snapshot is read and drops what it has had, so nothing falls between. No socket is ever awaited
here.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import RowMapping

from .. import render
from ..errors import LiveChatError
from ..ids import ConversationId
from ..usecases.context import Context
from ..usecases.read_conversation import last_seqs
from ..usecases.read_log import VISIBLE, Reader, read_log, read_new, read_position
from ..wire.sockets import Live, NewEvent, Reset
from .outlet import MAX_FRAMES, TOO_SLOW, Outlet

log = logging.getLogger(__name__)
_encode = msgspec.json.Encoder().encode


def frame_of(struct: msgspec.Struct) -> str:
    """A frame as the text that goes over the wire; made once, however many sockets get it."""
    return _encode(struct).decode()


@dataclass(eq=False)
class Subscription:
    """One reader of one conversation. Until the replay is over, what happens meanwhile is kept in `pending`."""

    outlet: Outlet
    reader: Reader
    position: int
    pending: list[tuple[int, str]] | None = field(default_factory=list)

    def give(self, seq: int, frame: str) -> None:
        if seq <= self.position:
            return
        if self.pending is not None:
            self.pending.append((seq, frame))
            if len(self.pending) > MAX_FRAMES:
                self.outlet.close(TOO_SLOW, "too slow")
            return
        self.position = seq
        self.outlet.put(frame)

    def catch_up(self) -> None:
        """The replay is over: gives out what came meanwhile; from here on events pass straight through."""
        waiting, self.pending = self.pending or [], None
        for seq, frame in waiting:
            self.give(seq, frame)


@dataclass(eq=False)
class Channel:
    """The readers of one conversation, and how far its log has been given out (`seen`: for each kind of reader)."""

    cursor: int
    seen: dict[Reader, int]
    subscriptions: set[Subscription] = field(default_factory=set)
    waiters: set[asyncio.Event] = field(default_factory=set)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    dirty: bool = False

    @property
    def unused(self) -> bool:
        return not self.subscriptions and not self.waiters


class Hub:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._channels: dict[ConversationId, Channel] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def subscribe(self, conversation: ConversationId, outlet: Outlet, reader: Reader, after: int) -> Subscription:
        """Replays what is beyond `after`, says `live`, and goes on with what happens."""
        channel = await self._channel(conversation)
        subscription = Subscription(outlet, reader, after)
        channel.subscriptions.add(subscription)
        found = await read_log(self._context, conversation, after, reader)
        if found.reset:
            outlet.put(frame_of(Reset(conversation_id=conversation, last_seq=found.last_seq)))
        for event in render.events(found.rows, found.prev, reader, self._context.links):
            await outlet.put_patiently(frame_of(NewEvent(conversation_id=conversation, event=event)))
            subscription.position = event.seq
        outlet.put(frame_of(Live(conversation_id=conversation, last_seq=found.last_seq)))
        subscription.catch_up()
        return subscription

    def unsubscribe(self, conversation: ConversationId, subscription: Subscription) -> None:
        channel = self._channels.get(conversation)
        if channel is not None:
            channel.subscriptions.discard(subscription)
            self._drop_if_unused(conversation, channel)

    @contextlib.asynccontextmanager
    async def listening(self, conversation: ConversationId) -> AsyncIterator[asyncio.Event]:
        """An event that is set when something happens in the conversation; listen first, then read, then wait."""
        channel = await self._channel(conversation)
        happened = asyncio.Event()
        channel.waiters.add(happened)
        try:
            yield happened
        finally:
            channel.waiters.discard(happened)
            self._drop_if_unused(conversation, channel)

    def hint(self, conversation: ConversationId) -> None:
        """Something may have happened: look, in a task of its own."""
        channel = self._channels.get(conversation)
        if channel is None:
            return
        channel.dirty = True
        if not channel.lock.locked():
            task = asyncio.create_task(self._pump(conversation, channel))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def broadcast(self, conversation: ConversationId, frame: str, but: Outlet | None = None) -> None:
        """Gives a passing frame (typing, watermark) to all readers of a conversation."""
        channel = self._channels.get(conversation)
        for subscription in channel.subscriptions if channel else ():
            if subscription.outlet is not but and subscription.pending is None:
                subscription.outlet.put(frame)

    async def sweep(self) -> None:
        """Catches lost hints: compares how far the subscribed logs are with how far they were given out."""
        if self._channels:
            seqs = await last_seqs(self._context, list(self._channels))
            for conversation, seq in seqs.items():
                channel = self._channels.get(conversation)
                if channel is not None and channel.cursor < seq:
                    self.hint(conversation)

    async def _channel(self, conversation: ConversationId) -> Channel:
        if conversation not in self._channels:
            self._channels.setdefault(conversation, Channel(*await read_position(self._context, conversation)))
        return self._channels[conversation]

    def _drop_if_unused(self, conversation: ConversationId, channel: Channel) -> None:
        if channel.unused and self._channels.get(conversation) is channel:
            del self._channels[conversation]

    async def _pump(self, conversation: ConversationId, channel: Channel) -> None:
        async with channel.lock:
            while channel.dirty:
                channel.dirty = False
                try:
                    await self._give_out(conversation, channel)
                except LiveChatError as error:
                    log.warning("fan-out: %s; the sweep will try again", error.code)

    async def _give_out(self, conversation: ConversationId, channel: Channel) -> None:
        rows = await read_new(self._context, conversation, channel.cursor)
        if not rows:
            return
        for row in rows:
            for reader in ("team", "customer"):
                if row["audience"] in VISIBLE[reader]:
                    self._give_one(conversation, channel, row, reader)
            channel.cursor = row["seq"]
        for waiter in channel.waiters:
            waiter.set()

    def _give_one(self, conversation: ConversationId, channel: Channel, row: RowMapping, reader: Reader) -> None:
        readers = [one for one in channel.subscriptions if one.reader == reader]
        if readers:
            event = render.event(row, channel.seen[reader], reader, self._context.links)
            frame = frame_of(NewEvent(conversation_id=conversation, event=event))
            for subscription in readers:
                subscription.give(row["seq"], frame)
        channel.seen[reader] = row["seq"]
