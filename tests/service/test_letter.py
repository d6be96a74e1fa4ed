"""A mail says the same as text and as HTML, and whatever people typed stays text."""

import unicodedata
from html.parser import HTMLParser

from hypothesis import given, strategies as st

from livechat_plugin.domain.letter import SUBJECT_MAX, Facts, Link, Paragraph, Quote, compose

typed = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
OURS = {"html", "head", "meta", "title", "body", "p", "br", "strong", "a", "blockquote"}


class Reader(HTMLParser):
    """What a mail program makes of the HTML: tags, addresses, words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str | None] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.words += data


@given(typed, typed, typed)
def test_what_people_typed_stays_text(name: str, value: str, said: str) -> None:
    """No tag but ours, no address but ours, no picture; the subject is one line."""
    blocks = [Paragraph(said), Facts([(name, value)]), Quote([(name, said)]), Link(name, "https://chat.example.org/c")]
    letter = compose(said, blocks)
    page = Reader(letter.html)
    assert page.tags <= OURS
    assert page.links == ["https://chat.example.org/c"]
    assert len(letter.subject) <= SUBJECT_MAX
    assert letter.subject == " ".join(letter.subject.split())
    assert not [one for one in letter.subject if unicodedata.category(one) in ("Cc", "Zl", "Zp")]


def test_both_forms_say_the_same() -> None:
    """Every word of the text stands in the HTML."""
    blocks = [
        Paragraph("Two\nlines & more"),
        Facts([("Who", "Ana <b>"), ("Phone", None)]),
        Quote([("Ana", "Hi\nthere")]),
    ]
    letter = compose("Ana waits", [*blocks, Link("Open it", "https://chat.example.org")])
    assert letter.text == (
        "Two\nlines & more\n\nWho: Ana <b>\n\n> Ana: Hi\n> there\n\nOpen it:\nhttps://chat.example.org\n"
    )
    words = Reader(letter.html).words
    assert all(word in words for word in ("lines & more", "Ana <b>", "there", "Open it"))
    assert "Phone" not in letter.text + letter.html


def test_marks_that_turn_writing_round_are_gone() -> None:
    """A name can't disguise the words behind it; emoji of several parts stay whole."""
    letter = compose("\u202egnp.exe\r\nBcc: x 👩\u200d👧", [Paragraph("a\u202eb\x00c")])
    assert letter.subject == "gnp.exe Bcc: x 👩\u200d👧"
    assert letter.text == "abc\n"
