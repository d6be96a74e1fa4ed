"""The fields of Business Hours, both ways, seen in livechat.yml, the API and a widget that is open."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.web.widget.chat import Chat

from .office import Office

pytestmark = pytest.mark.promise("settings", "5a")


def daytime() -> ZoneInfo:
    """A zone where midnight is hours away, and which is far from Tokyo: at night in UTC the same hours would run past
    midnight, into a day that a test has closed.
    """
    ahead = 12 - datetime.now(UTC).hour
    if ahead > 5:
        ahead -= 5
    return ZoneInfo(f"Etc/GMT{-ahead:+d}")


ZONE = daytime()


def in_hours(hours: float) -> datetime:
    return datetime.now(ZONE) + timedelta(hours=hours)


def clock(hours: float) -> str:
    """The time of day in so many hours."""
    return in_hours(hours).strftime("%H:%M")


def is_open(chat: Chat, now: bool) -> None:
    expect(chat.human).to_have_count(1 if now else 0)


def set_hours(office: Office, start: str, end: str) -> None:
    office.fill("Start time", start)
    office.fill("End time", end)
    office.save()


@pytest.fixture
def hours(office: Office, chat: Chat) -> Office:
    """Business hours are on, where it is day, and it is open now: one hour is gone and one is left."""
    office.field("Enable business hours").set_checked(True)
    office.fill("Timezone", ZONE.key)
    set_hours(office, clock(-1), clock(1))
    is_open(chat, True)
    return office


def test_enable_business_hours(office: Office, chat: Chat) -> None:
    """On: closed outside the hours; off: open around the clock."""
    office.field("Enable business hours").set_checked(True)
    set_hours(office, clock(2), clock(3))
    office.in_force("business_hours.enabled", True)
    is_open(chat, False)
    office.switch("Enable business hours", on=False)
    office.in_force("business_hours.enabled", False)
    is_open(chat, True)


def test_start_time(hours: Office, chat: Chat) -> None:
    """Later than now closes; earlier opens."""
    for ahead, now in ((0.5, False), (-0.5, True)):
        start = clock(ahead)
        hours.fill("Start time", start)
        hours.save()
        hours.in_force("business_hours.start", start)
        is_open(chat, now)


def test_end_time(hours: Office, chat: Chat) -> None:
    """Before now closes; later opens."""
    for ahead, now in ((-0.5, False), (0.5, True)):
        end = clock(ahead)
        hours.fill("End time", end)
        hours.save()
        hours.in_force("business_hours.end", end)
        is_open(chat, now)


def test_timezone(hours: Office, chat: Chat) -> None:
    """The same hours in Tokyo are hours away; it is found by typing a part of it."""
    hours.field("Timezone").fill("toky")
    hours.field("Timezone").press("Enter")
    expect(hours.field("Timezone")).to_have_value("Asia/Tokyo")
    hours.save()
    hours.in_force("business_hours.timezone", "Asia/Tokyo")
    is_open(chat, False)
    hours.fill("Timezone", ZONE.key)
    hours.save()
    hours.in_force("business_hours.timezone", ZONE.key)
    is_open(chat, True)


def test_hours_by_weekday(hours: Office, chat: Chat) -> None:
    """Today is closed and opened again; two intervals, one past midnight, are copied to another day."""
    yesterday, today, tomorrow = (in_hours(24 * days).strftime("%A") for days in (-1, 0, 1))
    hours.page.get_by_label("By weekday").check()
    hours.field(f"{today} open").uncheck()
    hours.save()
    hours.in_force(f"business_hours.weekly.{today[:3].lower()}", [])
    is_open(chat, False)
    hours.field(f"{today} open").check()
    hours.fill(f"{today} opens", "00:00")
    hours.fill(f"{today} closes", "24:00")
    hours.save()
    hours.in_force(f"business_hours.weekly.{today[:3].lower()}", ["00:00-24:00"])
    is_open(chat, True)
    hours.fill(f"{tomorrow} opens", "9")
    hours.fill(f"{tomorrow} closes", "12")
    hours.page.get_by_role("button", name=f"{tomorrow}: one more interval").click()
    hours.fill(f"{tomorrow}, 2. opens", "22:00")
    hours.fill(f"{tomorrow}, 2. closes", "6")
    expect(hours.page.get_by_role("group", name=f"{tomorrow}, 2.").get_by_text("next day")).to_be_visible()
    hours.page.get_by_role("button", name=f"Copy {tomorrow} to other days").click()
    copying = hours.page.get_by_role("group", name=f"Copy {tomorrow} to")
    for box in copying.get_by_role("checkbox").all():
        box.set_checked(False)
    copying.get_by_label(yesterday).check()
    copying.get_by_role("button", name="Copy", exact=True).click()
    hours.save()
    for day in (tomorrow, yesterday):
        hours.in_force(f"business_hours.weekly.{day[:3].lower()}", ["09:00-12:00", "22:00-06:00"])
    hours.page.get_by_label("The same every day").check()
    hours.save()
    hours.in_force("business_hours.weekly", {})


def test_special_days(hours: Office, chat: Chat) -> None:
    """Today is closed by its date, opened again for all of the day, and removed."""
    today = in_hours(0).date().isoformat()
    hours.page.get_by_role("button", name="Add a special day").click()
    hours.fill("Date", today)
    hours.fill("Name", "Stock-taking")
    hours.save()
    hours.in_force("business_hours.exceptions", [{"date": today, "open": [], "name": "Stock-taking"}])
    is_open(chat, False)
    expect(hours.part("Time machine")).to_contain_text("Stock-taking")
    day = hours.page.locator(".special-day")
    day.get_by_role("switch").check()
    day.get_by_label(" opens").fill("00:00")
    day.get_by_label(" closes").fill("24:00")
    hours.save()
    hours.in_force("business_hours.exceptions", [{"date": today, "open": ["00:00-24:00"], "name": "Stock-taking"}])
    is_open(chat, True)
    day.locator(".special-what").get_by_role("button", name="Remove").click()
    hours.save()
    hours.in_force("business_hours.exceptions", [])


def test_public_holidays(hours: Office, chat: Chat) -> None:
    """Country and region stand in the file, and are taken out of force by the switch."""
    hours.field("Closed on public holidays").check()
    hours.field("Country").select_option("AT")
    hours.field("State or region").select_option("9")
    hours.save()
    hours.in_force("business_hours.holidays.enabled", True)
    hours.in_force("business_hours.holidays.country", "AT")
    hours.in_force("business_hours.holidays.region", "9")
    hours.switch("Closed on public holidays", on=False)
    hours.in_force("business_hours.holidays.enabled", False)
    is_open(chat, True)


def test_only_when_agents_are_here(office: Office, chat: Chat) -> None:
    """The owner at this page is somebody; when they have gone it is closed, and with the switch off it is open."""
    office.switch("Only when agents are here", on=True)
    office.in_force("live_chat.only_when_agents_are_here", True)
    is_open(chat, True)
    office.page.goto("about:blank")
    is_open(chat, False)
    office.open()
    is_open(chat, True)
    office.switch("Only when agents are here", on=False)
    office.in_force("live_chat.only_when_agents_are_here", False)
    office.page.goto("about:blank")
    office.page.wait_for_timeout(5_000)  # longer than the lease
    is_open(chat, True)
