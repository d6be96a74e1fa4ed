"""A customer or the bot asks for a person: open one handover, once for each key, if live chat is open now.

What must hold: a live handover makes the queue the holder (the bot is silent from this commit on) and says the
handover message in the same transaction, exactly once. A contact form's handover waits in Pending while the bot keeps
the floor. When live chat is closed nothing is opened; out of hours the team's text says so, once for each request.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..errors import NotFound
from ..ids import ConversationId, HandoverId, TurnId
from ..storage import audit, conversations, events, handovers, turns
from ..storage.tables import conversations as table
from ..wire.common import Trigger
from .context import Change, Context
from .say import SYSTEM, WEB, note_state, say

Status = Literal["pending", "already_open", "out_of_hours", "disabled"]

FORM_SEQ = table.c.last_seq + 2
"""Of the three events of a contact form, its text is the second."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """`key` names this very request: the turn's id, or the widget's click."""

    key: str
    conversation: ConversationId
    trigger: Trigger
    reason: str | None = None
    card: dict[str, Any] | None = None
    contact: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: Status
    reason: Literal["plan", "off"] | None = None
    handover_id: HandoverId | None = None
    next_opening: datetime | None = None


async def open_handover(context: Context, request: Request) -> Answer:
    at = context.clock()
    async with context.database.write() as connection:
        row = await conversations.advance(connection, request.conversation, at, events=0)  # takes the row's lock
        if row is None:
            raise NotFound("conversation")
        known = await handovers.find_by_key(connection, request.key)
        if known is not None:
            answer = await _complete(connection, request, known, at)
        elif row["holder_kind"] != "bot" or await _is_late(connection, request, row):
            answer = Answer(status="already_open", handover_id=row["handover_id"])
        else:
            answer = await _open_or_refuse(context, connection, request, row, at)
        seq = (await conversations.last_seqs(connection, [request.conversation]))[request.conversation]
    asks_card = answer.status == "pending" and request.card is None
    outside = row["channel"] != WEB
    context.announce(Change(conversation=request.conversation, seq=seq, inbox=True, card=asks_card, outbox=outside))
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
    if verdict.reason in ("plan", "off"):
        return Answer(status="disabled", reason="plan" if verdict.reason == "plan" else "off")
    if request.trigger == "contact_form":
        return await _open_form(context, connection, request, row, at)
    if not verdict.open:
        await _say_closed(context, connection, request, at)
        return Answer(status="out_of_hours", next_opening=verdict.next_opening)
    return await open_live(context, connection, request, row, at)


async def open_live(
    context: Context,
    connection: AsyncConnection,
    request: Request,
    row: RowMapping,
    at: int,
    text: str | None = None,
) -> Answer:
    """The queue becomes the holder; `text` is said instead of the handover message when the bot fell silent."""
    handover = await _go_live(connection, request, row, at)
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
        connection, moved, moved["last_seq"] - 1, at, "requested", actor=SYSTEM, handover_id=handover, **_why(request)
    )
    said = context.settings.messages.handover if text is None else text
    await say(connection, moved, moved["last_seq"], at, said, key=f"handover:{handover}")
    return Answer(status="pending", handover_id=handover)


async def _go_live(connection: AsyncConnection, request: Request, row: RowMapping, at: int) -> HandoverId:
    """A new handover; or the visitor's waiting contact form, which now is a live one."""
    waiting = row["handover_id"]
    if waiting is None:
        return await _add(connection, request, at)
    await handovers.change(connection, waiting, at, trigger=request.trigger, reason=request.reason)
    return HandoverId(waiting)


async def _open_form(
    context: Context, connection: AsyncConnection, request: Request, row: RowMapping, at: int
) -> Answer:
    """The bot keeps the floor; what the visitor wrote into the form is the first thing an agent reads."""
    if row["handover_id"] is not None:
        return Answer(status="already_open", handover_id=row["handover_id"])
    handover = await _add(connection, request, at)
    known = {name: request.contact.get(name) for name in ("name", "email", "phone")}
    await conversations.describe_customer(connection, row["customer_id"], **known)
    moved = await conversations.advance(
        connection,
        request.conversation,
        at,
        events=3,
        handover_id=handover,
        last_customer_seq=FORM_SEQ,
    )
    assert moved is not None, "the row is locked by this transaction"
    first = moved["last_seq"] - 2
    await note_state(  # the bot goes on, so the customer need not think that they wait
        connection,
        moved,
        first,
        at,
        "requested",
        actor=SYSTEM,
        handover_id=handover,
        audience="team",
        **_why(request),
    )
    await events.append(
        connection,
        moved["id"],
        first + 1,
        actor_kind="customer",
        actor_id=moved["customer_id"],
        text=request.contact.get("message"),
        body={"form": known},
        epoch=moved["epoch"],
        key=f"form:{handover}",
        at=at,
    )
    await say(
        connection, moved, first + 2, at, context.settings.messages.form_received, key=f"form_received:{handover}"
    )
    return Answer(status="pending", handover_id=handover)


async def _say_closed(context: Context, connection: AsyncConnection, request: Request, at: int) -> None:
    key = f"out_of_hours:{request.key}"
    if await events.find_by_key(connection, request.conversation, key) is None:
        row = await conversations.advance(connection, request.conversation, at)
        assert row is not None, "the row is locked by this transaction"
        await say(connection, row, row["last_seq"], at, context.settings.messages.out_of_hours, key=key)


async def _add(connection: AsyncConnection, request: Request, at: int) -> HandoverId:
    handover = await handovers.add(
        connection,
        request.conversation,
        request.key,
        at,
        status="pending",
        trigger=request.trigger,
        reason=request.reason,
        card=request.card,
    )
    assert handover is not None, "the key was looked up under the row's lock"
    await audit.note(
        connection,
        at,
        "handover.opened",
        actor_kind="customer" if request.trigger in ("button", "contact_form") else "bot",
        conversation_id=request.conversation,
        data={"handover_id": handover, "trigger": request.trigger},
    )
    return handover


def _why(request: Request) -> dict[str, Any]:
    return {"trigger": request.trigger, "reason": request.reason}


def next_opening_iso(answer: Answer) -> str | None:
    """When live chat opens again, in UTC."""
    if answer.next_opening is None:
        return None
    return answer.next_opening.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
