"""Long texts: within the limit, no word lost, parted where a reader would part them."""

import random

import pytest

from connectors.split import shorten, size, split

WORDS = ("kettle", "a", "Grüße", "配送", "🙂", "👩‍👩‍👧", "👍🏽", "é" * 3, "e\u0301", "https://shop.example/o/17")
SPACES = (" ", " ", " ", "\n", "\n\n", "  ", "\t")


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        ("", 10, []),
        ("  \n ", 10, []),
        ("short", 10, ["short"]),
        ("exactly 10", 10, ["exactly 10"]),
        ("one two three", 8, ["one two", "three"]),
        ("one two\n\nthree four", 15, ["one two", "three four"]),
        ("one two\nthree four", 15, ["one two", "three four"]),
        ("one\ntwo\n\nthree four", 16, ["one\ntwo", "three four"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("🙂🙂🙂", 4, ["🙂🙂", "🙂"]),
        ("Hi\n\nabcdefgh ijklmnop qrstuvwx", 20, ["Hi\n\nabcdefgh", "ijklmnop qrstuvwx"]),
        ("abcde\u0301f", 5, ["abcd", "e\u0301f"]),
        ("ab👩‍👧", 6, ["ab", "👩‍👧"]),
    ],
)
def test_a_text_parts_at_paragraph_line_word_character(text: str, limit: int, pieces: list[str]) -> None:
    """In this order, as late as it fits."""
    assert split(text, limit) == pieces


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("Talk to Human", 20, "Talk to Human"),
        ("exactly twenty chars", 20, "exactly twenty chars"),
        ("one more than twenty c", 20, "one more than twent…"),
        ("Return the 👩‍👩‍👧 kettle", 15, "Return the…"),
        ("🙂" * 11, 20, "🙂" * 9 + "…"),
    ],
)
def test_a_title_is_cut_between_characters(text: str, limit: int, short: str) -> None:
    """With a sign that something is missing, within the limit."""
    assert shorten(text, limit) == short
    assert size(short) <= limit


@pytest.mark.parametrize("seed", range(200))
def test_no_word_is_lost_and_no_piece_is_too_large(seed: int) -> None:
    """Any text, any limit: the same words in the same order, unless a single word is larger than a piece."""
    chance = random.Random(seed)
    text = "".join(chance.choice(WORDS) + chance.choice(SPACES) for _ in range(chance.randrange(200)))
    limit = chance.randrange(4, 300)
    pieces = split(text, limit)
    assert all(piece.strip() == piece != "" and size(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    if limit >= max(size(word) for word in WORDS):
        assert " ".join(pieces).split() == text.split()


def test_hostile_characters_end() -> None:
    """A heap of accents on one letter is one character, until it is larger than a piece."""
    pieces = split("e" + "\u0301" * 500, 100)
    assert all(size(piece) <= 100 for piece in pieces)
    assert sum(map(len, pieces)) == 501
    assert split("\ud800" * 5, 2) == ["\ud800\ud800", "\ud800\ud800", "\ud800"]
