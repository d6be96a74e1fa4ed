"""Business hours by the wall clock of their zone: edges, weekdays, exceptions, holidays, clock changes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import pytz
from hypothesis import assume, given, settings as how, strategies as st

from livechat_plugin.domain.availability import judge
from livechat_plugin.domain.business_hours import ALWAYS, HORIZON_DAYS, MINUTES, Day, Interval, Remembered, Schedule
from livechat_plugin.settings.hours import BusinessHours, ExceptionalDay, Holidays

BERLIN, NEW_YORK, LORD_HOWE = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"
ZONES = [BERLIN, NEW_YORK, LORD_HOWE, "Asia/Kathmandu", "Asia/Kolkata", "Pacific/Chatham", "UTC"]
ZONES += ["Africa/Cairo", "Asia/Beirut", "America/Santiago"]
"""Among them zones with 30 and 45 minutes, a change of half an hour, and some that change the clock at midnight."""

MINUTE = timedelta(minutes=1)


def hours(start: str, end: str, zone: str = BERLIN) -> Schedule:
    """The same hours every day."""
    return BusinessHours(timezone=zone, start=start, end=end).schedule()


def at(text: str, zone: str = BERLIN) -> datetime:
    """A moment by the wall clock of a zone; ambiguous ones are the earlier."""
    return pytz.timezone(zone).localize(datetime.fromisoformat(text), is_dst=True)


NINE_TO_FIVE = hours("09:00", "17:00")
NIGHT = hours("22:00", "06:00")
SUNDAY = BusinessHours(weekly={"sun": ["00:05-00:00"]}).schedule()
OFFICE = BusinessHours(
    weekly={"mon": ["09:00-12:00", "13:00-17:00"], "fri": ["22:00-06:00"], "sun": []},
    exceptions=[
        ExceptionalDay(date=date(2026, 12, 24), open=["09:00-12:00"]),
        ExceptionalDay(date=date(2026, 12, 26), open=["01:00-02:00"]),
        ExceptionalDay(date=date(2026, 12, 28)),
        ExceptionalDay(date=date(2028, 2, 29), open=["10:00-11:00"]),
    ],
).schedule()


@pytest.mark.promise("settings", "1a")
@pytest.mark.parametrize(
    ("schedule", "moment", "is_open"),
    [
        (NINE_TO_FIVE, "2026-11-24T08:59:59", False),
        (NINE_TO_FIVE, "2026-11-24T09:00", True),
        (NINE_TO_FIVE, "2026-11-24T16:59:59", True),
        (NINE_TO_FIVE, "2026-11-24T17:00", False),
        (NIGHT, "2026-11-24T21:59", False),
        (NIGHT, "2026-11-24T22:00", True),
        (NIGHT, "2026-11-25T05:59", True),
        (NIGHT, "2026-11-25T06:00", False),
        (hours("00:00", "24:00"), "2026-11-25T23:59:59", True),
        (hours("18:00", "24:00"), "2026-11-25T00:00", False),
        (hours("18:00", "00:00"), "2026-11-25T00:00", False),
        (OFFICE, "2026-11-23T11:59", True),  # a Monday: before, in and after the break
        (OFFICE, "2026-11-23T12:00", False),
        (OFFICE, "2026-11-23T13:00", True),
        (OFFICE, "2026-11-24T10:00", False),  # a Tuesday, which the week leaves out
        (OFFICE, "2026-11-27T23:00", True),  # Friday night
        (OFFICE, "2026-11-28T05:59", True),
        (OFFICE, "2026-11-28T22:30", False),
        (OFFICE, "2026-12-24T10:00", True),  # a Thursday, open by exception
        (OFFICE, "2026-12-25T23:00", True),  # Friday night, into a day with an exception
        (OFFICE, "2026-12-26T00:30", True),
        (OFFICE, "2026-12-26T05:59", True),
        (OFFICE, "2026-12-26T06:00", False),
        (OFFICE, "2026-12-28T10:00", False),  # a Monday, closed by exception
        (OFFICE, "2028-02-29T10:59", True),
        (OFFICE, "2028-03-01T10:30", False),
    ],
)
def test_open_or_not(schedule: Schedule, moment: str, is_open: bool) -> None:
    """The edges of the intervals, as the clock on the wall shows them; an exception replaces what its day begins."""
    assert schedule.is_open(at(moment)) is is_open


@pytest.mark.promise("settings", "1a")
@pytest.mark.parametrize(
    ("schedule", "moment", "opening"),
    [
        (NINE_TO_FIVE, "2026-11-24T17:00", "2026-11-25T09:00:00+01:00"),
        (NINE_TO_FIVE, "2026-11-24T03:00", "2026-11-24T09:00:00+01:00"),
        (NINE_TO_FIVE, "2026-11-24T10:15", "2026-11-24T10:15:00+01:00"),
        (NINE_TO_FIVE, "2026-03-28T18:00", "2026-03-29T09:00:00+02:00"),
        (NINE_TO_FIVE, "2026-10-24T18:00", "2026-10-25T09:00:00+01:00"),
        (hours("02:30", "05:00"), "2026-03-28T12:00", "2026-03-29T03:00:00+02:00"),
        (hours("02:30", "05:00"), "2026-10-24T12:00", "2026-10-25T02:30:00+02:00"),
        (hours("02:00", "02:30"), "2026-10-25T02:45:00", "2026-10-25T02:00:00+01:00"),
        (NIGHT, "2026-11-24T12:00", "2026-11-24T22:00:00+01:00"),
        (hours("02:30", "04:00", NEW_YORK), "2026-03-07T12:00:00", "2026-03-08T03:00:00-04:00"),
        (hours("02:10", "04:00", LORD_HOWE), "2026-10-03T12:00:00", "2026-10-04T02:30:00+11:00"),
        (SUNDAY, "2026-03-28T23:59", "2026-03-29T00:05:00+01:00"),  # the clocks are changed on the next day, later
        (OFFICE, "2026-12-26T06:00", "2027-01-01T22:00:00+01:00"),  # the Monday between is closed by exception
    ],
)
def test_next_opening(schedule: Schedule, moment: str, opening: str) -> None:
    """The next opening by the wall clock: after a gap with its first moment, in an overlap the first time round."""
    found = schedule.next_opening(at(moment, schedule.zone))
    assert found is not None
    assert found.isoformat() == opening


@pytest.mark.promise("settings", "1a")
@pytest.mark.parametrize(
    ("schedule", "moment", "closing"),
    [
        (NINE_TO_FIVE, "2026-11-24T10:00", "2026-11-24T17:00:00+01:00"),
        (NIGHT, "2026-03-28T23:00", "2026-03-29T06:00:00+02:00"),
        (hours("01:00", "02:30"), "2026-03-29T01:30", "2026-03-29T03:00:00+02:00"),
        (OFFICE, "2026-12-25T23:00", "2026-12-26T06:00:00+01:00"),
        (OFFICE, "2026-11-23T12:30", "2026-11-23T12:30:00+01:00"),
        (hours("18:00", "24:00"), "2026-11-23T18:30", "2026-11-24T00:00:00+01:00"),
    ],
)
def test_next_closing(schedule: Schedule, moment: str, closing: str) -> None:
    """The first moment that is closed: closing time itself."""
    found = schedule.next_closing(at(moment, schedule.zone))
    assert found is not None
    assert found.isoformat() == closing


def test_never_closes_and_never_opens() -> None:
    """What has no end, or no beginning, within sight has none."""
    now = at("2026-11-24T12:00")
    assert Schedule(BERLIN, [ALWAYS] * 7).next_closing(now) is None
    assert Schedule(BERLIN, [()] * 7).next_opening(now) is None


@pytest.mark.promise("settings", "1a")
def test_holidays_are_closed_unless_excepted() -> None:
    """A public holiday of the region is closed; an exception for its date wins; elsewhere it is a day as any other."""
    weekdays = {"tue": ["09:00-17:00"]}
    epiphany = at("2026-01-06T10:00")  # a Tuesday; a holiday in Bavaria, not in Hamburg
    bavaria = Holidays(enabled=True, country="DE", region="BY")
    opened = ExceptionalDay(date=date(2026, 1, 6), open=["09:00-12:00"])
    assert not BusinessHours(weekly=weekdays, holidays=bavaria).schedule().is_open(epiphany)
    assert BusinessHours(weekly=weekdays, holidays=bavaria, exceptions=[opened]).schedule().is_open(epiphany)
    assert BusinessHours(weekly=weekdays, holidays=Holidays(enabled=True, region="HH")).schedule().is_open(epiphany)
    assert BusinessHours(weekly=weekdays, holidays=Holidays(region="BY")).schedule().is_open(epiphany)


def test_spans_of_a_weekend() -> None:
    """When it is open between two moments, cut at their edges."""
    spans = OFFICE.spans(at("2026-11-28T01:00"), at("2026-11-30T10:00"))
    assert [(start.isoformat(), end.isoformat()) for start, end in spans] == [
        ("2026-11-28T01:00:00+01:00", "2026-11-28T06:00:00+01:00"),
        ("2026-11-30T09:00:00+01:00", "2026-11-30T10:00:00+01:00"),
    ]


def test_an_end_within_a_gap_at_midnight_is_walked_in_order() -> None:
    """In Cairo the clock goes from 24:00 to 01:00: who closes half an hour after midnight has closed by then, once."""
    cairo = hours("20:00", "00:30", "Africa/Cairo")
    spans = cairo.spans(at("2026-04-23T12:00", "Africa/Cairo"), at("2026-04-24T12:00", "Africa/Cairo"))
    assert [(start.isoformat(), end.isoformat()) for start, end in spans] == [
        ("2026-04-23T20:00:00+02:00", "2026-04-24T01:00:00+03:00"),
    ]


def test_many_intervals_are_walked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search for the next edge does not begin anew at the day's start for each of them."""
    half_hours = Schedule("UTC", [tuple(Interval(hour * 60, hour * 60 + 30) for hour in range(24))] * 7)
    days: list[date] = []
    turning_points = Schedule._turning_points

    def noted(self: Schedule, day: date) -> list[datetime]:
        days.append(day)
        return turning_points(self, day)

    monkeypatch.setattr(Schedule, "_turning_points", noted)
    spans = list(half_hours.spans(at("2026-11-23T00:00", "UTC"), at("2026-12-07T00:00", "UTC")))
    assert (len(spans), len(days)) == (14 * 24, 14)


