"""What of a channel's words may cross to the service."""

from dataclasses import replace

import pytest

from connectors.model import LONGEST_TEXT, Inbound, InboundAttachment, Profile, as_body, pieces_of


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


LONG = "a" * LONGEST_TEXT
PICTURE = InboundAttachment("image", "file-9")


def test_a_long_text_is_several_messages_sent_as_one() -> None:
    """The first keeps the picture and the kind; all are of one album, so that the bot answers once."""
    said = Inbound(
        "fake", "shop", "u1", "m1", "edit", text=f"{LONG} b", attachments=(PICTURE,), ref="p1", answer_to="q"
    )
    first, second = pieces_of(said)
    assert first == replace(said, text=LONG, album="m1")
    assert second == replace(first, external_id="m1:2", kind="message", text="b", attachments=())
    assert [piece.album for piece in pieces_of(replace(said, album="g1"))] == ["g1", "g1"]


@pytest.mark.parametrize("text", [LONG, "Hi", None])
def test_what_fits_is_left_as_it_is(text: str | None) -> None:
    """Nothing of it is touched."""
    said = Inbound("fake", "shop", "u1", "m1", "message", text=text)
    assert pieces_of(said) == [said]


def test_a_long_text_in_which_there_is_nothing_is_no_text() -> None:
    """The picture beside it is kept."""
    said = Inbound("fake", "shop", "u1", "m1", "message", text="\n" * (LONGEST_TEXT + 1), attachments=(PICTURE,))
    (only,) = map(as_body, pieces_of(said))
    assert (only.get("text"), len(only["attachments"])) == (None, 1)


def test_what_is_for_this_side_stays() -> None:
    """The provider's query of a pressed button is no business of the service."""
    assert "answer_to" not in as_body(Inbound("fake", "shop", "u1", "m1", "button", button="b:1:0", answer_to="q1"))
