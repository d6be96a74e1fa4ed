"""Rasa's side breaks: no action server or a slow one, and `kill -9` of Rasa in mid-turn.

One stack for all, with a fault proxy on Rasa's way to the action server and on its way back to the service.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.harness.client import AgentClient
from tests.harness.proxy import FaultProxy
from tests.harness.running import LiveStack, free_ports
from tests.harness.waiting import PATIENCE, wait_until

from .talking import HANDOVER, Customer, said_once

pytestmark = pytest.mark.rasa

# The honest text of a bot that is silent for too long must not be what saves the customer here.
SETTINGS = "bot: {answer_within_seconds: 600}\n"
WORDS = "I want to talk to a person"
ASKED = "The customer asked for a person."
STOCK = "The trail kettle costs 49.00 €, 14 in stock."
RETURN = ["I can book a return for you. It takes three short questions.", "Which item would you like to return?"]
OPENING = "The shop in Hamburg"
AGAIN_SECONDS = 180
"""Rasa's start and the 30 s for which a silent turn is left to its connector, on a busy machine."""


@dataclass
class Shop:
    stack: LiveStack
    agent: AgentClient
    actions_line: FaultProxy
    service_line: FaultProxy


@pytest.fixture(scope="module")
def whole(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    ports = free_ports()
    with FaultProxy(ports.actions) as actions, FaultProxy(ports.service) as service:
        env = {"LIVECHAT_ACTIONS_URL": f"{actions.url}/webhook", "LIVECHAT_URL": service.url}
        folder = tmp_path_factory.mktemp("broken")
        with LiveStack(folder, model=model, ports=ports, settings=SETTINGS, rasa_env=env) as stack:
            yield Shop(stack, stack.service.add_agent("Priya"), actions, service)


@pytest.fixture
def shop(whole: Shop) -> Iterator[Shop]:
    """The stack with everything working, whatever the test before broke."""
    yield whole
    whole.stack.actions.resume()
    for part in (whole.stack.actions, whole.stack.rasa):
        if not part.running:
            part.launch()


def handed_over(shop: Shop, customer: Customer) -> dict[str, object]:
    """The card of the one handover, which was announced once and is not doubled by anything that comes late."""
    (handover,) = customer.handovers()
    assert handover["status"] == "pending"
    assert said_once(customer.log(), HANDOVER)
    shown = shop.agent.conversation(customer.id)
    assert shown["holder"]["kind"] == "queue"
    return {"trigger": handover["trigger"], **shown["card"]}


@pytest.mark.promise("main", "5d")
def test_the_action_server_is_stopped(shop: Shop, figure: Callable[[str], None]) -> None:
    """Nobody runs the action that asks for a person; the connector asks, with the same card."""
    customer = Customer(shop.stack)
    customer.ask("hello")
    shop.stack.actions.stop()
    assert customer.ask(WORDS) == [("system", HANDOVER)]
    card = handed_over(shop, customer)
    assert (card["trigger"], card["rule"], card["reason"]) == ("words", "request", ASKED)
    figure("stopped: 1 handover, 1 handover message")


@pytest.mark.promise("main", "5d")
def test_the_action_server_is_slow(shop: Shop, figure: Callable[[str], None]) -> None:
    """After five seconds the connector asks; the action's own request comes later and opens nothing more."""
    customer = Customer(shop.stack)
    customer.ask("hello")
    shop.stack.actions.pause()
    seq = customer.say(WORDS)
    wait_until(customer.handovers, PATIENCE, "the handover")
    assert customer.turn(seq)["state"] == "running"
    shop.stack.actions.resume()
    assert customer.answers(seq) == [("system", HANDOVER)]
    notes = [event["metadata"]["livechat"] for event in customer.tracker("agent")]
    assert [note["handover"] for note in notes if "handover" in note] == ["pending"]
    card = handed_over(shop, customer)
    assert (card["trigger"], card["rule"], card["reason"]) == ("words", "request", ASKED)
    figure("slow: asked twice, 1 handover, 1 handover message")


def test_an_action_that_fails_calls_a_person(shop: Shop) -> None:
    """The bot can't look at the stock: it hands over by itself, and the card says what it could not do."""
    customer = Customer(shop.stack)
    shop.stack.actions.stop()
    assert customer.ask("is the trail kettle in stock") == [("system", HANDOVER)]
    card = handed_over(shop, customer)
    assert (card["trigger"], card["rule"]) == ("bot", "failed_action")
    assert card["reason"] == "The bot could not carry out action_check_stock."
    assert card["failed_turns"] == [
        {"text": "is the trail kettle in stock", "answer": None, "why": card["reason"]},
    ]


@dataclass
class Asked:
    """A customer who was waiting for an answer when Rasa was killed."""

    customer: Customer
    seq: int

    @classmethod
    def ask(cls, shop: Shop, text: str) -> "Asked":
        customer = Customer(shop.stack)
        return cls(customer, customer.say(text))

    def answer(self) -> list[str]:
        """What the bot said, once its turn is over and the conversation has gone on."""
        self.customer.answers(self.seq, AGAIN_SECONDS)
        later = self.customer.ask("thank you")
        log = self.customer.log(self.seq)
        assert log[-len(later) - 1 :] == [("customer", "thank you"), *later]
        answer = log[: -len(later) - 1]
        assert {who for who, _ in answer} == {"bot"}
        return [text for _, text in answer]

    def runs(self) -> int:
        """How often Rasa has run and saved the turn."""
        turn = self.customer.turn(self.seq)["id"]
        return [event.get("message_id") for event in self.customer.tracker("user")].count(turn)


@dataclass
class Killed:
    """Four customers at the moment of `kill -9`."""

    in_an_action: Asked
    after_a_bubble: Asked
    handed_over: Asked
    saved: Asked


@pytest.fixture(scope="module")
def killed(whole: Shop) -> Killed:
    """Rasa killed while four turns run, and started again with all lines whole.

    Three wait for an action whose answer never comes, so that nothing of them is saved: one has said its first bubble,
    the action of another has asked for a person. The fourth is saved, but Rasa can't reach the service to say so.
    """
    whole.actions_line.swallow("down")
    calls = whole.actions_line.accepted
    in_an_action = Asked.ask(whole, "is the trail kettle in stock")
    after_a_bubble = Asked.ask(whole, "I need to return order LK-10388")
    handed_over = Asked.ask(whole, WORDS)
    wait_until(lambda: whole.actions_line.accepted == calls + 3, PATIENCE, "all actions to run")
    wait_until(handed_over.customer.handovers, PATIENCE, "the handover")
    wait_until(lambda: after_a_bubble.customer.log(after_a_bubble.seq), PATIENCE, "the first bubble")
    whole.service_line.cut()
    saved = Asked.ask(whole, "when are you open")
    wait_until(lambda: saved.customer.is_in_tracker(saved.seq), PATIENCE, "Rasa to save the fourth turn")
    for asked, bubbles, runs in ((in_an_action, 0, 0), (after_a_bubble, 1, 0), (handed_over, 1, 0), (saved, 0, 1)):
        assert len(asked.customer.log(asked.seq)) == bubbles
        assert asked.runs() == runs
        assert asked.customer.turn(asked.seq)["state"] == "running"
    whole.stack.rasa.kill()
    whole.actions_line.heal()
    whole.service_line.heal()
    whole.stack.rasa.launch()
    return Killed(in_an_action, after_a_bubble, handed_over, saved)


@pytest.mark.promise("main", "7b")
def test_killed_before_the_tracker_is_saved(killed: Killed, figure: Callable[[str], None]) -> None:
    """The turn is run again from its beginning, and its answer comes once."""
    assert killed.in_an_action.answer() == [STOCK]
    assert killed.in_an_action.runs() == 1
    figure("killed in an action: 1 answer")


@pytest.mark.promise("main", "7b")
def test_killed_between_two_bubbles(killed: Killed, figure: Callable[[str], None]) -> None:
    """The bubble that was out before is not said again; the rest follows."""
    assert killed.after_a_bubble.answer() == RETURN
    assert killed.after_a_bubble.runs() == 1
    figure("killed after its first bubble: 2 bubbles, each once")


@pytest.mark.promise("main", "7b")
def test_killed_while_asking_for_a_person(whole: Shop, killed: Killed, figure: Callable[[str], None]) -> None:
    """The handover stands; the turn that asked for it is not run again."""
    assert killed.handed_over.customer.answers(killed.handed_over.seq, AGAIN_SECONDS) == [("system", HANDOVER)]
    assert handed_over(whole, killed.handed_over.customer)["trigger"] == "words"
    assert killed.handed_over.runs() == 0
    figure("killed while asking for a person: 1 handover, 1 handover message")


@pytest.mark.promise("main", "7c")
def test_killed_after_the_tracker_is_saved(killed: Killed, figure: Callable[[str], None]) -> None:
    """Rasa finds the turn in its tracker and says what it had said; it does nothing twice."""
    (answer,) = killed.saved.answer()
    assert answer.startswith(OPENING)
    assert killed.saved.runs() == 1
    figure("saved and not yet told: 1 answer, Rasa ran it once")
