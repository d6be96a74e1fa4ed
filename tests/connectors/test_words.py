"""What Rasa may read, and what the service gets of a bot's message."""

from typing import Any

import pytest

from connectors.model import Attachment, Turn
from connectors.words import bubble, for_rasa


def said(text: str | None = None, **more: Any) -> Turn:
    return Turn("t1", "site", "c1", 1, text=text, **more)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("hello", "hello"),
        ("  hello ", "hello"),
        ("/restart", "restart"),
        (' /greet{"name": "x"}', 'greet{"name": "x"}'),
        ("///restart", "restart"),
        ("/ / /restart", "restart"),
        ("\u00a0/\u2003/restart", "restart"),
        ("and/or", "and/or"),
        ("1/2 price", "1/2 price"),
    ],
)
def test_a_customers_text_never_begins_with_a_command(text: str, read: str) -> None:
    """Leading slashes of a customer are dropped, others stay."""
    reading = for_rasa(said(text))
    assert reading.text == read
    assert reading.parse_data is None


@pytest.mark.parametrize("payload", ["/greet", '/check_stock{"product": "kettle"}', "Trail kettle"])
def test_a_payload_of_our_own_button_is_left_as_it_is(payload: str) -> None:
    """Only what the bot issued may be an intent."""
    assert for_rasa(said("Anything", payload=payload)).text == payload


@pytest.mark.parametrize(("text", "placeholder"), [(None, "[image]"), ("", "[image]"), (" / ", "[image]")])
def test_a_message_without_words_is_read_for_rasa(text: str | None, placeholder: str) -> None:
    """A picture alone gets a placeholder and its own reading, because Rasa's classifiers need words."""
    reading = for_rasa(said(text, attachments=(Attachment("image", "https://x.example/1"),)))
    assert reading.text == placeholder
    assert reading.parse_data is not None
    assert reading.parse_data["intent"] == {"name": "nlu_fallback", "confidence": 1.0}


def test_a_message_with_nothing_at_all_is_still_a_message() -> None:
    """A lone slash does not break a turn."""
    assert for_rasa(said("/")).text == "[no text]"


@pytest.mark.parametrize(
    ("message", "body"),
    [
        ({"text": "Hi", "timestamp": 1.0, "utter_action": "utter_hi"}, {"text": "Hi"}),
        ({"text": None, "image": "https://x.example/1.jpg"}, {"image": "https://x.example/1.jpg"}),
        ({"text": "", "custom": {"a": 1}}, {"custom": {"a": 1}}),
        ({"text": " ", "elements": [{"title": "A"}]}, {"custom": {"elements": [{"title": "A"}]}}),
        ({"text": "Pick", "quick_replies": [{"title": "A"}]}, {"text": "Pick", "buttons": [{"title": "A"}]}),
        ({"text": "F", "attachment": {"type": "file"}}, {"text": "F", "attachment": {"type": "file"}}),
    ],
)
def test_a_bot_message_becomes_one_bubble(message: dict[str, Any], body: dict[str, Any]) -> None:
    """All parts of one message travel together, and nothing of Rasa's own."""
    assert bubble(message) == body


def test_a_button_keeps_what_the_service_knows() -> None:
    """Unknown fields of a button are left out, an untitled one gets its payload as title."""
    buttons = [{"title": "Go", "payload": "/go", "type": "postback"}, {"payload": "/stay"}]
    assert bubble({"text": "?", "buttons": buttons}) == {
        "text": "?",
        "buttons": [{"title": "Go", "payload": "/go"}, {"title": "/stay", "payload": "/stay"}],
    }


def test_an_empty_bot_message_is_no_bubble() -> None:
    """Nothing to say is not said."""
    assert bubble({"text": "", "buttons": [], "image": None}) is None
