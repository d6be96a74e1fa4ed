"""How the settings page behaves: by keyboard alone, for who may only look, when it is left, and before Save."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.web.conftest import StandIn

from .standing import RICH, furnish, open_settings

SAVED = "Saved. In force now."


@pytest.fixture
def server(stand_in: Callable[[str], StandIn]) -> StandIn:
    return stand_in("busy")


def test_by_keyboard_alone(page: Page, server: StandIn) -> None:
    """G then S opens it; Tab and Space turn a switch, Ctrl+S saves from within a field, G then L leads back."""
    page.context.add_cookies([{"name": "livechat_session", "value": "priya", "url": server.url}])
    page.goto(server.url)
    expect(page.get_by_role("link", name="Pending")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("s")
    expect(page).to_have_url(f"{server.url}/live-chat/settings")
    page.get_by_label("Enable Live Chat").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Show “Talk to Human” button")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("7")
    page.keyboard.press("Control+s")
    expect(page.get_by_text(SAVED)).to_be_visible()
    expect(page.get_by_label("Message threshold")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_contain_text("Settings")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("l")
    expect(page.get_by_role("link", name="Pending")).to_be_visible()
    expect(page.get_by_text("Live chat is switched off in the settings.")).to_be_visible()


def test_letters_are_letters_in_a_text(page: Page, server: StandIn) -> None:
    """Typing g, s, 1 and ? into a message writes them."""
    open_settings(page, server)
    page.get_by_label("Handover system message").fill("")
    page.get_by_label("Handover system message").focus()
    page.keyboard.type("gs1?e")
    expect(page.get_by_label("Handover system message")).to_have_value("gs1?e")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_who_may_not_change_it_sees_everything_and_why(page: Page, server: StandIn) -> None:
    """An agent finds every field, locked, with the reason; the time machine answers them, too."""
    open_settings(page, server, "sam")
    expect(page.get_by_text("Owners and admins can change this.")).to_be_visible()
    for name in ("Enable Live Chat", "Message threshold", "Handover system message", "Start time", "Timezone"):
        expect(page.get_by_label(name, exact=True)).to_be_disabled()
    expect(page.get_by_role("button", name="Send a test mail")).to_have_count(0)
    page.get_by_role("button", name="Next Sunday").click()
    expect(page.get_by_text("Live chat is open then.")).to_be_visible()
    page.keyboard.press("Control+s")
    expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)


def test_unsaved_changes_are_asked_about_before_the_page_is_left(page: Page, server: StandIn) -> None:
    """By a link, by Back and by closing the tab; one may stay, leave without them, or save and leave."""
    page.context.add_cookies([{"name": "livechat_session", "value": "priya", "url": server.url}])
    page.goto(f"{server.url}/live-chat/resolved")
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("Message threshold").fill("8")
    page.go_back()
    dialog = page.get_by_role("dialog", name="Your changes are not saved")
    dialog.get_by_role("button", name="Stay here").click()
    expect(page).to_have_url(f"{server.url}/live-chat/settings")
    expect(page.get_by_label("Message threshold")).to_have_value("8")
    asked: list[str] = []

    def stay(question: Dialog) -> None:
        asked.append(question.type)
        question.dismiss()

    page.once("dialog", stay)
    page.close(run_before_unload=True)
    expect(page.get_by_label("Message threshold")).to_have_value("8")
    assert asked == ["beforeunload"]
    page.get_by_role("link", name="With the bot").click()
    dialog.get_by_role("button", name="Save and leave").click()
    expect(page).to_have_url(f"{server.url}/live-chat/with-the-bot")
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_label("Message threshold")).to_have_value("8")
    page.get_by_label("Message threshold").fill("9")
    page.get_by_role("link", name="Live Chat").click()
    dialog.get_by_role("button", name="Leave without saving").click()
    expect(page.get_by_role("link", name="Pending")).to_be_visible()


def test_what_is_wrong_stands_at_the_field_and_stops_save(page: Page, server: StandIn) -> None:
    """At once for the obvious, from the service for the rest; Save goes to the first wrong field, also in a fold."""
    open_settings(page, server)
    threshold = page.get_by_label("Message threshold")
    threshold.fill("1001")
    expect(threshold).to_have_accessible_description(re.compile("at once. Expected a whole number from 0 to 1000"))
    threshold.fill("3")
    zone = page.get_by_label("Timezone")
    zone.fill("Mars/Olympus")
    zone.blur()
    expect(page.locator("#set-business_hours\\.timezone-error")).to_contain_text("Expected an IANA name")
    page.get_by_text("Further texts").click()
    page.get_by_label("After the contact form").fill("Hello {name}")
    page.get_by_text("Further texts").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("After the contact form")).to_be_focused()
    page.get_by_role("button", name="Timezone").click()
    expect(zone).to_be_focused()
    page.get_by_role("button", name="Discard").click()
    expect(zone).to_have_value("Europe/Berlin")
    page.get_by_role("button", name="Undo").click()
    expect(zone).to_have_value("Mars/Olympus")


def test_a_save_that_does_not_get_through_is_kept(page: Page, server: StandIn) -> None:
    """The service is away: it is said, nothing is lost, and the next Save works."""
    open_settings(page, server)
    page.get_by_label("Message threshold").fill("5")
    page.route("**/api/v1/settings", lambda route: route.abort())
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The service can’t be reached.")).to_be_visible()
    page.unroute("**/api/v1/settings")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(SAVED)).to_be_visible()


def test_the_time_machine_answers_before_save(page: Page, server: StandIn) -> None:
    """Unsaved hours change the strip, the button and the words; in the language that is asked for."""
    furnish(server, {"messages": {"translations": {"de": {"out_of_hours": "Wir sind nicht da."}}}})
    open_settings(page, server)
    machine = page.get_by_role("region", name="Time machine")
    seen = machine.get_by_label("What a customer will see")
    expect(machine.get_by_role("listitem").first).to_contain_text("open all day")
    expect(seen).to_contain_text("Talk to Human")
    page.get_by_label("Enable business hours").check()
    expect(machine.get_by_role("listitem").first).to_contain_text("09:00–17:00")
    page.get_by_role("button", name="Tonight 22:00").click()
    expect(seen).to_contain_text("Leave a message")
    expect(seen).to_contain_text("We are away right now.")
    machine.get_by_label("Customer’s language").select_option("de")
    expect(seen).to_contain_text("Wir sind nicht da.")
    machine.get_by_label("Date and time").fill("2026-12-01T10:00")
    expect(seen).to_contain_text("Talk to Human")
    expect(machine).to_contain_text("With your changes, before you save them.")


def test_the_page_follows_what_others_save(page: Page, server: StandIn) -> None:
    """Silently while nothing is changed here; with a notice, and all that was typed, when something is."""
    open_settings(page, server)
    furnish(server, {"live_chat": {"message_threshold": 1}})
    expect(page.get_by_label("Message threshold")).to_have_value("1")
    page.get_by_label("Handover system message").fill("Mine.")
    furnish(server, {"live_chat": {"message_threshold": 2}})
    expect(page.get_by_text("Lena Vogt saved version 3")).to_be_visible()
    expect(page.get_by_label("Message threshold")).to_have_value("1")
    page.get_by_role("button", name="Show the difference").click()
    expect(page.get_by_label("Message threshold")).to_have_value("2")
    expect(page.get_by_label("Handover system message")).to_have_value("Mine.")


def test_what_is_not_saved_outlives_the_session(page: Page, server: StandIn) -> None:
    """The session ends in the middle of it: after signing in again the changes are there; signing out forgets them."""
    open_settings(page, server)
    page.get_by_label("Handover system message").fill("Half a thought")
    page.context.clear_cookies()
    server.tell("cut", code=4401)
    expect(page.get_by_text("Your session has ended.")).to_be_visible()
    page.get_by_label("Email").fill("priya@example.com")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Handover system message")).to_have_value("Half a thought")
    page.get_by_role("button", name="You", exact=False).click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Email").fill("priya@example.com")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Handover system message")).to_have_value("A team member will be with you shortly.")


def test_who_changed_what_and_when(page: Page, server: StandIn) -> None:
    """Read once somebody looks: who, when, and before and after in plain words."""
    furnish(server, RICH, "priya")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_settings(page, server)
    assert not any("/versions" in url for url in asked)
    page.get_by_text("All versions").click()
    first = page.locator(".version").first
    expect(first).to_contain_text("Priya Raman")
    expect(first.locator(".change", has_text="Enable business hours")).to_contain_text("off")
    expect(first.locator(".change", has_text="Hours on Friday")).to_contain_text("22:00–06:00")
    expect(page.locator(".version").last).to_contain_text("livechat.yml")


def test_nothing_of_the_settings_is_loaded_before_they_are_opened(page: Page, server: StandIn) -> None:
    """The lists need none of it; under the strict policy of the page it comes when it is wanted."""
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.context.add_cookies([{"name": "livechat_session", "value": "priya", "url": server.url}])
    page.goto(server.url)
    expect(page.get_by_role("link", name="Pending")).to_be_visible()
    assert not any("/assets/settings-" in url for url in asked)
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_label("Message threshold")).to_be_visible()
    assert complaints == []
