"""An agent ends a handover (`resolve`), takes that back (`reopen`), or gives the conversation away (`release`,
`transfer`).

What must hold: each is one conditional UPDATE under the agent's epoch that grows the epoch. A customer's line that the
agent has not seen stops Resolve, in the same statement, so that no message falls between person and bot. Rasa is not
called: how the bot goes on is noted for its next turn.
"""

from typing import Any, Literal

from sqlalchemy import BigInteger, BindParameter, RowMapping, bindparam, case, null
from sqlalchemy.ext.asyncio import AsyncConnection

from ..errors import ClaimLost, Invalid, NotClaimable, NotFound, UnseenMessage
from ..ids import AgentId, ConversationId
from ..storage import agents, audit, conversations, handovers, turns
from ..storage.gate import claim_value
from ..storage.tables import conversations as table
from ..wire.common import State
from .context import Change, Context
from .say import agent_actor, note_state
from .send import claim_lost

Mode = Literal["fresh", "continue"]

ALL_SEEN = table.c.last_customer_seq <= bindparam("fence_seen")
RESOLVED_SEQ: BindParameter[int] = bindparam("resolved", type_=BigInteger)
NOT_ANSWERED = table.c.last_bot_seq < RESOLVED_SEQ
WAITING_AGAIN = case((table.c.last_customer_seq > RESOLVED_SEQ, conversations.MOMENT), else_=null())
"""Reopened: whoever has written since Resolve waits again."""


async def resolve(
    context: Context,
    agent: RowMapping,
    conversation: ConversationId,
    epoch: int,
    *,
    seen: int | None,
    mode: Mode = "fresh",
) -> int:
    """The new epoch. `seen` None resolves whatever came meanwhile. Raises `UnseenMessage`, `ClaimLost`."""
    at = context.clock()
    fence = conversations.held_by_agent(AgentId(agent["id"]), epoch)
    async with context.database.write() as connection:
        row = await conversations.advance(
            connection,
            conversation,
            at,
            fence=fence if seen is None else fence & conversations.Fence(ALL_SEEN, {"fence_seen": seen}),
            holder_kind="bot",
            holder_id=None,
            held_since=at,
            away_at=None,
            waiting_since=None,
            exchanged=0,
            handover_id=None,
            epoch=conversations.NEXT_EPOCH,
            resume={"id": f"{conversation}:{epoch}", "mode": mode, "slots": {}},
        )
        if row is None:
            raise await _why_not(connection, agent, conversation, epoch)
        handover = await handovers.latest(connection, conversation)
        assert handover is not None, "a claimed conversation has a handover"
        await handovers.change(
            connection,
            handover["id"],
            at,
            status="resolved",
            outcome="resolved",
            resolved_at=at,
            resolved_seq=row["last_seq"],
        )
        await _note(connection, agent, row, at, "resolved", handover["id"])
    await context.gate.leave(conversation, claim_value(AgentId(agent["id"]), epoch))
    context.announce(Change(conversation=conversation, seq=row["last_seq"], inbox=True))
    return int(row["epoch"])


async def _why_not(
    connection: AsyncConnection, agent: RowMapping, conversation: ConversationId, epoch: int
) -> UnseenMessage | ClaimLost | NotFound:
    row = await conversations.find(connection, conversation)
    if row is not None and row["holder_id"] == agent["id"] and row["epoch"] == epoch:
        return UnseenMessage(row["last_customer_seq"])
    return await claim_lost(connection, conversation)


