"""What a mail says, written once and shown twice: as plain text and as HTML that says the same.

What must hold: whatever people typed stays text (nothing of it becomes markup, a header or a picture), and the HTML
sets no colours and loads nothing, so that it is readable in light and dark and tells nobody that it was read.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Protocol

SUBJECT_MAX = 120
PAGE = (
    '<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
    '<meta name="viewport" content="width=device-width"><title>{title}</title></head>'
    '<body style="font:16px/1.5 sans-serif;max-width:40em;margin:1em">{body}</body></html>\n'
)
SMALL = "font-size:13px;opacity:0.75"
QUOTED = "margin:1em 0;padding:0 0 0 1em;border-left:3px solid #8886"


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str
    html: str


class Block(Protocol):
    def text(self) -> str: ...

    def html(self) -> str: ...


@dataclass(frozen=True)
class Paragraph:
    words: str
    small: bool = False

    def text(self) -> str:
        return clean(self.words)

    def html(self) -> str:
        style = f' style="{SMALL}"' if self.small else ""
        return f"<p{style}>{_markup(self.words)}</p>"


@dataclass(frozen=True)
class Facts:
    """Names and values, a line each; those without a value are left out."""

    pairs: Sequence[tuple[str, str | None]]

    def text(self) -> str:
        return "\n".join(f"{name}: {clean(value)}" for name, value in self.pairs if value)

    def html(self) -> str:
        rows = (f"<strong>{_markup(name)}:</strong> {_markup(value)}" for name, value in self.pairs if value)
        return f"<p>{'<br>'.join(rows)}</p>"


@dataclass(frozen=True)
class Quote:
    """What people said: who (may be empty) and the words."""

    lines: Sequence[tuple[str, str]]

    def text(self) -> str:
        said = (f"{who}: {words}" if who else words for who, words in self.lines)
        return "\n".join(f"> {line}" for one in said for line in clean(one).split("\n"))

    def html(self) -> str:
        said = (
            f"<strong>{_markup(who)}:</strong> {_markup(words)}" if who else _markup(words) for who, words in self.lines
        )
        return f'<blockquote style="{QUOTED}">{"".join(f"<p>{one}</p>" for one in said)}</blockquote>'


@dataclass(frozen=True)
class Link:
    """`url` is ours, never a customer's."""

    words: str
    url: str

    def text(self) -> str:
        return f"{clean(self.words)}:\n{clean(self.url)}"

    def html(self) -> str:
        return f'<p><a href="{escape(clean(self.url))}">{_markup(self.words)}</a></p>'


def compose(subject: str, blocks: Sequence[Block], language: str = "en") -> Letter:
    title = one_line(subject, SUBJECT_MAX)
    text = "\n\n".join(filter(None, (block.text() for block in blocks))) + "\n"
    body = "".join(block.html() for block in blocks)
    return Letter(title, text, PAGE.format(language=escape(language), title=escape(title), body=body))


JOINERS = "\u200c\u200d"
"""Emoji of several parts and some scripts need them."""

KEPT = frozenset(f"\n\t{JOINERS}")
UNWANTED = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Controls, marks that turn the direction of writing, line breaks of other kinds."""


def clean(text: str) -> str:
    """Without what is not to be seen; line breaks and tabs stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in lines if one in KEPT or unicodedata.category(one) not in UNWANTED)


def one_line(text: str, limit: int) -> str:
    """On one line, shortened: for headers and titles."""
    words = " ".join(clean(text).split())
    return words if len(words) <= limit else f"{words[: limit - 1].rstrip()}…"


def _markup(text: str) -> str:
    return escape(clean(text)).replace("\n", "<br>")
