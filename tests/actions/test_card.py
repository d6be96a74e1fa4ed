"""The handover card, from the tracker's state."""

from typing import Any

from actions.card import FAILED_TURNS, INTENTS, build_card

Sample = dict[str, Any]


def user(text: str, intent: str, *ranking: tuple[str, float], **metadata: Any) -> Sample:
    ranked = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    parsed = {"intent": {"name": intent, "confidence": 0.4}, "intent_ranking": ranked}
    return {"event": "user", "text": text, "parse_data": parsed, "metadata": metadata}


def test_the_form_shows_what_is_there_and_what_is_missing(sample: Sample) -> None:
    """Filled slots, the open question, and the slots still to come."""
    card = build_card(sample["state"], sample["domain"])
    assert card["active_form"] == {"name": "return_form", "requested_slot": "return_item"}
    assert card["slots"] == [{"name": "order_number", "value": "LK-10388"}]
    assert card["missing_slots"] == ["return_item", "return_reason"]


def test_the_reason_is_the_policys(sample: Sample) -> None:
    """Taken from the note in the tracker, or given."""
    card = build_card(sample["state"], sample["domain"])
    assert (card["rule"], card["reason"]) == ("request", "The customer asked for a person.")
    given = build_card(sample["state"], sample["domain"], {"rule": "low_confidence", "reason": "Lost."})
    assert (given["rule"], given["reason"], given["ranking"]) == ("low_confidence", "Lost.", [])


def test_an_old_reason_is_not_todays(sample: Sample) -> None:
    """A decision about an earlier message explains nothing now."""
    sample["state"]["events"].append(user("thanks", "thank", ("thank", 0.9)))
    assert build_card(sample["state"], sample["domain"])["rule"] is None


def test_each_message_has_its_two_best_rivals(sample: Sample) -> None:
    """What the bot took it for, and what it nearly took it for; the fallback itself is no rival."""
    lost, asked = build_card(sample["state"], sample["domain"])["intents"]
    assert [rival["intent"] for rival in asked["rivals"]] == ["cancel", "greet"]
    assert lost["intent"] == "nlu_fallback"
    assert [rival["intent"] for rival in lost["rivals"]] == ["cancel", "greet"]


def test_failed_turns_show_what_the_bot_said_instead(sample: Sample) -> None:
    """The misunderstood line, its answer, and why it counts as failed."""
    assert build_card(sample["state"], sample["domain"])["failed_turns"] == [
        {"text": "qwerty", "answer": "Sorry, I didn't understand that.", "why": "not understood"}
    ]


def test_a_failed_action_is_a_failed_turn() -> None:
    """With the action's name."""
    decision = {"rule": "failed_action", "reason": "The bot could not carry out action_stock."}
    events = [user("stock?", "check_stock"), {"event": "agent", "metadata": {"livechat": {"decision": decision}}}]
    (failed,) = build_card({"events": events}, {})["failed_turns"]
    assert failed == {"text": "stock?", "answer": None, "why": "The bot could not carry out action_stock."}


def test_a_failed_action_that_is_only_decided_yet_is_a_failed_turn() -> None:
    """The connector asks for a person in the middle of the turn: the decision is given, the tracker has no note yet."""
    decision = {"rule": "failed_action", "reason": "The bot could not carry out action_stock."}
    events = [user("hi", "greet"), user("stock?", "check_stock"), {"event": "action", "name": "action_stock"}]
    (failed,) = build_card({"events": events}, {}, decision)["failed_turns"]
    assert failed == {"text": "stock?", "answer": None, "why": "The bot could not carry out action_stock."}


def test_only_the_customers_own_part_of_this_session_counts() -> None:
    """Earlier sessions, reminders and what was said to people are left out."""
    events = [
        user("old", "greet"),
        {"event": "session_started"},
        user("to Priya", "none", livechat={"history": "c1:5"}),
        user("EXTERNAL: due", "due", is_external=True),
        user("new", "greet"),
    ]
    assert [read["text"] for read in build_card({"events": events}, {})["intents"]] == ["new"]


def test_a_card_stays_small() -> None:
    """The last few messages, cut to a length that can be read."""
    card = build_card({"events": [user("x" * 9000, "nlu_fallback")] * 50}, {})
    assert (len(card["intents"]), len(card["failed_turns"])) == (INTENTS, FAILED_TURNS)
    assert len(card["intents"][0]["text"]) == 500


def test_an_empty_tracker_has_an_empty_card() -> None:
    """Nothing known is not an error."""
    card = build_card({}, {})
    assert (card["intents"], card["slots"], card["active_form"]) == ([], [], None)
