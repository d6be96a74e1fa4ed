"""The time machine: what a customer would see with these settings at some moment.

What must hold: it is the answer that they would get, so it comes from what answers them (`judged`, the schedule,
`wording`), and asking changes nothing. Whether an agent is there can be known only of now; at another moment somebody
is taken to be.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Literal

import pytz

from ..domain.availability import Verdict
from ..domain.business_hours import DAY, HORIZON_DAYS, Schedule
from ..errors import Invalid
from ..settings import Settings
from . import presence
from .context import Context, judged
from .save_settings import checked
from .wording import Reader, word

DAYS = 14
YEARS = range(2000, 2100)
"""What is further away is a slip of the pen."""

Offer = Literal["talk_to_human", "contact_form", "nothing"]


@dataclass(frozen=True)
class ForeseenDay:
    """`name` is that of its holiday or exception; `spans` are in the team's zone, cut at the day's ends."""

    date: date
    name: str | None
    spans: Sequence[tuple[datetime, datetime]]


@dataclass(frozen=True)
class SpecialDate:
    """A day that does not go by the week: an exception or a holiday."""

    date: date
    name: str | None


@dataclass(frozen=True)
class Foresight:
    """`title` is on the button of the `offer`; `says` is what the customer reads after asking for a person.
    `next_special` is the first after today.
    """

    at: datetime
    zone: str
    verdict: Verdict
    offer: Offer
    title: str | None
    says: str | None
    days: Sequence[ForeseenDay]
    next_special: SpecialDate | None


async def foresee(context: Context, document: dict[str, Any], at: str | None, reader: Reader) -> Foresight:
    """Raises `Invalid` as a Save of the document would."""
    now = context.clock()
    settings = checked(document, now)
    present = datetime.fromtimestamp(now / 1000, UTC)
    moment = present if at is None else _moment(at)
    here = at is not None or await presence.somebody_here(context)
    return foreseen(settings, present, moment, reader, somebody_here=here)


def foreseen(
    settings: Settings, now: datetime, at: datetime, reader: Reader, *, somebody_here: bool = True
) -> Foresight:
    """`at` is what is asked about; the days begin with that of `now`."""
    hours = settings.business_hours.schedule() if settings.business_hours.enabled else None
    verdict = judged(settings, hours, at, somebody_here=somebody_here)
    offer, title = _offer(settings, verdict, reader)
    zone = settings.business_hours.timezone
    today = now.astimezone(pytz.timezone(zone)).date()
    return Foresight(
        at=at,
        zone=zone,
        verdict=verdict,
        offer=offer,
        title=title,
        says=_says(settings, verdict, reader),
        days=list(_days(settings, hours, today)),
        next_special=next(_special(settings, hours, today + DAY, HORIZON_DAYS), None),
    )


def _moment(at: str) -> datetime:
    moment = None
    with contextlib.suppress(ValueError):
        moment = datetime.fromisoformat(at)
    if moment is None or moment.tzinfo is None or moment.year not in YEARS:
        expected = f"expected a moment such as 2026-11-24T09:00:00+01:00, between {YEARS.start} and {YEARS.stop}"
        raise Invalid(f"at: {expected}.", {"at": expected})
    return moment


def _offer(settings: Settings, verdict: Verdict, reader: Reader) -> tuple[Offer, str | None]:
    """What stands in the widget from the threshold on."""
    if verdict.takes_forms:
        return "contact_form", word(settings, "leave_details", reader, verdict.next_opening)
    if verdict.open and settings.live_chat.show_button:
        return "talk_to_human", word(settings, "talk_to_human", reader, None)
    return "nothing", None


def _says(settings: Settings, verdict: Verdict, reader: Reader) -> str | None:
    """When live chat is off the bot alone has something to say."""
    if verdict.open:
        return word(settings, "handover", reader, None)
    return word(settings, "out_of_hours", reader, verdict.next_opening) if verdict.takes_forms else None


def _days(settings: Settings, hours: Schedule | None, today: date) -> Iterator[ForeseenDay]:
    """Hours that are switched off leave every day open."""
    zone = settings.business_hours.timezone
    starts = [_start(zone, today + n * DAY) for n in range(DAYS + 1)]
    spans = list(hours.spans(starts[0], starts[-1])) if hours else [(starts[0], starts[-1])]
    names = {one.date: one.name for one in _special(settings, hours, today, DAYS)}
    for n in range(DAYS):
        day, (start, end) = today + n * DAY, (starts[n], starts[n + 1])
        inside = [(max(start, one), min(end, other)) for one, other in spans if one < end and other > start]
        yield ForeseenDay(day, names.get(day), inside)


def _special(settings: Settings, hours: Schedule | None, first: date, days: int) -> Iterator[SpecialDate]:
    """From this day on; hours that are switched off know none. An exception goes before the holiday of its day."""
    if hours is None:
        return
    exceptions = {one.date: one.name or None for one in settings.business_hours.exceptions}
    for day in (first + n * DAY for n in range(days)):
        name = exceptions[day] if day in exceptions else hours.holiday(day)
        if name is not None or day in exceptions:
            yield SpecialDate(day, name)


def _start(zone: str, day: date) -> datetime:
    """The first moment of a day; where clocks are changed at midnight that is not always 00:00, or comes twice."""
    known = pytz.timezone(zone)
    midnight = datetime.combine(day, time())
    moments = [known.normalize(known.localize(midnight, is_dst=summer)) for summer in (True, False)]
    return min(moment for moment in moments if moment.date() == day)
