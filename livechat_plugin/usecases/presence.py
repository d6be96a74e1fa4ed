"""The lease on what an agent holds: renewed by the server while it sees the agent, and its end.

What must hold: the lease belongs to the agent, not to a tab. When it is over the screens say "away";
`requeue_after_seconds` later the conversation goes back to Pending with priority under a new epoch, and the customer
is told; while live chat is closed they are told that instead (close_down.py), and no colleague is promised. An agent
who is back before that keeps the epoch. The sweep is durable: any worker does it, by the same conditional UPDATE, from
what SQL says.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import RowMapping, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import AgentId, ConversationId
from ..storage import agents, audit, conversations, handovers
from ..storage.gate import claim_value
from ..storage.tables import agents as agents_table, conversations as table
from ..wire.common import State
from .close_down import CLOSING
from .context import Change, Context
from .say import SYSTEM, WEB, note_state, say
from .wording import words_for

BATCH = 50
REQUEUED_PRIORITY = 1
"""Before everybody who has not been with a person yet."""

AWAY = conversations.Fence(table.c.away_at.is_not(None))
NOT_AWAY = conversations.Fence(table.c.away_at.is_(None))
ABSENT = (
    select(agents_table.c.id)
    .where(agents_table.c.id == table.c.holder_id, agents_table.c.present_until < bindparam("unseen_since"))
    .correlate(table)
    .exists()
)
"""The holder's lease was over before that moment."""


async def renew(context: Context, present: Collection[AgentId]) -> None:
    """One UPDATE for all agents that this worker sees, one pipelined PEXPIRE for their gates."""
    if not present:
        return
    at = context.clock()
    async with context.database.write() as connection:
        await agents.renew(connection, present, at + context.lease_ms)
        held = await agents.held_by(connection, present)
    if held:
        await context.gate.renew([ConversationId(row["id"]) for row in held], context.lease_ms)
    for row in held:
        if row["away_at"] is not None:
            await _mark(context, row, at, away=False)


async def somebody_here(context: Context) -> bool:
    """Whether the lease of any agent runs, in whatever worker they are."""
    async with context.database.read() as connection:
        return await agents.is_anybody_present(connection, context.clock())


async def note_somebody_here(context: Context) -> None:
    """Keeps up what availability is judged by, while the settings ask for it."""
    asked = context.settings.live_chat.only_when_agents_are_here
    context.somebody_here = not asked or await somebody_here(context)


async def sweep(context: Context) -> None:
    """Marks holders whose lease is over, and puts back what they have not come back for."""
    at = context.clock()
    requeue_ms = context.settings.claims.requeue_after_seconds * 1000
    async with context.database.read() as connection:
        gone = await agents.holders_unseen_since(connection, at - requeue_ms, BATCH)
        away = await agents.holders_unseen_since(connection, at, BATCH)
    for row in gone:
        await _requeue(context, row, at, at - requeue_ms)
    left = {row["id"] for row in gone}
    for row in away:
        if row["away_at"] is None and row["id"] not in left:
            await _mark(context, row, at, away=True)


async def _mark(context: Context, seen: RowMapping, at: int, *, away: bool) -> None:
    """Notes that the holder is away, or back; the epoch stays."""
    conversation = ConversationId(seen["id"])
    fence = _same_claim(seen) & (NOT_AWAY if away else AWAY)
    async with context.database.write() as connection:
        row = await conversations.advance(connection, conversation, at, fence=fence, away_at=at if away else None)
        if row is None:
            return
        holder = await agents.names(connection, [row["holder_id"]])
        who = {"id": row["holder_id"], "name": holder.get(row["holder_id"])}
        state: State = "away" if away else "back"
        await note_state(
            connection,
            row,
            row["last_seq"],
            at,
            state,
            actor=SYSTEM,
            handover_id=row["handover_id"],
            audience="team",
            agent=who,
        )
    context.announce(Change(conversation=conversation, seq=row["last_seq"], inbox=True))


async def _requeue(context: Context, seen: RowMapping, at: int, unseen_since: int) -> None:
    conversation = ConversationId(seen["id"])
    absent = conversations.Fence(ABSENT, {"unseen_since": unseen_since})
    tells = context.availability().reason not in CLOSING
    async with context.database.write() as connection:
        row = await conversations.advance(
            connection,
            conversation,
            at,
            fence=_same_claim(seen) & absent,
            events=2 if tells else 1,
            holder_kind="queue",
            holder_id=None,
            held_since=at,
            away_at=None,
            waiting_since=at,
            epoch=conversations.NEXT_EPOCH,
        )
        if row is None:
            return
        await _note_requeued(context, connection, seen, row, at, tells=tells)
    await context.gate.leave(conversation, claim_value(AgentId(seen["holder_id"]), seen["epoch"]))
    outside = tells and row["channel"] != WEB
    context.announce(Change(conversation=conversation, seq=row["last_seq"], inbox=True, outbox=outside))


async def _note_requeued(
    context: Context, connection: AsyncConnection, seen: RowMapping, row: RowMapping, at: int, *, tells: bool
) -> None:
    await handovers.change(
        connection,
        row["handover_id"],
        at,
        status="pending",
        claimed_by=None,
        claimed_at=None,
        priority=REQUEUED_PRIORITY,
    )
    names = await agents.names(connection, [seen["holder_id"]])
    data: dict[str, Any] = {"agent": {"id": seen["holder_id"], "name": names.get(seen["holder_id"])}}
    await note_state(
        connection,
        row,
        row["last_seq"] - 1 if tells else row["last_seq"],
        at,
        "requeued",
        actor=SYSTEM,
        handover_id=row["handover_id"],
        **data,
    )
    if tells:
        text = await words_for(context, connection, row, "requeued")
        await say(connection, row, row["last_seq"], at, text, key=f"requeued:{row['epoch']}")
    await audit.note(connection, at, "conversation.requeued", actor_kind="system", conversation_id=row["id"], data=data)


def _same_claim(seen: RowMapping) -> conversations.Fence:
    return conversations.held_by_agent(seen["holder_id"], seen["epoch"])
