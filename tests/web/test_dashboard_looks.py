"""Light, dark, narrow and on a phone: nobody is left out, and nothing scrolls sideways."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.fakes.pictures import png

from .axe import violations
from .conftest import StandIn

OpenStandIn = Callable[[str], StandIn]
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 900, "height": 800}, "color_scheme": "light"},
    "phone": {**PHONE, "color_scheme": "light"},
    "phone-dark": {**PHONE, "color_scheme": "dark"},
}


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest, browser: Browser) -> Callable[..., Any]:
    """`with look(server) as page`: Sam's dashboard in one of the looks."""

    @contextmanager
    def opened(server: StandIn, path: str = "/", *, signed_in: bool = True) -> Iterator[Page]:
        context = browser.new_context(**LOOKS[request.param], reduced_motion="reduce")
        if signed_in:
            context.add_cookies([{"name": "livechat_session", "value": "sam", "url": server.url}])
        page = context.new_page()
        page.goto(f"{server.url}{path}")
        yield page
        context.close()

    return opened


def check(page: Page, state: str) -> None:
    assert violations(page) == [], state
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1], f"{state} scrolls sideways: {width}"


def test_signing_in_is_open_to_everybody(stand_in: OpenStandIn, look: Callable[..., Any]) -> None:
    """axe finds nothing on the sign-in page, also after a wrong password."""
    with look(stand_in("empty"), signed_in=False) as page:
        page.get_by_label("Email").fill("sam@example.com")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_be_visible()
        check(page, "sign-in")


def test_lists_are_open_to_everybody(stand_in: OpenStandIn, look: Callable[..., Any]) -> None:
    """axe finds nothing in the lists, full and empty."""
    for seed, places in (("busy", ("pending", "claimed/all", "resolved", "with-the-bot")), ("empty", ("claimed",))):
        server = stand_in(seed)
        with look(server) as page:
            for place in places:
                page.goto(f"{server.url}/live-chat/{place}")
                expect(page.locator(".row, .empty-title").first).to_be_visible()
                check(page, f"{place}, {seed}")


def test_conversations_are_open_to_everybody(stand_in: OpenStandIn, look: Callable[..., Any]) -> None:
    """axe finds nothing in a waiting, an own, a colleague's, a resolved and the bot's conversation."""
    server = stand_in("busy")
    ids = server.conversations()
    bots = next(id for name, id in ids.items() if name == id)
    places = {
        "claimed": ids["Jonas Weber"],
        "claimed/all": ids["Inês Duarte"],
        "resolved": ids["Olga Petrenko"],
        "with-the-bot": bots,
        "pending": ids["Anna Kovač"],
    }
    with look(server) as page:
        for place, conversation in places.items():
            page.goto(f"{server.url}/live-chat/{place}/c/{conversation}")
            expect(page.locator(".log .line").first).to_be_visible()
            check(page, place)
        page.get_by_role("button", name="Show or hide the context").click()
        check(page, "the context turned")


def test_what_stands_over_the_page_is_open_to_everybody(stand_in: OpenStandIn, look: Callable[..., Any]) -> None:
    """axe finds nothing with a note, banners, the lost race, Undo, the settings and the shortcuts on screen."""
    server = stand_in("busy")
    ids = server.conversations()
    with look(server, f"/live-chat/claimed/c/{ids['Jonas Weber']}") as page:
        page.get_by_role("button", name="Private note").click()
        page.get_by_role("textbox", name="Private note").fill("A note")
        server.tell("typing", conversation=ids["Jonas Weber"])
        server.tell("health", redis=False)
        expect(page.locator(".typing")).to_be_visible()
        check(page, "note, typing, banner")
        page.get_by_role("button", name="Resolve", exact=True).click()
        expect(page.get_by_role("button", name="Undo")).to_be_visible()
        check(page, "undo")
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("textbox")).to_have_count(1)
    with look(server, f"/live-chat/pending/c/{ids['Marco Bianchi']}") as page:
        expect(page.get_by_role("button", name="Take Over")).to_be_enabled()
        server.tell("claim", conversation=ids["Marco Bianchi"], agent="priya")
        expect(page.get_by_role("button", name="Next waiting")).to_be_visible()
        check(page, "lost race")
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        check(page, "shortcuts")
    with look(server) as page:
        page.get_by_role("button", name="You").click()
        check(page, "settings")


