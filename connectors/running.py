"""One bot turn while it runs: what the bot says goes out in order, and a person it asked for is really asked for.

Rasa only puts things in line: `say` never waits and never raises, because a send that is slow or raises would lose the
whole turn in Rasa. One task, `post`, takes them out and posts them under the turn's id and epoch; after ten quiet
seconds it posts an empty body, which keeps the turn ours. `end` is the last thing in line.

What was said before a handover must be with the service before it, and the action that opens one calls from another
process. So Rasa waits for the line before it asks the action server (`settle`), but not long: a service that is away
stops no turn. Without such a call most turns are one post: the bubbles and their end.

The handover policy reports two things through `current_turn`: that it wants a person (`escalate`), and what the action
that asks for one brought back (`reported`). No word from the action after five seconds, a failure, or the end of the
turn: then the turn asks itself, under the same key. The service opens one handover for a key.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from .bridge import Bridge
from .errors import ConnectorError, Refused
from .model import Body, Turn
from .notes import SETTLED
from .siblings import build_card, refusal

logger = logging.getLogger(__name__)

KEEP_ALIVE = 10.0
"""Seconds of quiet after which an empty post keeps the turn; without one the service gives it away after 30."""

SETTLE_SECONDS = 5.0
"""The longest that Rasa waits, once in a turn, for what it said to be with the service."""

ACTION_SECONDS = 5.0
"""Seconds that the action has to ask for a person."""


@dataclass(frozen=True)
class Wanted:
    """The policy's wish for a person, with what the card is drawn from."""

    decision: Mapping[str, Any]
    state: Mapping[str, Any]
    domain: Mapping[str, Any]


@dataclass(frozen=True)
class End:
    """The turn is over; `failed` says why Rasa could not run it."""

    failed: str | None = None


Step = Body | Wanted | End


class RunningTurn:
    """A turn between its start and its last post."""

    def __init__(self, turn: Turn, bridge: Bridge) -> None:
        self.turn = turn
        self.over = False
        self._bridge = bridge
        self._line: deque[Step] = deque()
        self._news = asyncio.Event()
        self._settled = asyncio.Event()
        self._waits = True
        self._posted = 0
        self._wanted: Wanted | None = None
        self._timer: asyncio.TimerHandle | None = None

    def say(self, body: Body) -> None:
        """Put one bubble in line."""
        self._put(body)

    async def settle(self) -> None:
        """Wait until all that is in line is with the service; never raises, and doesn't wait again in vain."""
        if not self._waits:
            return
        try:
            await asyncio.wait_for(self._settled.wait(), SETTLE_SECONDS)
        except asyncio.TimeoutError:
            self._waits = False

    def escalate(self, decision: Mapping[str, Any], state: Mapping[str, Any], domain: Mapping[str, Any]) -> None:
        """The policy wants a person; the action will ask for one now."""
        if self.over:
            return
        self._wanted = Wanted(decision, state, domain)
        self._timer = asyncio.get_running_loop().call_later(ACTION_SECONDS, self._ask)

    def reported(self, status: str | None) -> None:
        """What the action brought back; None when it left no word."""
        if status in SETTLED:
            self._drop_timer()
            self._wanted = None
        else:
            self._ask()

    def end(self, failed: str | None = None) -> None:
        """Nothing more comes from Rasa. A turn that failed runs again, so it asks for nobody."""
        self.over = True
        if failed is None:
            self._ask()
        self._drop_timer()
        self._put(End(failed))

    async def post(self) -> None:
        """Post what is in line until the end. What can't be posted is asked for again by the service."""
        try:
            while not await self._post_next():
                pass
        except ConnectorError as reason:
            logger.warning("What turn %s said did not reach the live chat service: %s", self.turn.id, reason)
        finally:
            self._waits = False
            self._settled.set()

    async def _post_next(self) -> bool:
        step = await self._next()
        if isinstance(step, Wanted):
            await self._open(step)
            return False
        bubbles, end = self._bubbles_and_end(step)
        await self._send(bubbles, done=end is not None, failed=end.failed if end else None)
        return end is not None

    async def _next(self) -> Step | None:
        if not self._line:
            self._settled.set()
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), KEEP_ALIVE)
            except asyncio.TimeoutError:
                return None
        return self._line.popleft()

    def _bubbles_and_end(self, first: "Body | End | None") -> "tuple[list[Body], End | None]":
        """What can leave in one post: the bubbles that stand next to one another, and the end if it is behind them."""
        bubbles: list[Body] = []
        step: Step | None = first
        while step is not None and not isinstance(step, (End, Wanted)):
            bubbles.append(step)
            step = self._line.popleft() if self._line and not isinstance(self._line[0], Wanted) else None
        return bubbles, step if isinstance(step, End) else None

    async def _send(self, bubbles: list[Body], done: bool = False, failed: str | None = None) -> None:
        await self._bridge.post_turn(self.turn.id, self.turn.epoch, self._posted, bubbles, done, failed)
        self._posted += len(bubbles)

    async def _open(self, wanted: Wanted) -> None:
        decision = wanted.decision
        card = build_card(wanted.state, wanted.domain, decision)
        try:
            answer = await self._bridge.open_handover(
                self.turn.id, self.turn.conversation_id, str(decision["trigger"]), str(decision["reason"]), card
            )
            status = str(answer.get("status"))
        except Refused as reason:
            logger.warning("The handover of turn %s was refused: %s", self.turn.id, reason)
            status = "refused"
        logger.info("Turn %s asked for a person by itself: %s", self.turn.id, status)
        text = refusal(status, wanted.domain)
        if text is not None:
            await self._send([{"text": text}])

    def _ask(self) -> None:
        self._drop_timer()
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self._put(wanted)

    def _drop_timer(self) -> None:
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()

    def _put(self, step: Step) -> None:
        self._line.append(step)
        self._settled.clear()
        self._news.set()


current_turn: ContextVar[RunningTurn] = ContextVar("livechat_turn")
"""The turn in whose name Rasa works right now. The policy, which may live under another name, finds it by its name."""
