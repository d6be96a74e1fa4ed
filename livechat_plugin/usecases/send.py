"""An agent writes: to the customer (`send`), or to the team alone (`add_note`).

What must hold: a message is stored only under the epoch that its author holds; known `client_msg_id`s get the stored
answer, so that a repeat after a lost claim is no false refusal. A note never reaches a customer: its audience is the
team.
"""

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..errors import ClaimLost, NotFound
from ..ids import AgentId, ConversationId
from ..storage import agents, conversations, events
from .context import Change, Context
from .say import agent_actor, deliver


async def send(
    context: Context, agent: RowMapping, conversation: ConversationId, client_msg_id: str, epoch: int, text: str
) -> tuple[int, bool]:
    """The message's seq, and whether it is new. Raises `ClaimLost`."""
    at = context.clock()
    key = _key(agent, client_msg_id)
    async with context.database.write() as connection:
        known = await events.find_by_key(connection, conversation, key)
        if known is not None:
            return known["seq"], False
        row = await conversations.advance(
            connection,
            conversation,
            at,
            fence=conversations.held_by_agent(AgentId(agent["id"]), epoch),
            waiting_since=None,
        )
        if row is None:
            raise await claim_lost(connection, conversation)
        seq: int = row["last_seq"]
        await events.append(
            connection,
            conversation,
            seq,
            text=text,
            epoch=epoch,
            verdict="sent",
            key=key,
            at=at,
            **agent_actor(agent),
        )
        await deliver(connection, row, seq, at)
    context.announce(Change(conversation=conversation, seq=seq, inbox=True, outbox=row["channel"] != "web"))
    return seq, True


async def add_note(
    context: Context, agent: RowMapping, conversation: ConversationId, client_msg_id: str, text: str
) -> tuple[int, bool]:
    """The note's seq, and whether it is new."""
    at = context.clock()
    key = _key(agent, client_msg_id)
    async with context.database.write() as connection:
        known = await events.find_by_key(connection, conversation, key)
        if known is not None:
            return known["seq"], False
        row = await conversations.advance(connection, conversation, at)
        if row is None:
            raise NotFound("conversation")
        seq: int = row["last_seq"]
        await events.append(
            connection,
            conversation,
            seq,
            kind="note",
            audience="team",
            text=text,
            epoch=row["epoch"],
            key=key,
            at=at,
            **agent_actor(agent),
        )
    context.announce(Change(conversation=conversation, seq=seq))
    return seq, True


async def claim_lost(connection: AsyncConnection, conversation: ConversationId) -> ClaimLost | NotFound:
    """The refusal for somebody whose epoch is over, naming who has the conversation now."""
    row = await conversations.find(connection, conversation)
    if row is None:
        return NotFound("conversation")
    holder = await agents.find(connection, row["holder_id"]) if row["holder_id"] else None
    return ClaimLost(holder["name"] if holder else None)


def _key(agent: RowMapping, client_msg_id: str) -> str:
    return f"a:{agent['id']}:{client_msg_id}"
