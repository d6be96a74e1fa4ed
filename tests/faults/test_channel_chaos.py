"""Replies on Telegram and WhatsApp while the providers stumble and service and Rasa are killed.

What must hold: every reply that was acknowledged arrives, in its conversation's order; one arrives twice only where a
provider gave no answer, or a send was in flight when Rasa was killed, and then the dashboard says so.
"""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from tests.e2e.outside import Customer, OnPhone, Outside, outside
from tests.e2e.talking import HANDOVER
from tests.harness.client import AgentClient, body
from tests.harness.waiting import wait_until

pytestmark = pytest.mark.rasa

PROVEN = 40, 15, 8
TESTED = 8, 5, 2
"""Conversations, replies in each, kills: `make prove` runs the whole storm, `make test` a short one."""

IN_FLIGHT = 32
"""Sends that may be under way when Rasa is killed: 16 for each of two accounts."""

SETTINGS = "claims: {lease_seconds: 3600}\nbot: {answer_within_seconds: 600}\n"
GIVE_UP_SECONDS = 600
FAULTS = {"500": 0.10, "429": 0.04, "timeout_after": 0.05}


@pytest.fixture(scope="module")
def shop(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    with outside(tmp_path_factory.mktemp("chaos"), model, settings=SETTINGS) as made:
        yield made


@dataclass
class Line:
    """One claimed conversation, and what the agent has written into it."""

    customer: Customer
    agent: AgentClient
    conversation: str
    epoch: int
    acknowledged: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, shop: Outside, channel: str) -> "Line":
        customer = shop.customer(channel)
        customer.says("I want to talk to a person")
        customer.waits_for(HANDOVER)
        conversation = customer.conversation()
        return cls(customer, shop.agent.again(), conversation, body(shop.agent.claim(conversation))["epoch"])

    def write(self, each: int) -> None:
        """Each reply is repeated under its id until it is stored, as a dashboard does."""
        for number in range(each):
            text = f"reply {number} to {self.customer.name}"
            deadline = time.monotonic() + GIVE_UP_SECONDS
            while time.monotonic() < deadline:
                try:
                    if self.agent.send(self.conversation, self.epoch, text, f"m{number}").ok:
                        self.acknowledged.append(text)
                        break
                except requests.RequestException:
                    pass
                time.sleep(0.2)

    def arrived(self) -> list[str]:
        return [text for text in self.customer.sees() if text.startswith("reply")]

    def twice(self) -> list[str]:
        """Replies that arrived more than once."""
        seen = self.arrived()
        return [text for text in dict.fromkeys(seen) if seen.count(text) > 1]

    def marked(self) -> set[str]:
        """Replies of which the dashboard says that they may have arrived twice."""
        events: list[dict[str, object]] = []
        while page := self.agent.events(self.conversation, after=int(str(events[-1]["seq"])) if events else 0):
            events += page
        doubted = {event["target"] for event in events if event["kind"] == "delivery"}
        return {str(event["text"]) for event in events if event["seq"] in doubted}


def kill_in_turn(shop: Outside, kills: int, lines: list[Line], total: int) -> int:
    """Service and Rasa by turns, spread over the run; how often Rasa was killed."""
    of_rasa = 0
    for kill in range(kills):
        due = (kill + 1) * total // (kills + 2)
        wait_until(lambda due=due: sum(len(line.acknowledged) for line in lines) >= due, GIVE_UP_SECONDS, f"{due} sent")
        part = shop.stack.rasa if kill % 2 else shop.stack.service
        of_rasa += kill % 2
        part.relaunch()
    return of_rasa


def all_arrived(lines: list[Line]) -> bool:
    return all(set(line.acknowledged) <= set(line.arrived()) for line in lines)


def run(shop: Outside, conversations: int, each: int, kills: int) -> str:
    lines = [
        Line.open(shop, channel) for _, channel in zip(range(conversations), itertools.cycle(PHONES), strict=False)
    ]
    for faults, method in ((shop.telegram.faults, "sendMessage"), (shop.graph.faults, "messages")):
        faults.rates(method, **FAULTS)
    writers = [threading.Thread(target=line.write, args=(each,)) for line in lines]
    for writer in writers:
        writer.start()
    of_rasa = kill_in_turn(shop, kills, lines, conversations * each)
    for writer in writers:
        writer.join(GIVE_UP_SECONDS)
    assert [len(line.acknowledged) for line in lines] == [each] * conversations
    wait_until(lambda: all_arrived(lines), GIVE_UP_SECONDS, "every reply at its customer", every=1.0)
    for faults in (shop.telegram.faults, shop.graph.faults):
        faults.clear()
    return judge(shop, lines, of_rasa)


PHONES = ("telegram", "whatsapp")


def judge(shop: Outside, lines: list[Line], of_rasa: int) -> str:
    for line in lines:
        assert isinstance(line.customer, OnPhone)
        assert list(dict.fromkeys(line.arrived())) == line.acknowledged, "in order, none missing"
        assert set(line.twice()) <= line.marked(), "what arrived twice is marked"
    doubles = sum(len(line.arrived()) - len(line.acknowledged) for line in lines)
    ambiguous = shop.telegram.faults.ambiguous + shop.graph.faults.ambiguous
    assert doubles <= ambiguous + of_rasa * IN_FLIGHT
    total = sum(len(line.acknowledged) for line in lines)
    return (
        f"{total} replies in {len(lines)} conversations, {ambiguous} unanswered sends, {of_rasa} kills of Rasa: "
        f"0 lost, 0 reordered, {doubles} doubled, each marked"
    )


@pytest.mark.promise("channels", "4")
def test_a_storm(shop: Outside, request: pytest.FixtureRequest, figure: Callable[[str], None]) -> None:
    """10 % 500, 4 % 429, 5 % accepted without an answer, and kills of service and Rasa by turns."""
    conversations, each, kills = PROVEN if request.config.getoption("--promises") else TESTED
    figure(f"{run(shop, conversations, each, kills)}; {kills} kills in all")
