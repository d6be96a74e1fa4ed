"""Says whether somebody of the team is there, and when again: what the service says now, in the bot's words.

The hours are not written down in the bot, so its answer is that of the widget and of the Settings page. A bot may word
it itself, by responses of the names in `wording.py`.
"""

import logging
import os
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from .siblings import Bridge, BridgeSettings, ConnectorError
from .wording import DISABLED, TEAM_AWAY, TEAM_BACK, TEAM_HERE, TEAM_UNKNOWN, worded

logger = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds for which the service is asked; a customer waits for the answer."""

OPENING = "{opening}"


class ActionTeamHours(Action):
    """The custom action `action_team_hours`."""

    def __init__(self) -> None:
        self._bridge: Bridge | None = None

    def name(self) -> str:
        return "action_team_hours"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        reason, opening = await self._ask(tracker.sender_id)
        if reason == "hours" and opening:
            dispatcher.utter_message(text=worded(TEAM_BACK, domain).replace(OPENING, opening))
            return []
        said = {"open": TEAM_HERE, "hours": TEAM_AWAY, "nobody": TEAM_AWAY, "unknown": TEAM_UNKNOWN}
        dispatcher.utter_message(text=worded(said.get(reason, DISABLED), domain))
        return []

    async def _ask(self, conversation_id: str) -> tuple[str, str | None]:
        """Why live chat is open or not, and when it opens next, in words for this customer."""
        try:
            if self._bridge is None:
                self._bridge = Bridge(BridgeSettings.read(os.environ))
            answer = await self._bridge.availability(conversation_id, patience=PATIENCE)
        except ConnectorError as reason:
            logger.warning("The live chat service could not be asked for the team's hours: %s", reason)
            return "unknown", None
        return str(answer.get("reason")), answer.get("opening")
