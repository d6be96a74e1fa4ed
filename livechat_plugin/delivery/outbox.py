"""Sends what is in the outbox through the connectors' `/deliver`, in order, with few retries in flight.

No transaction is open during a send. 16 sends for each account at once, two of them retries, so that one sick
conversation doesn't starve the others; an account that asks us to wait is left alone for so long. What an account can't
send now is not even looked at, so no account waits for another. While Rasa can't be reached nothing is tried at all:
what waits leaves as soon as it is back.
"""

import asyncio
import time
from collections import Counter
from typing import Any

from sqlalchemy import RowMapping

from .. import render
from ..domain import window
from ..loop import Loop
from ..usecases import deliver
from ..usecases.context import Context
from ..wire.connector import Deliver
from .rasa import Rasa, RasaDown, RasaSilent

BEAT_SECONDS = 1.0
IN_FLIGHT = 16
RETRIES_IN_FLIGHT = 2

BACK_SECONDS = 1.0
"""How long a message stays in line that was taken, and could not be tried."""

GOING_PAUSE_SECONDS = 0.5
"""Before we ask again for a send that is still going. A connector says so only after a while; one that doesn't is not
stormed either.
"""

OK, GOING, REFUSED, TOO_FAST, NO_ANSWER = 200, 202, 422, 429, 504
"""What a connector answers: taken, still sending, refused for good, not so fast, and "it may have arrived". All else is
"not now".
"""

RASA_AWAY = "Rasa can't be reached."
"""Why a message waits, for the agent; all other reasons are the connector's."""

Account = tuple[str, str]


class OutboxRunner:
    def __init__(self, context: Context, rasa: Rasa) -> None:
        self._context = context
        self._rasa = rasa
        self._sends: set[asyncio.Task[None]] = set()
        self._in_flight: Counter[Account] = Counter()
        self._retrying: Counter[Account] = Counter()
        self._paused_until: dict[Account, float] = {}
        self.loop = Loop("outbox", BEAT_SECONDS, self._round)

    async def run_once(self) -> None:
        """One round, and the end of what it sent."""
        await self._round()
        await asyncio.gather(*self._sends)

    async def _round(self) -> None:
        if not await self._rasa.is_there():
            await deliver.explain_waiting(self._context, RASA_AWAY)
            return
        busy = self._busy()
        room = IN_FLIGHT - max((sends for account, sends in self._in_flight.items() if account not in busy), default=0)
        rows = await deliver.take_due(self._context, room, without=busy, without_retries=self._retried())
        for row in rows:
            if self._must_wait(row):
                await deliver.put_back(self._context, row, BACK_SECONDS)
            else:
                self._start(row)
        if len(rows) == IN_FLIGHT:  # there may be more, of other accounts
            self.loop.poke()

    def _busy(self) -> set[Account]:
        """Accounts that take nothing now: they asked us to wait, or enough is on its way."""
        now = time.monotonic()
        self._paused_until = {account: until for account, until in self._paused_until.items() if until > now}
        return {account for account, sends in self._in_flight.items() if sends >= IN_FLIGHT} | set(self._paused_until)

    def _retried(self) -> set[Account]:
        """Accounts that take no further retry now."""
        return {account for account, sends in self._retrying.items() if sends >= RETRIES_IN_FLIGHT}

    def _must_wait(self, row: RowMapping) -> bool:
        account = (row["channel"], row["account"])
        return account in self._busy() or (row["attempt"] > 1 and account in self._retried())

    def _start(self, row: RowMapping) -> None:
        account, retry = (row["channel"], row["account"]), row["attempt"] > 1
        self._in_flight[account] += 1
        self._retrying[account] += retry
        send = asyncio.create_task(self._try(row, account))
        self._sends.add(send)

        def done(_: object) -> None:
            self._sends.discard(send)
            self._in_flight[account] -= 1
            self._retrying[account] -= retry
            self.loop.poke()

        send.add_done_callback(done)

    async def _try(self, row: RowMapping, account: Account) -> None:
        """Until it has an end, however long the connector sends: nothing of its conversation may overtake it."""
        begun = row["parts_done"] or row["doubts"]  # the channel has some of it, perhaps all: it tells how that ends
        if not begun and not window.is_open(row["channel"], row["customer_at"], self._context.clock()):
            await deliver.note_failed(self._context, row, window.CLOSED, row["parts_done"])
            return
        left = await self._ask(row, account)
        while left is not None:
            await asyncio.sleep(GOING_PAUSE_SECONDS)
            left = await self._ask(left, account, going=True)

    async def _ask(self, row: RowMapping, account: Account, *, going: bool = False) -> RowMapping | None:
        """One call; gives what is to be asked for again, since it is still being sent."""
        done = row["parts_done"]
        try:
            status, answer = await self._rasa.post(row["channel"], "deliver", self._body(row))
        except RasaDown:
            if going:  # it ended in the middle of this send
                await deliver.note_unknown(self._context, row, done)
            else:
                await deliver.put_back(self._context, row, BACK_SECONDS)
            return None
        except RasaSilent:
            await deliver.note_unknown(self._context, row, done)
            return None
        return await self._settle(row, account, status, answer if isinstance(answer, dict) else {})

    async def _settle(
        self, row: RowMapping, account: Account, status: int, answer: dict[str, Any]
    ) -> RowMapping | None:
        done = int(answer.get("parts_done", row["parts_done"]))
        said = str(answer.get("message") or "")
        ids = [str(one) for one in answer.get("external_ids") or ()]
        if left_out := [str(one) for one in answer.get("left_out") or ()]:
            await deliver.note_left_out(self._context, row, left_out)
        if status == GOING:
            return await deliver.note_going(self._context, row, ids, done)
        if status == OK and answer.get("complete", True):
            await deliver.note_sent(self._context, row, ids, done)
        elif status == TOO_FAST:
            wait = float(answer.get("retry_after", 1.0))
            if answer.get("whole_account", True):
                self._paused_until[account] = time.monotonic() + wait
            await deliver.note_later(
                self._context, row, parts_done=done, external_ids=ids, retry_after=wait, reason=said
            )
        elif status == REFUSED:
            reason = said or str(answer.get("code") or "The channel refused the message.")
            await deliver.note_failed(self._context, row, reason, done, ids)
        elif status == NO_ANSWER:
            await deliver.note_unknown(self._context, row, done, ids)
        else:
            reason = said or f"Rasa answered with HTTP {status}."
            await deliver.note_later(self._context, row, parts_done=done, external_ids=ids, reason=reason)
        return None

    def _body(self, row: RowMapping) -> Deliver:
        body = row["body"] or {}
        return Deliver(
            message_id=f"{row['conversation_id']}:{row['seq']}",
            account=row["account"],
            conversation_id=row["conversation_id"],
            external_user=row["external_user"],
            round=row["round"],
            from_part=row["parts_done"],
            text=row["text"],
            attachments=render.attachments(body, self._context.links.for_rasa),
            buttons=render.buttons(row["seq"], body, for_channel=True),
            reply_ref=row["customer_ref"],
        )
