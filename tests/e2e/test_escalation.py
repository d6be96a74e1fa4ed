"""The ways from the real bot to a person: each opens one handover, says so once, and tells the agent why."""

from typing import Any

import pytest

from tests.harness.client import AgentClient, body
from tests.harness.running import LiveStack
from tests.harness.waiting import PATIENCE, wait_until

from .talking import HANDOVER, Customer, said_once

pytestmark = pytest.mark.rasa

IN_THE_FORM = ("xylo quux fnord", "ettle", "blorb")
"""None is understood: the form refuses the first, finds the kettle in the second, and takes the third as a reason."""

NONSENSE = ("xylo quux fnord", "zzgrmpf blarg wibble")


@pytest.fixture(scope="module")
def agent(live: LiveStack) -> AgentClient:
    return live.service.add_agent("Escalation Desk")


@pytest.fixture
def customer(live: LiveStack) -> Customer:
    return Customer(live)


def handed_over(agent: AgentClient, customer: Customer, trigger: str, reason: str) -> dict[str, Any]:
    """The card of the conversation's one handover, which waits in Pending and was announced once."""
    shown = agent.conversation(customer.id)
    assert shown["holder"]["kind"] == "queue"
    assert (shown["handover"]["trigger"], shown["handover"]["reason"]) == (trigger, reason)
    assert [handover["status"] for handover in customer.handovers()] == ["pending"]
    assert [item["conversation_id"] for item in agent.handovers(q="", limit=200)["items"]].count(customer.id) == 1
    assert said_once(customer.log(), HANDOVER)
    card: dict[str, Any] = shown["card"]
    return card


@pytest.mark.promise("main", "5a")
def test_asked_for_in_words(agent: AgentClient, customer: Customer, figure: Any) -> None:
    """ "I want to talk to a person" is answered by the handover message alone; the card says request and how sure."""
    customer.ask("hello")
    answer = customer.ask("I want to talk to a person")
    assert answer == [("system", HANDOVER)]
    card = handed_over(agent, customer, "words", "The customer asked for a person.")
    assert (card["rule"], card["reason"]) == ("request", "The customer asked for a person.")
    assert 0.4 < card["confidence"] <= 1
    assert card["ranking"][0]["intent"] == "request_human"
    assert [(entry["text"], entry["intent"]) for entry in card["intents"]] == [
        ("hello", "greet"),
        ("I want to talk to a person", "request_human"),
    ]
    assert all(len(entry["rivals"]) == 2 for entry in card["intents"])
    assert card["active_form"] is None
    assert card["failed_turns"] == []
    figure(f"trigger words, rule request, confidence {card['confidence']:.2f}; 1 handover, 1 handover message")


@pytest.mark.promise("main", "5b")
def test_not_understood_twice(agent: AgentClient, customer: Customer, figure: Any) -> None:
    """After the first nonsense the bot asks again; after the second a person is called, with both lines on the card."""
    (first,) = customer.ask(NONSENSE[0])
    assert first[0] == "bot"
    assert customer.handovers() == []
    assert customer.ask(NONSENSE[1]) == [("system", HANDOVER)]
    card = handed_over(agent, customer, "bot", "The bot did not understand 2 messages in a row.")
    assert card["rule"] == "low_confidence"
    assert card["confidence"] < 0.4
    assert 1 <= len(card["ranking"]) <= 3
    assert [(turn["text"], turn["answer"], turn["why"]) for turn in card["failed_turns"]] == [
        (NONSENSE[0], first[1], "not understood"),
        (NONSENSE[1], None, "not understood"),
    ]
    assert [entry["intent"] for entry in card["intents"]] == ["nlu_fallback"] * 2
    assert all(entry["rivals"] for entry in card["intents"])
    figure(f"trigger bot, rule low_confidence, confidence {card['confidence']:.2f}; both lines on the card")


