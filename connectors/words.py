"""What Rasa reads of a customer's message, and what the service gets of a bot's: both pure.

Rasa takes a text that begins with "/" for an intent with full confidence, and `/restart` for a command. Only a payload
of the bot's own buttons may do that; in a customer's text the leading slashes are dropped. A message without words
would break Rasa's classifiers, so it gets a placeholder and a reading of its own.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from .model import Body, Turn

FALLBACK_INTENT = "nlu_fallback"
_COMMAND = re.compile(r"^[\s/]+")


class Reading(NamedTuple):
    """The text for Rasa; with `parse_data`, Rasa doesn't read it itself."""

    text: str
    parse_data: dict[str, Any] | None = None


def for_rasa(turn: Turn) -> Reading:
    """The words of a turn as Rasa may see them."""
    if turn.payload and turn.payload.strip():
        return Reading(turn.payload)
    text = _COMMAND.sub("", turn.text or "").strip()
    if text:
        return Reading(text)
    placeholder = " ".join(f"[{attachment.kind}]" for attachment in turn.attachments) or "[no text]"
    intent = {"name": FALLBACK_INTENT, "confidence": 1.0}
    parse_data = {"text": placeholder, "intent": intent, "intent_ranking": [intent], "entities": []}
    return Reading(placeholder, parse_data)


def bubble(message: Mapping[str, Any]) -> Body | None:
    """One message of the bot, as `BotUttered.message()` gives it, for the bridge; None when nothing is in it."""
    body: Body = {}
    text = message.get("text")
    if isinstance(text, str) and text.strip():
        body["text"] = text
    buttons = [*(message.get("buttons") or []), *(message.get("quick_replies") or [])]
    if buttons:
        body["buttons"] = _buttons(buttons)
    if message.get("image"):
        body["image"] = str(message["image"])
    if message.get("attachment") and message["attachment"] != message.get("image"):  # Rasa stores an image twice
        body["attachment"] = message["attachment"]
    custom = message.get("custom") or ({"elements": message["elements"]} if message.get("elements") else None)
    if custom:
        body["custom"] = custom
    return body or None


def _buttons(buttons: list[Mapping[str, Any]]) -> list[Body]:
    offered = []
    for button in buttons:
        choice: Body = {"title": str(button.get("title") or button.get("payload") or "")}
        for name in ("payload", "url"):
            if isinstance(button.get(name), str):
                choice[name] = button[name]
        offered.append(choice)
    return offered
