"""`/api/v1/socket`: an agent's live view. The cookie says who it is; rights are checked for every frame."""

import contextlib
import time
from functools import partial

import msgspec
from sanic import Request, Websocket

from .. import render
from ..clock import iso
from ..domain.rights import Action
from ..errors import Forbidden, LiveChatError, NotFound
from ..ids import AgentId, ConversationId
from ..realtime.desk import Seat
from ..realtime.hub import frame_of
from ..realtime.outlet import BAD_HELLO, Outlet
from ..services import Services
from ..usecases import presence as leases, send, sign_in, visitor
from ..usecases.read_conversation import find
from ..wire.common import Actor
from ..wire.sockets import (
    Ack,
    AgentHello,
    AgentRead,
    AgentReady,
    AgentSend,
    AgentTyping,
    DashboardFrame,
    Subscribe,
    Typing,
    Unsubscribe,
    Watch,
)
from . import auth
from .socket import converse, first_frame, turn_away

DECODER = msgspec.json.Decoder(DashboardFrame)
TYPING_MS = 5_000
SUBSCRIPTIONS_MAX = 50
"""Conversations that one dashboard reads at once; it needs the one on screen."""

RIGHTS: dict[type, Action] = {
    AgentHello: "see_conversations",
    Subscribe: "see_conversations",
    Unsubscribe: "see_conversations",
    AgentSend: "write",
    AgentTyping: "write",
    AgentRead: "see_conversations",
    Watch: "see_conversations",
}


async def dashboard_socket(request: Request, socket: Websocket) -> None:
    services: Services = request.app.ctx.services
    try:
        auth.check_origin(request, services.config)
        token = auth.cookie(request, services.config)
        agent = await sign_in.find_agent(services.context, token)
    except LiveChatError as error:
        await turn_away(socket, error)
        return
    hello = await first_frame(socket, DECODER)
    if not isinstance(hello, AgentHello):
        await socket.close(BAD_HELLO, "expected hello")
        return
    seat = Seat(agent=agent, outlet=Outlet(socket), token=token)
    services.desk.seats.add(seat)
    seat.ping = partial(_ping, seat, socket)
    try:
        await _welcome(services, seat)
        await converse(socket, seat.outlet, DECODER, hello, partial(_act, services, seat))
    finally:
        services.desk.seats.discard(seat)
        for conversation, subscription in seat.subscriptions.items():
            services.hub.unsubscribe(conversation, subscription)


async def _ping(seat: Seat, socket: Websocket) -> None:
    """Asks the browser whether it is there; the answer is what renews the lease."""
    with contextlib.suppress(Exception):
        await (await socket.ping())
        seat.answered_at = time.monotonic()


async def _welcome(services: Services, seat: Seat) -> None:
    context = services.context
    await leases.renew(context, [AgentId(seat.agent["id"])])
    seat.outlet.put(
        frame_of(
            AgentReady(
                agent=render.agent(seat.agent),
                server_time=iso(context.clock()),
                lease_seconds=context.settings.claims.lease_seconds,
                availability=render.availability(context),
            )
        )
    )
    if services.health is not None:
        seat.outlet.put(services.health)


async def _act(services: Services, seat: Seat, frame: DashboardFrame) -> None:
    auth.check_right(seat.agent["role"], RIGHTS[type(frame)])
    match frame:
        case AgentHello(conversation_id=str(conversation), after=after):
            await _subscribe(services, seat, ConversationId(conversation), after)
        case Subscribe(conversation_id=conversation, after=after):
            await _subscribe(services, seat, ConversationId(conversation), after)
        case Unsubscribe(conversation_id=conversation):
            _unsubscribe(services, seat, ConversationId(conversation))
        case AgentSend():
            await _send(services, seat, frame)
        case AgentTyping(conversation_id=conversation):
            await _type(services, seat, ConversationId(conversation))
        case AgentRead(conversation_id=conversation, upto=upto):
            row = await find(services.context, ConversationId(conversation))
            if row["holder_id"] == seat.agent["id"]:
                await visitor.note_team_read(services.context, ConversationId(conversation), upto)
        case Watch(bot=bot):
            seat.watches_bot = bot


async def _subscribe(services: Services, seat: Seat, conversation: ConversationId, after: int) -> None:
    await sign_in.find_agent(services.context, seat.token)  # rights are looked at anew on every resume
    await find(services.context, conversation)
    _unsubscribe(services, seat, conversation)
    if len(seat.subscriptions) >= SUBSCRIPTIONS_MAX:
        raise Forbidden(f"At most {SUBSCRIPTIONS_MAX} conversations can be read at once.")
    seat.subscriptions[conversation] = await services.hub.subscribe(conversation, seat.outlet, "team", after)


def _unsubscribe(services: Services, seat: Seat, conversation: ConversationId) -> None:
    subscription = seat.subscriptions.pop(conversation, None)
    if subscription is not None:
        services.hub.unsubscribe(conversation, subscription)


async def _send(services: Services, seat: Seat, frame: AgentSend) -> None:
    seq, _ = await send.send(
        services.context,
        seat.agent,
        ConversationId(frame.conversation_id),
        frame.client_msg_id,
        frame.epoch,
        frame.text,
        [one.id for one in frame.attachments],
    )
    seat.outlet.put(frame_of(Ack(client_msg_id=frame.client_msg_id, seq=seq)))


async def _type(services: Services, seat: Seat, conversation: ConversationId) -> None:
    """Only the holder is seen typing."""
    row = await find(services.context, conversation)
    if row["holder_id"] != seat.agent["id"]:
        raise NotFound("claim of yours")
    actor = Actor(kind="agent", id=seat.agent["id"], name=seat.agent["name"])
    frame = frame_of(Typing(conversation_id=conversation, actor=actor, for_ms=TYPING_MS))
    services.hub.broadcast(conversation, frame, but=seat.outlet)
    services.hints.pass_on(conversation, frame)
    services.typing.show(row)
