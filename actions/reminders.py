"""Reminders: the customer asks for one, and the assistant speaks up by itself when it is due.

When the customer names no delay, SHOP_REMINDER_SECONDS says when (default 60). A due reminder is handled as if the
customer had asked what it was.
"""

import os
import re
from datetime import datetime, timedelta, timezone
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ReminderScheduled, SlotSet
from rasa_sdk.executor import CollectingDispatcher

_DELAY = re.compile(r"(\d{1,4}) ?(second|minute|hour)")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600}


class ActionSetReminder(Action):
    """Schedules a reminder; a new one replaces the one before."""

    def name(self) -> str:
        return "action_set_reminder"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        said = next(tracker.get_latest_entity_values("delay"), None)
        seconds = delay_seconds(said)
        subject = "your cart"
        dispatcher.utter_message(text=f"I'll remind you of {subject} in {said or f'{seconds:g} seconds'}.")
        due = ReminderScheduled(
            "show_reminder",
            trigger_date_time=datetime.now(timezone.utc) + timedelta(seconds=seconds),
            name=f"reminder-{tracker.sender_id}",
            kill_on_user_message=False,
        )
        return [SlotSet("reminder", subject), due]


class ActionShowReminder(Action):
    """Says what there is to be reminded of."""

    def name(self) -> str:
        return "action_show_reminder"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        subject = tracker.get_slot("reminder")
        text = f"Here is your reminder: {subject} is still waiting for you." if subject else "You have no reminder."
        dispatcher.utter_message(text=text)
        return []


def delay_seconds(said: str | None) -> float:
    """The delay in a customer's words, or the usual one."""
    found = _DELAY.search(said or "")
    if found:
        return float(int(found.group(1)) * _SECONDS[found.group(2)])
    try:
        return max(float(os.environ.get("SHOP_REMINDER_SECONDS", "60")), 0.0)
    except ValueError:
        return 60.0
