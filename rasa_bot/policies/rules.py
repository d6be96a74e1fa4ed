"""The rules by which a bot gives up. Pure: a row of customer turns and the thresholds in, a decision or None out.

A new message is looked at before the bot does anything (`on_message`); what the bot did, after each of its actions
(`on_action`). Low confidence counts for nothing inside a form, where free text is always read badly; in a form that
asks for a message to people (`not_in_forms`) nothing counts but an action that failed.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import AbstractSet, Any

from .reading import CustomerTurn

RANKING = 3
"""How many readings of the message a decision shows."""


@dataclass(frozen=True)
class Thresholds:
    """The policy's part of config.yml; see there for what each means. 0 or an empty list switches a rule off."""

    request_intents: AbstractSet[str] = frozenset({"request_human"})
    low_confidence_times: int = 2
    low_confidence_below: float = 0.4
    repeated_answer_times: int = 2
    repeated_answer_ignores: AbstractSet[str] = frozenset()
    failed_action: bool = True
    silent_actions: AbstractSet[str] = frozenset()
    not_in_forms: AbstractSet[str] = frozenset({"contact_form"})


@dataclass(frozen=True)
class Decision:
    """Why a person is needed. `trigger`: words when the customer asked for one, bot when the bot gives up."""

    rule: str
    trigger: str
    reason: str
    confidence: float
    ranking: list[dict[str, Any]]

    def as_note(self) -> dict[str, Any]:
        """The decision as JSON for the tracker."""
        return asdict(self)


def on_message(turns: Sequence[CustomerTurn], thresholds: Thresholds) -> Decision | None:
    """Whether the customer's new message, the last turn, needs a person."""
    if not turns or _is_for_the_form(turns[-1], thresholds):
        return None
    if turns[-1].intent in thresholds.request_intents:
        return _decide("request", "words", "The customer asked for a person.", turns[-1])
    return _low_confidence(turns, thresholds)


def on_action(turns: Sequence[CustomerTurn], thresholds: Thresholds, fallible: AbstractSet[str]) -> Decision | None:
    """Whether what the bot just did shows that it can't help. `fallible`: the actions that should leave something."""
    if not turns:
        return None
    return _failed_action(turns[-1], thresholds, fallible) or _repeated_answer(turns, thresholds)


def _is_for_the_form(turn: CustomerTurn, thresholds: Thresholds) -> bool:
    """What is written there is a message for the team, whatever it is about; a pressed button is not."""
    return turn.form in thresholds.not_in_forms and not turn.pressed


def _low_confidence(turns: Sequence[CustomerTurn], thresholds: Thresholds) -> Decision | None:
    times = thresholds.low_confidence_times
    last = turns[-times:] if times else []
    if not times or len(last) < times:
        return None
    if any(turn.in_form or turn.is_understood(thresholds.low_confidence_below) for turn in last):
        return None
    messages = "a message" if times == 1 else f"{times} messages in a row"
    return _decide("low_confidence", "bot", f"The bot did not understand {messages}.", turns[-1])


def _repeated_answer(turns: Sequence[CustomerTurn], thresholds: Thresholds) -> Decision | None:
    times = thresholds.repeated_answer_times
    last = turns[-times:] if times > 1 else []
    if len(last) < max(times, 2) or not last[-1].answers:
        return None
    if any(turn.intent in thresholds.repeated_answer_ignores or turn.form in thresholds.not_in_forms for turn in last):
        return None
    if any(turn.answers != last[-1].answers for turn in last):
        return None
    return _decide("repeated_answer", "bot", f"The bot gave the same answer {times} times in a row.", turns[-1])


def _failed_action(turn: CustomerTurn, thresholds: Thresholds, fallible: AbstractSet[str]) -> Decision | None:
    failed = turn.left_nothing
    if not (thresholds.failed_action and turn.is_live and failed in fallible - thresholds.silent_actions):
        return None
    return _decide("failed_action", "bot", f"The bot could not carry out {failed}.", turn)


def _decide(rule: str, trigger: str, reason: str, turn: CustomerTurn) -> Decision:
    ranking = [{"intent": name, "confidence": round(value, 4)} for name, value in turn.ranking[:RANKING]]
    return Decision(rule, trigger, reason, round(turn.confidence, 4), ranking)
