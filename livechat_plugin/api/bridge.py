"""`/bridge/v1`: what the connectors and actions inside Rasa tell the service."""

import msgspec

from .. import render
from ..errors import Invalid
from ..ids import ConversationId, TurnId
from ..usecases import bot_says, bot_turn, deliver, open_handover, read_inbox, receive
from ..usecases.open_handover import Request
from ..wire import bridge
from ..wire.common import Availability, Stored
from .call import Call
from .routing import Routes

routes = Routes("/bridge/v1", "bridge")


@routes("POST", "/inbound", bridge.InboundStored, body=bridge.Inbound)
async def inbound(call: Call) -> bridge.InboundStored:
    """A customer did something on an outside channel."""
    body: bridge.Inbound = call.body
    if body.kind not in ("message", "button") or body.attachments:
        raise Invalid("This kind of message is not carried yet.", {"kind": "message or button, without attachments"})
    received = await receive.receive(
        call.services.context,
        receive.Said(
            channel=body.channel,
            account=body.account,
            external_user=body.external_user,
            external_id=body.external_id,
            text=body.text if body.kind == "message" else None,
            button=body.button if body.kind == "button" else None,
            profile=_known(body.profile),
        ),
    )
    return bridge.InboundStored(
        conversation_id=received.conversation,
        seq=received.seq,
        duplicate=received.duplicate,
        answer=received.answer,
    )


def _known(profile: bridge.Profile | None) -> dict[str, str | None]:
    if profile is None:
        return {}
    return {"name": profile.name or profile.username, "phone": profile.phone, "locale": profile.locale}


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
    answer = await open_handover.open_handover(
        call.services.context,
        Request(
            key=body.key,
            conversation=ConversationId(body.conversation_id),
            trigger=body.trigger,
            reason=body.reason,
            card=msgspec.to_builtins(body.card) if body.card is not None else None,
            contact=msgspec.to_builtins(body.contact) if body.contact is not None else {},
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
    await deliver.note_receipt(call.services.context, body)
    return Stored()


@routes("GET", "/availability", Availability)
async def availability(call: Call) -> Availability:
    """Whether a live handover can be opened now."""
    context = call.services.context
    return render.availability(context, await read_inbox.waiting(context))
