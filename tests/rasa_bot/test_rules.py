"""The rules by which a bot gives up, as tables."""

from dataclasses import replace
from typing import Any

import pytest

from rasa_bot.policies.reading import CustomerTurn
from rasa_bot.policies.rules import Thresholds, on_action, on_message

USUAL = Thresholds(request_intents=frozenset({"request_human"}), repeated_answer_ignores=frozenset({"greet"}))
FALLIBLE = frozenset({"action_stock", "return_form"})


def turn(intent: str = "ask", confidence: float = 0.9, in_form: bool = False, **more: Any) -> CustomerTurn:
    return CustomerTurn(intent, confidence, [(intent, confidence)], in_form, is_live=True, **more)


LOST = turn("nlu_fallback", 0.3)
UNSURE = turn("ask", 0.2)
CLEAR = turn()
REWOUND = turn(actions=["action_default_fallback"])
IN_FORM = turn("nlu_fallback", 0.3, in_form=True)
FOR_TEAM = {"in_form": True, "form": "contact_form"}
"""Inside the form that asks for a message to the team."""


@pytest.mark.parametrize(
    ("turns", "rule"),
    [
        ([], None),
        ([turn("request_human")], "request"),
        ([turn("request_human", 0.41)], "request"),
        ([turn("request_human", in_form=True)], "request"),
        ([CLEAR, turn("request_human")], "request"),
        ([turn("request_human"), CLEAR], None),
        ([LOST], None),
        ([LOST, LOST], "low_confidence"),
        ([LOST, UNSURE], "low_confidence"),
        ([UNSURE, UNSURE], "low_confidence"),
        ([REWOUND, LOST], "low_confidence"),
        ([LOST, CLEAR], None),
        ([LOST, CLEAR, LOST], None),
        ([CLEAR, LOST, LOST], "low_confidence"),
        ([turn("ask", 0.4), turn("ask", 0.4)], None),
        ([turn("ask", 0.39), turn("ask", 0.39)], "low_confidence"),
        ([IN_FORM, IN_FORM], None),
        ([LOST, IN_FORM], None),
        ([IN_FORM, LOST], None),
        ([LOST, IN_FORM, LOST], None),
        ([turn("request_human", **FOR_TEAM)], None),
        ([turn("request_human", **FOR_TEAM, pressed=True)], "request"),
        ([turn("request_human", in_form=True, form="return_form")], "request"),
        ([turn("ask", **FOR_TEAM), turn("request_human")], "request"),
    ],
)
def test_a_new_message(turns: list[CustomerTurn], rule: str | None) -> None:
    """Asked for a person: at once, also in a form, but not where the text is for the team. Not understood: twice in a
    row, outside of forms.
    """
    decision = on_message(turns, USUAL)
    assert (decision.rule if decision else None) == rule


@pytest.mark.parametrize(
    ("changed", "turns", "rule"),
    [
        ({"low_confidence_times": 0}, [LOST, LOST, LOST], None),
        ({"low_confidence_times": 1}, [LOST], "low_confidence"),
        ({"low_confidence_times": 3}, [LOST, LOST], None),
        ({"low_confidence_times": 3}, [LOST, LOST, LOST], "low_confidence"),
        ({"low_confidence_below": 0.1}, [UNSURE, UNSURE], None),
        ({"low_confidence_below": 0.95}, [CLEAR, CLEAR], "low_confidence"),
        ({"request_intents": frozenset()}, [turn("request_human")], None),
        ({"request_intents": frozenset({"complain"})}, [turn("complain")], "request"),
        ({"not_in_forms": frozenset()}, [turn("request_human", **FOR_TEAM)], "request"),
        ({"not_in_forms": frozenset({"other"})}, [turn("request_human", in_form=True, form="other")], None),
    ],
)
def test_the_thresholds_for_a_message(changed: dict[str, Any], turns: list[CustomerTurn], rule: str | None) -> None:
    """Each threshold moves its rule, and 0 or nothing switches it off."""
    decision = on_message(turns, replace(USUAL, **changed))
    assert (decision.rule if decision else None) == rule


def saying(*answers: str, intent: str = "ask") -> CustomerTurn:
    return turn(intent, answers=list(answers))


@pytest.mark.parametrize(
    ("changed", "turns", "rule"),
    [
        ({}, [], None),
        ({}, [turn(left_nothing="action_stock")], "failed_action"),
        ({}, [turn(left_nothing="return_form", in_form=True)], "failed_action"),
        ({}, [turn(left_nothing="action_other")], None),
        ({}, [turn(left_nothing=None)], None),
        ({}, [replace(turn(left_nothing="action_stock"), is_live=False)], None),
        ({"failed_action": False}, [turn(left_nothing="action_stock")], None),
        ({"silent_actions": frozenset({"action_stock"})}, [turn(left_nothing="action_stock")], None),
        ({}, [saying("A"), saying("A")], "repeated_answer"),
        ({}, [saying("A", "B"), saying("A", "B")], "repeated_answer"),
        ({}, [saying("A", "B"), saying("A")], None),
        ({}, [saying("A"), saying("B")], None),
        ({}, [saying("A"), saying("B"), saying("A")], None),
        ({}, [saying("A")], None),
        ({}, [saying(), saying()], None),
        ({}, [saying("Hi", intent="greet"), saying("Hi", intent="greet")], None),
        ({"repeated_answer_times": 3}, [saying("A"), saying("A")], None),
        ({"repeated_answer_times": 3}, [saying("A"), saying("A"), saying("A")], "repeated_answer"),
        ({"repeated_answer_times": 0}, [saying("A"), saying("A")], None),
        ({"repeated_answer_times": 1}, [saying("A")], None),
        ({}, [turn(answers=["A"], **FOR_TEAM), turn(answers=["A"], **FOR_TEAM)], None),
        ({}, [turn(left_nothing="action_stock", **FOR_TEAM)], "failed_action"),
    ],
)
def test_what_the_bot_did(changed: dict[str, Any], turns: list[CustomerTurn], rule: str | None) -> None:
    """A failed action at once; the same answer twice in a row, small talk and wrong answers in the contact form left
    aside.
    """
    decision = on_action(turns, replace(USUAL, **changed), FALLIBLE)
    assert (decision.rule if decision else None) == rule


@pytest.mark.parametrize(
    ("decision", "trigger", "reason"),
    [
        (on_message([turn("request_human")], USUAL), "words", "The customer asked for a person."),
        (on_message([LOST, LOST], USUAL), "bot", "The bot did not understand 2 messages in a row."),
        (
            on_action([turn(left_nothing="action_stock")], USUAL, FALLIBLE),
            "bot",
            "The bot could not carry out action_stock.",
        ),
        (
            on_action([saying("A"), saying("A")], USUAL, FALLIBLE),
            "bot",
            "The bot gave the same answer 2 times in a row.",
        ),
    ],
)
def test_a_decision_says_why(decision: Any, trigger: str, reason: str) -> None:
    """The agent reads a sentence; the trigger tells asking from giving up."""
    assert (decision.trigger, decision.reason) == (trigger, reason)


def test_a_decision_carries_confidence_and_rivals() -> None:
    """The best readings of the message, rounded, at most three."""
    read = CustomerTurn("nlu_fallback", 0.31239, [("a", 0.31239), ("b", 0.2), ("c", 0.1), ("d", 0.05)], False)
    decision = on_message([LOST, read], USUAL)
    assert decision is not None
    assert decision.confidence == 0.3124
    assert [rival["intent"] for rival in decision.ranking] == ["a", "b", "c"]
