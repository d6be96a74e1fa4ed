"""The team's lists: handovers with all that a line of a tab shows, and conversations that the bot is handling.

Order: pending by priority and then the longest wait, claimed by the time of the claim, resolved newest first. Pages go
on behind the sort key of the last row (`cursor`), so a list that changes meanwhile neither repeats nor skips.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, RowMapping, Select, and_, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from ..errors import Invalid
from ..ids import AgentId, ConversationId
from .handovers import NEWEST_FIRST
from .tables import agents, conversations, customers, events, handovers, outbox

SORT: dict[str, tuple[ColumnElement[Any], ...]] = {
    "pending": (-handovers.c.priority, handovers.c.requested_at, handovers.c.id),
    "claimed": (handovers.c.claimed_at, handovers.c.id),
    "resolved": (-handovers.c.resolved_at, handovers.c.id),
}
WAITING = select(func.count()).where(handovers.c.status == "pending")
SORT_BOT = (-conversations.c.changed_at, conversations.c.id)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What to leave out of a list; `mine` is the agent whose claims are asked for, `q` a part of a name or line."""

    mine: AgentId | None = None
    channel: str | None = None
    q: str | None = None
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True)
class Page:
    rows: Sequence[RowMapping]
    next: str | None


def _last_line() -> ColumnElement[int]:
    said = events.alias()
    return (
        select(func.max(said.c.seq))
        .where(
            said.c.conversation_id == conversations.c.id,
            said.c.kind == "message",
            said.c.audience == "all",
            said.c.actor_kind != "system",  # the same sentence under every name tells nobody anything
        )
        .scalar_subquery()
    )


def _unread() -> ColumnElement[int]:
    said = events.alias()
    return (
        select(func.count(said.c.seq))
        .where(
            said.c.conversation_id == conversations.c.id,
            said.c.seq > conversations.c.team_read_seq,
            said.c.kind == "message",
            said.c.actor_kind == "customer",
        )
        .scalar_subquery()
    )


def _failed() -> ColumnElement[int]:
    """Messages of this handover that did not get through and that nobody has dealt with."""
    return (
        select(func.count(outbox.c.seq))
        .where(
            outbox.c.conversation_id == conversations.c.id,
            outbox.c.state == "failed",
            outbox.c.created_at >= func.coalesce(handovers.c.requested_at, 0),
        )
        .correlate(conversations, handovers)
        .scalar_subquery()
    )


COLUMNS = (
    conversations.c.id.label("conversation_id"),
    conversations.c.channel,
    conversations.c.account,
    conversations.c.holder_kind,
    conversations.c.holder_id,
    conversations.c.epoch,
    conversations.c.last_seq,
    conversations.c.waiting_since,
    conversations.c.away_at,
    conversations.c.customer_at,
    handovers.c.id.label("handover_id"),
    handovers.c.status,
    handovers.c.outcome,
    handovers.c.trigger,
    handovers.c.reason,
    handovers.c.priority,
    handovers.c.offered_at,
    handovers.c.requested_at,
    handovers.c.claimed_at,
    handovers.c.resolved_at,
    handovers.c.changed_at.label("handover_changed_at"),
    handovers.c.claimed_by,
    agents.c.name.label("claimed_by_name"),
    customers.c.id.label("customer_id"),
    customers.c.name.label("customer_name"),
    customers.c.username.label("customer_username"),
    customers.c.email.label("customer_email"),
    customers.c.phone.label("customer_phone"),
    customers.c.locale.label("customer_locale"),
    customers.c.page.label("customer_page"),
    events.c.actor_kind.label("line_actor"),
    events.c.actor_name.label("line_name"),
    events.c.text.label("line_text"),
    events.c.body.label("line_body"),
    events.c.at.label("line_at"),
)


def _rows(source: FromClause) -> Select[Any]:
    """`source` joins conversations and handovers in whichever way the list wants."""
    joined = (
        source.join(customers, customers.c.id == conversations.c.customer_id)
        .outerjoin(agents, agents.c.id == handovers.c.claimed_by)
        .outerjoin(events, and_(events.c.conversation_id == conversations.c.id, events.c.seq == _last_line()))
    )
    return select(*COLUMNS, _unread().label("unread"), _failed().label("failed")).select_from(joined)


