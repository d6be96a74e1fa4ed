"""Mails: what must still be sent, to one person each.

waiting → sending → sent | failed; waiting → dropped. What must hold: one row for each key; a row is taken by one sender
(`FOR UPDATE SKIP LOCKED`; on SQLite there is one writer), and a try that is over has nothing more to say (`attempt`).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, bindparam, case, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import new_id
from .database import insert
from .tables import agents, events, handovers, mails

BY_ID = select(mails).where(mails.c.id == bindparam("mail"))
OWNERS = select(agents.c.id, agents.c.email).where(agents.c.role == "owner", agents.c.disabled_at.is_(None))

_READY = (mails.c.state == "waiting") & mails.c.subject.is_not(None) & (mails.c.not_before <= bindparam("moment"))
_LAPSED = (mails.c.state == "sending") & (mails.c.locked_until < bindparam("moment"))
DUE = (
    select(mails.c.id)
    .where(or_(_READY, _LAPSED))
    .order_by(case((mails.c.kind == "test", 0), else_=1), mails.c.not_before, mails.c.created_at)
    .limit(1)
)
"""Somebody waits for a test, so it goes first."""

TAKE = DUE.with_for_update(skip_locked=True)
UNWRITTEN = (
    select(mails)
    .where(mails.c.state == "waiting", mails.c.subject.is_(None), mails.c.not_before <= bindparam("moment"))
    .order_by(mails.c.not_before)
    .limit(bindparam("at_most"))
)
OPEN_ANSWER = select(mails.c.id).where(
    mails.c.conversation_id == bindparam("conversation"),
    mails.c.kind == "answer",
    mails.c.state == "waiting",
    mails.c.subject.is_(None),
)
FORMS = (
    select(events.c.body)
    .select_from(events.join(handovers, handovers.c.conversation_id == events.c.conversation_id))
    .where(
        handovers.c.id == bindparam("handover"),
        events.c.key.startswith("form:"),
        events.c.at >= handovers.c.requested_at,
    )
    .order_by(events.c.seq.desc())
)
"""By the form itself: a handover's trigger is what it was opened or last asked for with, and what is known of the
customer may come from somebody who sat at the same browser before.
"""

SINGLES = (
    select(func.count().label("mails"))
    .where(mails.c.kind == "handover", mails.c.created_at > bindparam("since"))
    .group_by(mails.c.recipient)
    .subquery()
)
MOST_SINGLES = select(func.coalesce(func.max(SINGLES.c.mails), 0))
_UNSENT = (
    (mails.c.recipient == agents.c.email)
    & mails.c.kind.in_(("handover", "digest"))
    & mails.c.state.in_(("waiting", "sending"))
)
UNSENT = (
    OWNERS.with_only_columns(func.min(mails.c.created_at).label("oldest"), func.max(mails.c.created_at).label("newest"))
    .select_from(agents.outerjoin(mails, _UNSENT))
    .group_by(agents.c.id)
)


async def owners(connection: AsyncConnection) -> Sequence[RowMapping]:
    """Those who are told: id and address of each owner whose account is not disabled."""
    return (await connection.execute(OWNERS)).mappings().all()


async def is_to_owner(connection: AsyncConnection, mail: RowMapping) -> bool:
    """Whether it is addressed to somebody who is told now; an account keeps its address."""
    return (await connection.execute(OWNERS.where(agents.c.email == mail["recipient"]))).first() is not None


async def add(connection: AsyncConnection, rows: Iterable[dict[str, Any]]) -> list[str]:
    """The ids of the new ones; a key that is known already adds nothing."""
    made = []
    for row in rows:
        statement = insert(connection.dialect.name, mails).values({"id": new_id(), "state": "waiting", **row})
        found = await connection.scalar(statement.on_conflict_do_nothing().returning(mails.c.id))
        made += [found] if found is not None else []
    return made


async def singles_since(connection: AsyncConnection, moment: int) -> int:
    """How many mails about one handover each the busiest recipient has been written since then."""
    return int((await connection.execute(MOST_SINGLES, {"since": moment})).scalar_one())


async def stuck_since(connection: AsyncConnection, before: int) -> int | None:
    """When the newest of the owners' notices that wait to be sent was written, if each owner has one from before then;
    None as long as somebody gets theirs.
    """
    unsent = (await connection.execute(UNSENT)).all()
    if not unsent or any(row.oldest is None or row.oldest > before for row in unsent):
        return None
    return max(int(row.newest) for row in unsent)


async def any_due(connection: AsyncConnection, at: int) -> bool:
    return (await connection.execute(DUE, {"moment": at})).first() is not None


async def take(connection: AsyncConnection, at: int, locked_until: int) -> RowMapping | None:
    """Locks the next mail that is due. One whose try never ended (its worker died) is due again."""
    found = (await connection.execute(TAKE, {"moment": at})).scalar()
    if found is None:
        return None
    taken = update(mails).where(mails.c.id == found).values(state="sending", attempt=mails.c.attempt + 1)
    statement = taken.values(locked_until=locked_until).returning(mails)
    return (await connection.execute(statement)).mappings().one()


async def settle(connection: AsyncConnection, row: RowMapping, **values: Any) -> bool:
    """Writes how a try ended; False when another try has taken the mail meanwhile."""
    where = (mails.c.id == row["id"]) & (mails.c.attempt == row["attempt"]) & (mails.c.state == "sending")
    statement = update(mails).where(where).values(locked_until=None, **values)
    return (await connection.execute(statement)).rowcount == 1


async def find(connection: AsyncConnection, mail: str) -> RowMapping | None:
    return (await connection.execute(BY_ID, {"mail": mail})).mappings().first()


async def unwritten(connection: AsyncConnection, at: int, limit: int) -> Sequence[RowMapping]:
    """Mails of which it is to be decided now what they say."""
    return (await connection.execute(UNWRITTEN, {"moment": at, "at_most": limit})).mappings().all()


async def open_answer(connection: AsyncConnection, conversation: str) -> str | None:
    """The mail that will carry what is being said in this conversation, if there is one."""
    found: str | None = (await connection.execute(OPEN_ANSWER, {"conversation": conversation})).scalar()
    return found


async def form_address(connection: AsyncConnection, handover: str) -> str | None:
    """The address in the newest contact form with one that was filled in since this handover was asked for."""
    forms = (await connection.execute(FORMS, {"handover": handover})).scalars()
    return next((email for form in forms if (email := form["data"]["contact"]["email"])), None)


async def write(connection: AsyncConnection, mail: str, **values: Any) -> bool:
    """Decides what a mail says, that it says nothing, or when to look again; False when that was decided before."""
    where = (mails.c.id == mail) & (mails.c.state == "waiting") & mails.c.subject.is_(None)
    return (await connection.execute(update(mails).where(where).values(**values))).rowcount == 1


async def give_up(connection: AsyncConnection, before: int, why: str) -> Sequence[RowMapping]:
    """Fails what has waited since before then; the failed ones."""
    where = (mails.c.state == "waiting") & (mails.c.created_at < before)
    statement = update(mails).where(where).values(state="failed", error=func.coalesce(mails.c.error, why))
    return (await connection.execute(statement.returning(mails))).mappings().all()


async def forget_words(connection: AsyncConnection, before: int) -> None:
    """Takes the words out of mails that are over; that they were sent, when and to whom, stays."""
    over = mails.c.state.in_(("sent", "failed", "dropped")) & mails.c.text.is_not(None)
    statement = update(mails).where(over, mails.c.created_at < before).values(text=None, html=None)
    await connection.execute(statement)


async def forget(connection: AsyncConnection, before: int) -> None:
    over = mails.c.state.in_(("sent", "failed", "dropped"))
    await connection.execute(delete(mails).where(over, mails.c.created_at < before))


async def newest(connection: AsyncConnection, before: tuple[int, str] | None, limit: int) -> Sequence[RowMapping]:
    """The delivery log, the newest first, from behind `before` (when it was made, and its id)."""
    query = select(mails).order_by(mails.c.created_at.desc(), mails.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(_behind(*before))
    return (await connection.execute(query)).mappings().all()


def _behind(at: int, mail: str) -> ColumnElement[bool]:
    return (mails.c.created_at < at) | ((mails.c.created_at == at) & (mails.c.id < mail))
