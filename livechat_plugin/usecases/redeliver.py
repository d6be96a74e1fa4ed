"""What an agent does about a message that does not get through: send it again, or give it up.

What must hold: only under the agent's own claim. Sending again is a new attempt from the part where it stopped, ahead
of the later messages that wait, and not before the one that is on its way has its end; giving up lets go what waited
behind it.
"""

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..domain import window
from ..errors import Invalid, WindowClosed
from ..ids import AgentId, ConversationId
from ..storage import audit, conversations, events, outbox
from ..wire.common import DeliveryStatus
from .context import Change, Context
from .say import agent_actor
from .send import claim_lost


async def retry(context: Context, agent: RowMapping, conversation: ConversationId, seq: int, epoch: int) -> None:
    """Sends a failed message again. Raises `ClaimLost`, `Invalid`, `WindowClosed`."""
    at = context.clock()
    async with context.database.write() as connection:
        row = await _hold(connection, agent, conversation, seq, epoch, at)
        if not window.is_open(row["channel"], row["customer_at"], at):
            raise WindowClosed(window.CLOSED)
        if not await outbox.again(connection, conversation, seq, at):
            raise Invalid("Only a message that failed can be sent again.", {"seq": "a failed message"})
        await _note(connection, agent, row, seq, "queued", at)
    context.announce(Change(conversation=conversation, seq=row["last_seq"], inbox=True, outbox=True))


async def skip(context: Context, agent: RowMapping, conversation: ConversationId, seq: int, epoch: int) -> None:
    """Gives a message up that waits, is in doubt or failed. Raises `ClaimLost`, `Invalid`."""
    at = context.clock()
    async with context.database.write() as connection:
        row = await _hold(connection, agent, conversation, seq, epoch, at)
        given_up = {"state": "skipped", "status": "skipped", "locked_until": None}
        if not await outbox.move(connection, conversation, seq, ("pending", "unknown", "failed"), **given_up):
            raise Invalid("This message is on its way, or has arrived.", {"seq": "a message that waits or failed"})
        await _note(connection, agent, row, seq, "skipped", at)
    context.announce(Change(conversation=conversation, seq=row["last_seq"], inbox=True, outbox=True))


async def _hold(
    connection: AsyncConnection, agent: RowMapping, conversation: ConversationId, seq: int, epoch: int, at: int
) -> RowMapping:
    """The message, then its conversation: whoever notes what became of a message locks them in this order, too."""
    await outbox.hold(connection, conversation, seq)
    fence = conversations.held_by_agent(AgentId(agent["id"]), epoch)
    row = await conversations.advance(connection, conversation, at, fence=fence)
    if row is None:
        raise await claim_lost(connection, conversation)
    return row


async def _note(
    connection: AsyncConnection, agent: RowMapping, row: RowMapping, seq: int, status: DeliveryStatus, at: int
) -> None:
    await events.append(
        connection,
        row["id"],
        row["last_seq"],
        kind="delivery",
        audience="team",
        body={"target": seq, "status": status},
        epoch=row["epoch"],
        at=at,
        **agent_actor(agent),
    )
    await audit.note(
        connection,
        at,
        f"message.{'retried' if status == 'queued' else 'skipped'}",
        actor_kind="agent",
        actor_id=agent["id"],
        conversation_id=row["id"],
        data={"seq": seq},
    )
