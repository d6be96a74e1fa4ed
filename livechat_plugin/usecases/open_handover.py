"""A customer or the bot asks for a person: open one handover, once for each key, if live chat is open now.

What must hold: a live handover makes the queue the holder (the bot is silent from this commit on) and says the
handover message in the same transaction, exactly once. When live chat is closed no live one is opened; out of hours the
team's text says so, once for each request, and offers the contact form (leave_details.py).
"""

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..errors import NotFound
from ..ids import HandoverId, TurnId
from ..settings.texts import Name
from ..storage import conversations, events, handovers, turns
from . import notify
from .context import Change, Context
from .leave_details import leave_details
from .offer import say_closed
from .request import Answer, Request, add, next_opening_iso
from .say import SYSTEM, WEB, note_state, say
from .wording import words_for

__all__ = ["Answer", "Request", "next_opening_iso", "open_handover", "open_live"]


async def open_handover(context: Context, request: Request) -> Answer:
    at = context.clock()
    async with context.database.write() as connection:
        row = await conversations.advance(connection, request.conversation, at, events=0)  # takes the row's lock
        if row is None:
            raise NotFound("conversation")
        known = await handovers.find_by_key(connection, request.key)
        if known is not None:
            answer = await _complete(connection, request, known, at)
        elif request.trigger == "contact_form":
            answer = await leave_details(context, connection, request, row, at)
        elif row["holder_kind"] != "bot" or await _is_late(connection, request, row):
            answer = Answer(status="already_open", handover_id=row["handover_id"])
        else:
            answer = await _open_or_refuse(context, connection, request, row, at)
        seq = (await conversations.last_seqs(connection, [request.conversation]))[request.conversation]
    opened = answer.status == "pending"
    asks_card = opened and request.card is None
    outside = row["channel"] != WEB
    change = Change(conversation=request.conversation, seq=seq, inbox=True, card=asks_card, outbox=outside, mail=opened)
    context.announce(change)
    return answer


async def _is_late(connection: AsyncConnection, request: Request, row: RowMapping) -> bool:
    """The turn that asks belongs to an earlier epoch: people have talked since, and nobody waits for it any more."""
    turn = await turns.find(connection, TurnId(request.key))
    return turn is not None and turn["epoch"] != row["epoch"]


async def _complete(connection: AsyncConnection, request: Request, known: RowMapping, at: int) -> Answer:
    """The second call with a key: the card may be missing still, everything else stands."""
    if request.card is not None:
        await handovers.add_card(connection, known["id"], request.card, at)
    return Answer(status="pending" if known["status"] == "pending" else "already_open", handover_id=known["id"])


async def _open_or_refuse(
    context: Context, connection: AsyncConnection, request: Request, row: RowMapping, at: int
) -> Answer:
    verdict = context.availability()
    if verdict.off:
        return Answer(status="disabled", reason=verdict.off)
    if not verdict.open:
        await _refuse_for_now(context, connection, request, at)
        return Answer(status="out_of_hours", next_opening=verdict.next_opening)
    return await open_live(context, connection, request, row, at)


async def open_live(
    context: Context,
    connection: AsyncConnection,
    request: Request,
    row: RowMapping,
    at: int,
    says: Name = "handover",
) -> Answer:
    """The queue becomes the holder; another text is said instead of the handover message when the bot fell silent."""
    handover = await _go_live(connection, request, row, at)
    await notify.note(context, connection, handover, at)
    moved = await conversations.advance(
        connection,
        request.conversation,
        at,
        events=2,
        holder_kind="queue",
        holder_id=None,
        held_since=at,
        epoch=conversations.NEXT_EPOCH,
        handover_id=handover,
        waiting_since=at,
    )
    assert moved is not None, "the row is locked by this transaction"
    await turns.drop_waiting(connection, request.conversation)
    await note_state(
        connection, moved, moved["last_seq"] - 1, at, "requested", actor=SYSTEM, handover_id=handover, **request.why
    )
    said = await words_for(context, connection, moved, says)
    await say(connection, moved, moved["last_seq"], at, said, key=f"handover:{handover}:{moved['epoch']}")
    return Answer(status="pending", handover_id=handover)


async def _go_live(connection: AsyncConnection, request: Request, row: RowMapping, at: int) -> HandoverId:
    """A new handover; or the visitor's waiting contact form, which now is a live one."""
    waiting = row["handover_id"]
    if waiting is None:
        return await add(connection, request, at)
    asked = {"trigger": request.trigger, "reason": request.reason, "offered_at": None}
    card = {} if request.card is None else {"card": request.card}
    await handovers.change(connection, waiting, at, **asked, **card)
    return HandoverId(waiting)


async def _refuse_for_now(context: Context, connection: AsyncConnection, request: Request, at: int) -> None:
    key = f"out_of_hours:{request.key}"
    if await events.find_by_key(connection, request.conversation, key) is None:
        row = await conversations.advance(connection, request.conversation, at)
        assert row is not None, "the row is locked by this transaction"
        await say_closed(context, connection, row, row["last_seq"], at, key)
