"""What a customer is told when no person can be asked, about their answers to the contact form, and of the hours of the
team. A bot may word it itself, by responses of these names.
"""

from collections.abc import Mapping
from typing import Any

DISABLED = "utter_handover_disabled"
UNAVAILABLE = "utter_handover_unavailable"

NAME_WRONG = "utter_contact_name_wrong"
REACH_WRONG = "utter_contact_reach_wrong"
MESSAGE_WRONG = "utter_contact_message_wrong"
FORM_LEFT = "utter_contact_left"
FORM_DISABLED = "utter_contact_disabled"
FORM_UNSENT = "utter_contact_unsent"
TRY_AGAIN = "utter_contact_try_again"
"""What stands on the button under `FORM_UNSENT`."""

TEAM_HERE = "utter_team_here"
TEAM_BACK = "utter_team_back"
TEAM_AWAY = "utter_team_away"
TEAM_UNKNOWN = "utter_team_unknown"

_TEXTS = {
    DISABLED: "I'm sorry, I can't connect you to a person here.",
    UNAVAILABLE: (
        "I'm having trouble reaching our team right now. I'll keep trying, and you can ask me again in a moment."
    ),
    NAME_WRONG: "That doesn't look like a name. It may have 120 characters at most.",
    REACH_WRONG: "That is neither an e-mail address like ana@example.org nor a phone number like +49 40 123456.",
    MESSAGE_WRONG: "I can't pass that on. A message is text, of 8000 characters at most.",
    FORM_LEFT: "All right, I have passed nothing on.",
    FORM_DISABLED: "I'm sorry, I can't pass on messages here.",
    FORM_UNSENT: "I couldn't pass on your message just now. I have kept it: please try again in a moment.",
    TRY_AGAIN: "Try again",
    TEAM_HERE: "Somebody of our team is here now. Just ask for a person.",
    TEAM_BACK: "Our team is away right now. Somebody is here again: {opening}.",
    TEAM_AWAY: "Nobody of our team is here right now. You can leave a message.",
    TEAM_UNKNOWN: "I can't see right now whether somebody of our team is here. Please ask me again in a moment.",
}
_SAID_BY_THE_SERVICE = frozenset({"pending", "already_open", "out_of_hours"})


def refusal(status: str, domain: Mapping[str, Any]) -> str | None:
    """The words for what became of a request for a person; None where the service itself speaks to the customer."""
    if status in _SAID_BY_THE_SERVICE:
        return None
    return worded(DISABLED if status == "disabled" else UNAVAILABLE, domain)


def worded(name: str, domain: Mapping[str, Any]) -> str:
    """The bot's own words if its domain has a response of this name, else ours."""
    for response in (domain.get("responses") or {}).get(name) or []:
        if response.get("text"):
            return str(response["text"])
    return _TEXTS[name]
