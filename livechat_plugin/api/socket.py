"""What both browser sockets share: the handshake, frames in and out, and refusals that don't end the connection."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec
from sanic import Websocket
from websockets.exceptions import ConnectionClosed

from ..clock import iso, now_ms
from ..errors import Forbidden, Invalid, LiveChatError, NotFound, NotSignedIn
from ..realtime.hub import frame_of
from ..realtime.outlet import BAD_HELLO, SESSION_OVER, TRY_LATER, WRONG_ORIGIN, Outlet
from ..wire.sockets import Ping, Pong, Refused
from .routing import invalid

log = logging.getLogger(__name__)
F = TypeVar("F")

HELLO_SECONDS = 10
"""The client speaks first, and soon."""


async def first_frame(socket: Websocket, decoder: "msgspec.json.Decoder[F]") -> F | None:
    """The client's hello; None when there was none that we understand (the socket is closed then)."""
    try:
        raw = await socket.recv(timeout=HELLO_SECONDS)
        if raw is not None:
            return decoder.decode(raw)
        reason = "expected hello"
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError) as error:
        reason = str(error)[:100]
    except ConnectionClosed:
        return None
    await socket.close(BAD_HELLO, reason)
    return None


async def turn_away(socket: Websocket, error: LiveChatError) -> None:
    """Closes a socket that may not be opened. Only a session that is over says so: an outage is no reason to forget."""
    if isinstance(error, NotSignedIn | NotFound):
        code = SESSION_OVER
    else:
        code = WRONG_ORIGIN if isinstance(error, Forbidden) else TRY_LATER
    await socket.close(code, error.code)


async def converse(
    socket: Websocket,
    outlet: Outlet,
    decoder: "msgspec.json.Decoder[F]",
    hello: F,
    act: Callable[[F], Awaitable[None]],
) -> None:
    """Carries out the hello, then frame after frame, until either side ends the connection.

    What goes out is sent from the start: a long replay waits for the room that sending makes.
    """
    sender = asyncio.create_task(outlet.run())
    receiver = asyncio.create_task(_receive(socket, outlet, decoder, hello, act))
    try:
        await asyncio.wait({sender, receiver}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (sender, receiver):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionClosed, OSError):
                await task


async def _receive(
    socket: Websocket,
    outlet: Outlet,
    decoder: "msgspec.json.Decoder[F]",
    hello: F,
    act: Callable[[F], Awaitable[None]],
) -> None:
    await _answered(outlet, b"{}", act(hello))
    while not outlet.closed:
        raw = await socket.recv()
        if raw is None:
            return
        await _answered(outlet, raw, _act(outlet, raw, decoder, act))


async def _answered(outlet: Outlet, raw: str | bytes, work: Awaitable[None]) -> None:
    """Does the work; what goes wrong is told, and the connection goes on."""
    try:
        await work
    except LiveChatError as error:
        outlet.put(frame_of(_refusal(raw, error)))
    except Exception:
        log.exception("a frame could not be carried out")
        outlet.put(frame_of(_refusal(raw, LiveChatError("Something went wrong here. Please try again."))))


async def _act(
    outlet: Outlet, raw: str | bytes, decoder: "msgspec.json.Decoder[F]", act: Callable[[F], Awaitable[None]]
) -> None:
    try:
        frame = decoder.decode(raw)
    except msgspec.ValidationError as error:
        raise invalid(error, decoder.type) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid("This frame is not JSON.", {"frame": "a JSON object"}) from error
    if isinstance(frame, Ping):
        outlet.put(frame_of(Pong(server_time=iso(now_ms()))))
    else:
        await act(frame)


class _Named(msgspec.Struct):
    """What a refusal repeats of a frame, so that the client knows which one was refused."""

    client_msg_id: str | None = None
    conversation_id: str | None = None


def _refusal(raw: str | bytes, error: LiveChatError) -> Refused:
    try:
        named = msgspec.json.decode(raw, type=_Named)
    except (msgspec.DecodeError, UnicodeDecodeError):
        named = _Named()
    return Refused(
        code=error.code,
        message=error.message,
        data=error.data,
        client_msg_id=named.client_msg_id,
        conversation_id=named.conversation_id,
    )
