"""`/widget/v1`: what a visitor's widget can do. The bearer token is the visitor, and reaches one conversation."""

from sqlalchemy import RowMapping

from .. import render
from ..errors import Invalid
from ..ids import ConversationId, new_id
from ..services import Services
from ..usecases import button, open_handover, read_inbox, receive, visitor, wording
from ..usecases.open_handover import Request
from ..usecases.read_conversation import find
from ..wire.common import Accepted, Events, Stored
from ..wire.widget import (
    ContactForm,
    HandoverOpened,
    NewSession,
    RequestHuman,
    Seen,
    VisitorMessage,
    VisitorSession,
    VisitorState,
)
from . import auth
from .call import Call
from .conversations import RangeQuery, wait_for_events
from .pace import HANDOVERS, MESSAGES, SESSIONS, SIGNS
from .routing import Answer, Routes

routes = Routes("/widget/v1", "visitor")


@routes("POST", "/sessions", VisitorSession, who="anyone", body=NewSession, status=201)
async def begin(call: Call) -> VisitorSession:
    """A new visitor: a token, a conversation, and what the widget shows."""
    auth.check_site(call.request, call.services)
    call.services.pace.check(SESSIONS, auth.address(call.request))
    context = call.services.context
    known: NewSession = call.body
    token, conversation = await visitor.begin(context, page=known.page, locale=known.locale, timezone=known.timezone)
    row = await find(context, conversation)
    state = await visitor_state(call.services, row)
    return VisitorSession(
        token=token,
        conversation_id=conversation,
        last_seq=row["last_seq"],
        config=state.config,
        availability=state.availability,
        button=state.button,
        form=state.form,
    )


async def visitor_state(services: Services, row: RowMapping) -> VisitorState:
    """What the widget shows around the log of this conversation."""
    context, conversation = services.context, ConversationId(row["id"])
    readers = await wording.readers_of(context, [conversation], *wording.IN_THE_WIDGET)
    return VisitorState(
        config=render.widget_config(context, readers[conversation]),
        availability=render.availability(context, await read_inbox.waiting(context)),
        button=button.may_ask(context, row),
        form=button.may_leave_details(context, row),
    )


@routes("GET", "/state", VisitorState)
async def state(call: Call) -> VisitorState:
    """Settings, availability, and whether "Talk to Human" or the contact form is offered now."""
    return await visitor_state(call.services, call.conversation)


@routes("GET", "/events", Events, query=RangeQuery)
async def events(call: Call) -> Events:
    """Events beyond `after`, oldest first; with `wait` the answer comes when there is one."""
    return await wait_for_events(call, ConversationId(call.conversation["id"]), "customer")


@routes("POST", "/messages", Accepted, body=VisitorMessage, status=201)
async def write(call: Call) -> Answer:
    """The visitor says something, or presses a button."""
    accepted, new = await say(call.services, call.conversation, call.body)
    return Answer(accepted, status=201 if new else 200)


async def say(services: Services, conversation: RowMapping, message: VisitorMessage) -> tuple[Accepted, bool]:
    """Stores a visitor's message; the same `client_msg_id` again gets the stored answer."""
    services.pace.check(MESSAGES, conversation["id"])
    if (message.button is None) == (message.text is None and not message.attachments):
        raise Invalid("A message is a text with or without files, or a pressed button.", {"text": "text or button"})
    received = await receive.receive(
        services.context,
        receive.Said(
            channel=conversation["channel"],
            account=conversation["account"],
            external_user=conversation["external_user"],
            external_id=f"{conversation['id']}:{message.client_msg_id}",
            client_msg_id=message.client_msg_id,
            text=message.text,
            button=message.button,
            files=[one.id for one in message.attachments],
        ),
    )
    return Accepted(seq=received.seq), not received.duplicate


@routes("POST", "/handover", HandoverOpened, body=RequestHuman)
async def ask(call: Call) -> HandoverOpened:
    """The visitor asks for a person; answered at once, the bot is not waited for."""
    return await ask_for_person(call.services, call.conversation, call.body.client_msg_id)


async def ask_for_person(services: Services, conversation: RowMapping, client_msg_id: str | None) -> HandoverOpened:
    services.pace.check(HANDOVERS, conversation["id"])
    request = Request(
        key=f"button:{conversation['id']}:{client_msg_id or new_id()}",
        conversation=ConversationId(conversation["id"]),
        trigger="button",
        reason=button.REASON,
    )
    return _opened(await open_handover.open_handover(services.context, request))


def _opened(answer: open_handover.Answer) -> HandoverOpened:
    return HandoverOpened(
        status=answer.status, reason=answer.reason, next_opening=open_handover.next_opening_iso(answer)
    )


@routes("POST", "/contact", HandoverOpened, body=ContactForm)
async def contact(call: Call) -> HandoverOpened:
    """The visitor leaves their details and a message; an agent finds them in Pending."""
    return await leave_details(call.services, call.conversation, call.body)


async def leave_details(services: Services, conversation: RowMapping, form: ContactForm) -> HandoverOpened:
    services.pace.check(HANDOVERS, conversation["id"])
    if not form.email and not form.phone:
        raise Invalid(
            "An e-mail address or a phone number is needed, so that we can answer.", {"email": "this or a phone"}
        )
    request = Request(
        key=f"form:{conversation['id']}:{form.client_msg_id or new_id()}",
        conversation=ConversationId(conversation["id"]),
        trigger="contact_form",
        reason="The customer left their details.",
        contact=_contact(form),
    )
    return _opened(await open_handover.open_handover(services.context, request))


def _contact(form: ContactForm) -> dict[str, str | None]:
    return {
        "name": form.name,
        "email": form.email,
        "phone": form.phone,
        "message": form.message,
        "timezone": form.timezone,
    }


@routes("POST", "/seen", Stored, body=Seen)
async def seen(call: Call) -> Stored:
    """How far the log has arrived, and how far it was on the visitor's screen."""
    conversation = ConversationId(call.conversation["id"])
    if not call.services.pace.allows(SIGNS, conversation):
        return Stored()
    await visitor.note_seen(call.services.context, conversation, call.body.delivered_upto, call.body.read_upto)
    return Stored()
