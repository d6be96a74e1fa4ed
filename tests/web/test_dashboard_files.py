"""Pictures and files in the dashboard: shown, saved, attached, refused, and never lost on the way."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.fakes.pictures import png

from .conftest import StandIn
from .dashboard import field, reply

PICTURE: FilePayload = {"name": "grain.png", "mimeType": "image/png", "buffer": png(240, 160)}
NOTE: FilePayload = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"Solid oak, oiled."}
FILES = "**/api/v1/conversations/*/files*"
PASTE = """(target, name) => {
    const carried = new DataTransfer()
    carried.items.add(new File([Uint8Array.from([0x89, 0x50, 0x4e, 0x47])], name, {type: 'image/png'}))
    target.dispatchEvent(new ClipboardEvent('paste', {clipboardData: carried, bubbles: true, cancelable: true}))
}"""
DROP = """(target, kinds) => {
    const carried = new DataTransfer()
    carried.items.add(new File(['Solid oak'], 'dropped.txt', {type: 'text/plain'}))
    for (const kind of kinds)
        target.dispatchEvent(new DragEvent(kind, {dataTransfer: carried, bubbles: true, cancelable: true}))
}"""


class Desk:
    """Sam at Ravi's conversation on Telegram."""

    def __init__(self, page: Page, server: StandIn, who: str = "Ravi Menon") -> None:
        self.page, self.server, self.id = page, server, server.conversations()[who]
        page.context.add_cookies([{"name": "livechat_session", "value": "sam", "url": server.url}])
        page.goto(f"{server.url}/live-chat/claimed/c/{self.id}")
        expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")

    def tell(self, verb: str, **said: Any) -> Any:
        return self.server.tell(verb, conversation=self.id, **said)["made"]

    def replies(self, text: str) -> None:
        """Sends it, and waits until the server has it: what is told then is about this line."""
        reply(self.page, text)
        expect(self.page.locator(".line[data-seq] .bubble").last).to_have_text(text)

    def choose(self, *files: FilePayload) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_role("button", name="Attach files").click()
        chooser.value.set_files(list(files))

    @property
    def chips(self) -> Locator:
        return self.page.get_by_role("list", name="Files of this reply").get_by_role("listitem")

    @property
    def last(self) -> Locator:
        return self.page.locator(".line").last


@pytest.fixture
def desk(page: Page, stand_in: Callable[[str], StandIn]) -> Desk:
    return Desk(page, stand_in("outside"))


def test_a_picture_opens_over_the_page_and_the_arrows_lead_on(desk: Desk) -> None:
    """By keyboard: open, to the next picture and back, closed with Escape, and the focus is where it was."""
    pictures = desk.page.locator(".picture")
    expect(pictures).to_have_count(2)
    expect(pictures.first).to_have_attribute("aria-busy", "false")
    pictures.first.focus()
    desk.page.keyboard.press("Enter")
    lightbox = desk.page.get_by_role("dialog", name="Picture")
    expect(lightbox.get_by_role("img", name="dent-left.png")).to_be_visible()
    expect(lightbox).to_contain_text("1 of 2")
    desk.page.keyboard.press("ArrowRight")
    expect(lightbox.get_by_role("img", name="dent-right.png")).to_be_visible()
    desk.page.keyboard.press("ArrowRight")
    desk.page.keyboard.press("ArrowLeft")
    expect(lightbox).to_contain_text("1 of 2")
    desk.page.keyboard.press("Escape")
    expect(lightbox).to_be_hidden()
    expect(pictures.first).to_be_focused()


def test_a_file_is_saved_under_its_name(desk: Desk) -> None:
    """Name, type and size stand on it; a click saves it."""
    card = desk.page.locator(".file-card", has_text="Receipt 10482.pdf")
    expect(card).to_contain_text("PDF · 240 kB")
    with desk.page.expect_download() as download:
        card.click()
    assert download.value.suggested_filename == "Receipt 10482.pdf"


