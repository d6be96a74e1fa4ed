"""`/bridge/v1`: what the connectors and actions inside Rasa tell the service."""

from datetime import datetime
from typing import Annotated, cast

import msgspec

from .. import render
from ..clock import milliseconds
from ..errors import Invalid
from ..ids import ConversationId, TurnId
from ..usecases import amend, bot_says, bot_turn, button, greet, open_handover, read_inbox, receive, wording
from ..usecases.leave_details import takes_form
from ..usecases.open_handover import Request
from ..usecases.receipts import note_receipt
from ..wire import bridge
from ..wire.common import Stored
from .call import Call
from .routing import Routes

routes = Routes("/bridge/v1", "bridge")


@routes("POST", "/inbound", bridge.InboundStored, body=bridge.Inbound)
async def inbound(call: Call) -> bridge.InboundStored:
    """A customer did something on an outside channel."""
    body: bridge.Inbound = call.body
    context = call.services.context
    if body.kind in ("message", "button"):
        received = await receive.receive(context, _said(body))
    elif body.kind == "start":
        received = await greet.greet(context, _said(body))
    else:
        received = await amend.amend(context, cast("amend.Kind", body.kind), _said(body))
    if received.asks_human:
        await _ask_for_person(call, body, received.conversation)
    return bridge.InboundStored(
        conversation_id=received.conversation,
        seq=received.seq,
        duplicate=received.duplicate,
        answer=received.answer,
    )


def _said(body: bridge.Inbound) -> receive.Said:
    return receive.Said(
        channel=body.channel,
        account=body.account,
        external_user=body.external_user,
        external_id=body.external_id,
        aliases=[one for one in body.aliases if one != body.external_user],
        ref=body.ref,
        album=body.album,
        sent_at=_moment(body.sent_at),
        text=body.text if body.kind != "button" else None,
        button=body.button if body.kind == "button" else None,
        offered=[msgspec.to_builtins(one) for one in body.attachments],
        profile=_known(body.profile),
    )


def _moment(sent_at: str | None) -> int | None:
    """None also for what is no time: what the customer said is worth more than when."""
    try:
        return None if sent_at is None else milliseconds(datetime.fromisoformat(sent_at))
    except (ValueError, OverflowError):
        return None


async def _ask_for_person(call: Call, body: bridge.Inbound, conversation: ConversationId) -> None:
    """The key is the press itself: a webhook that comes again opens nothing twice."""
    key = f"button:{body.channel}:{body.account}:{body.external_id}"
    request = Request(key=key[:300], conversation=conversation, trigger="button", reason=button.REASON)
    await open_handover.open_handover(call.services.context, request)


def _known(profile: bridge.Profile | None) -> dict[str, str | None]:
    if profile is None:
        return {}
    return {
        "name": profile.name or profile.username,
        "username": profile.username,
        "phone": profile.phone,
        "locale": profile.locale,
    }


@routes("POST", "/turns/<turn:str>/messages", bridge.Verdict, body=bridge.TurnMessages)
async def turn_messages(call: Call) -> bridge.Verdict:
    """Bubbles of a running turn; empty to keep it, `done` to end it."""
    body: bridge.TurnMessages = call.body
    accepted = await bot_turn.take_in(
        call.services.context,
        TurnId(call.params["turn"]),
        body.epoch,
        body.first,
        [msgspec.to_builtins(message) for message in body.messages],
        done=body.done,
        failed=body.failed,
    )
    return _verdict(accepted)


@routes("POST", "/bot-messages", bridge.Verdict, body=bridge.BotMessages)
async def bot_messages(call: Call) -> bridge.Verdict:
    """What the bot says without a turn: a reminder."""
    body: bridge.BotMessages = call.body
    accepted = await bot_says.speak_unasked(
        call.services.context,
        ConversationId(body.conversation_id),
        body.key,
        [msgspec.to_builtins(message) for message in body.messages],
    )
    return _verdict(accepted)


def _verdict(accepted: bool) -> bridge.Verdict:
    return bridge.Verdict(status="accepted" if accepted else "suppressed")


@routes("POST", "/handovers", bridge.HandoverAnswer, body=bridge.OpenHandover)
async def handovers(call: Call) -> bridge.HandoverAnswer:
    """The bot asks for a person; twice under one key opens once."""
    body: bridge.OpenHandover = call.body
    if body.trigger == "contact_form" and (body.contact is None or not (body.contact.email or body.contact.phone)):
        raise Invalid("A contact form says how to reach its author.", {"contact": "an email or a phone"})
    answer = await open_handover.open_handover(
        call.services.context,
        Request(
            key=body.key,
            conversation=ConversationId(body.conversation_id),
            trigger=body.trigger,
            reason=body.reason,
            card=msgspec.to_builtins(body.card) if body.card is not None else None,
            contact=msgspec.to_builtins(body.contact) if body.contact is not None else {},
            told_bot=True,
        ),
    )
    return bridge.HandoverAnswer(
        status=answer.status,
        reason=answer.reason,
        handover_id=answer.handover_id,
        next_opening=open_handover.next_opening_iso(answer),
    )


@routes("POST", "/receipts", Stored, body=bridge.Receipt)
async def receipts(call: Call) -> Stored:
    """How far a provider got with a message of ours."""
    body: bridge.Receipt = call.body
    await note_receipt(call.services.context, body)
    return Stored()


class AvailabilityQuery(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """For whom the next opening is put into words."""

    conversation_id: Annotated[str, msgspec.Meta(max_length=64)] | None = None


@routes("GET", "/availability", bridge.TeamAvailability, query=AvailabilityQuery)
async def availability(call: Call) -> bridge.TeamAvailability:
    """Whether a live handover can be opened now, and when again; whether a contact form is taken."""
    context, customer = call.services.context, call.query.conversation_id
    said = render.availability(context, await read_inbox.waiting(context))
    opening = await wording.opening_for(context, customer)
    form = await takes_form(context, customer)
    return bridge.TeamAvailability(**msgspec.structs.asdict(said), opening=opening, form=form)
