"""A turn that is asked for again after a crash: answered once, whether Rasa had saved it or not."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from .fake_actions import FakeActions, noting
from .fake_service import FakeService
from .stage import Stage, turn


class Killed(BaseException):
    """The process is gone; nothing after this runs."""


def kill_at(stage: Stage, place: str) -> None:
    """Let this Rasa die before or after it saves a tracker."""
    processor = stage.agent.processor
    assert processor is not None
    save = processor.save_tracker

    async def dying(tracker: Any) -> None:
        if place == "after":
            await save(tracker)
        raise Killed

    processor.save_tracker = dying  # type: ignore[method-assign]


async def crash(stage: Stage, service: FakeService, number: int, text: str, place: str) -> None:
    """Run a turn in a process that dies at `place`: its last words and its end are never posted."""
    kill_at(stage, place)
    service.faults = [] if place == "before" else [503] * 1000
    stage.turns.start(stage.agent, turn(number, text))
    (task,) = stage.turns._running.values()
    with pytest.raises(Killed):
        await task
    for left in asyncio.all_tasks():
        if getattr(left.get_coro(), "__qualname__", "") == "RunningTurn.post":
            left.cancel()
    service.faults = []


@pytest.mark.parametrize("place", ["before", "after"])
async def test_the_customer_gets_one_answer(place: str, new_stage: Callable[..., Stage], service: FakeService) -> None:
    """Killed before or after the tracker is saved, the turn runs in the end once and says everything once."""
    await crash(new_stage(), service, 1, "story", place)
    again = new_stage()
    await again.run(turn(1, "story"))
    assert service.texts("c1-t1") == ["One.", "Two."]
    assert service.is_done("c1-t1")
    events = await again.events()
    assert [event["text"] for event in events if event["event"] == "user"] == ["story"]
    assert [event["text"] for event in events if event["event"] == "bot"] == ["One.", "Two."]


async def test_a_saved_turn_is_said_again_with_all_it_carried(
    new_stage: Callable[..., Stage], service: FakeService
) -> None:
    """Pictures and buttons come back from the tracker too."""
    await crash(new_stage(), service, 1, "story", "after")
    service.calls.clear()
    await new_stage().run(turn(1, "story"))
    assert service.said("c1-t1")[1] == {
        "text": "Two.",
        "image": "https://shop.example/two.jpg",
        "buttons": [{"title": "Go", "payload": "/greet"}],
    }


async def test_an_older_session_is_searched_too(new_stage: Callable[..., Stage], service: FakeService) -> None:
    """A turn that another session followed is still found."""
    stage = new_stage()
    await stage.run(turn(1, "hello"))
    await stage.run(turn(2, payload="/session_start"))
    service.calls.clear()
    await stage.run(turn(1, "hello"))
    assert service.texts("c1-t1") == ["Hello None."]
    assert len([event for event in await stage.events() if event["event"] == "user"]) == 2


async def test_later_turns_are_not_said_again(stage: Stage, service: FakeService) -> None:
    """Only what answered that turn is posted under it."""
    await stage.run(turn(1, "hello"))
    await stage.run(turn(2, "story"))
    service.calls.clear()
    await stage.run(turn(1, "hello"))
    assert service.texts("c1-t1") == ["Hello None."]


async def test_a_request_for_a_person_is_made_up_for(new_stage: Callable[..., Stage], service: FakeService) -> None:
    """The policy had decided, the process died before anybody asked: the repeat asks, once, under the turn's key."""
    await crash(new_stage(), service, 1, "person please", "after")
    service.calls.clear()
    await new_stage().run(turn(1, "person please"))
    (request,) = service.bodies("handovers")
    assert (request["key"], request["trigger"]) == ("c1-t1", "words")
    assert request["card"]["rule"] == "request"


async def test_a_request_that_was_made_is_not_made_again(
    stage: Stage, service: FakeService, action_server: FakeActions
) -> None:
    """The action noted what came of it, so the repeat only posts."""

    async def ask(tracker: dict[str, Any]) -> dict[str, Any]:
        return noting("out_of_hours")

    action_server.actions["action_request_handover"] = ask
    await stage.run(turn(1, "person please"))
    await stage.run(turn(1, "person please"))
    assert service.bodies("handovers") == []
    assert len(action_server.calls) == 1
