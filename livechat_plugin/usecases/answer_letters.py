"""The mail in which a team answers a visitor who has gone; in the visitor's language or the team's, as far as we speak
them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ..domain.letter import Block, Letter, Link, Paragraph, Quote, compose, one_line

QUOTED_MAX = 1_000


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One message of an agent. `files`: names and addresses."""

    name: str | None
    text: str
    files: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, kw_only=True)
class Phrases:
    subject: str
    answered: str
    somebody: str
    wrote: str
    reply: str
    go_on: str
    days: str


PHRASES = {
    "en": Phrases(
        subject="Re: your message",
        answered="{name} has answered your message:",
        somebody="Our team",
        wrote="You wrote:",
        reply="To answer, just reply to this mail.",
        go_on="Or go on in the chat",
        days="Links to files work for two days.",
    ),
    "de": Phrases(
        subject="Re: Ihre Nachricht",
        answered="{name} hat auf Ihre Nachricht geantwortet:",
        somebody="Unser Team",
        wrote="Sie schrieben:",
        reply="Um zu antworten, antworten Sie einfach auf diese Mail.",
        go_on="Oder im Chat weiterschreiben",
        days="Links zu Dateien gelten zwei Tage.",
    ),
}


def answer_letter(
    answers: Sequence[Answer], form: str | None, page: str | None, locales: Sequence[str | None]
) -> Letter:
    """`form` is what the visitor wrote, `page` where the conversation can go on; of the `locales` (`de-AT`) the first
    that we speak counts.
    """
    language = _spoken(locales)
    say = PHRASES[language]
    blocks: list[Block] = []
    speaker: str | None = ""
    for answer in answers:
        if answer.name != speaker:
            name = one_line(answer.name or "", 80) or say.somebody
            blocks.append(Paragraph(say.answered.format(name=name)))
            speaker = answer.name
        blocks += [Paragraph(answer.text)] if answer.text else []
        blocks += [Link(one_line(name, 80), url) for name, url in answer.files]
    if form:
        quoted = form if len(form) <= QUOTED_MAX else f"{form[: QUOTED_MAX - 1]}…"
        blocks += [Paragraph(say.wrote), Quote([("", quoted)])]
    blocks.append(Paragraph(say.reply))
    blocks += [Link(say.go_on, page)] if page else []
    if any(answer.files for answer in answers):
        blocks.append(Paragraph(say.days, small=True))
    return compose(say.subject, blocks, language)


def _spoken(locales: Sequence[str | None]) -> str:
    languages = ((locale or "").replace("_", "-").partition("-")[0].lower() for locale in locales)
    return next((language for language in languages if language in PHRASES), "en")
