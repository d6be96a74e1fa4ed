"""The lists: live, counted, and never moving under the pointer."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from .conftest import StandIn
from .dashboard import row
from .test_dashboard_keys import open_as_sam

OpenStandIn = Callable[[str], StandIn]


def names(page: Page) -> list[str]:
    return page.locator(".row-name").all_inner_texts()


def test_new_rows_queue_while_the_pointer_is_in_the_list(page: Page, stand_in: OpenStandIn) -> None:
    """Two customers arrive and one is taken elsewhere: nothing moves until the agent asks or leaves."""
    server = stand_in("busy")
    ids = server.conversations()
    open_as_sam(page, server)
    row(page, ids["Marco Bianchi"]).hover()
    before = names(page)
    server.tell("arrive", name="Nora Lind", text="hello")
    server.tell("arrive", name="Otto Falk", text="hello")
    server.tell("claim", conversation=ids["Anna Kovač"], agent="priya")
    expect(page.get_by_role("button", name="2 new")).to_be_visible()
    expect(row(page, ids["Anna Kovač"])).to_contain_text("Priya took it")
    assert names(page) == before
    page.get_by_role("button", name="2 new").click()
    expect(row(page, ids["Anna Kovač"])).to_have_count(0)
    assert names(page)[-2:] == ["Nora Lind", "Otto Falk"]


def test_counts_title_and_badge_follow(page: Page, stand_in: OpenStandIn) -> None:
    """The tab's count, the page's title and the icon show how many wait."""
    server = stand_in("busy")
    open_as_sam(page, server)
    expect(page).to_have_title("(4) Live chat")
    expect(page.get_by_role("link", name="Pending")).to_contain_text("4")
    icon = page.locator("link[rel=icon]")
    four = icon.get_attribute("href")
    server.tell("arrive", name="Nora Lind", text="hello")
    expect(page).to_have_title("(5) Live chat")
    expect(icon).not_to_have_attribute("href", four or "")


def test_the_longest_wait_stands_first_and_the_chip_says_so(page: Page, stand_in: OpenStandIn) -> None:
    """Oldest first; each chip has a word beside its colour."""
    server = stand_in("busy")
    open_as_sam(page, server)
    expect(page.locator(".row")).to_have_count(4)
    assert names(page) == ["Anna Kovač", "Marco Bianchi", "Visitor 93fa", "Yuki Tanaka"]
    chips = [chip.split("\n")[0].split(" ")[0] for chip in page.locator(".row .chip").all_inner_texts()]
    assert chips == ["Late", "Due", "Due", "Waiting"]


def test_the_service_is_not_well_and_the_page_says_so(page: Page, stand_in: OpenStandIn) -> None:
    """A part that fails, and live chat being off, each have their sentence while it lasts."""
    server = stand_in("busy")
    open_as_sam(page, server)
    server.tell("health", redis=False)
    expect(page.get_by_text("Redis can’t be reached. Claims go on; updates may take 5 s longer.")).to_be_visible()
    server.tell("health", redis=True)
    expect(page.get_by_text("Redis can’t be reached")).to_have_count(0)
    for reason, words in (
        ("plan", "Live chat is not part of the Free plan."),
        ("off", "Live chat is switched off in the settings."),
        ("hours", "Outside business hours"),
    ):
        server.tell("ways", closed=reason)
        expect(page.get_by_text(words)).to_be_visible()
    server.tell("ways", closed=None)
    expect(page.locator(".banner")).to_have_count(0)


def test_empty_lists_say_what_to_do(page: Page, stand_in: OpenStandIn) -> None:
    """No list is a blank page; with somebody waiting, an agent without work is offered the next one."""
    server = stand_in("empty")
    open_as_sam(page, server)
    expect(page.get_by_text("Nobody is waiting.")).to_be_visible()
    page.get_by_role("link", name="Claimed").click()
    expect(page.get_by_text("You have no open conversations.")).to_be_visible()
    server.tell("arrive", name="Nora Lind", text="hello")
    page.get_by_role("button", name="Take the next one").click()
    expect(page.get_by_role("textbox", name="Reply to Nora")).to_be_visible()


def test_signing_in_and_out(page: Page, stand_in: OpenStandIn) -> None:
    """A wrong password is told, the right one opens the list, and signing out leaves no draft behind."""
    server = stand_in("busy")
    jonas = server.conversations()["Jonas Weber"]
    page.goto(f"{server.url}/live-chat/claimed/c/{jonas}")
    page.get_by_label("Email").fill("sam@example.com")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not right")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("textbox", name="Reply to Jonas").fill("half a thought")
    page.get_by_role("button", name="You").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert page.evaluate("JSON.stringify(localStorage)").count("half a thought") == 0


def test_a_session_that_ends_asks_to_sign_in_and_keeps_the_draft(page: Page, stand_in: OpenStandIn) -> None:
    """Signed out by the service: back after signing in, with what was written."""
    server = stand_in("busy")
    jonas = server.conversations()["Jonas Weber"]
    open_as_sam(page, server, f"/live-chat/claimed/c/{jonas}")
    page.get_by_role("textbox", name="Reply to Jonas").fill("half a thought")
    page.context.clear_cookies()
    server.tell("cut", code=4401)
    expect(page.get_by_text("Your session has ended.")).to_be_visible()
    page.get_by_label("Email").fill("sam@example.com")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("textbox", name="Reply to Jonas")).to_have_value("half a thought")
