"""The section `messages`: what the system says to customers, in the team's language and in others."""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from babel import Locale, UnknownLocaleError

from ..domain.texts import fill, placeholders
from ..wire.common import NOT_BLANK
from .section import Section

Message = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000, pattern=NOT_BLANK)]
Greeting = Annotated[str, msgspec.Meta(max_length=2_000)]
Title = Annotated[str, msgspec.Meta(min_length=1, max_length=20, pattern=NOT_BLANK)]
"""What a button of WhatsApp has room for."""

Name = Literal[
    "greeting",
    "talk_to_human",
    "leave_details",
    "handover",
    "out_of_hours",
    "form_received",
    "requeued",
    "bot_silent",
    "bot_silent_alone",
]

WITH_OPENING: frozenset[str] = frozenset({"out_of_hours", "form_received"})
"""The texts that may say `{next_opening}`."""


class Translation(Section, kw_only=True, frozen=True):
    """The texts in another language; what is left out is said in the team's."""

    greeting: Greeting | None = None
    talk_to_human: Title | None = None
    leave_details: Title | None = None
    handover: Message | None = None
    out_of_hours: Message | None = None
    form_received: Message | None = None
    requeued: Message | None = None
    bot_silent: Message | None = None
    bot_silent_alone: Message | None = None

    def __post_init__(self) -> None:
        _check_placeholders(self)


class Messages(Section, kw_only=True, frozen=True):
    """`language` is that of these texts."""

    language: str = "en"
    greeting: Greeting = "Hello! How can I help you?"
    talk_to_human: Title = "Talk to Human"
    leave_details: Title = "Leave a message"
    handover: Message = "A team member will be with you shortly."
    out_of_hours: Message = "We are away right now. Leave your details and we will get back to you."
    form_received: Message = "Thank you. We will get back to you."
    requeued: Message = "Your contact had to step away. Another team member will be with you shortly."
    bot_silent: Message = "Sorry, I can't answer right now. A team member will be with you shortly."
    bot_silent_alone: Message = "Sorry, I can't answer right now. Please try again in a little while."
    translations: dict[str, Translation] = {}

    def __post_init__(self) -> None:
        _check_language(self.language, "language")
        for language in self.translations:
            _check_language(language, f"translations.{language}")
        _check_placeholders(self)

    def say(self, name: Name, locale: str | None) -> tuple[str, str]:
        """The text for a customer of this locale (`de-AT`), and the language that it is in."""
        for language in _nearest(locale, self.translations):
            translated = getattr(self.translations[language], name)
            if translated is not None:
                return translated, language
        return getattr(self, name), self.language


def _nearest(locale: str | None, translations: Mapping[str, Translation]) -> list[str]:
    """The languages that serve this locale, the nearest first: `pt-BR`, then `pt`."""
    if locale is None:
        return []
    wanted = locale.replace("_", "-").lower()
    known = {language.replace("_", "-").lower(): language for language in translations}
    return [known[key] for key in dict.fromkeys([wanted, wanted.partition("-")[0]]) if key in known]


def _check_language(language: str, key: str) -> None:
    try:
        Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError) as error:
        raise ValueError(f"{key}: expected a language such as en or pt-BR, found {language!r}") from error


def _check_placeholders(texts: Section) -> None:
    for name in Translation.__struct_fields__:
        text = getattr(texts, name)
        for found in sorted(placeholders(text or "")):
            if found != "next_opening" or name not in WITH_OPENING:
                allowed = "{next_opening}" if name in WITH_OPENING else "no placeholder"
                raise ValueError(f"{name}: expected {allowed}, found {{{found}}}")
        if text and not fill(text, {}).strip():
            raise ValueError(f"{name}: expected also a sentence without {{next_opening}}, for when that is not known")
