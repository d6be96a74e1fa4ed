"""An agent takes a conversation. Exactly one gets it.

(1) The gate: Redis `SET NX PX` lets one attempt through; the others wait in 20 ms steps until SQL names the holder or
the gate is free again. (2) One transaction with one conditional UPDATE that grows the epoch. (3) After the commit the
gate reads `agent:epoch`. What must hold: only (2) decides. A gate that is gone, stale or always open changes how many
reach the UPDATE, never how many win. Claiming twice answers the same epoch; looking never claims.
"""

import asyncio
from dataclasses import dataclass

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..clock import iso
from ..errors import AlreadyClaimed, LiveChatDisabled, NotFound, PlanRequired, Unavailable
from ..ids import AgentId, ConversationId, HandoverId
from ..storage import agents, audit, conversations, handovers, turns
from ..storage.gate import ATTEMPT_MS, Attempt, Entry, NoGate, Taken
from ..storage.tables import conversations as table
from .context import Change, Context
from .say import agent_actor, note_state

STEP_SECONDS = 0.02
STEPS = int(ATTEMPT_MS / 1000 / STEP_SECONDS) + 1
"""An attempt that stands longer than its own life is no reason to wait."""

TAKES = 20
"""Each is one more agent who held the conversation at our UPDATE and had given it back before our look."""

WAITING_ALREADY = conversations.Fence(table.c.handover_id.is_not(None))


@dataclass(frozen=True)
class Claim:
    epoch: int
    last_seq: int


async def claim(context: Context, agent: RowMapping, conversation: ConversationId) -> Claim:
    """Raises `AlreadyClaimed` naming the holder, `NotFound`."""
    gate = context.gate
    entry: Entry = NoGate()
    for _ in range(STEPS):
        entry = await gate.enter(conversation, agent["id"])
        if not isinstance(entry, Taken):
            break
        held = await _as_held(context, agent, conversation)
        if held is not None:
            return held
        if entry.is_claim:  # a stale key: SQL says that nobody holds the conversation
            break
        await asyncio.sleep(STEP_SECONDS)
    try:
        taken = await _take_patiently(context, agent, conversation)
    except BaseException:
        if isinstance(entry, Attempt):
            await gate.leave(conversation, entry.value)
        raise
    await gate.record(conversation, agent["id"], taken.epoch, context.lease_ms)
    return taken


async def _take_patiently(context: Context, agent: RowMapping, conversation: ConversationId) -> Claim:
    for _ in range(TAKES):
        taken = await _take(context, agent, conversation)
        if taken is not None:
            return taken
    raise Unavailable


async def _as_held(context: Context, agent: RowMapping, conversation: ConversationId) -> Claim | None:
    """The claim if this agent holds it, None if nobody does."""
    async with context.database.read() as connection:
        return await _holding(connection, agent, conversation)


async def _holding(connection: AsyncConnection, agent: RowMapping, conversation: ConversationId) -> Claim | None:
    row = await conversations.find(connection, conversation)
    if row is None:
        raise NotFound("conversation")
    if row["holder_kind"] != "agent":
        return None
    if row["holder_id"] == agent["id"]:
        return Claim(row["epoch"], row["last_seq"])
    holder = await agents.find(connection, row["holder_id"])
    raise AlreadyClaimed(row["holder_id"], holder["name"] if holder else "Somebody", iso(row["held_since"]))


async def _take(context: Context, agent: RowMapping, conversation: ConversationId) -> Claim | None:
    """None when the holder who stood in the way has just given the conversation back: worth another try."""
    at = context.clock()
    async with context.database.write() as connection:
        row = await conversations.advance(
            connection,
            conversation,
            at,
            fence=_fence(context),
            holder_kind="agent",
            holder_id=agent["id"],
            held_since=at,
            away_at=None,
            epoch=conversations.NEXT_EPOCH,
        )
        if row is None:
            held = await _holding(connection, agent, conversation)
            if held is None:
                await _check_claimable(context, connection, conversation)
            return held
        await _note(connection, agent, row, at)
        if agent["present_until"] < at + context.lease_ms // 2:  # else the server has just seen this agent
            await agents.renew(connection, [AgentId(agent["id"])], at + context.lease_ms)
    context.announce(Change(conversation=conversation, seq=row["last_seq"], inbox=True))
    return Claim(row["epoch"], row["last_seq"])


def _fence(context: Context) -> conversations.Fence:
    """The bot or the queue holds it. With live chat off, only what is waiting already may be taken."""
    if context.availability().off:
        return conversations.HELD_BY_NOBODY & WAITING_ALREADY
    return conversations.HELD_BY_NOBODY


async def _check_claimable(context: Context, connection: AsyncConnection, conversation: ConversationId) -> None:
    """Raises when it is not the holder but the settings that stand in the way."""
    off = context.availability().off
    row = await conversations.find(connection, conversation)
    if off and row is not None and row["handover_id"] is None:
        if off == "plan":
            raise PlanRequired("Live chat needs the plan Basic, Pro or Scale.")
        raise LiveChatDisabled("Live chat is switched off in the settings.")


async def _note(connection: AsyncConnection, agent: RowMapping, row: RowMapping, at: int) -> None:
    """The handover is the agent's, the bot's waiting turns end, and the log and the audit say so."""
    handover = row["handover_id"]
    claimed = {"status": "claimed", "claimed_by": agent["id"], "claimed_at": at, "offered_at": None}
    if handover is None:
        handover = await _open(connection, row, at, claimed)
    else:
        await handovers.change(connection, handover, at, **claimed)
    await turns.drop_waiting(connection, row["id"])
    await note_state(connection, row, row["last_seq"], at, "claimed", actor=agent_actor(agent), handover_id=handover)
    await audit.note(
        connection,
        at,
        "conversation.claimed",
        actor_kind="agent",
        actor_id=agent["id"],
        conversation_id=row["id"],
        data={"epoch": row["epoch"], "handover_id": handover},
    )


async def _open(connection: AsyncConnection, row: RowMapping, at: int, claimed: dict[str, object]) -> HandoverId:
    """An agent steps into a conversation that nobody handed over."""
    key = f"agent:{row['id']}:{row['epoch']}"
    handover = await handovers.add(connection, row["id"], key, at, trigger="agent", **claimed)
    assert handover is not None, "an epoch is given out once"
    await conversations.change(connection, row["id"], handover_id=handover)
    return handover
