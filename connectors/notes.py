"""What we write into Rasa's tracker beside the conversation, and how we find it again. Pure: events are dictionaries.

Every note stands in an event's metadata under one key, `livechat`:

- on a customer's message: `turn`, the id of the turn that brought it (which is also its `message_id`);
- on a line of the time when people talked: `history`, the line's id; on what the bot starts again with: `resume`;
- on an `agent` event without text: `decision`, why the policy wants a person, or `handover`, what came of it.
  Such an event changes nothing for the bot; actions, policy and connector read it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .model import Body, HistoryLine, Resume, Turn
from .words import bubble

KEY = "livechat"
SETTLED = frozenset({"pending", "already_open", "out_of_hours", "disabled"})
"""What the service can answer to a request for a person. Anything else means that it was not asked."""

LEAVE_DETAILS = "/leave_details"
"""The payload of the offer under the words that live chat is closed."""

Event = dict[str, Any]


def note_of(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Our note on an event, empty without one."""
    note = (event.get("metadata") or {}).get(KEY)
    return note if isinstance(note, dict) else {}


@dataclass
class Answered:
    """What the tracker holds of a turn that ran before: its bubbles, and a request for a person nobody carried out."""

    messages: list[Body] = field(default_factory=list)
    decision: Mapping[str, Any] | None = None


def find_answer(events: Sequence[Event], turn_id: str) -> Answered | None:
    """What the bot did about `turn_id`, None when the tracker doesn't know the turn."""
    places = [at for at, event in enumerate(events) if _is_customer(event) and event.get("message_id") == turn_id]
    if not places:
        return None
    start = places[0]
    answered = Answered()
    for event in [*_session_opening(events, start), *_until_next_message(events, start + 1)]:
        note = note_of(event)
        if event.get("event") == "bot" and "history" not in note:
            said = bubble({**(event.get("data") or {}), "text": event.get("text")})
            if said is not None:
                answered.messages.append(said)
        elif "decision" in note:
            answered.decision = note["decision"]
        elif note.get("handover") in SETTLED:
            answered.decision = None
    return answered


def noted_ids(events: Iterable[Event]) -> set[str]:
    """The ids of all lines and restarts that the tracker holds already."""
    found: set[str] = set()
    for event in events:
        note = note_of(event)
        found.update(str(note[name]) for name in ("history", "resume") if name in note)
    return found


def opening(turn: Turn, known: set[str]) -> list[Event]:
    """The events that go before a turn: what people said, then how the bot goes on. `known` ids are left out.

    The offer to leave one's details ends a form of the bot that is under way, which would take the press for an answer.
    """
    events = [_line(line) for line in turn.history if line.text and line.id not in known]
    if turn.resume is not None and turn.resume.id not in known:
        events.extend(_resume(turn.resume))
    if turn.payload == LEAVE_DETAILS:
        events += [{"event": "active_loop", "name": None}, {"event": "slot", "name": "requested_slot", "value": None}]
    return events


def _is_customer(event: Mapping[str, Any]) -> bool:
    return event.get("event") == "user" and "history" not in note_of(event)


def _session_opening(events: Sequence[Event], before: int) -> list[Event]:
    """What a custom session start said right before a customer's message: it belongs to that message's turn."""
    for at in range(before - 1, -1, -1):
        if events[at].get("event") in ("user", "session_started"):
            opened = events[at].get("event") == "session_started"
            return list(events[at + 1 : before]) if opened else []
    return []


def _until_next_message(events: Sequence[Event], start: int) -> list[Event]:
    for at in range(start, len(events)):
        if events[at].get("event") == "user":
            return list(events[start:at])
    return list(events[start:])


def _line(line: HistoryLine) -> Event:
    note = {KEY: {"history": line.id, "actor": line.actor, "name": line.name, "at": line.at}}
    if line.actor == "customer":
        reading = {"text": line.text, "intent": {"name": None, "confidence": 0.0}, "entities": []}
        return {
            "event": "user",
            "text": line.text,
            "parse_data": reading,
            "message_id": line.id,
            "metadata": note,
        }
    kind = "agent" if line.actor == "agent" else "bot"
    return {"event": kind, "text": line.text, "data": {}, "metadata": note}


def _resume(resume: Resume) -> list[Event]:
    note = {KEY: {"resume": resume.id}}
    slots = [{"event": "slot", "name": name, "value": value, "metadata": note} for name, value in resume.slots.items()]
    if resume.mode == "continue":
        return slots
    return [
        {"event": "action", "name": "action_session_start", "metadata": note},
        {"event": "session_started", "metadata": note},
        *slots,
        {"event": "action", "name": "action_listen", "metadata": note},
    ]
