"""Rasa's events read as a row of customer turns."""

from typing import Any

from rasa_bot.policies.reading import handover_result, read_turns

ASK = "action_request_handover"
Event = dict[str, Any]


def user(intent: str = "greet", confidence: float | None = 0.9, **metadata: Any) -> Event:
    parsed = {"intent": {"name": intent, "confidence": confidence}}
    return {"event": "user", "text": intent, "parse_data": parsed, "metadata": metadata}


def action(name: str, **note: Any) -> Event:
    return {"event": "action", "name": name, "metadata": {"livechat": note} if note else {}}


def bot(text: str) -> Event:
    return {"event": "bot", "text": text, "data": {}}


def test_each_message_begins_a_turn() -> None:
    """What the bot did belongs to the message before it."""
    turns = read_turns([user("a"), action("utter_x"), bot("X"), action("action_listen"), user("b")], ASK)
    assert [(turn.intent, turn.actions, turn.answers) for turn in turns] == [
        ("a", ["utter_x", "action_listen"], ["X"]),
        ("b", [], []),
    ]


def test_under_a_fallback_stands_the_best_guess() -> None:
    """The fallback's own confidence says nothing; the ranking leaves it out."""
    event = user("nlu_fallback", 0.4)
    event["parse_data"]["intent_ranking"] = [
        {"name": "nlu_fallback", "confidence": 0.4},
        {"name": "greet", "confidence": 0.3},
        {"name": "thank", "confidence": 0.2},
    ]
    (turn,) = read_turns([event], ASK)
    assert (turn.intent, turn.confidence) == ("nlu_fallback", 0.3)
    assert turn.ranking == [("greet", 0.3), ("thank", 0.2)]


def test_a_missing_confidence_is_full_confidence() -> None:
    """A button or another program is not guessed."""
    (turn,) = read_turns([user("greet", None)], ASK)
    assert turn.confidence == 1.0


def test_a_reminder_is_no_customer_turn() -> None:
    """Neither it nor what the bot says about it counts."""
    turns = read_turns([user("a"), user("due", None, is_external=True), bot("It is time."), user("b")], ASK)
    assert [(turn.intent, turn.answers) for turn in turns] == [("a", []), ("b", [])]
    assert read_turns([user("a"), user("due", None, is_external=True)], ASK) == []


def test_the_row_begins_anew() -> None:
    """A session, a restart, a request for a person and the people's lines each end what was before."""
    for event in (
        {"event": "session_started"},
        {"event": "restart"},
        action(ASK),
        {**bot("I'm Priya."), "metadata": {"livechat": {"history": "c1:6"}}},
    ):
        assert [turn.intent for turn in read_turns([user("a"), event, user("b")], ASK)] == ["b"]


def test_a_form_is_open_until_it_ends() -> None:
    """Whether a message was written inside a form is seen at that message."""
    opened, closed = {"event": "active_loop", "name": "f"}, {"event": "active_loop", "name": None}
    turns = read_turns([user(), opened, user(), closed, user(), opened, {"event": "session_started"}, user()], ASK)
    assert [turn.in_form for turn in turns] == [False]
    assert [turn.in_form for turn in read_turns([user(), opened, user(), closed, user()], ASK)] == [False, True, False]


def test_what_an_action_left_is_seen() -> None:
    """An action that neither said nor changed anything is remembered until something follows."""
    (turn,) = read_turns([user(), action("action_x")], ASK)
    assert turn.left_nothing == "action_x"
    (turn,) = read_turns([user(), action("action_x"), {"event": "slot", "name": "s", "value": 1}], ASK)
    assert turn.left_nothing is None


def test_a_live_message_is_told_from_a_test() -> None:
    """Only a channel of live chat notes its turn."""
    live, test = read_turns([user(livechat={"turn": "t1"}), user()], ASK)
    assert (live.is_live, test.is_live) == (True, False)


def test_the_result_of_a_request_is_read() -> None:
    """Whether the policy decided it, and what the action noted; both for the last message only."""
    noted = {"event": "agent", "metadata": {"livechat": {"handover": "pending"}}}
    assert handover_result([user(), action(ASK, decision={}), noted], ASK) == (True, "pending")
    assert handover_result([user(), action(ASK), noted], ASK) == (False, "pending")
    assert handover_result([user(), action(ASK, decision={})], ASK) == (True, None)
    assert handover_result([user(), action(ASK, decision={}), noted, user(), action(ASK)], ASK) == (False, None)
