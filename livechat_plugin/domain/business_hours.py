"""Business hours: when a team is there, in one time zone. Pure; the moment is always given.

What must hold: opening is inclusive, closing exclusive. An interval belongs to the day on which it begins and may run
past midnight; an exception, or a holiday, replaces what begins on its day, not what the day before left running. A
moment is judged by the clock on the wall, so a day with a clock change opens and closes when that clock says so: an
hour that comes twice is twice the same, one that is left out is not missed. Whether it is open can change only at an
edge of an interval or at a clock change; the searches below look at nothing else.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from typing import NamedTuple, Protocol

import pytz

DAY = timedelta(days=1)
MINUTES = 24 * 60

HORIZON_DAYS = 400
"""A schedule that does not open for so long is taken for one that never does."""


class Interval(NamedTuple):
    """Minutes since midnight; an end of 1440 is the day's end, an end before the start is on the next day."""

    start: int
    end: int

    @property
    def past_midnight(self) -> bool:
        return self.end < self.start


Day = tuple[Interval, ...]
ALWAYS: Day = (Interval(0, MINUTES),)


def no_holiday(_day: date) -> str | None:
    """For a schedule without holidays."""
    return None


class Hours(Protocol):
    """What availability asks of a schedule."""

    def is_open(self, at: datetime) -> bool: ...
    def next_opening(self, at: datetime) -> datetime | None: ...


class Answer(NamedTuple):
    """What holds from one moment until just before another; `next_opening` is for while it is closed."""

    since: datetime
    until: datetime
    open: bool
    next_opening: datetime | None


@dataclass(frozen=True)
class Schedule:
    """`week` begins on Monday; `holiday` names the holiday of a day, on which nothing begins; an exception wins."""

    zone: str
    week: Sequence[Day]
    exceptions: Mapping[date, Day] = field(default_factory=dict)
    holiday: Callable[[date], str | None] = no_holiday

    def day(self, day: date) -> Day:
        """The intervals that begin on this day."""
        exception = self.exceptions.get(day)
        if exception is not None:
            return exception
        return () if self.holiday(day) else self.week[day.weekday()]

    def is_open(self, at: datetime) -> bool:
        local = at.astimezone(pytz.timezone(self.zone))
        clock = local.hour * 60 + local.minute
        today, before = self.day(local.date()), self.day(local.date() - DAY)
        return any(start <= clock < end or end < start <= clock for start, end in today) or any(
            one.past_midnight and clock < one.end for one in before
        )

    def next_opening(self, at: datetime) -> datetime | None:
        """The first moment from `at` on that is open, in the schedule's zone; None when there is none in sight."""
        return self._next(at, open_then=True)

    def next_closing(self, at: datetime) -> datetime | None:
        """The first moment from `at` on that is closed; None when it stays open."""
        return self._next(at, open_then=False)

    def unchanged_until(self, at: datetime) -> datetime:
        """Until then it stays open or closed, with the same next opening: until the next edge or clock change, at the
        latest midnight, with which one more day comes into sight.
        """
        local = at.astimezone(pytz.timezone(self.zone))
        return next(moment for moment in self._turning_points(local.date()) if moment > local)

    def spans(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """When it is open between two moments, from … to, in order; the first and last are cut at the edges."""
        local = start.astimezone(pytz.timezone(self.zone))
        opened = local if self.is_open(local) else None
        for moment in takewhile(lambda moment: moment < end, self._moments_after(local)):
            if opened is None:
                opened = moment if self.is_open(moment) else None
            elif not self.is_open(moment):
                yield opened, moment
                opened = None
        if opened is not None and opened < end:
            yield opened, end

    def _next(self, at: datetime, *, open_then: bool) -> datetime | None:
        local = at.astimezone(pytz.timezone(self.zone))
        if self.is_open(local) is open_then:
            return local
        return next((moment for moment in self._moments_after(local) if self.is_open(moment) is open_then), None)

    def _moments_after(self, local: datetime) -> Iterator[datetime]:
        """The moments at which it may open or close, as far as there is anything in sight."""
        for days in range(HORIZON_DAYS + 1):
            yield from (moment for moment in self._turning_points(local.date() + days * DAY) if moment > local)

    def _turning_points(self, day: date) -> list[datetime]:
        """The moments of a day at which it may open or close, in order, and its end. A clock that is left out around
        midnight stands for moments of two days; those of the other day are named with that.
        """
        clocks = {start for start, _ in self.day(day)} | {end for start, end in self.day(day) if start < end}
        clocks |= {one.end for one in self.day(day - DAY) if one.past_midnight}
        clocks |= {0, MINUTES}  # what the day before leaves, and what the next one begins
        moments = {
            moment
            for clock in clocks
            for moment in _moments(self.zone, day, clock)
            if moment.date() == day or clock == MINUTES
        }
        change = _clock_change(self.zone, day)
        return sorted(moments if change is None else moments | {change})


class Remembered:
    """A schedule that keeps its last answer for as long as that holds: it is asked for each socket every few seconds,
    and a search takes the longer the further away the next opening is. The clock may go back.
    """

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._answer: Answer | None = None

    def is_open(self, at: datetime) -> bool:
        return self._at(at).open

    def next_opening(self, at: datetime) -> datetime | None:
        """As the schedule's own."""
        answer = self._at(at)
        return self._schedule.next_opening(at) if answer.open else answer.next_opening

    def _at(self, at: datetime) -> Answer:
        if self._answer is None or not self._answer.since <= at < self._answer.until:
            until, is_open = self._schedule.unchanged_until(at), self._schedule.is_open(at)
            self._answer = Answer(at, until, is_open, None if is_open else self._schedule.next_opening(at))
        return self._answer


def _moments(zone: str, day: date, clock: int) -> Iterator[datetime]:
    """When the wall shows this: once, or twice on the day that the clock is put back."""
    known = pytz.timezone(zone)
    wall = datetime.combine(day, time()) + timedelta(minutes=clock)
    for summer in (True, False):
        yield known.normalize(known.localize(wall, is_dst=summer))


def _clock_change(zone: str, day: date) -> datetime | None:
    """The first moment after the change, if that is on this day by the zone's clocks; to the second."""
    known = pytz.timezone(zone)
    before = datetime.combine(day, time(), pytz.utc) - DAY / 2
    after = before + 2 * DAY
    offset = before.astimezone(known).utcoffset()
    if after.astimezone(known).utcoffset() == offset:
        return None
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(known).utcoffset() == offset:
            before = middle
        else:
            after = middle
    changed = after.replace(microsecond=0).astimezone(known)
    return changed if changed.date() == day else None