def test_availability_names_the_first_reason() -> None:
    """The plan comes before the switch, the switch before the hours, the hours before who is there."""
    night = at("2026-11-24T03:00")
    assert judge("free", False, NINE_TO_FIVE, night).reason == "plan"
    assert judge("pro", False, NINE_TO_FIVE, night).reason == "off"
    assert judge("pro", True, NINE_TO_FIVE, night, somebody_here=False).reason == "hours"
    assert judge("pro", True, None, night, somebody_here=False).reason == "nobody"
    assert judge("pro", True, None, night).open


# What must hold for every schedule, zone and moment.

clocks = st.integers(0, MINUTES // 5 - 1).map(lambda five: five * 5)
intervals = st.tuples(clocks, clocks).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: Interval(*pair))
days: st.SearchStrategy[Day] = st.lists(intervals, max_size=3).map(tuple)
near_changes = [
    "2026-03-29T00:30:00+00:00",
    "2026-10-25T00:30:00+00:00",
    "2026-03-08T06:30:00+00:00",
    "2026-11-01T05:30:00+00:00",
    "2026-04-04T14:30:00+00:00",
    "2026-10-03T15:00:00+00:00",
    "2026-03-28T22:00:00+00:00",
    "2026-04-05T03:00:00+00:00",
    "2026-04-23T21:30:00+00:00",
    "2026-09-06T04:00:00+00:00",
    "2028-02-29T12:00:00+00:00",
]
moments = st.one_of(
    st.integers(1_577_836_800, 2_051_222_400).map(lambda seconds: datetime.fromtimestamp(seconds, pytz.utc)),
    st.tuples(st.sampled_from(near_changes), st.integers(-2_880, 2_880)).map(
        lambda near: datetime.fromisoformat(near[0]) + near[1] * MINUTE
    ),
)
schedules = st.builds(
    Schedule,
    zone=st.sampled_from(ZONES),
    week=st.lists(days, min_size=7, max_size=7),
    exceptions=st.dictionaries(st.dates(date(2026, 3, 1), date(2026, 11, 30)), days, max_size=4),
)


