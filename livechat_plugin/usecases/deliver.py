"""What becomes of a message for an outside channel after a try to send it.

What must hold: never lost, never reordered within a conversation; doubled only where the channel's answer was
ambiguous, and then the team sees it. A refusal for good is `failed` at once; everything else is tried again, for a
day.
"""

import random
from collections.abc import Sequence

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..errors import Invalid, NotFound
from ..ids import ConversationId
from ..storage import conversations, events, outbox
from ..wire.bridge import Receipt
from ..wire.common import DeliveryStatus
from .context import Change, Context
from .say import SYSTEM

LOCK_MS = 30_000
FIRST_RETRY_MS = 1_000
LONGEST_RETRY_MS = 300_000
GIVE_UP_MS = 24 * 3_600_000


async def take_due(context: Context, limit: int) -> Sequence[RowMapping]:
    """Messages that this worker must send now, each the first in its line."""
    at = context.clock()
    async with context.database.write() as connection:
        return await outbox.take(connection, at, at + LOCK_MS, limit)


async def note_sent(context: Context, row: RowMapping, external_ids: list[str], parts_done: int) -> None:
    async with context.database.write() as connection:
        await outbox.settle(
            connection, row, state="sent", external_ids=external_ids, parts_done=parts_done, error=None, status="sent"
        )
    context.announce(Change(conversation=ConversationId(row["conversation_id"]), seq=row["seq"], outbox=True))


async def note_later(context: Context, row: RowMapping, *, parts_done: int, retry_after: float | None = None) -> None:
    """The channel can't now: again after what it asked for, or after a growing, jittered while; failed after a day."""
    at = context.clock()
    if at - row["created_at"] > GIVE_UP_MS:
        await note_failed(context, row, "The channel did not take the message for a whole day.", parts_done)
        return
    longest = min(FIRST_RETRY_MS << min(row["attempt"], 12), LONGEST_RETRY_MS)
    wait = retry_after * 1000 if retry_after is not None else random.uniform(0, longest)
    async with context.database.write() as connection:
        await outbox.settle(
            connection, row, state="pending", locked_until=None, not_before=int(at + wait), parts_done=parts_done
        )


async def put_back(context: Context, row: RowMapping, seconds: float) -> None:
    """Not tried after all, because its account must wait: this was no attempt."""
    async with context.database.write() as connection:
        await outbox.settle(
            connection,
            row,
            state="pending",
            locked_until=None,
            not_before=int(context.clock() + seconds * 1000),
            attempt=row["attempt"] - 1,
        )


async def note_failed(context: Context, row: RowMapping, error: str, parts_done: int) -> None:
    await _end(context, row, "failed", state="failed", error=error[:500], parts_done=parts_done)


async def note_unknown(context: Context, row: RowMapping) -> None:
    """No answer: the connector is asked again when the lock lapses; it knows, or sends it (perhaps twice)."""
    if context.clock() - row["created_at"] > GIVE_UP_MS:
        await note_failed(context, row, "The channel did not answer for a whole day.", row["parts_done"])
        return
    await _end(context, row, "unknown", state="unknown", locked_until=context.clock() + LOCK_MS)


async def _end(context: Context, row: RowMapping, status: DeliveryStatus, **values: object) -> None:
    """Writes the state, and an event for the team: a delivery that failed or may have happened."""
    at = context.clock()
    conversation = ConversationId(row["conversation_id"])
    async with context.database.write() as connection:
        if not await outbox.settle(connection, row, status=status, **values):
            return
        if row["status"] != status:  # said once, however often it is tried
            await _tell_team(connection, conversation, row["seq"], status, values.get("error"), at)
    context.announce(Change(conversation=conversation, seq=row["seq"], outbox=status == "failed"))


async def _tell_team(
    connection: AsyncConnection, conversation: ConversationId, seq: int, status: str, error: object, at: int
) -> None:
    """An event about a message that did not, or may not, arrive."""
    moved = await conversations.advance(connection, conversation, at)
    assert moved is not None, "a message belongs to a conversation"
    await events.append(
        connection,
        conversation,
        moved["last_seq"],
        kind="delivery",
        audience="team",
        body={"data": {"seq": seq, "status": status, "error": error}},
        epoch=moved["epoch"],
        at=at,
        **SYSTEM,
    )


RANK = {"queued": 0, "sent": 1, "delivered": 2, "read": 3}
"""Receipts come in any order; a message never goes back. A failure counts until it was delivered."""


async def note_receipt(context: Context, receipt: Receipt) -> None:
    """The provider's word about one of our messages."""
    conversation_id, _, seq = (receipt.message_id or "").rpartition(":")
    if not conversation_id or not seq.isdigit():
        raise Invalid("This receipt names no message of ours.", {"message_id": "<conversation>:<seq>"})
    conversation = ConversationId(conversation_id)
    async with context.database.write() as connection:
        row = await outbox.find(connection, conversation, int(seq))
        if row is None or (row["channel"], row["account"]) != (receipt.channel, receipt.account):
            raise NotFound("message")
        if not _is_progress(row["status"], receipt.status):
            return
        await outbox.mark(connection, conversation, int(seq), status=receipt.status, error=receipt.error)
        if receipt.status == "failed":
            await _tell_team(connection, conversation, int(seq), "failed", receipt.error, context.clock())
        if receipt.status in ("delivered", "read"):
            upto = int(seq)
            await conversations.raise_marks(connection, conversation, upto, upto if receipt.status == "read" else 0)
    context.announce(Change(conversation=conversation, seq=0, marks=True))


def _is_progress(known: str | None, new: str) -> bool:
    if new == "failed":
        return known not in ("delivered", "read", "failed")
    return RANK.get(new, -1) > RANK.get(known or "queued", 0)
