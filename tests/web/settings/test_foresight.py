"""The time machine asks for somebody else: a customer in another zone, and days that are far ahead."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import StandIn

from .office import Office
from .standing import furnish, open_settings

AWAY = {"messages": {"out_of_hours": "We are back {next_opening}. Or leave your details."}}


@pytest.fixture
def server(stand_in: Callable[[str], StandIn]) -> StandIn:
    return stand_in("busy")


@pytest.fixture
def machine(page: Page, server: StandIn) -> Locator:
    """Open from 9 to 17 in Berlin, asked about one Tuesday evening."""
    furnish(server, {**AWAY, "business_hours": {"enabled": True, "timezone": "Europe/Berlin"}})
    open_settings(page, server)
    machine = page.get_by_role("region", name="Time machine")
    machine.get_by_label("Date and time").fill("2030-01-08T22:00")
    return machine


@pytest.mark.promise("settings", "5a")
def test_a_customer_in_another_zone(office: Office) -> None:
    """Reads the next opening by both clocks; what is asked about stays the team's evening, and nothing is saved."""
    office.fill("Out-of-hours message", "We are back {next_opening}. Or leave your details.")
    office.field("Enable business hours").check()
    office.fill("Timezone", "Europe/Berlin")
    machine = office.part("Time machine")
    seen = machine.get_by_label("What a customer will see")
    office.field("Date and time").fill("2030-01-08T22:00")
    expect(seen).to_contain_text("We are back Wednesday, 9 January, 09:00 (Berlin). Or")
    zone = office.field("Customer’s time zone")
    expect(zone).to_have_value("Same as the team’s")
    zone.fill("new york")
    zone.press("Enter")
    expect(seen).to_contain_text("We are back Wednesday, 9 January, 09:00 (Berlin), 03:00 (New York). Or")
    expect(office.field("Date and time")).to_have_value("2030-01-08T22:00")
    expect(zone).to_have_accessible_description(re.compile("Their clock: .*16:00"))
    office.page.get_by_role("button", name="Discard").click()
    assert office.written("business_hours.timezone") == "UTC"


def test_the_customers_zone_by_keyboard(page: Page, machine: Locator) -> None:
    """Tab leads to it and selects what stands there; arrows and Enter choose; Escape and what is no zone do nothing."""
    offered = page.get_by_role("listbox", name="Zones").get_by_role("option", selected=True)
    seen, zone = machine.get_by_label("What a customer will see"), machine.get_by_label("Customer’s time zone")
    page.get_by_role("button", name=re.compile("^Next special day|^Next Sunday")).last.focus()
    while zone.evaluate("field => field !== document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.type("kolk")
    expect(offered).to_contain_text("Kolkata")
    page.keyboard.press("Tab")
    expect(zone).to_have_value("Asia / Kolkata")
    expect(seen).to_contain_text("09:00 (Berlin), 13:30 (Kolkata)")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("Mars/Olympus")
    expect(machine.get_by_text("No zone is called that.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(zone).to_have_value("Asia / Kolkata")
    page.keyboard.press("ArrowDown")
    expect(offered).to_have_text("Same as the team’s")
    page.keyboard.press("Enter")
    expect(zone).to_have_value("Same as the team’s")
    expect(seen).to_contain_text("09:00 (Berlin). Or")


def test_an_empty_zone_is_the_teams(machine: Locator) -> None:
    """Who clears the field asks for a customer like before."""
    zone = machine.get_by_label("Customer’s time zone")
    zone.fill("Asia/Tokyo")
    zone.blur()
    expect(zone).to_have_value("Asia / Tokyo")
    zone.fill("")
    zone.blur()
    expect(zone).to_have_value("Same as the team’s")


def test_the_next_holiday_may_be_far_ahead(page: Page, server: StandIn) -> None:
    """By its name, beyond the fourteen days of the strip; it is closed then."""
    week = {day: ["00:00-24:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    holidays = {"enabled": True, "country": "GB", "region": "ENG"}
    furnish(server, {"business_hours": {"enabled": True, "weekly": week, "holidays": holidays}})
    open_settings(page, server)
    expect(page.get_by_label("State or region").locator("option:checked")).to_have_text("ENG – England")
    page.get_by_role("button", name="Next holiday: ").click()
    expect(page.get_by_text("Live chat is closed then.")).to_be_visible()


def test_the_answer_can_be_reached_beside_the_fields(page: Page, machine: Locator) -> None:
    """On a desktop the time machine scrolls by itself and stays in sight; the page as a whole never moves."""
    page.get_by_label("Closed on public holidays").scroll_into_view_if_needed()
    machine.get_by_text("The button is there").scroll_into_view_if_needed()
    expect(machine.get_by_text("The button is there")).to_be_in_viewport()
    expect(page.get_by_label("Closed on public holidays")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollHeight === innerHeight")
