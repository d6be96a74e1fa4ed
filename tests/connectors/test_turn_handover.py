"""A person is asked for once, whatever the action server does."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from connectors import running

from .fake_actions import Answer, FakeActions, noting, saying
from .fake_service import FakeService
from .stage import Stage, turn
from .waiting import until


async def test_with_the_action_server_down_the_connector_asks(
    new_stage: Callable[..., Stage], service: FakeService
) -> None:
    """Nobody runs the action: the turn itself asks, once, with key, trigger, reason and card."""
    stage = new_stage()
    await stage.run(turn(1, "hello"))
    await stage.run(turn(2, "a person please"))
    (request,) = service.bodies("handovers")
    assert request["key"] == "c1-t2"
    assert request["conversation_id"] == "c1"
    assert (request["trigger"], request["reason"]) == ("words", "The customer asked for a person.")
    assert [read["text"] for read in request["card"]["intents"]] == ["hello", "a person please"]
    assert service.texts("c1-t2") == []
    assert service.is_done("c1-t2")


async def test_with_the_action_server_slow_the_connector_asks_in_time(
    stage: Stage, service: FakeService, action_server: FakeActions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The action thinks for too long: the turn asks meanwhile; that the action asks too changes nothing."""
    monkeypatch.setattr(running, "ACTION_SECONDS", 0.3)
    release = asyncio.Event()

    async def slow(tracker: Answer) -> Answer:
        await release.wait()
        return noting("already_open")

    action_server.actions["action_request_handover"] = slow
    begun = time.monotonic()
    stage.turns.start(stage.agent, turn(1, "person"))
    await until(lambda: service.bodies("handovers"))
    assert time.monotonic() - begun > 0.2
    release.set()
    await stage.wait()
    assert len(service.bodies("handovers")) == 1


@pytest.mark.parametrize("status", ["pending", "already_open", "out_of_hours", "disabled"])
async def test_what_the_action_settled_is_left_alone(
    status: str, stage: Stage, service: FakeService, action_server: FakeActions
) -> None:
    """The action asked and noted the answer: the connector doesn't ask again."""

    async def ask(tracker: Answer) -> Answer:
        return noting(status)

    action_server.actions["action_request_handover"] = ask
    await stage.run(turn(1, "person"))
    assert service.bodies("handovers") == []
    assert len(action_server.calls) == 1


@pytest.mark.parametrize("status", ["unreachable", "refused"])
async def test_what_the_action_could_not_settle_is_asked_again(
    status: str, stage: Stage, service: FakeService, action_server: FakeActions
) -> None:
    """The action server had no way to the service, this side has."""

    async def ask(tracker: Answer) -> Answer:
        return noting(status)

    action_server.actions["action_request_handover"] = ask
    await stage.run(turn(1, "person"))
    assert len(service.bodies("handovers")) == 1


async def test_when_live_chat_is_off_the_customer_is_told(
    new_stage: Callable[..., Stage], service: FakeService
) -> None:
    """No action server and no live chat: still an answer, no silence."""
    service.handover = {"status": "disabled", "reason": "plan"}
    await new_stage().run(turn(1, "person"))
    assert service.texts("c1-t1") == ["I'm sorry, I can't connect you to a person here."]


async def test_two_misunderstood_messages_call_a_person(stage: Stage, service: FakeService) -> None:
    """The second one in a row is not answered by the bot any more."""
    await stage.run(turn(1, "blah"))
    await stage.run(turn(2, "blub"))
    assert service.texts("c1-t1") == ["Pardon?"]
    assert service.texts("c1-t2") == []
    (request,) = service.bodies("handovers")
    assert (request["trigger"], request["card"]["rule"]) == ("bot", "low_confidence")
    assert [failed["text"] for failed in request["card"]["failed_turns"]] == ["blah", "blub"]


async def test_a_failing_action_calls_a_person(stage: Stage, service: FakeService) -> None:
    """An action that raises leaves nothing behind; the customer is not left with it."""
    await stage.run(turn(1, "wait"))
    (request,) = service.bodies("handovers")
    assert request["card"]["rule"] == "failed_action"
    assert request["reason"] == "The bot could not carry out action_wait."


async def test_the_same_answer_twice_calls_a_person(stage: Stage, service: FakeService) -> None:
    """The bot repeats itself: after the second time somebody else is asked for."""
    await stage.run(turn(1, "story"))
    await stage.run(turn(2, "story again"))
    assert service.texts("c1-t2") == ["One.", "Two."]
    (request,) = service.bodies("handovers")
    assert (request["key"], request["card"]["rule"]) == ("c1-t2", "repeated_answer")


async def test_what_was_said_before_a_handover_is_there_before_it(
    stage: Stage, service: FakeService, action_server: FakeActions
) -> None:
    """The action opens the handover at the service by itself; a bubble that came after that would be suppressed."""
    service.delay = 0.2
    known: list[str] = []

    async def ask(tracker: Answer) -> Answer:
        known.extend(service.texts("c1-t2"))
        return noting("pending")

    action_server.actions["action_request_handover"] = ask
    await stage.run(turn(1, "story"))
    await stage.run(turn(2, "story again"))
    assert known == ["One.", "Two."]


async def test_a_request_inside_a_form_is_heard(stage: Stage, service: FakeService) -> None:
    """Asking for a person in the middle of a form gets one, and the card shows the form."""
    await stage.run(turn(1, "shape"))
    await stage.run(turn(2, "person"))
    (request,) = service.bodies("handovers")
    assert request["card"]["active_form"] == {"name": "size_form", "requested_slot": "size"}
    assert request["card"]["missing_slots"] == ["size", "colour"]
    assert service.texts("c1-t2") == []


async def test_free_text_inside_a_form_calls_nobody(stage: Stage, service: FakeService) -> None:
    """Answers in a form are read with low confidence and mean nothing."""
    for number, text in enumerate(["shape", "blah", "blub"], start=1):
        await stage.run(turn(number, text))
    assert service.bodies("handovers") == []


async def test_the_turn_ends_after_the_request(stage: Stage, service: FakeService, action_server: FakeActions) -> None:
    """Whatever the action brings back, the bot listens next and does not ask twice."""

    async def ask(tracker: Answer) -> Answer:
        return saying("We can't.", events=noting("disabled")["events"])

    action_server.actions["action_request_handover"] = ask
    await stage.run(turn(1, "person"))
    actions = [event["name"] for event in await stage.events() if event["event"] == "action"]
    assert actions[-2:] == ["action_request_handover", "action_listen"]
    assert service.texts("c1-t1") == ["We can't."]


async def test_reason_confidence_and_ranking_are_in_the_tracker(stage: Stage) -> None:
    """The decision stands in the action's metadata, for whoever reads the tracker later."""
    await stage.run(turn(1, "person"))
    action: dict[str, Any] = next(
        event for event in await stage.events() if event.get("name") == "action_request_handover"
    )
    assert action["metadata"]["livechat"]["decision"] == {
        "rule": "request",
        "trigger": "words",
        "reason": "The customer asked for a person.",
        "confidence": 1.0,
        "ranking": [{"intent": "person", "confidence": 1.0}],
    }
