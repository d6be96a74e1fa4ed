"""`/widget/v1/socket`: a visitor's live conversation. The hello carries the bearer token, so that none stands in a
URL.
"""

from functools import partial

import msgspec
from sanic import Request, Websocket
from sqlalchemy import RowMapping

from ..clock import iso
from ..errors import Invalid, LiveChatError, NotFound
from ..ids import ConversationId
from ..realtime.hub import frame_of
from ..realtime.lobby import Guest
from ..realtime.outlet import BAD_HELLO, Outlet
from ..services import Services
from ..usecases import visitor
from ..usecases.read_conversation import find
from ..wire.common import Actor
from ..wire.sockets import (
    Ack,
    HandoverStatusFrame,
    Typing,
    VisitorContact,
    VisitorHello,
    VisitorReady,
    VisitorRequestHuman,
    VisitorSeen,
    VisitorSend,
    VisitorTyping,
    WidgetFrame,
)
from ..wire.widget import ContactForm, HandoverOpened, VisitorMessage
from . import auth, widget
from .pace import SIGNS
from .routing import invalid
from .socket import converse, first_frame, turn_away

DECODER = msgspec.json.Decoder(WidgetFrame)
TYPING_MS = 5_000


async def widget_socket(request: Request, socket: Websocket) -> None:
    services: Services = request.app.ctx.services
    try:
        auth.check_site(request, services)
    except LiveChatError as error:
        await turn_away(socket, error)
        return
    hello = await first_frame(socket, DECODER)
    if not isinstance(hello, VisitorHello):
        await socket.close(BAD_HELLO, "expected hello")
        return
    try:
        conversation = await visitor.find(services.context, hello.token)
        _check_same(hello, conversation)
    except LiveChatError as error:
        await turn_away(socket, error)
        return
    await _attend(services, socket, conversation, hello)


def _check_same(hello: VisitorHello, conversation: RowMapping) -> None:
    """A token reaches one conversation, whatever the client names."""
    if hello.conversation_id not in (None, conversation["id"]):
        raise NotFound("conversation")


async def _attend(services: Services, socket: Websocket, conversation: RowMapping, hello: VisitorHello) -> None:
    guest = Guest(conversation=ConversationId(conversation["id"]), outlet=Outlet(socket))
    services.lobby.add(guest)
    try:
        await converse(socket, guest.outlet, DECODER, hello, partial(_act, services, guest, conversation))
    finally:
        services.lobby.remove(guest)
        if guest.subscription is not None:
            services.hub.unsubscribe(guest.conversation, guest.subscription)


async def _begin(services: Services, guest: Guest, conversation: RowMapping, hello: VisitorHello) -> None:
    """Says what the widget shows, then what it has missed."""
    if guest.subscription is not None:
        raise Invalid("This socket has said hello already.", {"type": "anything but hello"})
    await visitor.describe(services.context, conversation, page=hello.page, timezone=hello.timezone)
    await _welcome(services, guest, guest.conversation)
    guest.subscription = await services.hub.subscribe(guest.conversation, guest.outlet, "customer", hello.after)


async def _welcome(services: Services, guest: Guest, conversation: ConversationId) -> None:
    row = await find(services.context, conversation)
    state = await widget.visitor_state(services, row)
    guest.shown = (state.button, state.form, services.context.version, state.availability.reason)
    guest.outlet.put(
        frame_of(
            VisitorReady(
                conversation_id=conversation,
                last_seq=row["last_seq"],
                server_time=iso(services.context.clock()),
                config=state.config,
                availability=state.availability,
                button=state.button,
                form=state.form,
            )
        )
    )


async def _act(services: Services, guest: Guest, conversation: RowMapping, frame: WidgetFrame) -> None:
    """`conversation` is the row of the hello: who they are stays, whatever happens to the conversation."""
    match frame:
        case VisitorHello():
            await _begin(services, guest, conversation, frame)
        case VisitorSend():
            message = VisitorMessage(
                client_msg_id=frame.client_msg_id,
                text=frame.text,
                button=frame.button,
                attachments=frame.attachments,
            )
            accepted, _ = await widget.say(services, conversation, message)
            guest.outlet.put(frame_of(Ack(client_msg_id=frame.client_msg_id, seq=accepted.seq)))
        case VisitorTyping():
            _type(services, guest, conversation)
        case VisitorSeen():
            if services.pace.allows(SIGNS, guest.conversation):
                await visitor.note_seen(services.context, guest.conversation, frame.delivered_upto, frame.read_upto)
        case VisitorRequestHuman():
            _answer(guest, await widget.ask_for_person(services, conversation, frame.client_msg_id))
        case VisitorContact():
            _answer(guest, await widget.leave_details(services, conversation, _form(frame)))


def _type(services: Services, guest: Guest, conversation: RowMapping) -> None:
    if services.pace.allows(SIGNS, guest.conversation):
        actor = Actor(kind="customer", id=conversation["customer_id"])
        typing = frame_of(Typing(conversation_id=guest.conversation, actor=actor, for_ms=TYPING_MS))
        services.hub.broadcast(guest.conversation, typing, but=guest.outlet)
        services.hints.pass_on(guest.conversation, typing)


def _answer(guest: Guest, opened: HandoverOpened) -> None:
    guest.outlet.put(
        frame_of(HandoverStatusFrame(status=opened.status, reason=opened.reason, next_opening=opened.next_opening))
    )


def _form(frame: VisitorContact) -> ContactForm:
    """The frame's fields under the same checks as the HTTP form."""
    try:
        return msgspec.convert(
            {name: value for name, value in msgspec.to_builtins(frame).items() if name != "type"}, ContactForm
        )
    except msgspec.ValidationError as error:
        raise invalid(error, ContactForm) from error