def test_outside_channels_are_open_to_everybody(stand_in: OpenStandIn, look: Callable[..., Any]) -> None:
    """axe finds nothing with every fate of a message, files, a picture over the page, and a window that ends."""
    server = stand_in("outside")
    ids = server.conversations()
    ravi, claire = ids["Ravi Menon"], ids["Claire Dubois"]
    with look(server, f"/live-chat/claimed/c/{ravi}") as page:
        for text in ("skipped", "failed", "unknown", "queued"):
            page.get_by_role("textbox", name="Reply to Ravi").fill(text)
            page.keyboard.press("Enter")
            expect(page.locator(".line[data-seq] .bubble").last).to_have_text(text)
            if text != "queued":
                server.tell("deliver", conversation=ravi, status=text, why="Telegram refuses it.")
        files = {"name": "a.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}
        page.locator("input[type=file]").set_input_files([files, {**files, "name": "b.txt", "mimeType": "text/plain"}])
        expect(page.locator(".file-chip")).to_have_count(2)
        server.tell("block", conversation=ravi, on=True)
        expect(page.locator(".foot-note")).to_be_visible()
        page.locator("summary").last.click()
        check(page, "fates, files, blocked")
        page.locator(".picture").first.click()
        expect(page.get_by_role("dialog", name="Picture")).to_be_visible()
        expect(page.get_by_role("button", name="Close", exact=True).last).to_be_in_viewport(ratio=1)
        check(page, "picture")
    with look(server, f"/live-chat/claimed/c/{claire}") as page:
        expect(page.locator(".foot-note")).to_be_visible()
        server.tell("deliver", conversation=ids["Ravi Menon"], status="failed", why="Telegram refuses it.")
        expect(page.locator(".toast")).to_be_visible()
        check(page, "closing window, a failure elsewhere")
        server.tell("window", conversation=claire, minutes=0)
        expect(page.locator(".window-closed")).to_be_visible()
        check(page, "closed window")


def test_back_closes_the_conversation_on_a_phone(browser: Browser, stand_in: OpenStandIn) -> None:
    """One pane at a time; the browser's Back leads from the conversation to the list."""
    server = stand_in("busy")
    context = browser.new_context(**PHONE)
    context.add_cookies([{"name": "livechat_session", "value": "sam", "url": server.url}])
    page = context.new_page()
    page.goto(server.url)
    page.get_by_text("Anna Kovač").tap()
    expect(page.get_by_role("button", name="Take Over")).to_be_visible()
    expect(page.get_by_role("link", name="Pending")).to_be_hidden()
    page.go_back()
    expect(page.get_by_role("link", name="Pending")).to_be_visible()
    expect(page.get_by_role("button", name="Take Over")).to_be_hidden()
    context.close()


def test_the_theme_can_be_chosen(page: Page, stand_in: OpenStandIn) -> None:
    """Dark by choice on a light machine, kept over a reload."""
    server = stand_in("empty")
    page.context.add_cookies([{"name": "livechat_session", "value": "sam", "url": server.url}])
    page.goto(server.url)
    page.get_by_role("button", name="You").click()
    page.get_by_role("radio", name="Dark").check()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.reload()
    expect(page.get_by_text("Nobody is waiting.")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark == "rgb(15, 17, 21)"


def test_the_page_obeys_its_own_policy(browser: Browser, stand_in: OpenStandIn) -> None:
    """Under the strict CSP nothing is refused while an agent works."""
    server = stand_in("busy")
    context = browser.new_context()
    context.add_cookies([{"name": "livechat_session", "value": "sam", "url": server.url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{server.url}/live-chat/claimed/c/{server.conversations()['Jonas Weber']}")
    page.get_by_role("textbox", name="Reply to Jonas").fill("hello")
    note = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"Solid oak"}
    picture = {"name": "grain.png", "mimeType": "image/png", "buffer": png(60, 40)}
    page.locator("input[type=file]").set_input_files([note, picture])
    page.keyboard.press("Enter")
    expect(page.locator(".line.by-me", has_text="hello").last).to_be_visible()
    expect(page.locator(".picture")).to_have_attribute("aria-busy", "false")
    page.locator(".picture").click()
    # The Escape is meant for the picture: before it is open, Escape leaves the conversation.
    expect(page.get_by_role("dialog", name="Picture")).to_be_visible()
    page.keyboard.press("Escape")
    with page.expect_download():
        page.locator(".file-card").click()
    server.tell("arrive", name="Nora Lind", text="hello")
    expect(page).to_have_title("(5) Live chat")
    assert complaints == []
    context.close()
