"""What a customer is told when no person can be asked. A bot may word it itself, by responses of these names."""

from collections.abc import Mapping
from typing import Any

DISABLED = "utter_handover_disabled"
UNAVAILABLE = "utter_handover_unavailable"

_TEXTS = {
    DISABLED: "I'm sorry, I can't connect you to a person here.",
    UNAVAILABLE: (
        "I'm having trouble reaching our team right now. I'll keep trying, and you can ask me again in a moment."
    ),
}
_SAID_BY_THE_SERVICE = frozenset({"pending", "already_open", "out_of_hours"})


def refusal(status: str, domain: Mapping[str, Any]) -> str | None:
    """The words for what became of a request for a person; None where the service itself speaks to the customer."""
    if status in _SAID_BY_THE_SERVICE:
        return None
    name = DISABLED if status == "disabled" else UNAVAILABLE
    for response in (domain.get("responses") or {}).get(name) or []:
        if response.get("text"):
            return str(response["text"])
    return _TEXTS[name]
