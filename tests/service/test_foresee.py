"""The time machine: what a customer would see, by the functions that answer them, without any effect."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from livechat_plugin import render
from livechat_plugin.errors import Invalid
from livechat_plugin.settings import Settings, check_document
from livechat_plugin.storage import agents
from livechat_plugin.storage.tables import metadata
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.foresee import foresee
from livechat_plugin.usecases.presence import note_somebody_here
from livechat_plugin.usecases.wording import Reader

from .world import SettableClock, ask, log_of, new_agent, new_conversation, refused

HOURS: dict[str, Any] = {
    "enabled": True,
    "timezone": "Europe/Berlin",
    "weekly": {"mon": ["09:00-12:00", "22:00-02:00"], "tue": ["09:00-17:00"], "sun": ["00:00-24:00"]},
    "exceptions": [{"date": "2026-11-24", "open": ["10:00-11:00"], "name": "Works outing"}],
    "holidays": {"enabled": True, "country": "DE"},
}
MONDAY = int(datetime(2026, 11, 23, 12, 30, tzinfo=UTC).timestamp() * 1000)


def document(**sections: Any) -> dict[str, Any]:
    return check_document(sections).document()


SEEN = [
    ({}, None, "open", "talk_to_human", "Talk to Human", "A team member will be with you shortly."),
    ({"live_chat": {"show_button": False}}, None, "open", "nothing", None, "A team member will be with you shortly."),
    ({"live_chat": {"enabled": False}}, None, "off", "nothing", None, None),
    ({"plan": "free"}, None, "plan", "nothing", None, None),
    ({"business_hours": HOURS}, None, "hours", "contact_form", "Leave a message", Settings().messages.out_of_hours),
    ({"business_hours": HOURS}, "2026-11-24T10:00:00+01:00", "open", "talk_to_human", "Talk to Human", None),
    ({"business_hours": HOURS}, "2026-11-24T09:59:59+01:00", "hours", "contact_form", "Leave a message", None),
    ({"live_chat": {"only_when_agents_are_here": True}}, None, "nobody", "contact_form", "Leave a message", None),
    ({"live_chat": {"only_when_agents_are_here": True}}, "2026-11-24T10:00:00Z", "open", "talk_to_human", None, None),
]


@pytest.mark.parametrize(("sections", "at", "reason", "offers", "title", "says"), SEEN)
async def test_what_a_customer_would_see(
    context: Context,
    clock: SettableClock,
    sections: dict[str, Any],
    at: str | None,
    reason: str,
    offers: str,
    title: str | None,
    says: str | None,
) -> None:
    """The reason, what stands in the widget and what asking for a person is answered with; None is not looked at."""
    clock.at = MONDAY
    seen = await foresee(context, document(**sections), at, Reader())
    assert (seen.verdict.reason, seen.offer) == (reason, offers)
    assert title in (None, seen.title)
    assert seen.says == says if reason in ("off", "plan") else says in (None, seen.says)


async def test_fourteen_days_in_the_teams_zone(context: Context, clock: SettableClock) -> None:
    """From today on, with names, each interval cut at midnight."""
    clock.at = MONDAY
    shown = render.foresight(await foresee(context, document(business_hours=HOURS), None, Reader())).days
    assert len(shown) == 14
    monday, outing, *_ = shown
    assert (monday.date, monday.name) == ("2026-11-23", None)
    assert [(one.start, one.end) for one in monday.spans] == [
        ("2026-11-23T09:00:00+01:00", "2026-11-23T12:00:00+01:00"),
        ("2026-11-23T22:00:00+01:00", "2026-11-24T00:00:00+01:00"),
    ]
    assert outing.name == "Works outing"
    assert [(one.start[11:16], one.end[11:16]) for one in outing.spans] == [("00:00", "02:00"), ("10:00", "11:00")]
    (sunday,) = [day for day in shown if day.date == "2026-11-29"]
    assert [(one.start, one.end) for one in sunday.spans] == [
        ("2026-11-29T00:00:00+01:00", "2026-11-30T00:00:00+01:00")
    ]


async def test_days_of_clock_changes_and_holidays(context: Context, clock: SettableClock) -> None:
    """A day of 23 or 25 hours is one day; one that begins with a gap begins behind it."""
    everything = {"enabled": True, "start": "00:00", "end": "24:00"}
    for zone, now, day, hours in (
        ("Europe/Berlin", (2026, 10, 20), "2026-10-25", 25),
        ("Europe/Berlin", (2026, 3, 25), "2026-03-29", 23),
        ("Africa/Cairo", (2026, 4, 20), "2026-04-24", 23),
        ("Atlantic/Azores", (2026, 10, 20), "2026-10-25", 25),
    ):
        clock.at = int(datetime(*now, 12, tzinfo=UTC).timestamp() * 1000)  # type: ignore[misc, arg-type]
        shown = render.foresight(
            await foresee(context, document(business_hours={**everything, "timezone": zone}), None, Reader())
        )
        (found,) = [one for one in shown.days if one.date == day]
        (span,) = found.spans
        lasts = datetime.fromisoformat(span.end) - datetime.fromisoformat(span.start)
        assert lasts.total_seconds() == hours * 3600
    clock.at = int(datetime(2026, 12, 20, 12, tzinfo=UTC).timestamp() * 1000)
    shown = render.foresight(await foresee(context, document(business_hours=HOURS), None, Reader()))
    names = {one.date: one.name for one in shown.days if one.name}
    assert names == {
        "2026-12-25": "Christmas Day",
        "2026-12-26": "Second Day of Christmas",
        "2027-01-01": "New Year's Day",
    }


async def test_hours_that_are_switched_off_leave_every_day_open(context: Context) -> None:
    """And name none."""
    seen = await foresee(context, document(business_hours={**HOURS, "enabled": False}), None, Reader())
    assert all(len(day.spans) == 1 and day.name is None for day in seen.days)


AHEAD: list[tuple[dict[str, Any], tuple[int, int, int], tuple[str, str | None] | None]] = [
    (HOURS, (2026, 11, 23), ("2026-11-24", "Works outing")),
    (HOURS, (2026, 11, 24), ("2026-12-25", "Christmas Day")),
    ({**HOURS, "exceptions": [{"date": "2026-12-25"}]}, (2026, 11, 24), ("2026-12-25", None)),
    ({**HOURS, "holidays": {"enabled": False}}, (2026, 11, 24), None),
    (
        {**HOURS, "holidays": {}, "exceptions": [{"date": "2027-12-28", "name": "Far"}]},
        (2026, 11, 23),
        ("2027-12-28", "Far"),
    ),
    ({**HOURS, "holidays": {}, "exceptions": [{"date": "2027-12-29", "name": "Too far"}]}, (2026, 11, 23), None),
    ({**HOURS, "enabled": False}, (2026, 11, 23), None),
]


@pytest.mark.parametrize(("hours", "today", "found"), AHEAD)
async def test_the_next_special_day(
    context: Context,
    clock: SettableClock,
    hours: dict[str, Any],
    today: tuple[int, int, int],
    found: tuple[str, str | None] | None,
) -> None:
    """The first after today that does not go by the week, at most 400 days ahead; none while hours are switched off."""
    clock.at = int(datetime(*today, 12, tzinfo=UTC).timestamp() * 1000)
    shown = render.foresight(await foresee(context, document(business_hours=hours), None, Reader())).next_special
    assert (shown and (shown.date, shown.name)) == found


async def test_words_are_those_that_are_said(context: Context, clock: SettableClock) -> None:
    """In the customer's language and by their clock, to the letter."""
    clock.at = MONDAY
    texts = {
        "out_of_hours": "Away until {next_opening}. Bye.",
        "translations": {"de": {"out_of_hours": "Zurück {next_opening}. Tschüs.", "leave_details": "Nachricht"}},
    }
    wanted = document(messages=texts, business_hours=HOURS)
    seen = await foresee(context, wanted, None, Reader("de-AT", "America/New_York"))
    assert seen.title == "Nachricht"
    assert seen.says == "Zurück Montag, 23. November, 22:00 (Berlin), 16:00 (New York). Tschüs."
    context.settings = check_document(wanted)
    conversation = await new_conversation(context)
    await ask(context, conversation)
    said = (await log_of(context, conversation))[-1]["text"]
    assert said == (await foresee(context, wanted, None, Reader())).says


