"""What becomes of a message for an outside channel after a try to send it, and what the team does about it.

What must hold: never lost, never reordered within a conversation; doubled only where the channel's answer was
ambiguous, and then the team sees it. A refusal for good is `failed` at once; everything else is tried again, for a
day, and the team is told why it waits. A file that the channel does not take holds back nothing, and the team is told.
`delivered` and `read` are marks that only rise; only what went wrong, and its end, is an event.
"""

import hashlib
import random
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import ConversationId
from ..storage import conversations, events, outbox
from .context import Change, Context
from .say import tell_team

LOCK_MS = 30_000
FIRST_RETRY_MS = 1_000
LONGEST_RETRY_MS = 300_000
LONG_WAIT_MS = 20_000
"""Who waits for longer is told why: the dashboard offers Skip after as long."""

GIVE_UP_MS = 24 * 3_600_000
DOUBTS_MAX = 5
"""So many tries without an answer are enough: what may have arrived five times is left to the team."""

DOUBT_MS = {"whatsapp": 60_000}
USUAL_DOUBT_MS = 5_000
"""How long a message without an answer waits: WhatsApp tells by itself what became of it, others are asked again."""

RANK: dict[str | None, int] = {"sent": 1, "delivered": 2, "read": 3}
"""Receipts come in any order; a message never goes back."""

TWICE = "It may have been sent twice."
WHOLE_DAY = "The channel did not take the message for a whole day."
WITHOUT = "The message goes without it."


def merged(row: RowMapping, external_ids: Sequence[str]) -> list[str]:
    """The provider's ids of all parts that it took, in order."""
    known: list[str] = row["external_ids"] or []
    return [*known, *(one for one in external_ids if one not in known)]


async def take_due(context: Context, limit: int, **but: Collection[tuple[str, str]]) -> Sequence[RowMapping]:
    """Messages that this worker must send now, each the first in its line; `but` as in `outbox.take`."""
    at = context.clock()
    async with context.database.write() as connection:
        return await outbox.take(connection, at, at + LOCK_MS, limit, **but)


async def note_sent(context: Context, row: RowMapping, external_ids: Sequence[str], parts_done: int) -> None:
    """The channel has taken all of it."""
    conversation = ConversationId(row["conversation_id"])
    async with context.database.write() as connection:
        ids = merged(row, external_ids)
        sent = await outbox.settle(
            connection, row, state="sent", external_ids=ids, parts_done=parts_done, error=None, status="sent"
        )
        if sent is None:
            return
        await conversations.raise_sent_mark(connection, conversation, row["seq"])
        await catch_up(connection, conversation, sent)
        if row["doubts"] or row["round"] or row["status"] in ("failed", "unknown"):
            why = TWICE if row["doubts"] else None
            await tell_team(connection, conversation, row["seq"], "sent", why, context.clock())
    context.announce(Change(conversation=conversation, seq=row["seq"], outbox=True, marks=True))


async def note_left_out(context: Context, row: RowMapping, reasons: Sequence[str]) -> None:
    """The channel does not take files of this message, for these reasons; the rest goes on."""
    conversation = ConversationId(row["conversation_id"])
    async with context.database.write() as connection:
        if await outbox.settle(connection, row, attempt=row["attempt"]):  # still ours to speak of
            why = f"{' '.join(reasons)} {WITHOUT}"
            await tell_team(connection, conversation, row["seq"], None, why, context.clock())
    context.announce(Change(conversation=conversation, seq=row["seq"]))


async def note_later(
    context: Context,
    row: RowMapping,
    *,
    parts_done: int,
    external_ids: Sequence[str] = (),
    retry_after: float | None = None,
    reason: str | None = None,
) -> None:
    """The channel can't now, for this `reason`: again after what it asked for, or after a growing, jittered while;
    failed after a day.
    """
    at = context.clock()
    if at - row["created_at"] > GIVE_UP_MS:
        why = f"{WHOLE_DAY} {reason}" if reason else WHOLE_DAY
        await note_failed(context, row, why, parts_done, external_ids)
        return
    longest = min(FIRST_RETRY_MS << min(row["attempt"], 12), LONGEST_RETRY_MS)
    wait = retry_after * 1000 if retry_after is not None else random.uniform(0, longest)
    async with context.database.write() as connection:
        waits = await outbox.settle(
            connection,
            row,
            state="pending",
            locked_until=None,
            not_before=int(at + wait),
            parts_done=parts_done,
            external_ids=merged(row, external_ids),
            error=reason and reason[:500],
        )
        long = waits is not None and at + wait - row["created_at"] > LONG_WAIT_MS
        told = long and await _tell_why(connection, row, reason, at)
    if told:
        context.announce(Change(conversation=ConversationId(row["conversation_id"]), seq=row["seq"]))


async def _tell_why(connection: AsyncConnection, row: RowMapping, reason: str | None, at: int) -> bool:
    """Why it waits, each reason once."""
    if not reason:
        return False
    conversation, why = ConversationId(row["conversation_id"]), reason[:500]
    key = f"waits:{row['seq']}:{row['round']}:{hashlib.sha256(why.encode()).hexdigest()[:16]}"
    if await events.find_by_key(connection, conversation, key) is not None:
        return False
    await tell_team(connection, conversation, row["seq"], "queued", why, at, key=key)
    return True


async def note_going(
    context: Context, row: RowMapping, external_ids: Sequence[str], parts_done: int
) -> RowMapping | None:
    """The connector is still sending it: ours for longer, no doubt and no further attempt. The row to go on with; None
    when it is no longer ours, or was given up after a day.
    """
    at = context.clock()
    if at - row["created_at"] > GIVE_UP_MS:
        await note_failed(context, row, WHOLE_DAY, parts_done, external_ids)
        return None
    ids = merged(row, external_ids)
    async with context.database.write() as connection:
        return await outbox.keep(connection, row, at + LOCK_MS, parts_done=parts_done, external_ids=ids)


