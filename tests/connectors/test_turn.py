"""A turn from the service's call to its last post, on a real agent."""

import asyncio
import time
from typing import Any

import pytest

from connectors.model import Attachment

from .fake_actions import Answer, FakeActions, saying
from .fake_service import FakeService
from .stage import Stage, turn


async def test_a_turn_posts_what_the_bot_says_and_ends(stage: Stage, service: FakeService) -> None:
    """Bubbles come in order, with everything they carry, and the last post ends the turn."""
    await stage.run(turn(1, "story"))
    assert service.said("c1-t1") == [
        {"text": "One."},
        {
            "text": "Two.",
            "image": "https://shop.example/two.jpg",
            "buttons": [{"title": "Go", "payload": "/greet"}],
        },
    ]
    bodies = service.bodies("turns/c1-t1/messages")
    assert [body["done"] for body in bodies] == [False] * (len(bodies) - 1) + [True]
    assert {body["epoch"] for body in bodies} == {1}


async def test_a_simple_turn_is_one_post(stage: Stage, service: FakeService) -> None:
    """Rasa doesn't wait for the service between its words and their end."""
    await stage.run(turn(1, "story"))
    (body,) = service.bodies("turns/c1-t1/messages")
    assert [message["text"] for message in body["messages"]] == ["One.", "Two."]
    assert body["done"]


@pytest.mark.parametrize(("attempt", "times"), [(0, 1), (1, 0), (2, 1)])
async def test_the_full_history_is_read_only_for_a_repeat(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, attempt: int, times: int
) -> None:
    """What is posted for the first time can't have run; a service that doesn't count (0) may be repeating."""
    read: list[str] = []
    retrieve = stage.agent.tracker_store.retrieve_full_tracker

    async def counted(conversation: str) -> Any:
        read.append(conversation)
        return await retrieve(conversation)

    monkeypatch.setattr(stage.agent.tracker_store, "retrieve_full_tracker", counted)
    await stage.run(turn(1, "hello", attempt=attempt))
    assert len(read) == times


async def test_the_turn_is_in_the_tracker_under_its_id(stage: Stage) -> None:
    """The customer's message carries the turn's id twice: as message id and in its note."""
    await stage.run(turn(1, "hello"))
    heard = [event for event in await stage.events() if event["event"] == "user"]
    assert [event["message_id"] for event in heard] == ["c1-t1"]
    assert heard[0]["metadata"]["livechat"] == {"turn": "c1-t1"}
    assert heard[0]["input_channel"] == "web"


async def test_a_typed_command_is_plain_text(stage: Stage, service: FakeService) -> None:
    """A customer who types /restart or an intent gets the answer to a text."""
    await stage.run(turn(1, "/restart"))
    await stage.run(turn(2, '/greet{"city": "Rome"}'))
    events = await stage.events()
    assert not [event for event in events if event["event"] == "restart"]
    assert service.texts("c1-t1") == ["Pardon?"]
    assert "greet" not in {event["parse_data"]["intent"]["name"] for event in events if event["event"] == "user"}


async def test_a_button_of_the_bot_works(stage: Stage, service: FakeService) -> None:
    """A payload that the bot issued is its intent."""
    await stage.run(turn(1, "Go", payload="/greet"))
    assert service.texts("c1-t1") == ["Hello None."]


async def test_a_picture_alone_is_answered(stage: Stage, service: FakeService) -> None:
    """A message without words neither breaks the turn nor stays unanswered."""
    await stage.run(turn(1, attachments=(Attachment("image", "https://x.example/1.jpg"),)))
    assert service.texts("c1-t1") == ["Pardon?"]
    assert service.is_done("c1-t1")


async def test_turns_of_a_conversation_do_not_overlap(
    stage: Stage, service: FakeService, action_server: FakeActions
) -> None:
    """A second turn waits for the first; one of another conversation does not."""
    spans: dict[str, tuple[float, float]] = {}

    async def wait(tracker: Answer) -> Answer:
        begun = time.monotonic()
        await asyncio.sleep(0.3)
        asked = [event for event in tracker["events"] if event["event"] == "user"][-1]["message_id"]
        spans[asked] = (begun, time.monotonic())
        return saying("Waited.")

    action_server.actions["action_wait"] = wait
    for asked in (turn(1, "wait"), turn(2, "wait"), turn(1, "wait", conversation="c2")):
        stage.turns.start(stage.agent, asked)
    await stage.wait()
    assert spans["c1-t2"][0] >= spans["c1-t1"][1]
    assert spans["c2-t1"][0] < spans["c1-t1"][1]


async def test_a_turn_is_heard_while_others_are_computed(stage: Stage, service: FakeService) -> None:
    """Of many that are asked for at once, the first is with the service before Rasa begins the last."""
    handle = stage.agent.processor.handle_message  # type: ignore[union-attr]
    posted: list[int] = []

    async def noted(message: Any) -> Any:
        posted.append(len(service.calls))
        return await handle(message)

    stage.agent.processor.handle_message = noted  # type: ignore[union-attr,method-assign]
    for number in range(8):
        stage.turns.start(stage.agent, turn(1, "hello", conversation=f"c{number}"))
    await stage.wait()
    assert posted[-1] > 0
    assert len(service.calls) == 8


async def test_a_running_turn_that_is_asked_for_again_runs_once(
    stage: Stage, service: FakeService, action_server: FakeActions
) -> None:
    """The service may ask again for a turn that still runs."""

    async def wait(tracker: Answer) -> Answer:
        await asyncio.sleep(0.2)
        return saying("Waited.")

    action_server.actions["action_wait"] = wait
    stage.turns.start(stage.agent, turn(1, "wait"))
    stage.turns.start(stage.agent, turn(1, "wait"))
    await stage.wait()
    assert len(action_server.calls) == 1
    assert service.texts("c1-t1") == ["Waited."]


async def test_a_turn_that_rasa_can_not_run_is_reported(stage: Stage, service: FakeService) -> None:
    """The service learns the reason and may try again; nothing is left half-done."""

    async def broken(message: Any) -> None:
        raise ValueError("the tracker store is gone")

    stage.agent.processor.handle_message = broken  # type: ignore[union-attr,method-assign]
    await stage.run(turn(1, "hello"))
    last = service.bodies("turns/c1-t1/messages")[-1]
    assert (last["done"], last["failed"]) == (True, "ValueError: the tracker store is gone")


async def test_a_service_that_restarts_loses_no_word(stage: Stage, service: FakeService) -> None:
    """A post that finds nobody is made again until somebody takes it."""
    service.faults = [503, 500]
    await stage.run(turn(1, "story"))
    assert service.texts("c1-t1") == ["One.", "Two."]
    assert service.is_done("c1-t1")


async def test_a_bot_without_a_slow_service_is_not_slowed(stage: Stage, service: FakeService) -> None:
    """Suppressed words do not stop the bot: its turn is saved to the end."""
    service.verdict = "suppressed"
    await stage.run(turn(1, "story"))
    assert [event["text"] for event in await stage.events() if event["event"] == "bot"] == ["One.", "Two."]
    assert service.is_done("c1-t1")
