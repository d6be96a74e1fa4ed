"""The section `business_hours`: what an admin writes, and the schedule that it means."""

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Annotated, Literal

import holidays as public_holidays
import msgspec
import pytz

from ..domain.business_hours import MINUTES, Day, Interval, Schedule, no_holiday
from .section import Section

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
SPAN = re.compile(r"\d\d:\d\d-\d\d:\d\d")

Spans = Annotated[list[str], msgspec.Meta(max_length=24)]


class ExceptionalDay(Section, kw_only=True, frozen=True):
    """The hours of one date; an empty list closes it."""

    date: date
    open: Spans = []
    name: Annotated[str, msgspec.Meta(max_length=80)] = ""

    def __post_init__(self) -> None:
        _day(self.open, "open")


class Holidays(Section, kw_only=True, frozen=True):
    """Public holidays are closed; `region` is a state or province as in ISO 3166-2: BY, not DE-BY."""

    enabled: bool = False
    country: str = "DE"
    region: str | None = None

    def __post_init__(self) -> None:
        regions = regions_by_country().get(self.country)
        if regions is None:
            raise ValueError(f"country: expected a country's two letters such as DE, found {self.country!r}")
        if self.region is not None and self.region not in regions:
            known = ", ".join(regions) or "none"
            raise ValueError(f"region: expected a region of {self.country} ({known}), found {self.region!r}")

    def name_of(self) -> Callable[[date], str | None]:
        """Names the holiday of a day."""
        return _calendar(self.country, self.region).get if self.enabled else no_holiday


@cache
def regions_by_country() -> dict[str, list[str]]:
    """The countries whose public holidays are known, with their regions."""
    return {code: list(known) for code, known in public_holidays.list_supported_countries().items() if len(code) == 2}


@cache
def _calendar(country: str, region: str | None) -> public_holidays.HolidayBase:
    return public_holidays.country_holidays(country, subdiv=region, language="en_US")  # else that of the machine


class BusinessHours(Section, kw_only=True, frozen=True):
    enabled: bool = False
    timezone: str = "Europe/Berlin"
    start: str = "09:00"
    end: str = "17:00"
    weekly: dict[Weekday, Spans] = {}
    exceptions: Annotated[list[ExceptionalDay], msgspec.Meta(max_length=400)] = []
    holidays: Holidays = Holidays()

    def __post_init__(self) -> None:
        if self.timezone not in pytz.all_timezones_set:
            raise ValueError(f"timezone: expected an IANA name such as Europe/Berlin, found {self.timezone!r}")
        if not CLOCK.fullmatch(self.start):
            raise ValueError(f'start: expected a time such as "09:00", found {self.start!r}')
        if self.end != "24:00" and not CLOCK.fullmatch(self.end):
            raise ValueError(f'end: expected a time such as "17:00", or "24:00", found {self.end!r}')
        if self.start == self.end:
            raise ValueError('end: expected another time than start (for the whole day use "00:00" and "24:00")')
        for day, spans in self.weekly.items():
            _day(spans, f"weekly.{day}")
        named: set[date] = set()
        for n, exception in enumerate(self.exceptions):
            if exception.date in named:
                raise ValueError(f"exceptions[{n}].date: expected each date once, found {exception.date} again")
            named.add(exception.date)

    def schedule(self) -> Schedule:
        """What is meant, whether or not it is switched on; a day that `weekly` leaves out is closed."""
        every_day = (_interval(f"{self.start}-{self.end}", "start"),)
        week = [_day(self.weekly.get(day, []), f"weekly.{day}") for day in WEEK] if self.weekly else [every_day] * 7
        exceptions = {one.date: _day(one.open, "open") for one in self.exceptions}
        return Schedule(self.timezone, week, exceptions, self.holidays.name_of())


def _day(spans: list[str], key: str) -> Day:
    """Raises `ValueError` naming the interval that is wrong."""
    day = sorted(_interval(span, f"{key}[{n}]") for n, span in enumerate(spans))
    for n, (one, after) in enumerate(pairwise(day), start=1):
        if one.past_midnight or after.start < one.end:
            raise ValueError(f"{key}[{n}]: expected times that do not overlap, found {spans!r}")
    return tuple(day)


def _interval(span: str, key: str) -> Interval:
    start, _, end = span.partition("-")
    if not SPAN.fullmatch(span) or not CLOCK.fullmatch(start) or (end != "24:00" and not CLOCK.fullmatch(end)):
        raise ValueError(f'{key}: expected times such as "09:00-17:00", found {span!r}')
    if start == end:
        raise ValueError(f'{key}: expected another end than {start} (for the whole day use "00:00-24:00")')
    return Interval(_minutes(start), _minutes(end))


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes) if clock != "24:00" else MINUTES
