"""The agents' sockets of this process: who is here, and the lists that they watch.

What must hold: inbox changes are coalesced to four frames a second, read once and encoded once for all; conversations
that the bot holds go only to those who have that list open. Presence is what the server sees: a socket that answered a
ping, or a poll.
"""

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import RowMapping

from .. import render
from ..errors import LiveChatError
from ..ids import AgentId, ConversationId
from ..usecases import read_inbox
from ..usecases.context import Context
from ..wire.sockets import InboxChange
from .hub import Subscription, frame_of
from .outlet import SESSION_OVER, Outlet

log = logging.getLogger(__name__)

COALESCE_SECONDS = 0.25
RECENT_MS = 10_000


@dataclass(eq=False)
class Seat:
    """One dashboard socket."""

    agent: RowMapping
    outlet: Outlet
    token: str
    watches_bot: bool = False
    answered_at: float = field(default_factory=time.monotonic)
    ping: Callable[[], Coroutine[Any, Any, None]] | None = None
    pinging: asyncio.Task[None] | None = None
    subscriptions: dict[ConversationId, Subscription] = field(default_factory=dict)

    def ask_whether_here(self) -> None:
        """Pings the browser unless an answer is still owed; `answered_at` is set when it comes."""
        if self.ping is not None and (self.pinging is None or self.pinging.done()):
            self.pinging = asyncio.create_task(self.ping())


class Desk:
    def __init__(self, context: Context) -> None:
        self._context = context
        self.seats: set[Seat] = set()
        self._polls: Counter[AgentId] = Counter()
        self._polled: dict[AgentId, float] = {}
        self._dirty: set[ConversationId] = set()
        self._changed = asyncio.Event()
        self._waiters: set[asyncio.Event] = set()

    @contextlib.contextmanager
    def polling(self, agent: AgentId) -> Iterator[None]:
        """An agent without a socket asks for news, and is here for as long as they wait for it."""
        self._polls[agent] += 1
        try:
            yield
        finally:
            self._polls[agent] -= 1
            self._polled[agent] = time.monotonic()

    def present(self, within_seconds: float) -> set[AgentId]:
        """The agents that this process has seen in the last `within_seconds`."""
        since = time.monotonic() - within_seconds
        self._polled = {agent: at for agent, at in self._polled.items() if at >= since}
        self._polls = +self._polls
        return {
            *self._polls,
            *self._polled,
            *(AgentId(seat.agent["id"]) for seat in self.seats if seat.answered_at >= since),
        }

    def mark(self, conversation: ConversationId) -> None:
        """A line of a list looks different now."""
        self._dirty.add(conversation)
        self._changed.set()

    def broadcast(self, frame: str) -> None:
        for seat in self.seats:
            seat.outlet.put(frame)

    def listen(self) -> asyncio.Event:
        """An event that is set at the next change of a list; give it back to `forget`."""
        changed = asyncio.Event()
        self._waiters.add(changed)
        return changed

    def forget(self, changed: asyncio.Event) -> None:
        self._waiters.discard(changed)

    async def run(self) -> None:
        """Runs for as long as the process: tells the lists' changes, four times a second at most."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            changed, self._dirty = self._dirty, set()
            for waiter in self._waiters:
                waiter.set()
            if self.seats:
                self._dirty.update(list(changed)[read_inbox.CHANGED_LIMIT :])
                try:
                    await self._tell(list(changed)[: read_inbox.CHANGED_LIMIT])
                except LiveChatError as error:
                    log.warning("inbox: %s; the sweep will try again", error.code)
            await asyncio.sleep(COALESCE_SECONDS)
            if self._dirty:
                self._changed.set()

    async def _tell(self, changed: list[ConversationId]) -> None:
        rows, numbers = await read_inbox.changed_rows(self._context, changed)
        counts = render.counts(numbers)
        everything = frame_of(InboxChange(items=render.inbox_rows(rows), counts=counts))
        of_people = [row for row in rows if self._concerns_people(row)]
        for_most = frame_of(InboxChange(items=render.inbox_rows(of_people), counts=counts))
        for seat in self.seats:
            if seat.watches_bot:
                seat.outlet.put(everything)
            elif of_people:
                seat.outlet.put(for_most)

    def _concerns_people(self, row: RowMapping) -> bool:
        """An open handover, or one that has just ended; a bot-held conversation with an old one does not."""
        if row["handover_id"] is None:
            return False
        recent = self._context.clock() - row["handover_changed_at"] < RECENT_MS
        return recent or bool(row["status"] != "resolved")

    async def sweep(self, since_ms: int) -> None:
        """Catches lost hints: marks what moved since then."""
        for conversation in await read_inbox.changed_since(self._context, since_ms):
            self.mark(conversation)

    def end_session(self, token: str) -> None:
        """Closes the sockets of a session that is over."""
        for seat in self.seats:
            if seat.token == token:
                seat.outlet.close(SESSION_OVER, "not_signed_in")
