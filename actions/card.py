"""The handover card: why this customer needs a person, as far as Rasa's tracker knows. One pure function.

It takes the tracker as JSON (`Tracker.current_state()` of Rasa and of its SDK are alike) and the domain, and gives the
card of the bridge. Only the current session counts, and what people said to each other is left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

Card = dict[str, Any]
Event = Mapping[str, Any]

INTENTS, RIVALS, FAILED_TURNS = 5, 2, 5
"""How many of the last messages, of the rivals of each intent, and of the failed turns a card shows."""

FALLBACK_INTENT = "nlu_fallback"
TEXT_LENGTH = 500
_OWN_SLOTS = frozenset({"requested_slot", "session_started_metadata"})


class Exchange(NamedTuple):
    """A customer's message and what the bot did about it."""

    user: Event
    after: list[Event]


def build_card(state: Mapping[str, Any], domain: Mapping[str, Any], decision: Mapping[str, Any] | None = None) -> Card:
    """The card of the tracker `state`; `decision` is the policy's, by default the one noted in the events."""
    events = _session(state.get("events") or [])
    exchanges = list(_exchanges(events))
    why = decision or _noted_decision(exchanges) or {}
    form = _active_form(state)
    return {
        "rule": why.get("rule"),
        "reason": why.get("reason"),
        "confidence": why.get("confidence"),
        "ranking": list(why.get("ranking") or []),
        "intents": [_read(exchange.user) for exchange in exchanges[-INTENTS:]],
        "slots": _slots(state, domain),
        "missing_slots": _missing_slots(state, domain, form),
        "active_form": form,
        "failed_turns": _failed_turns(exchanges, why)[-FAILED_TURNS:],
    }


def _note(event: Event) -> Mapping[str, Any]:
    note = (event.get("metadata") or {}).get("livechat")
    return note if isinstance(note, dict) else {}


def _session(events: Sequence[Event]) -> Sequence[Event]:
    for at in range(len(events) - 1, -1, -1):
        if events[at].get("event") in ("session_started", "restart"):
            return events[at + 1 :]
    return events


def _exchanges(events: Sequence[Event]) -> Iterator[Exchange]:
    current: Exchange | None = None
    for event in events:
        if "history" in _note(event):
            continue
        if event.get("event") == "user":
            if current is not None:
                yield current
            external = (event.get("metadata") or {}).get("is_external")
            current = None if external else Exchange(event, [])
        elif current is not None:
            current.after.append(event)
    if current is not None:
        yield current


def _noted_decision(exchanges: Sequence[Exchange]) -> Mapping[str, Any] | None:
    for event in reversed(exchanges[-1].after if exchanges else []):
        decision = _note(event).get("decision")
        if isinstance(decision, dict):
            return decision
    return None


def _ranking(user: Event) -> list[Card]:
    parsed = user.get("parse_data") or {}
    ranking = parsed.get("intent_ranking") or [parsed.get("intent") or {}]
    return [{"intent": str(entry["name"]), "confidence": _confidence(entry)} for entry in ranking if entry.get("name")]


def _confidence(entry: Mapping[str, Any]) -> float:
    confidence = entry.get("confidence")
    return round(float(confidence), 4) if isinstance(confidence, (int, float)) else 1.0


def _read(user: Event) -> Card:
    ranking = _ranking(user) or [{"intent": "unknown", "confidence": 0.0}]
    first, rivals = ranking[0], [rival for rival in ranking[1:] if rival["intent"] != FALLBACK_INTENT]
    return {"text": _short(user.get("text")), **first, "rivals": rivals[:RIVALS]}


def _short(text: Any) -> str | None:
    return str(text)[:TEXT_LENGTH] if text else None


def _slots(state: Mapping[str, Any], domain: Mapping[str, Any]) -> list[Card]:
    filled = state.get("slots") or {}
    known = domain.get("slots") or filled
    return [
        {"name": name, "value": value}
        for name, value in filled.items()
        if value is not None and name in known and name not in _OWN_SLOTS
    ]


def _active_form(state: Mapping[str, Any]) -> Card | None:
    name = (state.get("active_loop") or {}).get("name")
    if not name:
        return None
    return {"name": name, "requested_slot": (state.get("slots") or {}).get("requested_slot")}


def _missing_slots(state: Mapping[str, Any], domain: Mapping[str, Any], form: Card | None) -> list[str]:
    if form is None:
        return []
    required = ((domain.get("forms") or {}).get(form["name"]) or {}).get("required_slots") or []
    filled = state.get("slots") or {}
    return [name for name in required if filled.get(name) is None]


def _failed_turns(exchanges: Sequence[Exchange], why: Mapping[str, Any]) -> list[Card]:
    """`why` is the decision about the last exchange, which its events need not hold yet."""
    decisions = [*(_noted_decision([exchange]) or {} for exchange in exchanges[:-1]), why]
    return [failed for failed in map(_failed, exchanges, decisions) if failed]


def _failed(exchange: Exchange, decision: Mapping[str, Any]) -> Card | None:
    why = _why_failed(exchange, decision)
    if why is None:
        return None
    said = [str(event["text"]) for event in exchange.after if event.get("event") == "bot" and event.get("text")]
    answer = _short("\n".join(said))
    return {"text": _short(exchange.user.get("text")) or "", "answer": answer, "why": why}


def _why_failed(exchange: Exchange, decision: Mapping[str, Any]) -> str | None:
    names = [str(event.get("name")) for event in exchange.after if event.get("event") == "action"]
    intent = ((exchange.user.get("parse_data") or {}).get("intent") or {}).get("name")
    if intent == FALLBACK_INTENT or "action_default_fallback" in names:
        return "not understood"
    if decision.get("rule") == "failed_action":
        return str(decision.get("reason"))
    return None