def test_a_picture_on_its_way_comes_by_itself(desk: Desk) -> None:
    """While the provider still has it a place is kept; then it is there, and the log stays at its end."""
    file = desk.tell("bring", name="late.png", here=False)
    coming = desk.last.locator(".picture")
    expect(coming).to_have_attribute("aria-busy", "true")
    desk.server.tell("settle", file=file)
    expect(coming).to_have_attribute("aria-busy", "false")
    expect(desk.last).to_be_in_viewport(ratio=0.9)


def test_what_can_not_be_had_says_why(desk: Desk) -> None:
    """A refused picture says so for good; one that takes too long can be asked for again; a file likewise."""
    file = desk.tell("bring", name="gone.png", here=False)
    desk.server.tell("settle", file=file, reason="Telegram no longer has this file.")
    expect(desk.last).to_contain_text("Telegram no longer has this file.")
    expect(desk.last.get_by_role("button", name="Try again")).to_have_count(0)

    desk.server.tell("files", wait_seconds=0.2)
    file = desk.tell("bring", name="slow.png", here=False)
    expect(desk.last).to_contain_text("still on its way")
    desk.server.tell("settle", file=file)
    desk.last.get_by_role("button", name="Try again").click()
    expect(desk.last.locator(".picture")).to_have_attribute("aria-busy", "false")

    file = desk.tell("bring", name="contract.pdf", here=False)
    desk.server.tell("settle", file=file, reason="This file was larger than 10 MB.")
    desk.last.get_by_role("link", name="contract.pdf").click()
    expect(desk.last).to_contain_text("This file was larger than 10 MB.")


def test_pictures_of_the_bot_elsewhere_are_links(desk: Desk) -> None:
    """Nothing is loaded from an address that is not ours."""
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    desk.page.reload()
    expect(desk.page.locator(".picture").first).to_be_visible()
    assert [url for url in asked if not url.startswith(desk.server.url)] == []


def test_files_are_attached_and_sent_with_and_without_words(desk: Desk) -> None:
    """Chosen by the button, shown as chips, sent with Enter; a reply may be a file alone."""
    desk.choose(PICTURE, NOTE)
    expect(desk.chips).to_have_count(2)
    expect(desk.chips.first.locator("img")).to_be_visible()
    expect(desk.chips.last).to_contain_text("TXT · 1 kB")
    field(desk.page).fill("Two files")
    field(desk.page).press("Enter")
    expect(desk.last.locator(".bubble")).to_have_text("Two files")
    expect(desk.last.locator(".picture")).to_have_attribute("aria-busy", "false")
    expect(desk.last.locator(".file-card")).to_contain_text("note.txt")
    expect(desk.chips).to_have_count(0)

    desk.choose(NOTE)
    desk.page.get_by_role("button", name="Send").click()
    expect(desk.last.locator(".file-card")).to_contain_text("note.txt")
    expect(desk.last.locator(".bubble")).to_have_count(0)
    expect(field(desk.page)).to_be_focused()


def test_files_come_by_paste_and_by_drop(desk: Desk) -> None:
    """A picture from the clipboard and a file dropped on the conversation stand in the reply; a note takes none."""
    field(desk.page).evaluate(PASTE, "pasted.png")
    expect(desk.chips).to_contain_text(["pasted.png"])
    log = desk.page.get_by_role("log")
    log.evaluate(DROP, ["dragover"])
    expect(desk.page.get_by_text("Drop to attach")).to_be_visible()
    log.evaluate(DROP, ["drop"])
    expect(desk.page.get_by_text("Drop to attach")).to_have_count(0)
    expect(desk.chips).to_contain_text(["pasted.png", "dropped.txt"])
    desk.page.get_by_role("button", name="Remove pasted.png").click()
    expect(desk.chips).to_contain_text(["dropped.txt"])
    expect(field(desk.page)).to_be_focused()
    desk.page.get_by_role("button", name="Private note").click()
    expect(desk.chips).to_have_count(0)
    expect(desk.page.get_by_role("button", name="Attach files")).to_have_count(0)


