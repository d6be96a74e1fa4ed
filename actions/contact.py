"""The contact form of the bot: takes only answers of use, lets the customer out, and passes on what they said.

What must hold: the service gets a form once, under the id of the turn that first tried to send it. It says itself that
the message arrived; this side speaks only when it did not, and then keeps the answers, so that the customer need not
give them again. Free text is free: what the message says never decides what happens. Where the service is sure to
refuse a form, nothing is asked.

Rasa runs `validate_contact_form` also when the form begins, before the first question. A form that ends there goes the
way of one that is complete: to `action_submit_contact`, which says what became of it.
"""

import logging
import os
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from . import wording
from .availability import Enquiry
from .card import build_card
from .contact_details import as_contact, find_reach, is_message, is_name, wants_out
from .handover import message_id
from .siblings import Bridge, BridgeSettings, ConnectorError, Refused
from .wording import worded

logger = logging.getLogger(__name__)

FORM = "contact_form"

Domain = dict[str, Any]
Events = list[dict[str, Any]]

SLOTS = ("contact_name", "contact_reach", "contact_message", "contact_key")
LEFT = {**dict.fromkeys(SLOTS), "requested_slot": None}
"""No slot is asked for any more, so the form ends; without a message nothing is sent."""

REASON = "The customer left their details."

PATIENCE = 8.0
"""Seconds for which the service is asked. Nobody steps in here, unlike at a request for a person."""


class ValidateContactForm(FormValidationAction):
    """The custom action `validate_contact_form`."""

    def __init__(self) -> None:
        self._enquiry = Enquiry()

    def name(self) -> str:
        return "validate_contact_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        # With all answers kept nothing would be asked, and sending them tells what becomes of them.
        if _has_just_begun(tracker) and tracker.get_slot("contact_message") is None:
            team = await self._enquiry.ask(tracker.sender_id)
            if not team.takes_form:
                return [SlotSet(name, value) for name, value in LEFT.items()]
        events: Events = await super().run(dispatcher, tracker, domain)
        return events

    def validate_contact_name(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> dict[str, Any]:
        name = str(value).strip()
        if wants_out(name):
            return LEFT
        if is_name(name):
            return {"contact_name": name}
        dispatcher.utter_message(text=worded(wording.NAME_WRONG, domain))
        return {"contact_name": None}

    def validate_contact_reach(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> dict[str, Any]:
        reach = find_reach(str(value))
        if reach is not None:
            return {"contact_reach": reach}
        if wants_out(str(value)) or _intent(tracker) == "cancel":
            return LEFT
        dispatcher.utter_message(text=worded(wording.REACH_WRONG, domain))
        return {"contact_reach": None}

    def validate_contact_message(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> dict[str, Any]:
        if wants_out(str(value)):
            return LEFT
        if is_message(str(value)):
            return {"contact_message": str(value)}
        dispatcher.utter_message(text=worded(wording.MESSAGE_WRONG, domain))
        return {"contact_message": None}


class ActionSubmitContact(Action):
    """The custom action `action_submit_contact`."""

    def __init__(self) -> None:
        self._bridge: Bridge | None = None

    def name(self) -> str:
        return "action_submit_contact"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Events:
        if tracker.get_slot("contact_message") is None:
            why = wording.FORM_DISABLED if _has_just_begun(tracker) else wording.FORM_LEFT
            dispatcher.utter_message(text=worded(why, domain))
            return _forget()
        key = str(tracker.get_slot("contact_key") or message_id(tracker.events))
        status = await self._send(key, tracker, domain)
        if status == "unreachable":
            again = {"title": worded(wording.TRY_AGAIN, domain), "payload": "/leave_details"}
            dispatcher.utter_message(text=worded(wording.FORM_UNSENT, domain), buttons=[again])
            return [SlotSet("contact_key", key)]
        if status not in ("pending", "already_open"):
            dispatcher.utter_message(text=worded(wording.FORM_DISABLED, domain))
        return _forget()

    async def _send(self, key: str, tracker: Tracker, domain: Domain) -> str:
        """What became of it: the service's `status`, or that it could not be told."""
        answers = [str(tracker.get_slot(name)) for name in SLOTS[:3]]
        decision = {"reason": REASON}
        try:
            if self._bridge is None:
                self._bridge = Bridge(BridgeSettings.read(os.environ))
            answer = await self._bridge.open_handover(
                key,
                tracker.sender_id,
                FORM,
                REASON,
                build_card(tracker.current_state(), domain, decision),
                patience=PATIENCE,
                contact=as_contact(*answers),
            )
        except Refused as reason:
            logger.warning("The live chat service refused a contact form: %s", reason)
            return "refused"
        except ConnectorError as reason:
            logger.warning("The live chat service could not be given a contact form: %s", reason)
            return "unreachable"
        return str(answer.get("status"))


def _intent(tracker: Tracker) -> str | None:
    """How the bot read the last message."""
    name: str | None = ((tracker.latest_message or {}).get("intent") or {}).get("name")
    return name


def _has_just_begun(tracker: Tracker) -> bool:
    """The customer's last message began the form, so they have been asked nothing yet."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "active_loop" and event.get("name") == FORM:
            return True
    return False


def _forget() -> Events:
    return [SlotSet(name, None) for name in SLOTS]
