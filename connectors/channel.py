"""Makes any connector a Rasa channel: the routes under `/webhooks/<name>/` that the live chat service calls.

`/turn` runs a bot turn, `/card` draws the handover card. Both are for the service alone: without its bearer they do
not exist (404). No secret, no start. A `PushConnector` adds the routes of push.py; a channel without a provider has
no `/webhook`: its customers talk to the service.
"""

import os
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.core.trackers import EventVerbosity
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Sanic, response as answer
from sanic.request import Request
from sanic.response import HTTPResponse

from .base import Connector, PushConnector
from .bearer import body, error, for_service
from .bodies import mapping, read_turn, required
from .bridge import Bridge
from .errors import NotConfigured
from .push import PushRoutes
from .settings import BridgeSettings
from .siblings import build_card
from .turn import Turns


class LiveChatChannel(InputChannel):
    """A Rasa channel whose conversations the live chat service keeps. A subclass names its `connector`."""

    connector: type[Connector]

    def __init__(self, connector: Connector, settings: BridgeSettings) -> None:
        self._settings = settings
        self._connector = connector
        self._bridge = Bridge(settings)
        self._turns = Turns(self._bridge, connector.name)
        self._push = PushRoutes(connector, self._bridge) if isinstance(connector, PushConnector) else None

    @classmethod
    def name(cls) -> str:
        return cls.connector.name

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "LiveChatChannel":
        """Rasa hides an ImportError or AttributeError from here behind "unknown input channel"."""
        try:
            settings = BridgeSettings.read(os.environ)
            return cls(cls.connector.from_credentials(credentials or {}), settings)
        except (NotConfigured, AttributeError, ImportError) as reason:
            raise RasaException(f"The channel {cls.connector.name} can't start: {reason}") from reason

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes. Rasa's own `on_new_message` is not used: it would take the lock and lose what fails."""
        routes = Blueprint(f"livechat_{self.name()}", __name__)
        hidden = partial(for_service, self._settings.token)
        routes.add_route(hidden(self._turn), "/turn", methods=["POST"], name="turn")
        routes.add_route(hidden(self._card), "/card", methods=["POST"], name="card")
        if self._push is not None:
            self._push.add(routes, hidden)
        routes.listener("before_server_stop")(self._close)
        return routes

    def get_output_channel(self) -> OutputChannel:
        return self._turns.output()

    async def _turn(self, request: Request) -> HTTPResponse:
        turn = read_turn(body(request))
        agent = _agent(request)
        if agent is None:
            return error(503, "unavailable", "No model is loaded yet.")
        self._turns.start(agent, turn)
        return answer.json({"turn": turn.id}, status=202)

    async def _card(self, request: Request) -> HTTPResponse:
        conversation_id = required(mapping(body(request), "body"), "conversation_id", str)
        agent = _agent(request)
        if agent is None:
            return error(503, "unavailable", "No model is loaded yet.")
        tracker = await agent.tracker_store.retrieve(conversation_id)
        if tracker is None:
            return answer.json({"card": None})
        domain = agent.domain.as_dict() if agent.domain else {}
        return answer.json({"card": build_card(tracker.current_state(EventVerbosity.ALL), domain)})

    async def _close(self, app: Sanic, loop: Any) -> None:
        await self._turns.close()
        if self._push is not None:
            await self._push.close()
        await self._connector.close()
        await self._bridge.close()


def _agent(request: Request) -> Agent | None:
    """Rasa's agent, None while it has no model: then it would drop a message without a word."""
    agent = getattr(request.app.ctx, "agent", None)
    return agent if agent is not None and agent.is_ready() else None
