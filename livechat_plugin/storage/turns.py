"""The bot's turns: waiting → running → done | dropped, one running for each conversation, lowest seq first.

What must hold: the partial UNIQUE index on running turns, not a look before the leap, keeps a second one from running.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import ConversationId, TurnId, new_id
from .tables import turns


def _is_head() -> ColumnElement[bool]:
    """No other turn of the conversation runs or waits in front of this one."""
    other = turns.alias()
    in_front = select(other.c.id).where(
        other.c.conversation_id == turns.c.conversation_id,
        other.c.id != turns.c.id,
        (other.c.state == "running") | ((other.c.state == "waiting") & (other.c.seq < turns.c.seq)),
    )
    return ~in_front.exists()


class Occupied(Exception):
    """Another turn of the conversation runs. The transaction is over."""


# Built once: building a statement takes longer than running it.
INSERT = turns.insert()
SILENT = select(turns.c.id).where(
    turns.c.id.in_(bindparam("ids", expanding=True)), turns.c.state == "running", ~turns.c.spoke
)
BY_ID = select(turns).where(turns.c.id == bindparam("turn"))
ABOUT = select(turns.c.id).where(
    turns.c.conversation_id == bindparam("conversation"), turns.c.seq == bindparam("of_seq")
)
DROP_WAITING = (
    update(turns)
    .where(turns.c.conversation_id == bindparam("conversation"), turns.c.state == "waiting")
    .values(state="dropped")
)
MAY_START = (turns.c.state == "waiting") & (turns.c.not_before <= bindparam("moment")) & _is_head()
LAPSED = (turns.c.state == "running") & (turns.c.locked_until < bindparam("moment"))
DUE = select(turns).where(MAY_START | LAPSED).order_by(turns.c.waiting_since).limit(bindparam("at_most"))
UNANSWERED = (
    select(turns)
    .where(
        turns.c.state.in_(("waiting", "running")),
        ~turns.c.spoke,
        turns.c.waiting_since < bindparam("since"),
        _is_head(),
    )
    .order_by(turns.c.waiting_since)
    .limit(bindparam("at_most"))
)
TAKE = (
    update(turns)
    .where(
        turns.c.id == bindparam("turn"),
        turns.c.state == bindparam("known_state"),
        turns.c.attempt == bindparam("known_attempt"),
    )
    .values(state="running", attempt=turns.c.attempt + 1)
    .returning(turns)
)
RUNNING = update(turns).where(turns.c.id == bindparam("turn"), turns.c.state == "running")
RUNNING_ATTEMPT = RUNNING.where(turns.c.attempt == bindparam("known_attempt"))
MOVE = (
    update(turns)
    .where(
        turns.c.conversation_id == bindparam("conversation"),
        turns.c.seq == bindparam("of_seq"),
        turns.c.state == "waiting",
    )
    .values(not_before=0)
)
LET_NEXT_WAIT = update(turns).where(turns.c.conversation_id == bindparam("conversation"), turns.c.state == "waiting")


async def add(
    connection: AsyncConnection, conversation: ConversationId, seq: int, epoch: int, at: int, not_before: int = 0
) -> TurnId:
    turn = TurnId(new_id())
    row = {"id": turn, "conversation_id": conversation, "seq": seq, "epoch": epoch, "state": "waiting"}
    await connection.execute(INSERT, {**row, "waiting_since": at, "not_before": not_before})
    return turn


async def move(connection: AsyncConnection, conversation: ConversationId, seq: int, to: int) -> bool:
    """Lets the turn about one line be about another, and nothing holds it back any more; False when it has begun."""
    return (await connection.execute(MOVE, {"conversation": conversation, "of_seq": seq, "seq": to})).rowcount == 1


async def is_about(connection: AsyncConnection, conversation: ConversationId, seq: int) -> bool:
    """Whether this line has a turn, in whatever state."""
    return await connection.scalar(ABOUT, {"conversation": conversation, "of_seq": seq}) is not None


async def find(connection: AsyncConnection, turn: TurnId) -> RowMapping | None:
    return (await connection.execute(BY_ID, {"turn": turn})).mappings().first()


async def due(connection: AsyncConnection, at: int, limit: int) -> Sequence[RowMapping]:
    """Turns that may start, and running ones whose lock lapsed."""
    return (await connection.execute(DUE, {"moment": at, "at_most": limit})).mappings().all()


async def take(connection: AsyncConnection, turn: RowMapping, locked_until: int) -> RowMapping | None:
    """Makes the turn run under a new attempt; None when another worker was faster. Raises Occupied."""
    known = {"turn": turn["id"], "known_state": turn["state"], "known_attempt": turn["attempt"]}
    try:
        return (await connection.execute(TAKE, {**known, "locked_until": locked_until})).mappings().one_or_none()
    except IntegrityError as error:
        raise Occupied from error


async def change(connection: AsyncConnection, turn: TurnId, *, attempt: int | None = None, **values: Any) -> bool:
    """Sets columns of a turn that is running, under this very attempt when one is given."""
    if attempt is None:
        return (await connection.execute(RUNNING, {"turn": turn, **values})).rowcount == 1
    known = {"turn": turn, "known_attempt": attempt}
    return (await connection.execute(RUNNING_ATTEMPT, {**known, **values})).rowcount == 1


async def unlock(connection: AsyncConnection, locked_before: int, at: int) -> None:
    """Lets the locks of running turns lapse that would end before that moment."""
    locked = (turns.c.state == "running") & (turns.c.locked_until < locked_before)
    await connection.execute(update(turns).where(locked).values(locked_until=at - 1))


async def drop_waiting(connection: AsyncConnection, conversation: ConversationId) -> None:
    """Ends the turns that have not started: a person answers now."""
    await connection.execute(DROP_WAITING, {"conversation": conversation})


async def drop(connection: AsyncConnection, turn: RowMapping, at: int) -> None:
    """Ends a turn, waiting or running, that nobody waits for any more."""
    where = (turns.c.id == turn["id"]) & turns.c.state.in_(("waiting", "running"))
    await connection.execute(update(turns).where(where).values(state="dropped", locked_until=None))
    await _let_next_wait(connection, turn, at)


async def _let_next_wait(connection: AsyncConnection, turn: RowMapping, at: int) -> bool:
    """The next turn of the conversation could be answered from now on, and begins to wait now. False: there is none."""
    found = await connection.execute(LET_NEXT_WAIT, {"conversation": turn["conversation_id"], "waiting_since": at})
    return found.rowcount > 0


async def finish(connection: AsyncConnection, turn: RowMapping, at: int, state: str, **values: Any) -> bool:
    """Ends a running turn; the next one of the conversation begins to wait now. True when there is one."""
    if not await change(connection, turn["id"], attempt=turn["attempt"], state=state, locked_until=None, **values):
        return False
    return await _let_next_wait(connection, turn, at)


async def silent(connection: AsyncConnection, ids: Sequence[TurnId]) -> Sequence[TurnId]:
    """Those of these turns that run and have not said anything."""
    return (await connection.execute(SILENT, {"ids": ids})).scalars().all()


async def unanswered(connection: AsyncConnection, since: int, limit: int) -> Sequence[RowMapping]:
    """Turns at the head of their conversation that the bot has owed a word since before this moment."""
    return (await connection.execute(UNANSWERED, {"since": since, "at_most": limit})).mappings().all()
