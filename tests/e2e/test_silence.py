"""While a person owns a conversation the bot says nothing to the customer, and afterwards it is not muted.

All parts run under one clock that the test can move on; what the bot still says is stored for the audit alone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from tests.harness.client import AgentClient, body
from tests.harness.clock import ShiftedClock
from tests.harness.fixtures import not_here
from tests.harness.missing import MissingServer
from tests.harness.proxy import FaultProxy
from tests.harness.running import LiveStack, free_ports
from tests.harness.waiting import PATIENCE, wait_until

from .talking import Customer, Line

pytestmark = pytest.mark.rasa

# The agent is there for longer than the hour that passes; the bot's late answers are what is looked at.
SETTINGS = """\
claims: {lease_seconds: 3600, requeue_after_seconds: 7200}
bot: {answer_within_seconds: 600}
"""
STOCK_SECONDS = "10"
STOCK = "The trail kettle costs 49.00 €, 14 in stock."
REMINDER = "Here is your reminder: your cart is still waiting for you."
OPENING = "The shop in Hamburg"


@dataclass
class Shop:
    """The product under a clock of its own, an agent, and the line between Rasa and the action server."""

    stack: LiveStack
    clock: ShiftedClock
    actions_line: FaultProxy
    agent: AgentClient


@pytest.fixture(scope="module")
def shop(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("silence")
    try:
        clock = ShiftedClock(folder)
    except MissingServer as missing:
        not_here(missing)
    ports = free_ports()
    with FaultProxy(ports.actions) as line:
        stack = LiveStack(
            folder,
            model=model,
            ports=ports,
            settings=SETTINGS,
            service_env=clock.env(),
            rasa_env={**clock.env(), "LIVECHAT_ACTIONS_URL": f"{line.url}/webhook"},
            actions_env={**clock.env(), "SHOP_STOCK_SECONDS": STOCK_SECONDS},
        )
        with stack:
            yield Shop(stack, clock, line, stack.service.add_agent("Priya"))


@dataclass
class Hold:
    """A conversation that an agent owns."""

    shop: Shop
    customer: Customer
    epoch: int
    since: int

    @classmethod
    def take(cls, shop: Shop, customer: Customer) -> "Hold":
        taken = body(shop.agent.claim(customer.id))
        return cls(shop, customer, taken["epoch"], taken["last_seq"])

    def agent_sees(self, text: str) -> dict[str, object]:
        """The customer's line as the agent reads it, marked as meant for a person."""
        lines = self.shop.agent.events(self.customer.id, self.since)
        (line,) = [event for event in lines if event["text"] == text]
        return line

    def customer_got(self) -> list[Line]:
        """What the customer got from others since the claim."""
        return [(who, text) for who, text in self.customer.log(self.since) if who != "customer"]

    def still_held(self) -> bool:
        shown = self.shop.agent.conversation(self.customer.id)
        return (shown["holder"]["id"], shown["epoch"]) == (self.shop.agent.id, self.epoch)

    def end(self) -> None:
        """Resolve; then the bot answers the next line, and only it."""
        body(self.shop.agent.resolve(self.customer.id, self.epoch, force=True))
        turns = self.customer.turns()
        ((who, text),) = self.customer.ask("when are you open")
        assert who == "bot"
        assert text.startswith(OPENING)
        assert self.customer.turns() == turns + 1
        assert [one for one, _ in self.customer.ask("thank you")] == ["bot"]


@pytest.mark.promise("main", "6")
def test_a_typed_restart(shop: Shop, figure: Callable[[str], None]) -> None:
    """`/restart` is a line for the agent: the bot gets no turn, and Rasa's tracker doesn't even learn of it."""
    customer = Customer(shop.stack)
    customer.ask("hello")
    hold = Hold.take(shop, customer)
    turns, known = customer.turns(), len(customer.tracker())
    seq = customer.say("/restart")
    assert customer.stays_quiet(after=seq)
    assert hold.agent_sees("/restart")
    assert hold.still_held()
    assert (customer.turns(), len(customer.tracker())) == (turns, known)
    hold.end()
    figure("/restart: 0 turns, 0 messages, afterwards 1 answer")