async def test_somebody_here_is_asked_of_the_database(context: Context, clock: SettableClock) -> None:
    """As of now, and although the settings in force don't ask for it."""
    wanted = document(live_chat={"only_when_agents_are_here": True})
    assert (await foresee(context, wanted, None, Reader())).verdict.reason == "nobody"
    agent = await new_agent(context)
    async with context.database.write() as connection:
        await agents.renew(connection, [agent["id"]], clock.at + 1)
    assert (await foresee(context, wanted, None, Reader())).verdict.reason == "open"


@pytest.mark.parametrize(
    ("wanted", "at", "key"),
    [
        ({"plan": "gold"}, None, "plan"),
        ({"business_hours": {"enabled": True, "weekly": {"mon": []}}}, None, "business_hours.weekly"),
        ({}, "tomorrow", "at"),
        ({}, "2026-11-24T09:00:00", "at"),
        ({}, "9999-12-31T23:59:59Z", "at"),
    ],
)
async def test_what_a_save_would_refuse_is_refused(
    context: Context, wanted: dict[str, Any], at: str | None, key: str
) -> None:
    """By its key."""
    error = await refused(foresee(context, wanted, at, Reader()))
    assert isinstance(error, Invalid)
    assert list(error.data["fields"]) == [key]


async def test_asking_changes_nothing(context: Context) -> None:
    """Neither the settings in force nor a row anywhere."""
    before = context.settings
    await foresee(context, document(plan="free", business_hours=HOURS), "2027-01-01T00:00:00Z", Reader("de", "UTC"))
    assert context.settings is before
    async with context.database.read() as connection:
        counts = [await connection.scalar(select(func.count()).select_from(one)) for one in metadata.sorted_tables]
    assert sum(count or 0 for count in counts) == 0


async def test_somebody_here_is_looked_up_only_where_it_matters(context: Context) -> None:
    """While the settings ask for it availability follows the agents' leases; otherwise nobody is asked."""
    await note_somebody_here(context)
    assert context.availability().open
    context.settings = check_document({"live_chat": {"only_when_agents_are_here": True}})
    await note_somebody_here(context)
    assert context.availability().reason == "nobody"
    context.settings = Settings()
    await note_somebody_here(context)
    assert context.availability().open
