"""Says whether somebody of the team is there, and when again: what the service says now, in the bot's words.

The hours are not written down in the bot, so its answer is that of the widget and of the Settings page. A bot may word
it itself, by responses of the names in `wording.py`.
"""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from .availability import Enquiry
from .wording import DISABLED, TEAM_AWAY, TEAM_BACK, TEAM_HERE, TEAM_UNKNOWN, worded

OPENING = "{opening}"


class ActionTeamHours(Action):
    """The custom action `action_team_hours`."""

    def __init__(self) -> None:
        self._enquiry = Enquiry()

    def name(self) -> str:
        return "action_team_hours"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        team = await self._enquiry.ask(tracker.sender_id)
        if team.reason == "hours" and team.opening:
            dispatcher.utter_message(text=worded(TEAM_BACK, domain).replace(OPENING, team.opening))
            return []
        said = {"open": TEAM_HERE, "hours": TEAM_AWAY, "nobody": TEAM_AWAY, "unknown": TEAM_UNKNOWN}
        dispatcher.utter_message(text=worded(said.get(team.reason, DISABLED), domain))
        return []