def by_the_minute(schedule: Schedule, start: datetime, *, open_then: bool) -> datetime | None:
    """The first minute of the next three days that is as wanted, found the slow way."""
    at = start
    for _ in range(3 * MINUTES):
        if schedule.is_open(at) is open_then:
            return at
        at = at.replace(second=0, microsecond=0) + MINUTE
    return None


@pytest.mark.promise("settings", "1b")
@given(schedule=schedules, now=moments)
@how(max_examples=60, deadline=None)
def test_searches_find_what_every_minute_says(schedule: Schedule, now: datetime) -> None:
    """Next opening and next closing are the first such minute there is: never past, never one too late."""
    for open_then, search in ((True, schedule.next_opening), (False, schedule.next_closing)):
        slow = by_the_minute(schedule, now, open_then=open_then)
        found = search(now)
        if slow is None:
            assert found is None or found >= now + timedelta(days=3) - MINUTE
        else:
            assert found == slow


@pytest.mark.promise("settings", "1b")
@given(schedule=schedules, now=moments)
@how(max_examples=200, deadline=None)
def test_next_opening_is_open_and_not_past(schedule: Schedule, now: datetime) -> None:
    """Whatever the hours and the zone: the next opening is never in the past, and it is open then."""
    opening = schedule.next_opening(now)
    assume(opening is not None)
    assert opening is not None
    assert opening >= now
    assert schedule.is_open(opening)
    assert not schedule.is_open(opening - timedelta(seconds=1)) or opening == now