def test_what_can_only_be_refused_is_refused_at_once(desk: Desk) -> None:
    """Too large and of a wrong kind: said at the file, without an upload; the reply goes without them."""
    desk.server.tell("files", max_megabytes=1)
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url) if "/files?" in request.url else None)
    drawing: FilePayload = {"name": "drawing.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}
    desk.page.wait_for_timeout(300)
    desk.choose({**PICTURE, "buffer": b"x" * 1_000_001}, drawing)
    expect(desk.chips.first).to_contain_text("Larger than 1 MB.")
    expect(desk.chips.last).to_contain_text("Files of this kind are not taken.")
    assert asked == []
    expect(desk.page.get_by_role("button", name="Send")).to_be_disabled()


def test_what_the_service_refuses_says_why(desk: Desk) -> None:
    """Bytes that are not what they claim to be: the service's own sentence stands at the file."""
    page: FilePayload = {"name": "page.txt", "mimeType": "text/plain", "buffer": b"<html>"}
    desk.choose(page)
    expect(desk.chips).to_contain_text("Files of this kind are not taken")
    desk.page.get_by_role("button", name="Remove page.txt").click()
    expect(desk.chips).to_have_count(0)


def test_where_files_are_switched_off_there_is_no_button(desk: Desk) -> None:
    """The setting reaches an open page."""
    expect(desk.page.get_by_role("button", name="Attach files")).to_be_visible()
    desk.server.tell("files", enabled=False)
    expect(desk.page.get_by_role("button", name="Attach files")).to_have_count(0)


def test_a_message_waits_for_its_file_and_the_next_one_behind_it(desk: Desk) -> None:
    """Sent while the upload is under way: shown as such, and the order is kept."""
    desk.server.tell("files", pause_seconds=1.5)
    desk.choose(PICTURE)
    field(desk.page).fill("first")
    field(desk.page).press("Enter")
    expect(desk.page.get_by_text("Uploading…")).to_be_visible()
    field(desk.page).fill("second")
    field(desk.page).press("Enter")
    expect(desk.page.get_by_text("Uploading…")).to_have_count(0)
    expect(desk.page.locator(".line[data-seq] .bubble").last).to_have_text("second")
    texts = desk.page.locator(".line[data-seq].by-me .bubble").all_inner_texts()
    assert texts[-2:] == ["first", "second"]


def test_a_file_that_got_up_survives_a_reload(desk: Desk) -> None:
    """In the composer, and with a message that waits for the connection."""
    desk.choose(PICTURE)
    expect(desk.chips.locator("img")).to_be_visible()
    desk.page.reload()
    expect(desk.chips).to_contain_text(["grain.png"])
    field(desk.page).press("Enter")
    expect(desk.last.locator(".picture")).to_be_visible()


def test_an_upload_goes_on_when_the_connection_is_back(desk: Desk) -> None:
    """Added while offline: it waits and says so; then it goes up by itself."""
    expect(desk.page.get_by_role("button", name="Attach files")).to_be_visible()  # what may be sent is known
    desk.page.context.set_offline(True)
    expect(desk.page.get_by_text("Reconnecting…")).to_be_visible()
    desk.choose(NOTE)
    expect(desk.chips).to_contain_text("Waits for the connection")
    field(desk.page).press("Enter")
    expect(desk.page.get_by_text("Not sent")).to_be_visible()
    desk.page.context.set_offline(False)
    expect(desk.page.locator(".line[data-seq]").last).to_contain_text("note.txt")
    expect(desk.page.get_by_text("Not sent")).to_have_count(0)


def test_a_row_says_that_files_wait_in_its_reply(desk: Desk) -> None:
    """A draft of files alone is a draft."""
    desk.choose(NOTE)
    expect(desk.chips).to_have_count(1)
    draft = desk.page.locator(f'.row a[href*="{desk.id}"]')
    expect(draft).to_contain_text(re.compile("Draft 1 file"))
