"""The settings in light, dark, narrow and on a phone: nobody is left out, and nothing scrolls sideways."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.axe import violations
from tests.web.conftest import StandIn
from tests.web.test_dashboard_looks import LOOKS

from .standing import RICH, furnish, open_settings

WIDTHS = """() => [document.documentElement, document.querySelector('.settings-scroll')]
    .flatMap(one => [one.scrollWidth, one.clientWidth])"""
SMALL = """() => [...document.querySelectorAll('.settings :is(a, button, input, select, textarea, summary)')]
    .filter(one => one.checkVisibility() && one.type !== 'radio' && one.type !== 'checkbox')
    .map(one => [one.textContent || one.id || one.ariaLabel, one.getBoundingClientRect()])
    .filter(([, box]) => box.height < 43.5)
    .map(([name, box]) => `${name}: ${Math.round(box.width)} × ${Math.round(box.height)}`)"""


FEW = ["light", "phone-dark"]
"""Of what has the same colours and the same widths as the rest of the page."""


@pytest.fixture(params=LOOKS)
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(**LOOKS[request.param], reduced_motion="reduce")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def server(stand_in: Callable[[str], StandIn]) -> StandIn:
    """With a week, special days, holidays and a second language."""
    server = stand_in("busy")
    furnish(server)
    return server


def check(page: Page, state: str) -> None:
    assert violations(page) == [], state
    widths: list[int] = page.evaluate(WIDTHS)
    assert (widths[0] <= widths[1], widths[2] <= widths[3]) == (True, True), f"{state} scrolls sideways: {widths}"
    if widths[1] < 720:
        assert page.evaluate(SMALL) == [], f"{state} has targets that are too small for a finger"


def test_every_part_is_open_to_everybody(page: Page, server: StandIn) -> None:
    """With all folds open, a day being copied, and the log of mails."""
    open_settings(page, server)
    for fold in page.locator("summary").all():
        fold.click()
    expect(page.locator(".version")).to_have_count(2)
    expect(page.locator(".mail-log li")).to_have_count(2)
    page.get_by_role("button", name="Copy Monday to other days").click()
    page.get_by_role("button", name="Send a test mail").click()
    expect(page.get_by_text("Sent to priya@example.com.")).to_be_visible()
    check(page, "everything open")


@pytest.mark.parametrize("page", FEW, indirect=True)
def test_what_is_wrong_is_open_to_everybody(page: Page, server: StandIn) -> None:
    """With wrong fields, the list of zones, and what is not saved."""
    open_settings(page, server)
    page.get_by_label("Message threshold").fill("many")
    page.get_by_label("Handover system message").fill("")
    page.get_by_label("Tuesday opens").fill("25")
    page.get_by_label("Timezone").fill("new")
    expect(page.get_by_role("listbox", name="Zones").get_by_role("option").first).to_be_visible()
    check(page, "wrong fields and zones")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("Message threshold")).to_be_focused()
    check(page, "after Save")


@pytest.mark.parametrize("page", FEW, indirect=True)
def test_the_time_machine_is_open_to_everybody(page: Page, server: StandIn) -> None:
    """With a customer elsewhere, the list of their zones, and a name that is none."""
    open_settings(page, server)
    zone = page.get_by_label("Customer’s time zone")
    zone.click()
    options = page.get_by_role("listbox", name="Zones").get_by_role("option")
    expect(options.first).to_have_text("Same as the team’s")
    check(page, "all zones")
    zone.fill("nowhere")
    expect(page.get_by_text("No zone is called that.")).to_be_visible()
    check(page, "no zone")
    zone.fill("tokyo")
    zone.press("Enter")
    expect(zone).to_have_value("Asia / Tokyo")
    check(page, "a customer elsewhere")


@pytest.mark.parametrize("page", FEW, indirect=True)
def test_two_people_are_open_to_everybody(page: Page, server: StandIn) -> None:
    """With the news, the difference, the question before leaving, and what was saved."""
    open_settings(page, server)
    page.get_by_label("Message threshold").fill("5")
    page.get_by_label("Handover system message").fill("Mine.")
    theirs: dict[str, Any] = {**RICH, "messages": {"handover": "Theirs."}, "live_chat": {"show_button": False}}
    furnish(server, theirs, file_error="livechat.yml:12: live_chat.message_threshold: expected a whole number")
    expect(page.get_by_role("button", name="Show the difference")).to_be_visible()
    check(page, "news")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Lena Vogt saved while you were here")).to_be_focused()
    check(page, "difference")
    page.get_by_role("link", name="With the bot").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    check(page, "leaving")
    page.get_by_role("button", name="Stay here").click()
    page.get_by_role("button", name="Keep mine and save over it").click()
    expect(page.get_by_text("Saved. In force now.")).to_be_visible()
    check(page, "saved")


@pytest.mark.parametrize("page", FEW, indirect=True)
def test_looking_is_open_to_everybody(page: Page, server: StandIn) -> None:
    """For an agent, who may not change it, on the Free plan and without a mail server."""
    furnish(server, {**RICH, "plan": "free"}, mail={"configured": False, "sender": None, "owners": []})
    open_settings(page, server, "sam")
    expect(page.get_by_text("Owners and admins can change this.")).to_be_visible()
    check(page, "looking")
