"""Live chat closes while customers wait for a person: by the plan, by the switch, or at closing time.

What must hold: whoever waits in the queue is told once, in the log and on their channel, is offered the contact form,
and has the bot again in the same commit, so that nobody waits in silence. The handover stays Pending, marked as
offered, and an agent may still claim it. Who takes the form waits on with it (leave_details.py); who does not within
`contact_form.offer_seconds` is with the bot for good. A contact form that a person had and put back is not told: it
waits, with the bot. What an agent holds goes on. Each step is a conditional UPDATE under the epoch that was seen, so a
claim at the same moment either comes first, and nothing happens here, or second, and takes what was offered.
"""

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import ConversationId, HandoverId
from ..storage import audit, conversations, handovers
from ..storage.events import Audience
from ..wire.common import State
from .context import Change, Context
from .offer import say_closed
from .say import SYSTEM, WEB, note_state

BATCH = 100
"""Of each kind in one round; there is one every second."""

CLOSING = frozenset({"plan", "off", "hours"})
"""That nobody is signed in right now is no reason to send those away who wait already."""


async def sweep(context: Context) -> None:
    """Any worker does it, from what SQL says."""
    at = context.clock()
    reason = context.availability().reason
    lapsed_at = at - context.settings.contact_form.offer_seconds * 1000
    async with context.database.read() as connection:
        waiting = await conversations.in_queue(connection, BATCH) if reason in CLOSING else []
        lapsed = await handovers.offered_until(connection, lapsed_at, BATCH)
    for seen in waiting:
        await _close(context, seen, reason, at)
    for seen in lapsed:
        await _end(context, seen, lapsed_at, at)


async def _close(context: Context, seen: RowMapping, reason: str, at: int) -> None:
    async with context.database.write() as connection:
        conversation, fence = ConversationId(seen["id"]), conversations.held_by_queue(seen["epoch"])
        row = await conversations.advance(connection, conversation, at, fence=fence, events=0)  # takes the row's lock
        if row is None:
            return
        handover = await handovers.find(connection, row["handover_id"])
        assert handover is not None, "the queue holds nothing without one"
        tells = handover["trigger"] != "contact_form"
        row = await _give_to_bot(connection, row, at, events=2 if tells else 1)
        if tells:
            await handovers.change(connection, handover["id"], at, offered_at=at)
            await say_closed(context, connection, row, row["last_seq"], at, key=f"closed:{row['epoch']}")
        seq = row["last_seq"] - 1 if tells else row["last_seq"]
        await _note(connection, row, seq, at, "offered", handover["id"], reason=reason, told=tells)
    _announce(context, row)


async def _give_to_bot(connection: AsyncConnection, row: RowMapping, at: int, events: int) -> RowMapping:
    """The bot begins anew: what it was doing before somebody asked for a person is no longer the matter."""
    moved = await conversations.advance(
        connection,
        row["id"],
        at,
        events=events,
        holder_kind="bot",
        holder_id=None,
        held_since=at,
        waiting_since=None,
        epoch=conversations.NEXT_EPOCH,
        resume={"id": f"{row['id']}:{row['epoch']}", "mode": "fresh", "slots": {}},
    )
    assert moved is not None, "the row is locked by this transaction"
    return moved


async def _end(context: Context, seen: RowMapping, lapsed_at: int, at: int) -> None:
    """The offer was not taken: nobody needs to call back."""
    async with context.database.write() as connection:
        conversation, handover_id = ConversationId(seen["conversation_id"]), HandoverId(seen["id"])
        row = await conversations.advance(connection, conversation, at, events=0)  # takes the row's lock
        handover = await handovers.find(connection, handover_id)
        assert row is not None, "a handover belongs to a conversation"
        assert handover is not None, "handovers stay"
        if row["handover_id"] != handover_id or row["holder_kind"] != "bot" or not _is_lapsed(handover, lapsed_at):
            return
        row = await conversations.advance(connection, conversation, at, handover_id=None, exchanged=0)
        assert row is not None, "the row is locked by this transaction"
        ended = {"status": "resolved", "outcome": "returned_to_bot", "resolved_at": at, "resolved_seq": row["last_seq"]}
        await handovers.change(connection, handover_id, at, **ended)
        await _note(connection, row, row["last_seq"], at, "ended", handover_id, outcome="returned_to_bot")
    _announce(context, row)


def _is_lapsed(handover: RowMapping, lapsed_at: int) -> bool:
    """Still, now that the row is locked: an agent or the form may have come first."""
    offered_at = handover["offered_at"]
    return handover["status"] == "pending" and offered_at is not None and offered_at <= lapsed_at


async def _note(
    connection: AsyncConnection,
    row: RowMapping,
    seq: int,
    at: int,
    state: State,
    handover: HandoverId,
    **data: str | bool,
) -> None:
    audience: Audience = "all" if state == "offered" else "team"  # whose wait is over knows it; the end is no news
    await note_state(connection, row, seq, at, state, actor=SYSTEM, handover_id=handover, audience=audience, **data)
    await audit.note(
        connection,
        at,
        f"handover.{state}",
        actor_kind="system",
        conversation_id=row["id"],
        data={"handover_id": handover, "epoch": row["epoch"], **data},
    )


def _announce(context: Context, row: RowMapping) -> None:
    conversation, outside = ConversationId(row["id"]), row["channel"] != WEB
    context.announce(Change(conversation=conversation, seq=row["last_seq"], inbox=True, outbox=outside))
