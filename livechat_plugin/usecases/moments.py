"""A moment in words: in the language of the text that it stands in, by the team's clock and, if it differs, by the
customer's: "Tuesday, 24 November, 09:00 (Berlin), 03:00 (New York)". Pure.
"""

import re
from datetime import datetime
from functools import lru_cache

import pytz
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_timezone_location

ENGLISH = "en_150"
"""English without a country: the day before the month, and the clock up to 24, as most of the world reads it."""

YEAR = re.compile(
    r"""^y(?:\.|年|년)?(?:\s*'[^']*'\.?)?\s*  # first
      | (?:,|\s'de')?\s*(?:G\s+)?y(?:\s*'[^']*'\.?)?$  # last
      | \sy(?=\s)  # between
    """,
    re.VERBOSE,
)
"""In a pattern for a whole date. An opening is never so far away that the year need be said."""


def in_words(moment: datetime, zone: str, language: str, locale: str | None = None, timezone: str | None = None) -> str:
    """`language` is that of the text, `locale` and `timezone` are the customer's, as far as they are known."""
    reading = _locale(language, locale)
    team = moment.astimezone(pytz.timezone(zone))
    said = f"{_date(team, reading)}, {_clock(team, zone, reading)}"
    if timezone not in pytz.all_timezones_set:
        return said
    theirs = moment.astimezone(pytz.timezone(timezone))
    if theirs.utcoffset() == team.utcoffset():
        return said
    day = f"{_date(theirs, reading)}, " if theirs.date() != team.date() else ""
    return f"{said}, {day}{_clock(theirs, str(timezone), reading)}"


def _date(moment: datetime, reading: Locale) -> str:
    return format_date(moment, YEAR.sub("", reading.date_formats["full"].pattern), locale=reading)


def _clock(moment: datetime, zone: str, reading: Locale) -> str:
    return f"{format_time(moment, 'short', locale=reading)} ({_city(zone, reading)})"


@lru_cache(maxsize=256)
def _city(zone: str, reading: Locale) -> str:
    return get_timezone_location(pytz.timezone(zone), locale=reading, return_city=True)


@lru_cache(maxsize=256)
def _locale(language: str, locale: str | None) -> Locale:
    """The customer's own, if it is of the text's language; they may write their dates otherwise than others do."""
    team = _parsed(language) or Locale("en")
    theirs = _parsed(locale) if locale else None
    reading = theirs if theirs is not None and theirs.language == team.language else team
    return Locale.parse(ENGLISH) if str(reading) == "en" else reading


def _parsed(name: str) -> Locale | None:
    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None