async def explain_waiting(context: Context, why: str) -> None:
    """Nothing can be sent now, for this reason: the team reads it at what waits for long, and what has waited for a
    whole day has failed.
    """
    at = context.clock()
    given_up = at - GIVE_UP_MS
    async with context.database.read() as connection:
        rows = await outbox.find_waiting(connection, why, at - LONG_WAIT_MS, given_up)
    for row in rows:
        await _explain(context, row, why, at, is_over=row["created_at"] < given_up)


async def _explain(context: Context, row: RowMapping, why: str, at: int, *, is_over: bool) -> None:
    conversation, seq = ConversationId(row["conversation_id"]), row["seq"]
    values = {"error": why}
    if is_over:
        values = {"state": "failed", "status": "failed", "error": f"{WHOLE_DAY} {why}"}
    async with context.database.write() as connection:
        if not await outbox.move(connection, conversation, seq, ("pending",), **values):
            return
        if is_over:
            await tell_team(connection, conversation, seq, "failed", values["error"], at)
        else:
            await _tell_why(connection, row, why, at)
    context.announce(Change(conversation=conversation, seq=seq, inbox=is_over))


async def put_back(context: Context, row: RowMapping, seconds: float) -> None:
    """Not tried after all, because its account must wait or Rasa can't be reached: this was no attempt."""
    async with context.database.write() as connection:
        await outbox.settle(
            connection,
            row,
            state="pending",
            locked_until=None,
            not_before=int(context.clock() + seconds * 1000),
            attempt=row["attempt"] - 1,
        )


async def note_failed(
    context: Context, row: RowMapping, error: str, parts_done: int, external_ids: Sequence[str] = ()
) -> None:
    """The channel will never take it; `error` is for the agent."""
    ids = merged(row, external_ids)
    values = {"state": "failed", "status": "failed", "error": error[:500], "parts_done": parts_done}
    async with context.database.write() as connection:
        if not await _write_end(connection, row, error[:500], context.clock(), **values, external_ids=ids):
            return
    conversation = ConversationId(row["conversation_id"])
    context.announce(Change(conversation=conversation, seq=row["seq"], inbox=True, outbox=True))


async def note_unknown(context: Context, row: RowMapping, parts_done: int, external_ids: Sequence[str] = ()) -> None:
    """No answer: the part after `parts_done` may have arrived. The channel is asked again, or tells by itself."""
    at, doubts = context.clock(), row["doubts"] + 1
    values: dict[str, Any] = {"parts_done": parts_done, "external_ids": merged(row, external_ids)}
    if doubts >= DOUBTS_MAX or at - row["created_at"] > GIVE_UP_MS:
        why = "The channel gave no answer, again and again. The message may have arrived."
        values |= {"state": "failed", "status": "failed", "error": why}
    else:
        why = "The channel gave no answer. It may be sent twice."
        locked_until = at + DOUBT_MS.get(row["channel"], USUAL_DOUBT_MS)
        values |= {"state": "unknown", "status": "unknown", "locked_until": locked_until, "doubts": doubts}
    conversation = ConversationId(row["conversation_id"])
    async with context.database.write() as connection:
        known = await _is_known(connection, row, parts_done, external_ids)
        changed = known or await _write_end(connection, row, why, at, **values)
    if changed:
        goes_on = known or values["state"] == "failed"
        context.announce(Change(conversation=conversation, seq=row["seq"], inbox=not known, outbox=goes_on))


async def _is_known(connection: AsyncConnection, row: RowMapping, parts_done: int, external_ids: Sequence[str]) -> bool:
    """The provider told of the part while we still waited for its answer: no doubt, go on behind it. What it tells from
    now on finds the doubt and settles it.
    """
    now = await outbox.hold(connection, row["conversation_id"], row["seq"])
    if now is None or now["heard_part"] < parts_done:
        return False
    await outbox.settle(
        connection,
        row,
        state="pending",
        locked_until=None,
        not_before=0,
        parts_done=now["heard_part"] + 1,
        external_ids=merged(row, external_ids),
    )
    return True


async def _write_end(connection: AsyncConnection, row: RowMapping, why: str, at: int, **values: Any) -> bool:
    """Writes the state, and an event for the team: a delivery that failed or may have happened. False when another try
    has taken the message.
    """
    if not await outbox.settle(connection, row, **values):
        return False
    if row["status"] != values["status"]:  # said once, however often it is tried
        await tell_team(connection, ConversationId(row["conversation_id"]), row["seq"], values["status"], why, at)
    return True


async def catch_up(connection: AsyncConnection, conversation: ConversationId, row: RowMapping) -> None:
    """Enters what the provider has told of a message, before or after it was known to be sent; `row` as it stands."""
    if row["state"] != "sent" or row["heard_part"] + 1 < row["parts_done"]:
        return
    if RANK.get(row["heard"], 0) > RANK.get(row["status"], 0):
        seq = row["seq"]
        await outbox.mark(connection, conversation, seq, status=row["heard"])
        read = seq if row["heard"] == "read" else 0
        await conversations.raise_marks(connection, conversation, seq, read)


async def settle_doubt(connection: AsyncConnection, row: RowMapping, part: int) -> None:
    """The provider itself says that it took the part that nobody had answered for: go on behind it, at once."""
    if row["state"] == "unknown" and part == row["parts_done"]:
        values = {"state": "pending", "locked_until": None, "not_before": 0, "parts_done": part + 1}
        values["doubts"] = max(row["doubts"] - 1, 0)
        await outbox.move(connection, row["conversation_id"], row["seq"], ("unknown",), **values)