@given(schedule=schedules, now=moments)
@how(max_examples=60, deadline=None)
def test_spans_are_open_and_what_is_between_is_not(schedule: Schedule, now: datetime) -> None:
    """The spans of two days hold exactly the minutes that are open."""
    end = now + timedelta(days=2)
    at, expected = now, 0
    while at < end:
        expected += schedule.is_open(at)
        at += 5 * MINUTE
    inside = 0
    for opening, closing in schedule.spans(now, end):
        at = now
        while at < end:
            inside += opening <= at < closing
            at += 5 * MINUTE
    assert inside == expected


# A schedule that remembers its last answer says what the schedule says.


@dataclass
class Counted:
    """Lets a schedule search, and counts how often it begins to."""

    schedule: Schedule
    searches: int = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.schedule, name)

    def next_opening(self, at: datetime) -> datetime | None:
        self.searches += 1
        return self.schedule.next_opening(at)


steps = st.one_of(
    st.sampled_from(["the edge", "before the edge"]),
    st.integers(-3 * MINUTES, 3 * MINUTES),
    st.sampled_from([timedelta(milliseconds=1), timedelta(seconds=-1), timedelta(days=-200), timedelta(days=370)]),
)


@pytest.mark.promise("settings", "1b")
@given(schedule=schedules, now=moments, walk=st.lists(steps, max_size=12))
@how(max_examples=100, deadline=None)
def test_remembered_hours_answer_as_the_schedule(
    schedule: Schedule, now: datetime, walk: list[str | int | timedelta]
) -> None:
    """However the clock goes, also back, and to the very second of an edge."""
    remembered, moment = Remembered(schedule), now
    for step in ["here", *walk]:
        edge = schedule.unchanged_until(moment)
        if isinstance(step, int):
            moment += step * MINUTE
        elif isinstance(step, timedelta):
            moment += step
        elif step != "here":
            moment = edge if step == "the edge" else edge - timedelta(milliseconds=1)
        assert judge("pro", True, remembered, moment) == judge("pro", True, schedule, moment), moment


@pytest.mark.parametrize(
    ("schedule", "day"),
    [(SUNDAY, "2026-11-24"), (OFFICE, "2026-12-29"), (Schedule(BERLIN, [()] * 7), "2026-11-24")],
)
def test_closed_hours_are_searched_once_not_for_each_who_asks(schedule: Schedule, day: str) -> None:
    """Bug: each socket searched anew while live chat was closed, the longer the further away the opening."""
    counted = Counted(schedule)
    remembered = Remembered(counted)  # type: ignore[arg-type]
    for minute in range(60):
        judge("pro", True, remembered, at(f"{day}T12:00") + minute * MINUTE)
    assert counted.searches == 1


def test_never_to_open_is_believed_until_midnight() -> None:
    """Then one more day is in sight, and it may be open."""
    last_day = at("2026-11-24T12:00").date() + timedelta(days=HORIZON_DAYS + 1)
    schedule = Schedule(BERLIN, [()] * 7, {last_day: (Interval(540, 600),)})
    remembered = Remembered(schedule)
    assert remembered.next_opening(at("2026-11-24T12:00")) is None
    assert remembered.next_opening(at("2026-11-24T23:59:59")) is None
    assert remembered.next_opening(at("2026-11-25T00:00")) == at(f"{last_day}T09:00")
