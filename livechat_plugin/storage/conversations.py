"""Conversations: found, made, and moved on by the one conditional UPDATE on which everything else rests.

What must hold: whoever changes a conversation does it by `advance`. It takes the row's lock, checks the writer's right
to write (the fence) and gives out the next seq in the same statement, so two writers can't both be right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pytz
from sqlalchemy import (
    BigInteger,
    BindParameter,
    ClauseElement,
    ColumnElement,
    RowMapping,
    String,
    Update,
    bindparam,
    case,
    exists,
    false,
    literal,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import AgentId, ConversationId, CustomerId, new_id
from .database import insert
from .tables import aliases as known, conversations, customers

# What is asked with every message is built once: building a statement takes longer than running it.
BY_ID = select(conversations).where(conversations.c.id == bindparam("conversation"))
ALL_BY_ID = select(conversations).where(conversations.c.id.in_(bindparam("ids", expanding=True)))
BY_KEY = select(conversations.c.id).where(
    conversations.c.channel == bindparam("of_channel"),
    conversations.c.account == bindparam("of_account"),
    conversations.c.external_user == bindparam("of_user"),
)

KNOWN_AS = union_all(
    select(known.c.external_user, known.c.conversation_id, literal(True).label("settled")).where(
        known.c.channel == bindparam("of_channel"),
        known.c.account == bindparam("of_account"),
        known.c.external_user.in_(bindparam("names", expanding=True)),
    ),
    select(
        conversations.c.external_user,
        conversations.c.id,
        exists().where(known.c.conversation_id == conversations.c.id),
    ).where(
        conversations.c.channel == bindparam("of_channel"),
        conversations.c.account == bindparam("of_account"),
        conversations.c.external_user.in_(bindparam("names", expanding=True)),
    ),
)
"""`settled`: ids of this conversation came together, so that one of them is known to stay."""

REMEMBER = text(
    "INSERT INTO aliases (channel, account, external_user, conversation_id)"
    " VALUES (:channel, :account, :external_user, :conversation_id)"
    " ON CONFLICT (channel, account, external_user) DO UPDATE SET conversation_id = excluded.conversation_id"
    " WHERE aliases.conversation_id <> excluded.conversation_id"
)
READDRESS = update(conversations).where(conversations.c.id == bindparam("conversation"))
LENGTHS = {column.name: column.type.length for column in customers.columns if isinstance(column.type, String)}
DESCRIBE = update(customers).where(customers.c.id == bindparam("customer"))
RAISE_SENT = update(conversations).where(
    conversations.c.id == bindparam("conversation"), conversations.c.sent_upto < bindparam("upto")
)
RAISE_BOT_READ = update(conversations).where(
    conversations.c.id == bindparam("conversation"), conversations.c.bot_read_seq < bindparam("upto")
)

NEXT_SEQ = conversations.c.last_seq + 1
NEXT_EPOCH = conversations.c.epoch + 1
MOMENT: BindParameter[int] = bindparam("moment", type_=BigInteger)
"""The time of an `advance`, in the expressions that are given to it."""


@dataclass(frozen=True, eq=False)
class Fence:
    """A right to write, as a condition that is built once; `values` fill its parameters."""

    where: ColumnElement[bool]
    values: Mapping[str, Any] = field(default_factory=dict)

    def __and__(self, other: "Fence") -> "Fence":
        return Fence(_both(self.where, other.where), {**self.values, **other.values})


_BY_BOT = (conversations.c.holder_kind == "bot") & (conversations.c.epoch == bindparam("fence_epoch"))
_BY_AGENT = (
    (conversations.c.holder_kind == "agent")
    & (conversations.c.holder_id == bindparam("fence_agent"))
    & (conversations.c.epoch == bindparam("fence_epoch"))
)
HELD_BY_NOBODY = Fence(conversations.c.holder_kind.in_(("bot", "queue")))
"""The bot or the queue holds it: an agent may take it."""

_BY_QUEUE = (conversations.c.holder_kind == "queue") & (conversations.c.epoch == bindparam("fence_epoch"))
QUEUED = (
    select(conversations.c.id, conversations.c.epoch)
    .where(conversations.c.holder_kind == "queue")
    .order_by(conversations.c.held_since)
    .limit(bindparam("most"))
)

CLOSED = Fence(false())
"""Nobody may."""


def held_by_bot(epoch: int) -> Fence:
    """The bot holds it, under this very epoch."""
    return Fence(_BY_BOT, {"fence_epoch": epoch})


def held_by_queue(epoch: int) -> Fence:
    """It waits for a person, under this very epoch."""
    return Fence(_BY_QUEUE, {"fence_epoch": epoch})


def held_by_agent(agent: AgentId, epoch: int) -> Fence:
    """The agent holds it, under this very epoch."""
    return Fence(_BY_AGENT, {"fence_agent": agent, "fence_epoch": epoch})


@lru_cache(maxsize=64)
def _both(one: ColumnElement[bool], other: ColumnElement[bool]) -> ColumnElement[bool]:
    return one & other


async def advance(
    connection: AsyncConnection,
    conversation: ConversationId,
    at: int,
    *,
    fence: Fence | None = None,
    events: int = 1,
    **values: Any,
) -> RowMapping | None:
    """Reserves `events` seqs, the last of which is the answered row's `last_seq`; None when the fence refused.

    `values` are columns, and parameters of expressions among them; such an expression should be a constant of its
    module, so that the statement is built once.
    """
    computed = tuple(item for item in values.items() if isinstance(item[1], ClauseElement))
    plain = {name: value for name, value in values.items() if not isinstance(value, ClauseElement)}
    statement = _advancing(None if fence is None else fence.where, events, computed)
    parameters = {"conversation": conversation, "moment": at, "changed_at": at, **plain}
    if fence is not None:
        parameters.update(fence.values)
    return (await connection.execute(statement, parameters)).mappings().one_or_none()


@lru_cache(maxsize=256)
def _advancing(
    fence: ColumnElement[bool] | None, events: int, computed: tuple[tuple[str, ClauseElement], ...]
) -> Update:
    where = conversations.c.id == bindparam("conversation")
    return (
        update(conversations)
        .where(where if fence is None else where & fence)
        .values(last_seq=conversations.c.last_seq + events, **dict(computed))
        .returning(conversations)
    )


async def change(
    connection: AsyncConnection, conversation: ConversationId, fence: Fence | None = None, **values: Any
) -> bool:
    """Sets columns that are not part of the log (read marks, the resume note); False when the fence refused."""
    where = conversations.c.id == conversation
    statement = update(conversations).where(where if fence is None else where & fence.where).values(**values)
    return (await connection.execute(statement, fence.values if fence else {})).rowcount == 1


async def find(connection: AsyncConnection, conversation: ConversationId) -> RowMapping | None:
    return (await connection.execute(BY_ID, {"conversation": conversation})).mappings().first()


async def find_all(connection: AsyncConnection, ids: Sequence[ConversationId]) -> Sequence[RowMapping]:
    return (await connection.execute(ALL_BY_ID, {"ids": ids})).mappings().all()


async def in_queue(connection: AsyncConnection, most: int) -> Sequence[RowMapping]:
    """Id and epoch of those that wait for a person, the longest wait first."""
    return (await connection.execute(QUEUED, {"most": most})).mappings().all()


async def last_seqs(connection: AsyncConnection, ids: Sequence[ConversationId]) -> dict[ConversationId, int]:
    """How far each of these logs is."""
    rows = await connection.execute(
        select(conversations.c.id, conversations.c.last_seq).where(conversations.c.id.in_(ids))
    )
    return {ConversationId(row.id): row.last_seq for row in rows}


async def find_or_make(
    connection: AsyncConnection, channel: str, account: str, external_user: str, at: int, aliases: Sequence[str] = ()
) -> ConversationId:
    """The one conversation of this person on this channel; ten first messages at once make one.

    `aliases` are other ids of the same person there, which may pass to somebody else as a phone number does, while the
    `external_user` that they come beside stays: it is what is replied to from then on. Any of them finds a conversation
    for which nobody has told such a one yet, and belongs to whoever came by it last.
    """
    found = await _find_by_key(connection, channel, account, external_user)
    if found is not None:
        if aliases:
            await _remember(connection, channel, account, ConversationId(found), [external_user, *aliases])
        return ConversationId(found)
    known_as = await _find_known_as(connection, channel, account, external_user, aliases)
    conversation = known_as or await _make(connection, channel, account, external_user, at)
    if aliases:
        await _remember(connection, channel, account, conversation, [external_user, *aliases])
    if aliases and known_as is not None:
        await connection.execute(READDRESS, {"conversation": conversation, "external_user": external_user})
    return conversation


async def _find_by_key(connection: AsyncConnection, channel: str, account: str, external_user: str) -> str | None:
    key = {"of_channel": channel, "of_account": account, "of_user": external_user}
    return (await connection.execute(BY_KEY, key)).scalar()


async def _find_known_as(
    connection: AsyncConnection, channel: str, account: str, external_user: str, aliases: Sequence[str]
) -> ConversationId | None:
    """By its own id, or by an alias that leads to nobody who is known by another id that stays."""
    names = {"of_channel": channel, "of_account": account, "names": [external_user, *aliases]}
    rows = (await connection.execute(KNOWN_AS, names)).all()
    own = [row for row in rows if row.external_user == external_user]
    if not own and any(row.settled for row in rows):
        return None
    return next((ConversationId(row.conversation_id) for row in own or rows), None)


async def _remember(
    connection: AsyncConnection, channel: str, account: str, conversation: ConversationId, names: Sequence[str]
) -> None:
    rows = [
        {"channel": channel, "account": account, "external_user": name, "conversation_id": conversation}
        for name in names
    ]
    await connection.execute(REMEMBER, rows)


async def _make(connection: AsyncConnection, channel: str, account: str, external_user: str, at: int) -> ConversationId:
    customer = CustomerId(new_id())
    await connection.execute(customers.insert().values(id=customer, created_at=at))
    made = insert(connection.dialect.name, conversations).values(
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
    key = {"of_channel": channel, "of_account": account, "of_user": external_user}
    return ConversationId((await connection.execute(BY_KEY, key)).scalar_one())


async def find_customer(connection: AsyncConnection, customer: CustomerId) -> RowMapping:
    return (await connection.execute(select(customers).where(customers.c.id == customer))).mappings().one()


async def customers_of(connection: AsyncConnection, ids: Sequence[ConversationId]) -> Sequence[RowMapping]:
    """In which language and by which clock the customer of each of these conversations reads."""
    columns = (conversations.c.id, customers.c.locale, customers.c.timezone)
    query = select(*columns).join(customers, customers.c.id == conversations.c.customer_id)
    return (await connection.execute(query.where(conversations.c.id.in_(ids)))).mappings().all()


async def describe_customer(connection: AsyncConnection, customer: CustomerId, **known: str | None) -> None:
    """Writes down what is known of a customer; what is not given stays, a zone that nobody knows is not taken, and what
    is longer than its column is cut: a provider brings a message again and again that is refused for such a name.
    """
    values = {name: value[: LENGTHS[name]] for name, value in known.items() if value}
    if values.get("timezone") not in pytz.all_timezones_set:
        values.pop("timezone", None)
    if values:
        await connection.execute(DESCRIBE, {"customer": customer, **values})


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
        Fence(new & known),
        delivered_upto=_larger(conversations.c.delivered_upto, delivered),
        read_upto=_larger(conversations.c.read_upto, read_upto),
    )


async def raise_sent_mark(connection: AsyncConnection, conversation: ConversationId, upto: int) -> bool:
    """How far the channel has taken our messages."""
    values = {"conversation": conversation, "upto": upto, "sent_upto": upto}
    return (await connection.execute(RAISE_SENT, values)).rowcount == 1


async def raise_bot_mark(connection: AsyncConnection, conversation: ConversationId, upto: int) -> bool:
    """How far Rasa's tracker knows the log."""
    values = {"conversation": conversation, "upto": upto, "bot_read_seq": upto}
    return (await connection.execute(RAISE_BOT_READ, values)).rowcount == 1


async def raise_team_mark(connection: AsyncConnection, conversation: ConversationId, upto: int) -> bool:
    """How far the team has read; False when it had read that far before."""
    new = (conversations.c.team_read_seq < upto) & (conversations.c.last_seq >= upto)
    return await change(connection, conversation, Fence(new), team_read_seq=upto)


def _larger(column: ColumnElement[int], value: int) -> ColumnElement[int]:
    return case((column < value, value), else_=column)
