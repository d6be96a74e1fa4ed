"""The dashboard by keyboard alone: every verb has a key, and no key is stolen from somebody who writes."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from .conftest import StandIn
from .dashboard import field, row

OpenStandIn = Callable[[str], StandIn]


def open_as_sam(page: Page, server: StandIn, path: str = "/") -> None:
    page.context.add_cookies([{"name": "livechat_session", "value": "sam", "url": server.url}])
    page.goto(f"{server.url}{path}")
    expect(page.get_by_role("link", name="Pending")).to_be_visible()


def test_from_the_list_to_a_resolved_conversation_without_a_mouse(page: Page, stand_in: OpenStandIn) -> None:
    """J, Enter, C, a reply, N, a note, E, and Undo by Tab and Enter."""
    server = stand_in("busy")
    anna = server.conversations()["Anna Kovač"]
    open_as_sam(page, server)
    expect(row(page, anna)).to_be_visible()
    page.keyboard.press("j")
    expect(row(page, anna)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Anna Kovač")).to_be_visible()
    expect(page.get_by_role("button", name="Take Over")).to_be_enabled()
    page.keyboard.press("c")
    expect(field(page)).to_be_focused()
    page.keyboard.type("Hello Anna")
    page.keyboard.press("Enter")
    expect(page.locator(".line.by-me .bubble")).to_have_text(["Hello Anna"])
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.type("checked with the warehouse")
    page.keyboard.press("Enter")
    expect(page.locator(".line.note")).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()


def test_letters_are_letters_while_somebody_writes(page: Page, stand_in: OpenStandIn) -> None:
    """Typing e, c, j and ? into the reply writes them and does nothing else; Esc leaves the field first."""
    server = stand_in("busy")
    jonas = server.conversations()["Jonas Weber"]
    open_as_sam(page, server, f"/live-chat/claimed/c/{jonas}")
    expect(field(page)).to_be_editable()
    page.keyboard.press("r")
    page.keyboard.type("ecj?/]1")
    expect(field(page)).to_have_value("ecj?/]1")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).to_have_url(f"{server.url}/live-chat/claimed/c/{jonas}")
    page.keyboard.press("Escape")
    expect(field(page)).not_to_be_focused()
    page.keyboard.press("Escape")
    expect(page).to_have_url(f"{server.url}/live-chat/claimed")


def test_single_letters_can_be_turned_off(page: Page, stand_in: OpenStandIn) -> None:
    """WCAG 2.1.4: with the setting off, letters do nothing, also after a reload."""
    server = stand_in("busy")
    anna = server.conversations()["Anna Kovač"]
    open_as_sam(page, server, f"/live-chat/pending/c/{anna}")
    expect(page.get_by_role("button", name="Take Over")).to_be_enabled()
    page.keyboard.press("?")
    page.get_by_role("dialog").get_by_role("switch", name="Single-letter shortcuts").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    expect(page.get_by_role("button", name="Take Over")).to_be_enabled()
    page.keyboard.press("c")
    page.keyboard.press("2")
    expect(page.get_by_role("button", name="Take Over")).to_be_enabled()
    expect(page).to_have_url(f"{server.url}/live-chat/pending/c/{anna}")


def test_tabs_search_and_context_have_keys(page: Page, stand_in: OpenStandIn) -> None:
    """1, 2 and 3 open the tabs, / the search, ] folds the context."""
    server = stand_in("busy")
    anna = server.conversations()["Anna Kovač"]
    open_as_sam(page, server, f"/live-chat/pending/c/{anna}")
    expect(page.get_by_role("complementary", name="Context")).to_be_visible()
    page.keyboard.press("]")
    expect(page.get_by_role("complementary", name="Context")).to_be_hidden()
    page.keyboard.press("2")
    expect(page).to_have_url(f"{server.url}/live-chat/claimed")
    page.keyboard.press("3")
    expect(page).to_have_url(f"{server.url}/live-chat/resolved")
    page.keyboard.press("/")
    page.keyboard.type("olga")
    expect(page.locator(".row")).to_have_count(1)
    page.keyboard.type("xyz")
    expect(page.get_by_text("No conversation matches")).to_be_visible()
    page.get_by_role("button", name="Clear the search").click()
    expect(page.locator(".row")).to_have_count(2)


def test_enter_sends_unless_it_is_switched_off(page: Page, stand_in: OpenStandIn) -> None:
    """With the switch off Enter begins a line and Ctrl+Enter sends."""
    server = stand_in("busy")
    jonas = server.conversations()["Jonas Weber"]
    open_as_sam(page, server, f"/live-chat/claimed/c/{jonas}")
    page.get_by_role("button", name="You").click()
    page.get_by_role("switch", name="Enter sends").uncheck()
    page.keyboard.press("Escape")
    field(page).fill("one")
    field(page).press("Enter")
    page.keyboard.type("two")
    expect(field(page)).to_have_value("one\ntwo")
    field(page).press("Control+Enter")
    expect(page.locator(".line.by-me .bubble").last).to_have_text("one\ntwo")