def _of_handovers() -> Select[Any]:
    return _rows(handovers.join(conversations, conversations.c.id == handovers.c.conversation_id))


def _matches(q: str) -> ColumnElement[bool]:
    plain = q.lower().translate({ord(wildcard): None for wildcard in "\\%_"})
    needle = f"%{plain}%"
    fields = (customers.c.name, customers.c.email, customers.c.phone, handovers.c.reason, events.c.text)
    return or_(*(func.lower(field).like(needle) for field in fields))


async def list_handovers(connection: AsyncConnection, status: str, wanted: Filter) -> Page:
    query = _of_handovers().where(handovers.c.status == status)
    if wanted.mine is not None:
        query = query.where(handovers.c.claimed_by == wanted.mine)
    return await _page(connection, query, SORT[status], wanted)


async def list_with_bot(connection: AsyncConnection, wanted: Filter) -> Page:
    """Conversations that the bot holds and in which somebody has said something; pending forms are among them."""
    opened = conversations.outerjoin(handovers, handovers.c.id == conversations.c.handover_id)
    query = _rows(opened).where(conversations.c.holder_kind == "bot", conversations.c.last_customer_seq > 0)
    return await _page(connection, query, SORT_BOT, wanted)


async def _page(
    connection: AsyncConnection, query: Select[Any], sort: tuple[ColumnElement[Any], ...], wanted: Filter
) -> Page:
    if wanted.channel:
        query = query.where(conversations.c.channel == wanted.channel)
    if wanted.q:
        query = query.where(_matches(wanted.q))
    if wanted.cursor:
        query = query.where(tuple_(*sort) > tuple_(*_read_cursor(wanted.cursor, len(sort))))
    keys = tuple(column.label(f"sort_{n}") for n, column in enumerate(sort))
    found = await connection.execute(query.add_columns(*keys).order_by(*sort).limit(wanted.limit + 1))
    rows = found.mappings().all()
    more = len(rows) > wanted.limit
    rows = rows[: wanted.limit]
    after = _write_cursor([rows[-1][f"sort_{n}"] for n in range(len(sort))]) if more else None
    return Page(rows, after)


def _write_cursor(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(values)).encode()).decode()


def _read_cursor(cursor: str, length: int) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor))
    except ValueError:
        values = None
    if not isinstance(values, list) or len(values) != length:
        raise Invalid("This page can't be continued: the cursor is not one of ours.", {"cursor": "as answered in next"})
    return values


async def changed(connection: AsyncConnection, ids: Sequence[ConversationId]) -> Sequence[RowMapping]:
    """The rows of these conversations' open or latest handovers; those that never had one come without."""
    newest = (
        select(handovers.c.id)
        .where(handovers.c.conversation_id == conversations.c.id)
        .order_by(*NEWEST_FIRST)
        .limit(1)
        .correlate(conversations)
        .scalar_subquery()
    )
    query = _rows(conversations.outerjoin(handovers, handovers.c.id == newest)).where(conversations.c.id.in_(ids))
    return (await connection.execute(query)).mappings().all()


async def changed_since(connection: AsyncConnection, moment: int, limit: int) -> Sequence[ConversationId]:
    """Conversations with a person or in the queue that moved since `moment`, and those whose handover just ended."""
    held = select(conversations.c.id).where(conversations.c.changed_at >= moment, conversations.c.holder_kind != "bot")
    ended = select(handovers.c.conversation_id).where(handovers.c.changed_at >= moment)
    return [ConversationId(id_) for id_ in (await connection.scalars(held.union(ended).limit(limit)))]


async def counts(connection: AsyncConnection) -> dict[str, int]:
    """How many handovers have each status."""
    found = await connection.execute(select(handovers.c.status, func.count()).group_by(handovers.c.status))
    numbers = {status: int(number) for status, number in found.tuples()}
    return {status: numbers.get(status, 0) for status in ("pending", "claimed", "resolved")}


async def waiting(connection: AsyncConnection) -> int:
    """How many handovers are pending: asked with every look at the settings and every new widget."""
    return int((await connection.execute(WAITING)).scalar_one())
