"""The outbox: what must still be delivered on outside channels, each conversation's messages in order.

pending → sending → sent | failed | unknown | skipped. What must hold: of a conversation one message at a time is on
its way, the head of the line before the others; and a row is taken by one dispatcher (`FOR UPDATE SKIP LOCKED`; on
SQLite there is one). A failed message that is sent again goes back to its place, behind what is on its way by then.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, bindparam, case, false, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import conversations, events, outbox

ON_ITS_WAY = ("sending", "unknown")
"""States that hold back all that waits, wherever it stands. What waits holds back what waits behind it, and a failed
message nothing: its author is told.
"""


# Built once: building a statement takes longer than running it.
INSERT = outbox.insert()
THIS = (outbox.c.conversation_id == bindparam("conversation")) & (outbox.c.seq == bindparam("of_seq"))
HOLD = select(outbox).where(THIS).with_for_update()
CHANGE = update(outbox).where(THIS)
MARK = CHANGE.returning(outbox)
SETTLE = MARK.where(
    outbox.c.round == bindparam("known_round"),  # each counts its attempts anew
    outbox.c.attempt == bindparam("known_attempt"),
    outbox.c.state == "sending",
)
WAITING = (
    select(outbox.c.seq)
    .where(outbox.c.conversation_id == bindparam("conversation"), outbox.c.state == "pending")
    .with_for_update()
)


def _first_in_line() -> ColumnElement[bool]:
    """What waits goes when nothing is on its way and nothing waits ahead of it; what was on its way already is asked
    about again whatever waits, else the two would wait for each other.
    """
    other = outbox.alias()
    ahead, waits = other.c.seq < outbox.c.seq, outbox.c.state == "pending"
    blocking = select(other.c.seq).where(
        other.c.conversation_id == outbox.c.conversation_id,
        other.c.seq != outbox.c.seq,
        (other.c.state.in_(ON_ITS_WAY) & (ahead | waits)) | ((other.c.state == "pending") & ahead & waits),
    )
    return ~blocking.exists()


TOLD = outbox.c.heard_part + 1
"""So many parts the provider has told of: that it took them, we may have heard from it alone."""

SEND = CHANGE.where(_first_in_line()).values(
    state="sending",
    attempt=outbox.c.attempt + 1,
    parts_done=case((outbox.c.parts_done < TOLD, TOLD), else_=outbox.c.parts_done),
    doubts=case((outbox.c.state == "sending", outbox.c.doubts + 1), else_=outbox.c.doubts),
)
DUE = (
    select(outbox.c.conversation_id, outbox.c.seq)
    .where(
        ((outbox.c.state == "pending") & (outbox.c.not_before <= bindparam("moment")))
        | (outbox.c.state.in_(("sending", "unknown")) & (outbox.c.locked_until < bindparam("moment"))),
        _first_in_line(),
    )
    .order_by(outbox.c.created_at)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True, of=outbox)
)
WITH_MESSAGE = (
    select(
        outbox,
        events.c.text,
        events.c.body,
        conversations.c.external_user,
        conversations.c.customer_at,
        conversations.c.customer_ref,
    )
    .select_from(
        outbox.join(
            events, (events.c.conversation_id == outbox.c.conversation_id) & (events.c.seq == outbox.c.seq)
        ).join(conversations, conversations.c.id == outbox.c.conversation_id)
    )
    .where(THIS)
)


async def add(
    connection: AsyncConnection, conversation_id: str, seq: int, channel: str, account: str, at: int, **values: Any
) -> None:
    """Puts a message in line; `values` are columns of one that will not be tried at all."""
    row = {"conversation_id": conversation_id, "seq": seq, "channel": channel, "account": account, "created_at": at}
    await connection.execute(INSERT, {**row, "state": "pending", **values})


Account = tuple[str, str]
"""Channel and account."""


async def take(
    connection: AsyncConnection,
    at: int,
    locked_until: int,
    limit: int,
    *,
    without: Collection[Account] = (),
    without_retries: Collection[Account] = (),
) -> Sequence[RowMapping]:
    """Locks up to `limit` messages that are due and first in their line, with what is needed to send them.

    What waits on the accounts `without` stays where it is, as does what was tried before on those `without_retries`:
    however much it is, the messages of others are found. One whose try never ended (its worker died) may have been
    sent: that is a doubt.
    """
    query = DUE
    if without or without_retries:
        query = DUE.where(~_of(without), ~(_of(without_retries) & (outbox.c.attempt > 0)))
    due = (await connection.execute(query, {"moment": at, "at_most": limit})).all()
    taken = []
    for conversation_id, seq in due:
        this = {"conversation": conversation_id, "of_seq": seq}
        sending = await connection.execute(SEND, {**this, "locked_until": locked_until})
        if sending.rowcount == 1:  # else one ahead of it was sent again just now
            taken.append((await connection.execute(WITH_MESSAGE, this)).mappings().one())
    return taken


def _of(accounts: Collection[Account]) -> ColumnElement[bool]:
    return or_(false(), *(and_(outbox.c.channel == one, outbox.c.account == other) for one, other in accounts))


async def settle(connection: AsyncConnection, row: RowMapping, **values: Any) -> RowMapping | None:
    """Writes how a try ended, and answers what stands there now; None when another try has taken the message."""
    this = {"conversation": row["conversation_id"], "of_seq": row["seq"]}
    known = {"known_round": row["round"], "known_attempt": row["attempt"]}
    return (await connection.execute(SETTLE, {**this, **known, **values})).mappings().one_or_none()


async def keep(connection: AsyncConnection, row: RowMapping, locked_until: int, **values: Any) -> RowMapping | None:
    """Locks a message for longer, with what is known of its try by now; the row as `take` gives it, or None when
    another try has taken the message.
    """
    if await settle(connection, row, locked_until=locked_until, **values) is None:
        return None
    this = {"conversation": row["conversation_id"], "of_seq": row["seq"]}
    return (await connection.execute(WITH_MESSAGE, this)).mappings().one()


FOUND_AT_ONCE = 100


async def find_waiting(connection: AsyncConnection, why: str, long: int, given_up: int) -> Sequence[RowMapping]:
    """What waits since before `long` and does not say that it is for this reason, or since before `given_up`; oldest
    first.
    """
    unexplained = (outbox.c.created_at < long) & outbox.c.error.is_distinct_from(why)
    query = (
        select(outbox)
        .where(outbox.c.state == "pending", unexplained | (outbox.c.created_at < given_up))
        .order_by(outbox.c.created_at)
        .limit(FOUND_AT_ONCE)
    )
    return (await connection.execute(query)).mappings().all()


async def move(
    connection: AsyncConnection, conversation_id: str, seq: int, states: Sequence[str], **values: Any
) -> bool:
    """Changes a message that is in one of these states."""
    where = (outbox.c.conversation_id == conversation_id) & (outbox.c.seq == seq) & outbox.c.state.in_(states)
    return (await connection.execute(update(outbox).where(where).values(**values))).rowcount == 1


async def again(connection: AsyncConnection, conversation_id: str, seq: int, at: int) -> bool:
    """Puts a failed message in line anew, from the part where it stopped; False when it has not failed.

    Whoever takes what waits has taken it before this, or sees this: never both at once.
    """
    await connection.execute(WAITING, {"conversation": conversation_id})
    fresh = {"status": None, "error": None, "attempt": 0, "doubts": 0, "locked_until": None, "not_before": 0}
    fresh |= {"heard_part": -1, "heard": None}
    values = {"state": "pending", "created_at": at, "round": outbox.c.round + 1, **fresh}
    return await move(connection, conversation_id, seq, ("failed",), **values)


async def mark(connection: AsyncConnection, conversation_id: str, seq: int, **values: Any) -> RowMapping | None:
    """Sets columns of a message, and answers what stands there now."""
    this = {"conversation": conversation_id, "of_seq": seq}
    return (await connection.execute(MARK, {**this, **values})).mappings().one_or_none()


async def hold(connection: AsyncConnection, conversation_id: str, seq: int) -> RowMapping | None:
    """A message as it stands; nobody changes it before the end of this transaction."""
    found = await connection.execute(HOLD, {"conversation": conversation_id, "of_seq": seq})
    return found.mappings().first()


REMEMBERED = 200
"""Messages of a conversation in which the one with a provider's id is looked for; reactions to older ones name none."""


async def find_seq(connection: AsyncConnection, conversation_id: str, external_id: str) -> int | None:
    """The seq of our message that has this id at the provider."""
    query = (
        select(outbox.c.seq, outbox.c.external_ids)
        .where(outbox.c.conversation_id == conversation_id)
        .order_by(outbox.c.seq.desc())
        .limit(REMEMBERED)
    )
    for row in await connection.execute(query):
        if external_id in (row.external_ids or ()):
            return int(row.seq)
    return None
