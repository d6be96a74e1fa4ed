"""The line of a running turn: order, numbers, keep-alive, and the request for a person."""

import asyncio
from typing import Any

import pytest

from connectors import running
from connectors.bridge import Bridge
from connectors.model import Turn
from connectors.running import RunningTurn

from .fake_service import FakeService
from .waiting import until

DECISION = {"rule": "request", "trigger": "words", "reason": "The customer asked for a person."}
STATE: dict[str, Any] = {"events": [], "slots": {}}


@pytest.fixture
def line(bridge: Bridge) -> RunningTurn:
    return RunningTurn(Turn("t1", "site", "c1", epoch=7, text="hi"), bridge)


async def test_bubbles_are_numbered_in_the_order_of_saying(line: RunningTurn, service: FakeService) -> None:
    """However they are batched, bubble n is the n-th."""
    post = asyncio.ensure_future(line.post())
    for number in range(20):
        line.say({"text": str(number)})
        await asyncio.sleep(0.002 * (number % 3))
    line.end()
    await post
    assert service.texts("t1") == [str(number) for number in range(20)]
    assert sum(len(body["messages"]) for body in service.bodies("turns/t1/messages")) == 20


async def test_a_quiet_turn_is_kept(line: RunningTurn, service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a word for a while an empty post keeps the turn, again and again."""
    monkeypatch.setattr(running, "KEEP_ALIVE", 0.05)
    post = asyncio.ensure_future(line.post())
    await until(lambda: len(service.bodies("turns/t1/messages")) >= 3)
    line.end()
    await post
    first, *_, last = service.bodies("turns/t1/messages")
    assert (first["messages"], first["from"], first["done"]) == ([], 0, False)
    assert last["done"]


async def test_nothing_is_posted_after_the_end(line: RunningTurn, service: FakeService) -> None:
    """A policy that speaks too late asks for nobody."""
    line.end()
    await line.post()
    line.escalate(DECISION, STATE, {})
    line.reported(None)
    assert service.bodies("handovers") == []
    assert len(service.calls) == 1


async def test_the_end_asks_when_nobody_did(line: RunningTurn, service: FakeService) -> None:
    """A decision without a word of the action is carried out before the turn ends."""
    line.escalate(DECISION, STATE, {})
    line.say({"text": "One moment."})
    line.end()
    await line.post()
    assert [path for path, _ in service.calls] == ["turns/t1/messages", "handovers", "turns/t1/messages"]


async def test_a_failed_turn_asks_for_nobody(line: RunningTurn, service: FakeService) -> None:
    """It will run again, and decide again."""
    line.escalate(DECISION, STATE, {})
    line.end("ValueError: broken")
    await line.post()
    assert service.bodies("handovers") == []
    assert service.bodies("turns/t1/messages")[-1]["failed"] == "ValueError: broken"


async def test_a_refused_request_is_no_silence(line: RunningTurn, service: FakeService) -> None:
    """When the service says no for good, the customer is told."""
    service.faults = [404]
    line.escalate(DECISION, STATE, {})
    line.end()
    await line.post()
    assert service.texts("t1") == [
        "I'm having trouble reaching our team right now. I'll keep trying, and you can ask me again in a moment."
    ]


async def test_a_turn_that_the_service_dropped_is_let_go(line: RunningTurn, service: FakeService) -> None:
    """A refused post ends the posting, not the process."""
    service.faults = [409]
    line.say({"text": "Too late."})
    line.end()
    await line.post()
    assert service.calls == []


async def test_rasa_waits_until_its_words_are_there(line: RunningTurn, service: FakeService) -> None:
    """Settled means posted."""
    service.delay = 0.1
    post = asyncio.ensure_future(line.post())
    line.say({"text": "First."})
    await line.settle()
    assert service.texts("t1") == ["First."]
    line.end()
    await post


async def test_rasa_waits_in_vain_once(
    line: RunningTurn, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the service is away the turn goes on; what it said follows later."""
    monkeypatch.setattr(running, "SETTLE_SECONDS", 0.05)
    service.faults = [503] * 2
    post = asyncio.ensure_future(line.post())
    line.say({"text": "First."})
    await line.settle()
    assert service.texts("t1") == []
    monkeypatch.setattr(running, "SETTLE_SECONDS", 60)
    line.say({"text": "Second."})
    await line.settle()
    line.end()
    await post
    assert service.texts("t1") == ["First.", "Second."]


async def test_rasa_does_not_wait_for_a_turn_that_was_dropped(line: RunningTurn, service: FakeService) -> None:
    """Once posting is over, nothing holds Rasa up."""
    service.faults = [409]
    post = asyncio.ensure_future(line.post())
    line.say({"text": "Too late."})
    await line.settle()
    await post
    line.say({"text": "And this too."})
    await line.settle()
    assert service.calls == []
