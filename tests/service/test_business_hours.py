"""Business hours by the wall clock of their zone: the edges of an interval, past midnight, over clock changes."""

from datetime import datetime, time

import pytest
import pytz
from hypothesis import given, strategies as st

from livechat_plugin.domain.availability import judge
from livechat_plugin.domain.business_hours import Hours

BERLIN = "Europe/Berlin"
NINE_TO_FIVE = Hours(BERLIN, time(9), time(17))
NIGHT = Hours(BERLIN, time(22), time(6))


def at(text: str, zone: str = BERLIN) -> datetime:
    """A moment by the wall clock of a zone; ambiguous ones are the earlier."""
    return pytz.timezone(zone).localize(datetime.fromisoformat(text), is_dst=True)


@pytest.mark.parametrize(
    ("hours", "moment", "is_open"),
    [
        (NINE_TO_FIVE, "2026-11-24T08:59:59", False),
        (NINE_TO_FIVE, "2026-11-24T09:00", True),
        (NINE_TO_FIVE, "2026-11-24T16:59:59", True),
        (NINE_TO_FIVE, "2026-11-24T17:00", False),
        (NIGHT, "2026-11-24T21:59", False),
        (NIGHT, "2026-11-24T22:00", True),
        (NIGHT, "2026-11-25T05:59", True),
        (NIGHT, "2026-11-25T06:00", False),
        (Hours(BERLIN, time(0), None), "2026-11-25T23:59:59", True),
        (Hours(BERLIN, time(18), None), "2026-11-25T00:00", False),
    ],
)
def test_open_or_not(hours: Hours, moment: str, is_open: bool) -> None:
    """The edges of the interval, as the clock on the wall shows them."""
    assert hours.is_open(at(moment)) is is_open


@pytest.mark.parametrize(
    ("hours", "moment", "opening"),
    [
        (NINE_TO_FIVE, "2026-11-24T17:00", "2026-11-25T09:00:00+01:00"),
        (NINE_TO_FIVE, "2026-11-24T03:00", "2026-11-24T09:00:00+01:00"),
        (NINE_TO_FIVE, "2026-03-28T18:00", "2026-03-29T09:00:00+02:00"),
        (NINE_TO_FIVE, "2026-10-24T18:00", "2026-10-25T09:00:00+01:00"),
        (Hours(BERLIN, time(2, 30), time(5)), "2026-03-28T12:00", "2026-03-29T03:00:00+02:00"),
        (Hours(BERLIN, time(2, 30), time(5)), "2026-10-24T12:00", "2026-10-25T02:30:00+02:00"),
        (NIGHT, "2026-11-24T12:00", "2026-11-24T22:00:00+01:00"),
    ],
)
def test_next_opening(hours: Hours, moment: str, opening: str) -> None:
    """The next opening by the wall clock: after a gap with its first moment, in an overlap the first time round."""
    assert hours.next_opening(at(moment)).isoformat() == opening


@given(
    seconds=st.integers(min_value=1_577_836_800, max_value=2_051_222_400),  # 2020 to 2034
    start=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    end=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    zone=st.sampled_from([BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC", "Pacific/Apia"]),
)
def test_next_opening_is_open_and_not_past(seconds: int, start: time, end: time, zone: str) -> None:
    """Whatever the hours and the zone: the next opening is never in the past, and it is open then."""
    if start == end:
        return
    hours = Hours(zone, start, end)
    now = datetime.fromtimestamp(seconds, pytz.utc)
    opening = hours.next_opening(now)
    assert opening >= now
    assert hours.is_open(opening)


def test_availability_names_the_first_reason() -> None:
    """The plan comes before the switch, the switch before the hours."""
    night = at("2026-11-24T03:00")
    assert judge("free", False, NINE_TO_FIVE, night).reason == "plan"
    assert judge("pro", False, NINE_TO_FIVE, night).reason == "off"
    assert judge("pro", True, NINE_TO_FIVE, night).reason == "hours"
    assert judge("pro", True, None, night).open