@pytest.mark.promise("main", "5c")
def test_asked_for_from_inside_the_form(agent: AgentClient, customer: Customer, figure: Any) -> None:
    """In the middle of a return the words still work; the card shows the form, what is filled and what is missing."""
    customer.ask("I want to return something")
    question = customer.ask("LK-10388")
    assert question == [("bot", "Which item would you like to return?")]
    assert customer.ask("I want to talk to a person") == [("system", HANDOVER)]
    card = handed_over(agent, customer, "words", "The customer asked for a person.")
    assert card["rule"] == "request"
    assert card["active_form"] == {"name": "return_form", "requested_slot": "return_item"}
    assert card["slots"] == [{"name": "order_number", "value": "LK-10388"}]
    assert card["missing_slots"] == ["return_item", "return_reason"]
    figure("trigger words inside return_form at return_item, order_number LK-10388, 2 slots missing")


def test_low_confidence_does_not_end_a_form(customer: Customer) -> None:
    """Free text inside the form is read badly by nature: nobody is called for it, and the return gets booked."""
    customer.ask("I need to return order LK-10388")
    answers = [customer.ask(words) for words in IN_THE_FORM]
    readings = [event["parse_data"]["intent"]["name"] for event in customer.tracker("user")]
    assert readings[1:] == ["nlu_fallback"] * len(IN_THE_FORM)
    assert "is booked" in answers[-1][0][1]
    assert customer.handovers() == []


def test_a_form_that_goes_in_circles(agent: AgentClient, customer: Customer) -> None:
    """The same complaint of the form twice in a row calls a person, with the form on the card."""
    customer.ask("I want to return something")
    first = customer.ask(NONSENSE[0])
    assert customer.ask(NONSENSE[1]) == [*first, ("system", HANDOVER)]
    card = handed_over(agent, customer, "bot", "The bot gave the same answer 2 times in a row.")
    assert card["rule"] == "repeated_answer"
    assert card["active_form"] == {"name": "return_form", "requested_slot": "order_number"}


def test_the_same_answer_twice(agent: AgentClient, customer: Customer) -> None:
    """The second answer still reaches the customer, and then the bot calls a person by itself."""
    (first,) = customer.ask("how long does delivery take")
    second = customer.ask("what does shipping cost")
    assert second == [first, ("system", HANDOVER)]
    card = handed_over(agent, customer, "bot", "The bot gave the same answer 2 times in a row.")
    assert card["rule"] == "repeated_answer"


def test_the_buttons_card_follows(agent: AgentClient, customer: Customer) -> None:
    """The button opens the handover at once; what the bot had understood so far is on the card soon after."""
    customer.ask("when are you open")
    assert body(customer.visitor.ask_for_person())["status"] == "pending"
    wait_until(lambda: agent.conversation(customer.id)["card"], PATIENCE, "the card")
    card = handed_over(agent, customer, "button", "The customer pressed “Talk to Human”.")
    assert [(entry["text"], entry["intent"]) for entry in card["intents"]] == [
        ("when are you open", "ask_opening_hours")
    ]
    assert card["rule"] is None


def test_pressed_in_the_middle_of_an_answer(agent: AgentClient, customer: Customer) -> None:
    """Button and words at the same moment are one handover and one handover message."""
    seq = customer.say("I want to talk to a person")
    body(customer.visitor.ask_for_person())
    assert said_once(customer.answers(seq), HANDOVER)
    assert len(customer.handovers()) == 1
    assert agent.conversation(customer.id)["holder"]["kind"] == "queue"


def test_a_bots_own_button_asks_for_a_person(agent: AgentClient, customer: Customer) -> None:
    """ "Talk to a person" under the bot's apology hands over like the words, and nothing else can."""
    seq = customer.say(NONSENSE[0])
    customer.answers(seq)
    apology = customer.visitor.events(seq)[0]
    (key,) = [button["key"] for button in apology["buttons"] if button["title"] == "Talk to a person"]
    pressed = int(body(customer.visitor.press(key))["seq"])
    assert customer.answers(pressed) == [("system", HANDOVER)]
    card = handed_over(agent, customer, "words", "The customer asked for a person.")
    assert card["confidence"] == 1.0
