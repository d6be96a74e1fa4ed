"""Conversations: found, made, and moved on by the one conditional UPDATE on which everything else rests.

What must hold: whoever changes a conversation does it by `advance`. It takes the row's lock, checks the writer's right
to write (the fence) and gives out the next seq in the same statement, so two writers can't both be right.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, bindparam, case, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import AgentId, ConversationId, CustomerId, new_id
from .database import insert
from .tables import conversations, customers

Fence = ColumnElement[bool]

BY_ID = select(conversations).where(conversations.c.id == bindparam("conversation"))
"""Built once: for a look-up as frequent as this one, building takes longer than running."""


def held_by_bot(epoch: int | None = None) -> Fence:
    """The bot holds it, under this very epoch when one is given."""
    fence = conversations.c.holder_kind == "bot"
    return fence if epoch is None else fence & (conversations.c.epoch == epoch)


def held_by_agent(agent: AgentId, epoch: int) -> Fence:
    return (
        (conversations.c.holder_kind == "agent")
        & (conversations.c.holder_id == agent)
        & (conversations.c.epoch == epoch)
    )


def held_by_nobody() -> Fence:
    """The bot or the queue holds it: an agent may take it."""
    return conversations.c.holder_kind.in_(("bot", "queue"))


async def advance(
    connection: AsyncConnection,
    conversation: ConversationId,
    at: int,
    *,
    fence: Fence | None = None,
    events: int = 1,
    **values: Any,
) -> RowMapping | None:
    """Reserves `events` seqs, the last of which is the answered row's `last_seq`; None when the fence refused."""
    where = conversations.c.id == conversation
    statement = (
        update(conversations)
        .where(where if fence is None else where & fence)
        .values(last_seq=conversations.c.last_seq + events, changed_at=at, **values)
        .returning(conversations)
    )
    return (await connection.execute(statement)).mappings().one_or_none()


async def change(
    connection: AsyncConnection, conversation: ConversationId, fence: Fence | None = None, **values: Any
) -> bool:
    """Sets columns that are not part of the log (read marks, the resume note); False when the fence refused."""
    where = conversations.c.id == conversation
    statement = update(conversations).where(where if fence is None else where & fence).values(**values)
    return (await connection.execute(statement)).rowcount == 1


async def find(connection: AsyncConnection, conversation: ConversationId) -> RowMapping | None:
    return (await connection.execute(BY_ID, {"conversation": conversation})).mappings().first()


async def find_all(connection: AsyncConnection, ids: Sequence[ConversationId]) -> Sequence[RowMapping]:
    return (await connection.execute(select(conversations).where(conversations.c.id.in_(ids)))).mappings().all()


async def last_seqs(connection: AsyncConnection, ids: Sequence[ConversationId]) -> dict[ConversationId, int]:
    """How far each of these logs is."""
    rows = await connection.execute(
        select(conversations.c.id, conversations.c.last_seq).where(conversations.c.id.in_(ids))
    )
    return {ConversationId(row.id): row.last_seq for row in rows}


async def find_or_make(
    connection: AsyncConnection, channel: str, account: str, external_user: str, at: int
) -> ConversationId:
    """The one conversation of this person on this channel; ten first messages at once make one."""
    key = (
        (conversations.c.channel == channel)
        & (conversations.c.account == account)
        & (conversations.c.external_user == external_user)
    )
    found = await connection.scalar(select(conversations.c.id).where(key))
    if found is not None:
        return ConversationId(found)
    customer = CustomerId(new_id())
    await connection.execute(customers.insert().values(id=customer, created_at=at))
    made = insert(connection, conversations).values(
        id=new_id(),
        channel=channel,
        account=account,
        external_user=external_user,
        customer_id=customer,
        held_since=at,
        created_at=at,
        changed_at=at,
    )
    inserted = await connection.scalar(made.on_conflict_do_nothing().returning(conversations.c.id))
    if inserted is not None:
        return ConversationId(inserted)
    await connection.execute(customers.delete().where(customers.c.id == customer))
    return ConversationId((await connection.execute(select(conversations.c.id).where(key))).scalar_one())


async def describe_customer(connection: AsyncConnection, customer: CustomerId, **known: str | None) -> None:
    """Writes down what is known of a customer; what is not given stays."""
    values = {name: value for name, value in known.items() if value}
    if values:
        await connection.execute(update(customers).where(customers.c.id == customer).values(**values))


async def raise_marks(
    connection: AsyncConnection, conversation: ConversationId, delivered_upto: int, read_upto: int
) -> bool:
    """How far the customer has received and read; marks only rise, read implies delivered. False when none did."""
    delivered = max(delivered_upto, read_upto)
    new = (conversations.c.delivered_upto < delivered) | (conversations.c.read_upto < read_upto)
    known = conversations.c.last_seq >= delivered
    return await change(
        connection,
        conversation,
        new & known,
        delivered_upto=_larger(conversations.c.delivered_upto, delivered),
        read_upto=_larger(conversations.c.read_upto, read_upto),
    )


async def raise_team_mark(connection: AsyncConnection, conversation: ConversationId, upto: int) -> bool:
    """How far the team has read; False when it had read that far before."""
    new = (conversations.c.team_read_seq < upto) & (conversations.c.last_seq >= upto)
    return await change(connection, conversation, new, team_read_seq=upto)


def _larger(column: ColumnElement[int], value: int) -> ColumnElement[int]:
    return case((column < value, value), else_=column)
