"""A customer leaves their details and a message for the team, by the widget's form or the bot's.

What must hold: it is stored once for each request, whoever holds the conversation, and never refused while something
of this customer is open. With the bot it waits in Pending while the bot keeps the floor, and `form_received` is said
once for each form. A second form adds to the one that waits; an offered handover becomes a contact form and waits on.
While a person is there, or about to be, it is one more line of the customer.
"""

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import ConversationId, HandoverId
from ..storage import conversations, events, handovers
from ..storage.tables import conversations as table
from . import notify
from .context import Context
from .receive import WAITING_SINCE
from .request import Answer, Request, add
from .say import SYSTEM, note_state, say
from .wording import words_for

SECOND = table.c.last_seq + 2
"""The form's place in the log, behind the note that it was left."""

DETAILS = ("name", "email", "phone", "timezone")


async def leave_details(
    context: Context, connection: AsyncConnection, request: Request, row: RowMapping, at: int
) -> Answer:
    """`row` is the conversation, locked by this transaction."""
    with_bot = row["holder_kind"] == "bot"
    waiting = None if row["handover_id"] is None else HandoverId(row["handover_id"])
    done = Answer(status="pending" if with_bot else "already_open", handover_id=waiting)
    if await events.find_by_key(connection, request.conversation, _key(request)) is not None:
        return done
    if waiting is None:
        if off := context.availability().off:
            return Answer(status="disabled", reason=off)
        done = Answer(status="pending", handover_id=await add(connection, request, at))
        await notify.note(context, connection, str(done.handover_id), at)
    known = {name: request.contact.get(name) for name in DETAILS}
    await conversations.describe_customer(connection, row["customer_id"], **known)
    if not with_bot:
        await _add_line(connection, request, at)
    elif waiting is not None and await _waits_as_form(connection, waiting):
        await _add_form(context, connection, request, at)
    else:
        assert done.handover_id is not None, "it was there, or has just been opened"
        await _become_form(context, connection, request, done.handover_id, at)
    return done


async def takes_form(context: Context, conversation: str | None) -> bool:
    """Whether this customer's details would be taken now; without one named, those of somebody with nothing open."""
    if context.availability().off is None:
        return True
    if conversation is None:
        return False
    async with context.database.read() as connection:
        row = await conversations.find(connection, ConversationId(conversation))
    return row is not None and row["handover_id"] is not None


async def _waits_as_form(connection: AsyncConnection, handover: HandoverId) -> bool:
    row = await handovers.find(connection, handover)
    return row is not None and row["trigger"] == "contact_form"


async def _become_form(
    context: Context, connection: AsyncConnection, request: Request, handover: HandoverId, at: int
) -> None:
    """What was opened now, or was offered the form, waits as one; the first thing an agent reads is what it says."""
    await handovers.change(connection, handover, at, trigger=request.trigger, reason=request.reason, offered_at=None)
    moved = await conversations.advance(
        connection, request.conversation, at, events=3, handover_id=handover, last_customer_seq=SECOND
    )
    assert moved is not None, "the row is locked by this transaction"
    first = moved["last_seq"] - 2
    await note_state(  # the bot goes on, so the customer need not think that they wait
        connection, moved, first, at, "requested", actor=SYSTEM, handover_id=handover, audience="team", **request.why
    )
    await _write(connection, moved, request, first + 1, at)
    await _thank(context, connection, moved, request, at)


async def _add_form(context: Context, connection: AsyncConnection, request: Request, at: int) -> None:
    moved = await conversations.advance(
        connection, request.conversation, at, events=2, last_customer_seq=conversations.NEXT_SEQ
    )
    assert moved is not None, "the row is locked by this transaction"
    await _write(connection, moved, request, moved["last_seq"] - 1, at)
    await _thank(context, connection, moved, request, at)


async def _add_line(connection: AsyncConnection, request: Request, at: int) -> None:
    moved = await conversations.advance(
        connection,
        request.conversation,
        at,
        last_customer_seq=conversations.NEXT_SEQ,
        waiting_since=WAITING_SINCE,
    )
    assert moved is not None, "the row is locked by this transaction"
    await _write(connection, moved, request, moved["last_seq"], at)


async def _write(connection: AsyncConnection, row: RowMapping, request: Request, seq: int, at: int) -> None:
    """The form itself; for the team alone when the customer has seen it written already."""
    contact = {name: request.contact.get(name) for name in ("name", "email", "phone")}
    await events.append(
        connection,
        row["id"],
        seq,
        audience="team" if request.told_bot else "all",
        actor_kind="customer",
        actor_id=row["customer_id"],
        text=request.contact.get("message"),
        body={"data": {"contact": contact}},
        epoch=row["epoch"],
        key=_key(request),
        at=at,
    )


async def _thank(context: Context, connection: AsyncConnection, row: RowMapping, request: Request, at: int) -> None:
    await say(
        connection,
        row,
        row["last_seq"],
        at,
        await words_for(context, connection, row, "form_received"),
        key=f"form_received:{request.key}",
    )


def _key(request: Request) -> str:
    return f"form:{request.key}"
