"""The log of a conversation: appended in the transaction that reserved the seq, read by seq.

Audiences: `all` is everybody, `team` is the team alone (private notes, who is away), `log` is nobody but the log itself
(what the bot wanted to say while a person owned the conversation).
"""

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import RowMapping, bindparam, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import ConversationId
from .tables import events, files, outbox

Audience = Literal["all", "team", "log"]
Reader = Literal["team", "customer"]

VISIBLE: dict[Reader, tuple[Audience, ...]] = {"team": ("all", "team"), "customer": ("all",)}


# Statements of the hot path are built once: building one takes longer than running it.
INSERT = insert(events)
BY_KEY = select(events).where(
    events.c.conversation_id == bindparam("conversation"), events.c.key == bindparam("author_key")
)
BY_SEQ = select(events).where(
    events.c.conversation_id == bindparam("conversation"), events.c.seq == bindparam("of_seq")
)
WITH_EDITS = (
    select(events)
    .where(
        events.c.conversation_id == bindparam("conversation"),
        (events.c.seq == bindparam("of_seq")) | ((events.c.kind == "edit") & (events.c.seq > bindparam("of_seq"))),
    )
    .order_by(events.c.seq)
)
SAID_BETWEEN = (
    select(events)
    .where(
        events.c.conversation_id == bindparam("conversation"),
        events.c.seq > bindparam("known"),
        events.c.seq < bindparam("of_seq"),
        events.c.kind == "message",
        events.c.audience == "all",
        events.c.actor_kind != "bot",
    )
    .order_by(events.c.seq)
)

LOGGED = select(events, outbox.c.state.label("outbox_state"), outbox.c.status.label("outbox_status")).select_from(
    events.outerjoin(outbox, (outbox.c.conversation_id == events.c.conversation_id) & (outbox.c.seq == events.c.seq))
)
"""Events with how far each is on its way to an outside channel."""

FETCHED = (
    select(events.c.seq, events.c.body, files.c.ref)
    .join(files, (files.c.conversation_id == events.c.conversation_id) & (files.c.seq == events.c.seq))
    .where(
        events.c.conversation_id == bindparam("conversation"),
        events.c.seq >= bindparam("of_seq"),
        files.c.ref.is_not(None),
    )
    .order_by(events.c.seq)
)

AFTER = LOGGED.where(events.c.conversation_id == bindparam("conversation"), events.c.seq > bindparam("known")).order_by(
    events.c.seq
)


async def append(connection: AsyncConnection, conversation: ConversationId, seq: int, **values: Any) -> None:
    """Adds one event; `values` are columns of the table. The seq comes from `conversations.advance`."""
    row = {"kind": "message", "audience": "all", "conversation_id": conversation, "seq": seq, **values}
    await connection.execute(INSERT, row)


async def find_by_key(connection: AsyncConnection, conversation: ConversationId, key: str) -> RowMapping | None:
    """The event that this author's key already made."""
    found = await connection.execute(BY_KEY, {"conversation": conversation, "author_key": key})
    return found.mappings().first()


async def find(connection: AsyncConnection, conversation: ConversationId, seq: int) -> RowMapping | None:
    return (await connection.execute(BY_SEQ, {"conversation": conversation, "of_seq": seq})).mappings().first()


async def find_as_last_put(
    connection: AsyncConnection, conversation: ConversationId, seq: int
) -> tuple[RowMapping, str | None] | None:
    """A line, and its text as its author last put it: an edit of it counts."""
    found = (await connection.execute(WITH_EDITS, {"conversation": conversation, "of_seq": seq})).mappings().all()
    if not found or found[0]["seq"] != seq:
        return None
    edits = [row["text"] for row in found[1:] if (row["body"] or {}).get("target") == seq]
    return found[0], edits[-1] if edits else found[0]["text"]


async def files_last_put(connection: AsyncConnection, conversation: ConversationId, seq: int) -> set[str]:
    """The provider's ids of the files that a line has now: those it came with, or those put in their place."""
    rows = (await connection.execute(FETCHED, {"conversation": conversation, "of_seq": seq})).mappings().all()
    own = [row for row in rows if row["seq"] == seq or (row["body"] or {}).get("target") == seq]
    return {row["ref"] for row in own if row["seq"] == own[-1]["seq"]}


async def after(
    connection: AsyncConnection, conversation: ConversationId, seq: int, *, limit: int | None = None
) -> Sequence[RowMapping]:
    """All events beyond `seq`, oldest first, whoever may see them."""
    query = AFTER if limit is None else AFTER.limit(limit)
    return (await connection.execute(query, {"conversation": conversation, "known": seq})).mappings().all()


async def visible_after(
    connection: AsyncConnection, conversation: ConversationId, seq: int, reader: Reader, limit: int
) -> Sequence[RowMapping]:
    """What this reader may see beyond `seq`, oldest first."""
    query = (
        LOGGED.where(
            events.c.conversation_id == conversation, events.c.seq > seq, events.c.audience.in_(VISIBLE[reader])
        )
        .order_by(events.c.seq)
        .limit(limit)
    )
    return (await connection.execute(query)).mappings().all()


async def newest(
    connection: AsyncConnection, conversation: ConversationId, reader: Reader, limit: int
) -> Sequence[RowMapping]:
    """The last `limit` events that this reader may see, oldest first."""
    query = (
        LOGGED.where(events.c.conversation_id == conversation, events.c.audience.in_(VISIBLE[reader]))
        .order_by(events.c.seq.desc())
        .limit(limit)
    )
    return list(reversed((await connection.execute(query)).mappings().all()))


async def last_visible(connection: AsyncConnection, conversation: ConversationId, upto: int, reader: Reader) -> int:
    """The seq of the last event up to `upto` that this reader may see; 0 when there is none."""
    query = select(func.coalesce(func.max(events.c.seq), 0)).where(
        events.c.conversation_id == conversation, events.c.seq <= upto, events.c.audience.in_(VISIBLE[reader])
    )
    return int((await connection.execute(query)).scalar_one())


async def count_visible_after(
    connection: AsyncConnection, conversation: ConversationId, seq: int, reader: Reader
) -> int:
    query = select(func.count()).where(
        events.c.conversation_id == conversation, events.c.seq > seq, events.c.audience.in_(VISIBLE[reader])
    )
    return int((await connection.execute(query)).scalar_one())


async def said_between(
    connection: AsyncConnection, conversation: ConversationId, after_seq: int, before_seq: int
) -> Sequence[RowMapping]:
    """What people and the system said to one another between two seqs: what the bot's tracker must still learn."""
    limits = {"conversation": conversation, "known": after_seq, "of_seq": before_seq}
    return (await connection.execute(SAID_BETWEEN, limits)).mappings().all()


async def latest_form(connection: AsyncConnection, conversation: ConversationId) -> RowMapping | None:
    """What the customer last wrote into the contact form."""
    query = (
        select(events)
        .where(events.c.conversation_id == conversation, events.c.key.startswith("form:"))
        .order_by(events.c.seq.desc())
        .limit(1)
    )
    return (await connection.execute(query)).mappings().first()


async def said_by_team(
    connection: AsyncConnection, conversation: ConversationId, after_seq: int
) -> Sequence[RowMapping]:
    """What agents said to the customer beyond a seq, oldest first."""
    query = (
        select(events)
        .where(
            events.c.conversation_id == conversation,
            events.c.seq > after_seq,
            events.c.kind == "message",
            events.c.audience == "all",
            events.c.actor_kind == "agent",
        )
        .order_by(events.c.seq)
    )
    return (await connection.execute(query)).mappings().all()
