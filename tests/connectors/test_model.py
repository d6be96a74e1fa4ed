"""What of a channel's words may cross to the service."""

import pytest

from connectors.model import Inbound, Profile, as_body


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("Hi\0 there", "Hi there"),
        ("half \ud83d of it", "half \ufffd of it"),
        ("\ud83d\ude00", "😀"),
        (" spaces stay ", " spaces stay "),
        ("\0", None),
        (" \u00a0\n", None),
        ("", None),
        (None, None),
    ],
)
def test_a_text_is_made_storable(text: str | None, stored: str | None) -> None:
    """What no database holds would be refused, and the customer's message with it."""
    body = as_body(Inbound("fake", "shop", "u1", "m1", "message", text=text, profile=Profile(name=text)))
    assert body.get("text") == stored
    assert body.get("profile") == ({"name": stored} if stored else {})


def test_what_is_for_this_side_stays() -> None:
    """The provider's query of a pressed button is no business of the service."""
    assert "answer_to" not in as_body(Inbound("fake", "shop", "u1", "m1", "button", button="b:1:0", answer_to="q1"))
