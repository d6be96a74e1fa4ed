"""The channels that are compared, as a customer's side sees them: say the line, and have the reply.

All of them ask one Rasa server for the same answer. A conversation's next line leaves when the reply has arrived, at
the (fake) provider, at the callback or in the answer, and the channel has let go of the request that carried the line.
"""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Callable

from aiohttp import web

from tests.fakes.customer import Customer
from tests.fakes.ledger import Ledger, Sent
from tests.fakes.server import Server

from .measure import Unexpected

LINE, REPLY = "Thank you", "You're welcome. Is there anything else?"
"""One text, by a rule alone, and of those that the handover policy lets a bot repeat; no action server is asked."""

Awaited = asyncio.Future[tuple[str, float]]

PATIENCE = 30.0
"""Seconds; a reply that takes longer ends the measurement."""


class Arrivals(Ledger):
    """Wakes whoever waits for a reply, besides writing it down."""

    def __init__(self) -> None:
        super().__init__()
        self._awaited: dict[str, Awaited] = {}

    def add(self, sent: Sent) -> None:
        super().add(sent)
        self.arrived(sent.user, sent.text)

    def arrived(self, user: str, text: str) -> None:
        awaited = self._awaited.pop(user, None)
        if awaited is not None and not awaited.done():
            awaited.set_result((text, time.perf_counter()))

    def next(self, user: str) -> Awaited:
        """The text of what arrives next, and when. In the loop in which it arrives."""
        self._awaited[user] = asyncio.get_running_loop().create_future()
        return self._awaited[user]


class Peer(ABC):
    """One channel. `ask` is called in the loop of the fake providers."""

    def __init__(self, name: str) -> None:
        self.name = name

    @abstractmethod
    async def ask(self, user: int) -> float:
        """Say the line as this customer, and wait for the reply; when it was there, by `time.perf_counter`."""


class Rest(Peer):
    """Rasa's REST channel: the reply is in the answer."""

    def __init__(self, name: str, server: Server, rasa_url: str) -> None:
        super().__init__(name)
        self._server = server
        self._url = f"{rasa_url}/webhooks/rest/webhook"

    async def ask(self, user: int) -> float:
        async with self._server.session.post(self._url, json={"sender": f"r{user}", "message": LINE}) as answer:
            said = await answer.json()
        return check(self.name, "".join(message.get("text", "") for message in said), time.perf_counter())


class Callback(Peer):
    """Rasa's callback channel: the reply is posted to us, within the request. `rasa_url` is known once Rasa runs."""

    rasa_url = ""

    def __init__(self, name: str, server: Server) -> None:
        super().__init__(name)
        self._server = server
        self._arrivals = Arrivals()
        server.app.router.add_post("/callback", self._take)

    async def _take(self, request: web.Request) -> web.Response:
        message = await request.json()
        self._arrivals.arrived(message["recipient_id"], message["text"])
        return web.Response()

    async def ask(self, user: int) -> float:
        arrived = self._arrivals.next(f"c{user}")
        url = f"{self.rasa_url}/webhooks/callback/webhook"
        async with self._server.session.post(url, json={"sender": f"c{user}", "message": LINE}) as answer:
            await answer.read()
        return check(self.name, *await asyncio.wait_for(arrived, PATIENCE))


class Phone(Peer):
    """A channel with a provider: a webhook in, a call of its API out."""

    def __init__(self, name: str, arrivals: Arrivals, customer: Callable[[int], Customer]) -> None:
        super().__init__(name)
        self._arrivals = arrivals
        self._customer = customer

    async def ask(self, user: int) -> float:
        customer = self._customer(user)
        arrived = self._arrivals.next(customer.user)
        customer.says(LINE)
        return check(self.name, *await asyncio.wait_for(arrived, PATIENCE))


def check(name: str, text: str, arrived_at: float) -> float:
    if text != REPLY:
        raise Unexpected(f"{name} replied {text!r}")
    return arrived_at
