"""The routes of a channel whose customers are at a provider: `/webhook` for the provider, the others for the service.

`/deliver` answers how far a message got: 200 sent, 202 on its way, 429 later, 422 never, 503 not taken, 504 nobody
knows about part `parts_done`. `/media` passes a customer's file on, piece by piece, so that the provider's token stays
here.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from sanic import Blueprint, response as answer
from sanic.exceptions import PayloadTooLarge
from sanic.request import Request
from sanic.response import HTTPResponse

from . import base
from .bearer import Handler, body, error
from .bodies import MediaRequest, read_delivery, read_media_request
from .bridge import Bridge
from .errors import ConnectorError, Gone, ProviderDown, Rejected, RetryLater, TooLarge
from .sends import Sends, Sent
from .webhook import Reply, Webhook

logger = logging.getLogger(__name__)

READING_SECONDS = 10.0
"""For the body of a webhook, whose route is open to everybody. Rasa lets a request take an hour."""


class PushRoutes:
    """What a provider and the service call for one channel."""

    def __init__(self, connector: base.PushConnector[Any], bridge: Bridge) -> None:
        self._connector = connector
        self._webhook = Webhook(connector, bridge)
        self._sends = Sends(connector, bridge)

    def add(self, routes: Blueprint, for_service: Callable[[Handler], Handler]) -> None:
        """Hang the routes into `routes`; `for_service` hides those that only the service may call."""

        async def greet(request: Request) -> HTTPResponse:
            return _plain(self._webhook.greet(_raw(request)))

        async def take(request: Request) -> HTTPResponse:
            try:
                await self._receive_body(request)
            except PayloadTooLarge:
                return _plain(Reply(413))
            except asyncio.TimeoutError:
                _hang_up(request)
                return _plain(Reply(408))
            return _plain(await self._webhook.take(_raw(request)))

        routes.add_route(greet, "/webhook", methods=["GET"], name="greet")
        routes.add_route(take, "/webhook", methods=["POST"], name="webhook", stream=True)
        routes.add_route(for_service(self._deliver), "/deliver", methods=["POST"], name="deliver")
        routes.add_route(for_service(self._media), "/media", methods=["POST"], name="media")

    async def close(self) -> None:
        """End what is in flight."""
        await self._sends.close()
        await self._webhook.close()

    async def _receive_body(self, request: Request) -> None:
        """Read a webhook of at most the connector's size; what is larger or slow is not read to its end."""
        stream: Any = request.stream
        stream.request_max_size = self._connector.max_webhook
        await asyncio.wait_for(request.receive_body(), READING_SECONDS)  # type: ignore[no-untyped-call]

    async def _deliver(self, request: Request) -> HTTPResponse:
        return told(await self._sends.deliver(read_delivery(body(request))))

    async def _media(self, request: Request) -> HTTPResponse | None:
        wanted = read_media_request(body(request))
        try:
            if wanted.account not in self._connector.accounts:
                raise Gone(f"{self._connector.name} has no account {wanted.account}")
            await self._pass_on(request, wanted)
        except ConnectorError as reason:
            if not request.responded:
                return _no_file(reason)
            logger.warning("%s: a file broke off: %s", self._connector.name, reason)
            _hang_up(request)
        return None

    async def _pass_on(self, request: Request, wanted: MediaRequest) -> None:
        passed = 0
        async with self._connector.media(wanted.account, wanted.ref) as media:
            _check_size(media.size, wanted.max_bytes)
            headers = {} if media.size is None else {"Content-Length": str(media.size)}
            response = await request.respond(content_type=media.mime, headers=headers)
            async for chunk in media.chunks:
                passed += len(chunk)
                _check_size(passed, wanted.max_bytes)
                await response.send(chunk)
            await response.eof()


def _raw(request: Request) -> base.Request:
    headers = {name.lower(): value for name, value in request.headers.items()}
    query = {name: values[0] for name, values in request.args.items()}
    return base.Request(request.method, headers, query, request.body or b"")


def _plain(reply: Reply) -> HTTPResponse:
    return answer.text(reply.text, status=reply.status)


def told(sent: Sent) -> HTTPResponse:
    """What the service hears of a send."""
    got: dict[str, Any] = {"external_ids": list(sent.external_ids), "parts_done": sent.parts_done}
    if sent.left_out:
        got["left_out"] = list(sent.left_out)
    reason = sent.reason
    if sent.going:
        return answer.json({**got, "complete": False}, status=202)
    if reason is None:
        return answer.json({**got, "complete": True})
    if isinstance(reason, RetryLater):
        pause = {"retry_after": reason.retry_after, "whole_account": reason.whole_account}
        return error(429, "too_many_requests", str(reason), **pause, **got)
    if isinstance(reason, (Rejected, Gone, TooLarge)):
        return error(422, getattr(reason, "code", "rejected"), str(reason), **got)
    if isinstance(reason, ProviderDown) and reason.sent is None:
        return error(504, "unknown", str(reason), **got)
    return error(503, "unavailable", str(reason), **got)


def _no_file(reason: ConnectorError) -> HTTPResponse:
    if isinstance(reason, TooLarge):
        return error(413, "too_large", str(reason))
    if isinstance(reason, (Gone, Rejected)):
        return error(410, "gone", str(reason))
    return error(503, "unavailable", str(reason))


def _hang_up(request: Request) -> None:
    """Break the answer off. Sanic would end it as if it were whole, even when its handler raises."""
    transport: Any = request.transport
    transport.abort()


def _check_size(size: int | None, most: int) -> None:
    if size is not None and size > most:
        raise TooLarge(f"the file is larger than {most} bytes")
