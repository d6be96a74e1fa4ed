"""Rasa's events, as dictionaries, read as a row of customer turns. Pure.

A row begins anew with a session, with a person (a request for one, or what people said to each other), because what
went wrong before that says nothing about now. What a reminder does is no customer's turn and is left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

KEY = "livechat"
FALLBACK_INTENT = "nlu_fallback"
FALLBACK_ACTION = "action_default_fallback"

Event = Mapping[str, Any]


@dataclass
class CustomerTurn:
    """A customer's message, how it was read, and what the bot has done about it so far."""

    intent: str
    confidence: float
    ranking: list[tuple[str, float]]
    in_form: bool
    form: str | None = None
    """The form that was under way when it came."""
    pressed: bool = False
    """A button of the bot was pressed; what a customer types never begins with a slash."""
    is_live: bool = False
    """A customer wrote it on a channel of live chat, so that actions really run; in `rasa test` none does."""
    actions: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    left_nothing: str | None = None
    """The last action, as long as neither a message nor a change followed it."""

    def take(self, event: Event) -> None:
        """Add what the bot did."""
        kind = event.get("event")
        self.left_nothing = None
        if kind == "action":
            self.left_nothing = str(event.get("name"))
            self.actions.append(self.left_nothing)
        elif kind == "bot":
            self.answers.append(str(event.get("text") or _without_empty(event.get("data") or {})))

    def is_understood(self, below: float) -> bool:
        """Whether the bot knew what was meant, with at least this confidence."""
        is_fallback = self.intent == FALLBACK_INTENT or FALLBACK_ACTION in self.actions
        return not is_fallback and self.confidence >= below


def note_of(event: Event) -> Mapping[str, Any]:
    """What live chat noted on an event, empty without a note."""
    note = (event.get("metadata") or {}).get(KEY)
    return note if isinstance(note, dict) else {}


def read_turns(events: Iterable[Event], handover_action: str) -> list[CustomerTurn]:
    """The turns since the last beginning; the last one is the current. None while a reminder is handled."""
    turns: list[CustomerTurn] = []
    current: CustomerTurn | None = None
    form: str | None = None
    for event in events:
        kind = event.get("event")
        if kind == "active_loop":
            form = event.get("name")
        if kind in ("session_started", "restart"):
            turns, current, form = [], None, None
        elif "history" in note_of(event) or (kind == "action" and event.get("name") == handover_action):
            turns, current = [], None
        elif kind == "user":
            current = _turn(event, form)
            if current is not None:
                turns.append(current)
        elif current is not None:
            current.take(event)
    return turns if current is not None else []


def handover_result(events: Iterable[Event], handover_action: str) -> tuple[bool, str | None]:
    """After the action that asks for a person: whether the policy had decided it, and what the action brought back."""
    decided, status = False, None
    for event in events:
        if event.get("event") == "user":
            decided, status = False, None
        elif event.get("event") == "action" and event.get("name") == handover_action:
            decided, status = "decision" in note_of(event), None
        elif "handover" in note_of(event):
            status = str(note_of(event)["handover"])
    return decided, status


def _turn(event: Event, form: str | None) -> CustomerTurn | None:
    if (event.get("metadata") or {}).get("is_external"):
        return None
    parsed: Mapping[str, Any] = event.get("parse_data") or {}
    intent: Mapping[str, Any] = parsed.get("intent") or {}
    ranking = [
        (str(entry["name"]), _confidence(entry))
        for entry in parsed.get("intent_ranking") or [intent]
        if entry.get("name") and entry["name"] != FALLBACK_INTENT
    ]
    name = str(intent.get("name"))
    confidence = ranking[0][1] if name == FALLBACK_INTENT and ranking else _confidence(intent)
    pressed = str(event.get("text") or "").startswith("/")
    live = "turn" in note_of(event)
    return CustomerTurn(name, confidence, ranking, form is not None, form, pressed, is_live=live)


def _confidence(entry: Mapping[str, Any]) -> float:
    """An intent without a confidence was not guessed: a button, or another program."""
    confidence = entry.get("confidence")
    return 1.0 if confidence is None else float(confidence)


def _without_empty(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value}
