"""Two admins at the settings: one wins, the other sees the difference and loses nothing of what was typed."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.harness.client import AgentClient
from tests.web.widget.conftest import Stage

from .office import Office

SAVE = re.compile(r"/api/v1/settings$")


@pytest.fixture(scope="module")
def admin(raised: Stage) -> AgentClient:
    return raised.service.add_agent("Tom Abara", "admin")


@pytest.fixture
def other(stage: Stage, admin: AgentClient, opened: Callable[..., Page]) -> Office:
    """An admin at the settings page, in another browser."""
    return Office(opened(admin), stage.service, admin).open()


def save_at_once(*offices: Office) -> None:
    """Each presses Save; what they send leaves when both have pressed."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "PUT":
            held.append(route)
        else:
            route.continue_()

    for office in offices:
        office.page.route(SAVE, hold)
        office.page.get_by_role("button", name="Save", exact=True).click()
        expect(office.page.get_by_text("Saving…")).to_be_visible()
    for route in held:
        route.continue_()
    for office in offices:
        office.page.unroute(SAVE)


@pytest.mark.promise("settings", "5b")
def test_two_save_at_once(office: Office, other: Office, figure: Callable[[str], None]) -> None:
    """One is told that it is in force; the other sees who was first, was, theirs and mine, and saves over it."""
    office.fill("Handover system message", "Olga’s words.")
    other.fill("Handover system message", "Tom’s words.")
    other.fill("Message threshold", "5")
    save_at_once(office, other)
    pages = {"Olga’s words.": office, "Tom’s words.": other}
    expect(office.page.get_by_text(re.compile("Saved. In force now.|saved while you were here"))).to_be_visible()
    expect(other.page.get_by_text(re.compile("Saved. In force now.|saved while you were here"))).to_be_visible()
    won = office.written("messages.handover")
    winner = pages.pop(won)
    (lost, loser), *_ = pages.items()
    expect(winner.page.get_by_role("heading", name="saved while you were here")).to_have_count(0)
    difference = loser.page.get_by_role("region", name=f"{winner.agent.name} saved while you were here")
    row = difference.get_by_role("listitem").filter(has_text="Handover system message")
    for name, text in (("Was", "Somebody is coming."), ("Theirs", won), ("Yours", lost)):
        expect(row.locator("dl > div", has=loser.page.get_by_text(name, exact=True))).to_contain_text(text)
    expect(loser.field("Handover system message")).to_have_value(lost)
    difference.get_by_role("button", name="Keep mine and save over it").click()
    expect(loser.page.get_by_text("Saved. In force now.")).to_be_visible()
    loser.in_force("messages.handover", lost)
    loser.in_force("live_chat.message_threshold", 5)
    expect(winner.field("Handover system message")).to_have_value(lost)
    figure("two PUTs let go at once: one in force, one refused with the difference, then saved over it")


@pytest.mark.promise("settings", "5b")
def test_theirs_is_taken_key_by_key(office: Office, other: Office) -> None:
    """The news comes while one types; one of theirs is taken, one of one's own is kept, and a Save makes both so."""
    office.fill("Handover system message", "Mine.")
    office.fill("Message threshold", "4")
    other.fill("Handover system message", "Theirs.")
    other.fill("Out-of-hours message", "Theirs, too.")
    other.save()
    office.page.get_by_role("button", name="Show the difference").click()
    difference = office.page.get_by_role("region", name="Tom Abara saved while you were here")
    expect(difference.get_by_role("listitem")).to_have_count(3)
    difference.get_by_role("group", name="Handover system message").get_by_label("Theirs").check()
    expect(office.field("Handover system message")).to_have_value("Theirs.")
    difference.get_by_role("button", name="Save what is chosen").click()
    expect(office.page.get_by_text("Saved. In force now.")).to_be_visible()
    office.in_force("messages.handover", "Theirs.")
    office.in_force("messages.out_of_hours", "Theirs, too.")
    office.in_force("live_chat.message_threshold", 4)


def test_all_of_theirs_is_taken_and_taken_back(office: Office, other: Office) -> None:
    """Take theirs leaves nothing to save; Undo brings what was typed back."""
    office.fill("Message threshold", "4")
    other.fill("Message threshold", "7")
    other.save()
    office.page.get_by_role("button", name="Save", exact=True).click()
    office.page.get_by_role("button", name="Take theirs").click()
    expect(office.field("Message threshold")).to_have_value("7")
    expect(office.page.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    office.page.get_by_role("button", name="Undo").click()
    expect(office.field("Message threshold")).to_have_value("4")


def test_a_hand_edited_file_reaches_an_open_page(office: Office) -> None:
    """Without changes of one’s own the page follows by itself; a file that is refused is shown with its line."""
    text = office.service.settings_file.read_text()
    office.service.write_settings(text.replace("message_threshold: 0", "message_threshold: 9"))
    expect(office.field("Message threshold")).to_have_value("9")
    office.service.write_settings(text.replace("message_threshold: 0", "message_threshold: many"))
    told = office.page.locator(".warn-box", has_text="livechat.yml is not in force")
    expect(told).to_contain_text("live_chat.message_threshold")
    expect(office.field("Message threshold")).to_have_value("9")
    office.page.get_by_text("All versions").click()
    history = office.page.locator(".version").first
    expect(history).to_contain_text("livechat.yml")
    expect(history.locator(".change", has_text="Message threshold")).to_contain_text("9")