@pytest.mark.promise("main", "6")
def test_an_action_that_ends_after_the_claim(shop: Shop, figure: Callable[[str], None]) -> None:
    """A look at the stock that was begun for the bot ends with the agent: kept in the log, shown to nobody."""
    customer = Customer(shop.stack)
    calls = shop.actions_line.accepted
    seq = customer.say("is the trail kettle in stock")
    wait_until(lambda: shop.actions_line.accepted > calls, PATIENCE, "the slow action to begin")
    hold = Hold.take(shop, customer)
    assert customer.turn(seq)["state"] == "running"
    assert customer.suppressed() == []
    wait_until(customer.suppressed, PATIENCE, "the action's late word")
    assert [(line["text"], line["audience"]) for line in customer.suppressed()] == [(STOCK, "log")]
    wait_until(lambda: customer.turn(seq)["state"] != "running", PATIENCE, "the end of the turn")
    assert hold.customer_got() == []
    assert STOCK not in [event["text"] for event in shop.agent.events(customer.id)]
    assert hold.still_held()
    hold.end()
    figure("slow action: 1 line suppressed, 0 messages, afterwards 1 answer")


@pytest.mark.promise("main", "6")
def test_an_action_that_ends_after_resolve(shop: Shop, figure: Callable[[str], None]) -> None:
    """Claimed and resolved while the action runs: its word is late all the same, and the next line gets one answer."""
    customer = Customer(shop.stack)
    calls = shop.actions_line.accepted
    customer.say("is the trail kettle in stock")
    wait_until(lambda: shop.actions_line.accepted > calls, PATIENCE, "the slow action to begin")
    hold = Hold.take(shop, customer)
    body(shop.agent.resolve(customer.id, hold.epoch, force=True))
    ((who, text),) = customer.ask("when are you open")
    assert who == "bot"
    assert text.startswith(OPENING)
    assert [line["text"] for line in customer.suppressed()] == [STOCK]
    assert [one for one, _ in customer.ask("thank you")] == ["bot"]
    figure("slow action over a resolve: 1 line suppressed, 1 answer to the next line")


@pytest.mark.promise("main", "6")
def test_a_reminder_that_falls_due(shop: Shop, figure: Callable[[str], None]) -> None:
    """Reminders are set by four customers: those whom the bot serves get theirs, those with an agent do not.

    Two of each, because Rasa skips a reminder when it is busy for a second at the very moment.
    """
    served, owned = [Customer(shop.stack) for _ in range(2)], [Customer(shop.stack) for _ in range(2)]
    for customer in owned:
        customer.ask("remind me in 20 seconds")
    holds = [Hold.take(shop, customer) for customer in owned]
    for customer in served:
        customer.ask("remind me in 5 seconds")
    wait_until(lambda: any(("bot", REMINDER) in one.log() for one in served), PATIENCE, "a served customer's reminder")
    late = wait_until(lambda: [line for one in owned for line in one.suppressed()], PATIENCE, "an owned one's reminder")
    assert {(line["text"], line["audience"]) for line in late} == {(REMINDER, "log")}
    for hold in holds:
        assert hold.customer_got() == []
        assert hold.still_held()
    holds[0].end()
    figure("reminder: suppressed, 0 messages, afterwards 1 answer")


@pytest.mark.promise("main", "6")
def test_an_hour_and_a_minute_later(shop: Shop, figure: Callable[[str], None]) -> None:
    """Past Rasa's session expiry, which would lift a pause, a customer's line is still the agent's alone."""
    customer = Customer(shop.stack)
    customer.ask("hello")
    hold = Hold.take(shop, customer)
    customer.say("Are you still there?")
    shop.clock.shift(minutes=61)
    turns, known = customer.turns(), len(customer.tracker())
    seq = customer.say("where is my order")
    assert customer.stays_quiet(after=seq)
    before, after = (moment(hold.agent_sees(text)) for text in ("Are you still there?", "where is my order"))
    assert after - before > 3600
    assert hold.still_held()
    assert (customer.turns(), len(customer.tracker())) == (turns, known)
    hold.end()
    first, *_, last = [event["timestamp"] for event in customer.tracker("user")]
    assert last - first > 3600
    figure(f"{(after - before) / 60:.0f} minutes later: 0 turns, 0 messages, afterwards 1 answer")


def moment(event: dict[str, object]) -> float:
    """When an event happened, in seconds."""
    return datetime.fromisoformat(str(event["at"])).timestamp()
