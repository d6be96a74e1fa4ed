"""Cuts texts to what a provider takes: at a paragraph, else a line, else a word, else between two characters.

Sizes are in UTF-16 units, as Telegram counts and as WhatsApp may: an emoji is two. No word is lost, and what people
see as one character stays whole.
"""

import unicodedata

JOINER = "\u200d"
"""Makes one emoji of two."""

SKIN_TONES = range(0x1F3FB, 0x1F400)
LONGEST_CHARACTER = 32
"""Code points that are kept together; longer ones exist only to annoy."""


def size(text: str) -> int:
    """The length of `text` in UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


def split(text: str, limit: int) -> list[str]:
    """The pieces of `text`, none larger than `limit` or empty; white space where they part is dropped."""
    pieces = []
    rest = text.strip()
    while size(rest) > limit:
        at = _break(rest, _fitting(rest, limit))
        pieces.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*pieces, rest] if rest else pieces


def shorten(text: str, limit: int) -> str:
    """`text`, or its beginning and "…" when it is larger than `limit`."""
    if size(text) <= limit:
        return text
    return text[: _whole(text, _fitting(text, limit - 1))].rstrip() + "…"


def _fitting(text: str, limit: int) -> int:
    """How many code points from the start have a size of at most `limit`."""
    taken = 0
    for at, char in enumerate(text[:limit]):
        taken += 2 if char > "\uffff" else 1
        if taken > limit:
            return at
    return min(len(text), limit)


def _break(text: str, most: int) -> int:
    """Where to part `text` after at most `most` code points. Short lines stay with what follows."""
    for separator in ("\n\n", "\n"):
        at = text.rfind(separator, max(most // 4, 1), most + len(separator))
        if at > 0:
            return at
    return next((at for at in range(most, 0, -1) if text[at].isspace()), 0) or _whole(text, most)


def _whole(text: str, at: int) -> int:
    """The nearest place at or before `at` that is not within a character; never 0."""
    for place in range(at, max(at - LONGEST_CHARACTER, 0), -1):
        if not _continues(text, place):
            return place
    return max(at, 1)


def _continues(text: str, at: int) -> bool:
    if at >= len(text):
        return False
    char = text[at]
    return (
        unicodedata.category(char) in ("Mn", "Me")
        or char == JOINER
        or text[at - 1] == JOINER
        or ord(char) in SKIN_TONES
    )
