"""What is written into the tracker beside the conversation, and how it is found again."""

from typing import Any

from connectors.model import HistoryLine, Resume, Turn
from connectors.notes import find_answer, noted_ids, opening

Event = dict[str, Any]


def user(message_id: str, **note: Any) -> Event:
    return {"event": "user", "text": "hi", "message_id": message_id, "metadata": {"livechat": note} if note else {}}


def bot(text: str, **note: Any) -> Event:
    return {"event": "bot", "text": text, "data": {}, "metadata": {"livechat": note} if note else {}}


def agent(**note: Any) -> Event:
    return {"event": "agent", "text": None, "metadata": {"livechat": note}}


def test_an_unknown_turn_has_no_answer() -> None:
    """Then it has to run."""
    assert find_answer([user("t1"), bot("Hi")], "t2") is None


def test_a_line_of_the_people_is_no_turn() -> None:
    """Even when its id looks like one."""
    assert find_answer([user("t1", history="t1")], "t1") is None


def test_the_answer_ends_with_the_next_message() -> None:
    """A reminder, too, begins something else."""
    events = [user("t1"), bot("One"), bot("Two"), user("x"), bot("Three")]
    answered = find_answer(events, "t1")
    assert answered is not None
    assert answered.messages == [{"text": "One"}, {"text": "Two"}]


def test_what_a_session_start_said_belongs_to_the_message_that_began_it() -> None:
    """A bot may greet in its own session start; that was posted as the turn's first bubble."""
    events = [{"event": "session_started"}, bot("Welcome"), user("t1"), bot("One")]
    answered = find_answer(events, "t1")
    assert answered is not None
    assert answered.messages == [{"text": "Welcome"}, {"text": "One"}]


def test_what_was_said_before_without_a_session_start_does_not() -> None:
    """The answer to the message before is no part of this turn."""
    events = [{"event": "session_started"}, user("t0"), bot("Zero"), user("t1"), bot("One")]
    answered = find_answer(events, "t1")
    assert answered is not None
    assert answered.messages == [{"text": "One"}]


def test_a_decision_stands_until_it_is_settled() -> None:
    """A request that the service did not take is still to be made; one that it took is not."""
    decision = {"trigger": "words", "reason": "The customer asked for a person."}
    open_ = find_answer([user("t1"), agent(decision=decision), agent(handover="unreachable")], "t1")
    settled = find_answer([user("t1"), agent(decision=decision), agent(handover="pending")], "t1")
    assert open_ is not None
    assert settled is not None
    assert (open_.decision, settled.decision) == (decision, None)


def test_known_lines_are_left_out() -> None:
    """A repeat writes only what is missing."""
    lines = tuple(HistoryLine(f"c1:{number}", "customer", None, "x", "2026-01-05T10:00:00Z") for number in (5, 6))
    turn = Turn("t1", "site", "c1", 1, history=lines, resume=Resume("r1", "fresh"))
    known = noted_ids(opening(turn, set()))
    assert known == {"c1:5", "c1:6", "r1"}
    assert opening(turn, known) == []
    assert [event["event"] for event in opening(turn, {"c1:5"})] == ["user", "action", "session_started", "action"]


def test_going_on_only_sets_slots() -> None:
    """No new session, no listening in between."""
    turn = Turn("t1", "site", "c1", 1, resume=Resume("r1", "continue", {"city": "Oslo"}))
    assert [(event["event"], event["name"], event["value"]) for event in opening(turn, set())] == [
        ("slot", "city", "Oslo")
    ]
