"""WhatsApp's 24-hour window on the real thing: a running clock moves on, and nobody writes into a closed window."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.harness.client import body, code
from tests.harness.clock import ShiftedClock
from tests.harness.fixtures import not_here
from tests.harness.missing import MissingServer
from tests.harness.waiting import wait_until

from .outside import Outside, outside
from .talking import HANDOVER, PATIENCE

pytestmark = pytest.mark.rasa

SETTINGS = "claims: {lease_seconds: 3600, requeue_after_seconds: 86400}\nbot: {answer_within_seconds: 600}\n"
REQUEUED = "Your contact had to step away. Another team member will be with you shortly."


@pytest.fixture(scope="module")
def shop(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Outside, ShiftedClock]]:
    folder = tmp_path_factory.mktemp("window")
    try:
        clock = ShiftedClock(folder)
    except MissingServer as missing:
        not_here(missing)
    env = {f"{part}_env": clock.env() for part in ("service", "rasa", "actions")}
    with outside(folder, model, settings=SETTINGS, **env) as made:
        yield made, clock


@pytest.mark.promise("channels", "5")
def test_window_closes_for_agents_and_for_the_system(
    shop: tuple[Outside, ShiftedClock], figure: Callable[[str], None]
) -> None:
    """Open at 23 hours, closed at 25: the agent is told before anything is stored, a system text is marked failed."""
    made, clock = shop
    agent, customer = made.agent, made.customer("whatsapp")
    customer.says("I want to talk to a person")
    customer.waits_for(HANDOVER)
    conversation = customer.conversation()
    epoch = body(agent.claim(conversation))["epoch"]
    until = agent.conversation(conversation)["window_until"]
    assert until is not None
    clock.shift(hours=23)
    agent.sign_in()
    body(agent.send(conversation, epoch, "still in time"))
    customer.waits_for("still in time")
    clock.shift(hours=2)
    agent.sign_in()
    refused = agent.send(conversation, epoch, "too late")
    assert (refused.status_code, code(refused)) == (409, "window_closed")
    assert [e["text"] for e in agent.events(conversation)].count("too late") == 0
    before = len(customer.sees())
    clock.shift(hours=26)  # the agent has been away for longer than lease and requeue together; a colleague looks
    other = made.stack.service.add_agent("Marco")
    wait_until(lambda: other.conversation(conversation)["holder"]["kind"] == "queue", PATIENCE, "the requeue")
    system = [event for event in other.events(conversation) if event["text"] == REQUEUED]
    assert [event["status"] for event in system] == ["failed"]
    assert len(customer.sees()) == before
    figure(
        "23 h: sent; 25 h: refused with window_closed, nothing stored; the system's text failed in the log, not sent"
    )
