"""Bodies of `/api/v1/settings`: the document in force, saving another, who changed what, what a customer would see.

A key is named as in livechat.yml: `business_hours.weekly.mon[0]`, `messages.translations.de.handover`.
"""

from typing import Annotated, Any, Literal

import msgspec

from .common import Availability, Incoming, Outgoing, Person

Document = dict[str, Any]
"""The settings as in livechat.yml, with every default filled in."""

Version = Annotated[int, msgspec.Meta(ge=0)]


class Addressee(Outgoing, kw_only=True):
    """Somebody who is told of new handovers by mail."""

    name: str
    email: str


class MailSetup(Outgoing, kw_only=True):
    """Whether mail can be sent, from whom, and to whom a new handover is told."""

    configured: bool
    sender: str | None
    owners: list[Addressee]


class SettingsDocument(Outgoing, kw_only=True):
    """The settings in force; `at` and `author` say since when and by whom, where a null author is the file.

    `file_error` names what is wrong with the file on disk when it was refused, or could not be written.
    """

    version: int
    document: Document
    availability: Availability
    file_error: str | None
    at: str | None
    author: Person | None
    may_change: bool
    mail: MailSetup


class SaveSettings(Incoming, kw_only=True):
    """The whole document as it was read, changed, with the version that was read."""

    version: Version
    document: Document


class ChangedKey(Outgoing, kw_only=True):
    """One key and its values; null where there was or is none."""

    key: str
    before: Any
    after: Any


class StaleSettings(Outgoing, kw_only=True):
    """`data` of a refusal with code `stale_version`: what is in force, and what changed since the caller's version."""

    version: int
    document: Document
    at: str
    author: Person | None
    changes: list[ChangedKey]


class SettingsVersion(Outgoing, kw_only=True):
    """One version and what it changed; a null author is the file."""

    version: int
    at: str
    author: Person | None
    changes: list[ChangedKey]


class SettingsVersions(Outgoing, kw_only=True):
    """Newest first; `next` is the `before` of the following page."""

    items: list[SettingsVersion]
    next: int | None


class PreviewSettings(Incoming, kw_only=True):
    """What would a customer see with this document, at this moment (null: now), with this language and zone?"""

    document: Document
    at: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    locale: Annotated[str, msgspec.Meta(max_length=35)] | None = None
    timezone: Annotated[str, msgspec.Meta(max_length=64)] | None = None


class OpenSpan(Outgoing, kw_only=True):
    """From … to, in the team's zone, cut at the day's ends."""

    start: str
    end: str


class PreviewDay(Outgoing, kw_only=True):
    """One day in the team's zone; `name` is that of its holiday or exception. No spans: closed."""

    date: str
    name: str | None
    spans: list[OpenSpan]


class SpecialDate(Outgoing, kw_only=True):
    """A day in the team's zone that does not go by the week: an exception or a holiday."""

    date: str
    name: str | None


class SettingsPreview(Outgoing, kw_only=True):
    """`offers` is what stands in the widget from the threshold on, with the words of `title`; `says` is what the
    customer reads after asking for a person. `days` are fourteen, from today on, whatever `at` is; `next_special` is
    the first exception or holiday after today, up to 400 days ahead.
    """

    availability: Availability
    at: str
    timezone: str
    offers: Literal["talk_to_human", "contact_form", "nothing"]
    title: str | None
    says: str | None
    days: list[PreviewDay]
    next_special: SpecialDate | None


class Region(Outgoing, kw_only=True):
    """By its own name; by its code where no name is known."""

    code: str
    name: str


class Country(Outgoing, kw_only=True):
    """A country whose public holidays are known, and its regions."""

    code: str
    name: str
    regions: list[Region]


class Language(Outgoing, kw_only=True):
    """A language that texts may be in, by its own name."""

    code: str
    name: str


class SettingsChoices(Outgoing, kw_only=True):
    """What the page's lists offer."""

    timezones: list[str]
    countries: list[Country]
    languages: list[Language]
