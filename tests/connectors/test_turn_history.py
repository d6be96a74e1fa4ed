"""The first turn after people talked: the tracker learns what was said and how the bot goes on, once."""

from collections.abc import Callable

from connectors.model import HistoryLine, Resume

from .fake_service import FakeService
from .stage import Stage, turn
from .test_turn_again import crash

LINES = (
    HistoryLine("c1:5", "customer", None, "My stove hisses", "2026-01-05T10:00:00Z"),
    HistoryLine("c1:6", "agent", "Priya", "I'll send a new one", "2026-01-05T10:01:00Z"),
    HistoryLine("c1:7", "system", None, "Priya left the chat", "2026-01-05T10:02:00Z"),
)
FRESH = Resume("h1:fresh", "fresh", {"city": "Oslo"})
CONTINUE = Resume("h1:continue", "continue", {"city": "Oslo"})


def heard(events: list[dict], kind: str) -> list[str]:
    return [event["text"] for event in events if event["event"] == kind and event.get("text")]


async def test_a_fresh_start_forgets_the_form_and_sets_the_slots(stage: Stage, service: FakeService) -> None:
    """After a person, the bot answers only the new line, with the slots that it was given."""
    await stage.run(turn(1, "shape"))
    await stage.run(turn(2, "hello", history=LINES, resume=FRESH))
    assert service.texts("c1-t2") == ["Hello Oslo."]
    live = await stage.events(full=False)
    assert heard(live, "user") == ["hello"]
    assert not [event for event in live if event["event"] == "active_loop"]


async def test_the_full_history_keeps_what_people_said(stage: Stage) -> None:
    """Lines of customer, agent and team are in the tracker, before the new session."""
    await stage.run(turn(1, "hello"))
    await stage.run(turn(2, "hello", history=LINES, resume=FRESH))
    events = await stage.events()
    assert heard(events, "user") == ["hello", "My stove hisses", "hello"]
    assert heard(events, "agent") == ["I'll send a new one"]
    assert heard(events, "bot") == ["Hello None.", "Priya left the chat", "Hello Oslo."]
    note = next(event for event in events if event["event"] == "agent")["metadata"]["livechat"]
    assert note == {"history": "c1:6", "actor": "agent", "name": "Priya", "at": "2026-01-05T10:01:00Z"}


async def test_going_on_keeps_the_form(stage: Stage, service: FakeService) -> None:
    """ "Go on where it stopped": the form asks on, and no line meant for a person became an answer."""
    await stage.run(turn(1, "shape"))
    await stage.run(turn(2, "small"))
    assert service.texts("c1-t2") == ["Which colour?"]
    await stage.run(turn(3, "red", history=LINES, resume=CONTINUE))
    tracker = await stage.agent.tracker_store.retrieve("c1")
    assert tracker is not None
    assert (tracker.get_slot("size"), tracker.get_slot("colour"), tracker.get_slot("city")) == ("small", "red", "Oslo")
    assert tracker.active_loop is None


async def test_a_crash_writes_nothing_twice(new_stage: Callable[..., Stage], service: FakeService) -> None:
    """Killed after the people's lines were saved: the repeat skips them and starts no second session."""
    first = new_stage()
    await first.run(turn(1, "hello"))
    kill = new_stage()
    processor = kill.agent.processor
    assert processor is not None

    async def dying(message: object) -> None:
        raise RuntimeError("killed")

    processor.handle_message = dying  # type: ignore[method-assign,assignment]
    await kill.run(turn(2, "hello", history=LINES, resume=FRESH))
    saved = await kill.events()
    assert heard(saved, "user") == ["hello", "My stove hisses"]
    last = new_stage()
    await last.run(turn(2, "hello", history=LINES, resume=FRESH))
    events = await last.events()
    assert heard(events, "user") == ["hello", "My stove hisses", "hello"]
    assert len([event for event in events if event["event"] == "session_started"]) == 2
    assert service.texts("c1-t2") == ["Hello Oslo."]


async def test_a_conversation_may_begin_with_people(stage: Stage, service: FakeService) -> None:
    """Lines before the bot's very first turn do not keep it from starting a session."""
    await stage.run(turn(1, "hello", history=LINES))
    assert service.texts("c1-t1") == ["Hello None."]
    kinds = [event["event"] for event in await stage.events()]
    assert kinds.index("session_started") < kinds.index("user")


async def test_an_unknown_slot_stops_nothing(stage: Stage, service: FakeService) -> None:
    """A slot that the bot doesn't have, and a line without words, are left out."""
    empty = (HistoryLine("c1:9", "customer", None, "", "2026-01-05T10:03:00Z"),)
    await stage.run(turn(1, "hello", history=empty, resume=Resume("h2", "fresh", {"planet": "Mars"})))
    assert service.texts("c1-t1") == ["Hello None."]
    assert "planet" not in {event.get("name") for event in await stage.events()}


async def test_what_went_wrong_before_a_person_does_not_count_after(stage: Stage, service: FakeService) -> None:
    """One misunderstood line before and one after the people's talk are not two in a row."""
    await stage.run(turn(1, "blah"))
    await stage.run(turn(2, "blub", history=LINES, resume=CONTINUE))
    assert service.texts("c1-t2") == ["Pardon?"]
    assert service.bodies("handovers") == []


async def test_the_crash_is_a_real_one(new_stage: Callable[..., Stage], service: FakeService) -> None:
    """The fault that these tests rest on: nothing of a turn killed before its save is stored."""
    stage = new_stage()
    await crash(stage, service, 1, "hello", "before")
    assert await new_stage().events() == []
