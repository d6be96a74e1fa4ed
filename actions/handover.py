"""Asks the live chat service for a person.

The key of the request is the id of the customer's message, which is the id of the bot's turn: asked twice, by this
action or by the connector that runs the turn, the service opens one handover. On success this action says nothing,
because the service tells the customer what happens next. It leaves a note of what came of it, an `agent` event without
text; without a note the connector asks by itself, so this one tries for less than the five seconds it is given.
"""

import logging
import os
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import AgentUttered
from rasa_sdk.executor import CollectingDispatcher

from .card import build_card
from .siblings import Bridge, BridgeSettings, ConnectorError, Refused
from .wording import refusal

logger = logging.getLogger(__name__)

PATIENCE = 4.0
"""Seconds for which the service is asked; after five the connector steps in."""

ASKED_BY_A_RULE = {"rule": "request", "trigger": "words", "reason": "The customer asked for a person."}
"""The decision when a rule of the bot, and not the policy, called this action."""


class ActionRequestHandover(Action):
    """The custom action `action_request_handover`."""

    def __init__(self) -> None:
        self._bridge: Bridge | None = None

    def name(self) -> str:
        return "action_request_handover"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        status = await self._ask(tracker, domain)
        text = refusal(status, domain)
        if text is not None:
            dispatcher.utter_message(text=text)
        return [_note(status)]

    async def _ask(self, tracker: Tracker, domain: Mapping[str, Any]) -> str:
        decision = _decision(tracker.events)
        try:
            if self._bridge is None:
                self._bridge = Bridge(BridgeSettings.read(os.environ))
            answer = await self._bridge.open_handover(
                message_id(tracker.events),
                tracker.sender_id,
                str(decision["trigger"]),
                str(decision["reason"]),
                build_card(tracker.current_state(), domain, decision),
                patience=PATIENCE,
            )
        except Refused as reason:
            logger.warning("The live chat service refused a handover: %s", reason)
            return "refused"
        except ConnectorError as reason:
            logger.warning("The live chat service could not be asked for a person: %s", reason)
            return "unreachable"
        return str(answer.get("status"))


def _decision(events: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The policy's decision, noted after the customer's message."""
    for event in reversed(events):
        if event.get("event") == "user":
            break
        noted = ((event.get("metadata") or {}).get("livechat") or {}).get("decision")
        if isinstance(noted, dict):
            return noted
    return ASKED_BY_A_RULE


def message_id(events: list[Mapping[str, Any]]) -> str:
    """The id of the customer's message, which is that of the bot's turn."""
    ids = (event.get("message_id") for event in reversed(events) if event.get("event") == "user")
    return str(next(ids, None) or "unknown")


def _note(status: str) -> dict[str, Any]:
    event: dict[str, Any] = AgentUttered()
    return {**event, "metadata": {"livechat": {"handover": status}}}
