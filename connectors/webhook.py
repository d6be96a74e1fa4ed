"""What a provider calls: checked, read, and handed to the service before it is acknowledged.

The provider hears 200 only for what the service has stored or never will; it repeats everything else, and the service
drops what it has seen before. Bodies, texts and secrets are not logged.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from .base import PushConnector, Request
from .bridge import Bridge
from .errors import UNWORDED, BadSignature, ConnectorError, Malformed, Refused, Unreachable, UnsupportedUpdate
from .model import Inbound, Receipt, pieces_of

logger = logging.getLogger(__name__)

PATIENCE = 4.5
"""Seconds to hand over one webhook, all in all. Providers give up after 5 to 10 s and keep what they could not say."""


class Reply(NamedTuple):
    """What the provider hears."""

    status: int
    text: str = ""


class Webhook:
    """The door of one channel."""

    def __init__(self, connector: PushConnector[Any], bridge: Bridge, patience: float = PATIENCE) -> None:
        self._connector = connector
        self._bridge = bridge
        self._patience = patience
        self._thanks: set[asyncio.Task[None]] = set()

    def greet(self, request: Request) -> Reply:
        """Answer the GET with which some providers check an address."""
        try:
            return Reply(200, self._connector.handshake(request))
        except BadSignature as reason:
            logger.warning("%s: a handshake was refused: %s", self._connector.name, reason)
            return Reply(403)
        except UnsupportedUpdate:
            return Reply(404)

    async def take(self, request: Request) -> Reply:
        """Verify, read and hand over what a provider posts."""
        name = self._connector.name
        try:
            accounts = self._connector.verify(request)
            things = self._connector.parse(request.body, accounts)
            await self._hand_over(things)
        except BadSignature as reason:
            logger.warning("%s: a webhook was refused: %s", name, reason)
            return Reply(401)
        except Malformed as reason:
            logger.warning("%s: a webhook is malformed: %s", name, reason)
            return Reply(400)
        except UnsupportedUpdate as update:
            logger.info("%s: nothing is done with %s", name, update.kind)
        except Unreachable as reason:
            logger.warning("%s: a webhook could not be handed over: %s", name, reason)
            return Reply(503)
        return Reply(200)

    async def close(self) -> None:
        """Give up what is still to be acknowledged."""
        for task in list(self._thanks):
            task.cancel()
        await asyncio.gather(*self._thanks, return_exceptions=True)

    async def _hand_over(self, things: Sequence[Inbound | Receipt]) -> None:
        deadline = time.monotonic() + self._patience
        for thing in things:
            for piece in pieces_of(thing) if isinstance(thing, Inbound) else [thing]:
                await self._tell(piece, deadline)
            self._thank(thing)

    async def _tell(self, thing: Inbound | Receipt, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise Unreachable("the service is too slow")
        try:
            if isinstance(thing, Receipt):
                await self._bridge.report(thing, left)
            else:
                await self._bridge.receive(thing, left)
        except Refused as reason:
            if reason.status == 401 or reason.code == UNWORDED:  # the set-up is wrong, not what the customer did
                raise Unreachable(str(reason)) from reason
            logger.warning("%s: the service refused what came: %s %s", self._connector.name, reason.status, reason.code)

    def _thank(self, thing: Inbound | Receipt) -> None:
        if isinstance(thing, Inbound):
            task = asyncio.get_running_loop().create_task(self._acknowledge(thing))
            self._thanks.add(task)
            task.add_done_callback(self._thanks.discard)

    async def _acknowledge(self, inbound: Inbound) -> None:
        try:
            await self._connector.acknowledge(inbound)
        except ConnectorError as reason:
            logger.info("%s: %s could not be acknowledged: %s", self._connector.name, inbound.kind, reason)