async def reopen(context: Context, agent: RowMapping, conversation: ConversationId, epoch: int) -> int:
    """The Undo of Resolve: the same agent, the same handover. Raises `NotClaimable` once the bot has answered."""
    at = context.clock()
    async with context.database.write() as connection:
        handover = await handovers.latest(connection, conversation)
        if handover is None:
            raise NotFound("handover")
        if handover["status"] != "resolved" or handover["claimed_by"] != agent["id"]:
            raise NotClaimable("Only the agent who resolved this conversation can take that back.")
        row = await conversations.advance(
            connection,
            conversation,
            at,
            fence=_not_yet_answered(epoch, handover["resolved_seq"]),
            holder_kind="agent",
            holder_id=agent["id"],
            held_since=at,
            handover_id=handover["id"],
            waiting_since=WAITING_AGAIN,
            epoch=conversations.NEXT_EPOCH,
            resume=None,
        )
        if row is None:
            raise NotClaimable("The assistant has answered already. Take the conversation over again instead.")
        await turns.drop_waiting(connection, conversation)
        await handovers.change(
            connection, handover["id"], at, status="claimed", outcome=None, resolved_at=None, resolved_seq=None
        )
        await _note(connection, agent, row, at, "reopened", handover["id"])
    await context.gate.record(conversation, AgentId(agent["id"]), row["epoch"], context.lease_ms)
    context.announce(Change(conversation=conversation, seq=row["last_seq"], inbox=True))
    return int(row["epoch"])


def _not_yet_answered(epoch: int, resolved_seq: int) -> conversations.Fence:
    unanswered = conversations.Fence(NOT_ANSWERED, {"resolved": resolved_seq})
    return conversations.held_by_bot(epoch) & unanswered


async def release(
    context: Context, agent: RowMapping, conversation: ConversationId, epoch: int, note: str | None = None
) -> int:
    """Back to the queue, waiting since now. The new epoch."""
    return await _give(context, agent, conversation, epoch, "released", {"note": note}, None)


async def transfer(
    context: Context, agent: RowMapping, conversation: ConversationId, epoch: int, to: str, note: str | None = None
) -> int:
    """To a colleague, who holds it at once. The new epoch. Raises `Invalid` for somebody who can't take it."""
    async with context.database.read() as connection:
        receiver = await agents.find(connection, AgentId(to))
    if receiver is None or receiver["disabled_at"] is not None or receiver["id"] == agent["id"]:
        raise Invalid("This conversation can't go there.", {"to": "the id of another enabled agent"})
    data = {"note": note, "to": {"id": receiver["id"], "name": receiver["name"]}}
    return await _give(context, agent, conversation, epoch, "transferred", data, receiver)


async def _give(
    context: Context,
    agent: RowMapping,
    conversation: ConversationId,
    epoch: int,
    state: State,
    data: dict[str, Any],
    receiver: RowMapping | None,
) -> int:
    at = context.clock()
    holder = {"holder_kind": "agent", "holder_id": receiver["id"]} if receiver else {"holder_kind": "queue"}
    async with context.database.write() as connection:
        row = await conversations.advance(
            connection,
            conversation,
            at,
            fence=conversations.held_by_agent(AgentId(agent["id"]), epoch),
            **{"holder_id": None, **holder},
            held_since=at,
            away_at=None,
            waiting_since=at,
            epoch=conversations.NEXT_EPOCH,
        )
        if row is None:
            raise await claim_lost(connection, conversation)
        status = "claimed" if receiver else "pending"
        claimed_by = receiver["id"] if receiver else None
        await handovers.change(
            connection,
            row["handover_id"],
            at,
            status=status,
            claimed_by=claimed_by,
            claimed_at=at if receiver else None,
        )
        await _note(connection, agent, row, at, state, row["handover_id"], **data)
    await context.gate.leave(conversation, claim_value(AgentId(agent["id"]), epoch))
    if receiver is not None:
        await context.gate.record(conversation, AgentId(receiver["id"]), row["epoch"], context.lease_ms)
    context.announce(Change(conversation=conversation, seq=row["last_seq"], inbox=True))
    return int(row["epoch"])


async def _note(
    connection: AsyncConnection,
    agent: RowMapping,
    row: RowMapping,
    at: int,
    state: State,
    handover_id: str,
    **data: Any,
) -> None:
    await note_state(
        connection, row, row["last_seq"], at, state, actor=agent_actor(agent), handover_id=handover_id, **data
    )
    await audit.note(
        connection,
        at,
        f"conversation.{state}",
        actor_kind="agent",
        actor_id=agent["id"],
        conversation_id=row["id"],
        data={"epoch": row["epoch"], **data},
    )
