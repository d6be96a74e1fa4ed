"""Pictures and files in the customer's chat: shown, attached, waited for and refused."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Locator, Route, expect

from tests.fakes.pictures import png
from tests.fakes.site import FakeSite
from tests.harness.client import body

from .chat import Chat
from .conftest import Stage
from .test_host_page import STRICT, page

PICTURE: FilePayload = {"name": "grain.png", "mimeType": "image/png", "buffer": png(240, 160)}
NOTE: FilePayload = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"Solid oak, oiled."}
UPLOADS = "**/widget/v1/files?*"
PASTE = """(target) => {
    const carried = new DataTransfer()
    const bytes = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0])
    carried.items.add(new File([bytes], 'pasted.png', {type: 'image/png'}))
    target.dispatchEvent(new ClipboardEvent('paste', {clipboardData: carried, bubbles: true, cancelable: true}))
}"""


def choose(chat: Chat, *files: FilePayload) -> None:
    with chat.page.expect_file_chooser() as chooser:
        chat.panel.get_by_role("button", name="Attach a file").click()
    chooser.value.set_files(list(files))


def chips(chat: Chat) -> Locator:
    return chat.panel.locator(".chip")


def from_agent(stage: Stage, chat: Chat, epoch: int, *files: FilePayload) -> None:
    """The agent sends files without words."""
    conversation = chat.conversation()
    ids = []
    for file in files:
        path = f"/conversations/{conversation}/files?name={file['name']}"
        ids.append({"id": body(stage.agent.call("POST", path, data=file["buffer"]))["id"]})
    sent = {"client_msg_id": f"files-{conversation}", "epoch": epoch, "attachments": ids}
    body(stage.agent.post(f"/conversations/{conversation}/messages", sent))


def attached(stage: Stage, chat: Chat) -> list[list[str]]:
    """The names of the files of each message, as the agent sees them."""
    events = stage.agent.events(chat.conversation())
    return [[file["name"] for file in event["attachments"]] for event in events if event["attachments"]]


def test_a_picture_is_attached_and_sent_with_words(stage: Stage, chat: Chat) -> None:
    """Chosen, shown in the tray, sent with Enter, shown in the log, and the agent has it."""
    choose(chat, PICTURE, NOTE)
    expect(chips(chat)).to_have_count(2)
    expect(chips(chat).first.locator("img")).to_be_visible()
    expect(chips(chat).last).to_contain_text("note.txt")
    expect(chat.input).to_be_focused()
    chat.say("Is this oak?")
    expect(chips(chat)).to_have_count(0)
    expect(chat.mine.last.get_by_role("img", name="grain.png")).to_be_visible()
    expect(chat.mine.last.get_by_role("link", name="note.txt")).to_contain_text("TXT")
    expect(chat.mine.last).to_contain_text("Sent")
    assert attached(stage, chat) == [["grain.png", "note.txt"]]
    chat.page.reload()
    expect(chat.log.get_by_role("img", name="grain.png")).to_be_visible()


def test_a_file_goes_without_words(stage: Stage, chat: Chat) -> None:
    """Pasted into the input and sent with the button."""
    chat.input.evaluate(PASTE)
    expect(chips(chat)).to_contain_text(["pasted.png"])
    chat.panel.get_by_role("button", name="Send", exact=True).click()
    expect(chat.mine.last).to_contain_text("Sent")
    assert attached(stage, chat) == [["pasted.png"]]


def test_a_message_waits_for_its_file(stage: Stage, chat: Chat) -> None:
    """Enter while it is on its way: it goes with all that was written, as soon as the file is up."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    chat.page.route(UPLOADS, hold)
    choose(chat, NOTE)
    expect(chips(chat).get_by_role("progressbar", name="Sending note.txt")).to_be_visible()
    chat.say("Here it is")
    expect(chat.input).to_have_value("Here it is")
    expect(chat.mine).to_have_count(0)
    held[0].continue_()
    expect(chat.mine.last).to_contain_text("Here it is")
    expect(chat.mine.last).to_contain_text("note.txt")
    expect(chat.input).to_have_value("")


def test_what_did_not_get_through_is_tried_again_or_removed(stage: Stage, chat: Chat) -> None:
    """Said at the file; Retry sends it once more, and removing gives the focus back to the input."""
    chat.page.route(UPLOADS, lambda route: route.abort())
    choose(chat, NOTE)
    expect(chips(chat).get_by_role("alert")).to_have_text("It did not get through.")
    chat.page.unroute(UPLOADS)
    chips(chat).get_by_role("button", name="Retry").click()
    expect(chips(chat)).to_contain_text("TXT · 1 kB")
    chips(chat).get_by_role("button", name="Remove note.txt").click()
    expect(chips(chat)).to_have_count(0)
    expect(chat.input).to_be_focused()


def test_refusals_are_told_in_words(own_stage: Stage, visit: Callable[..., Chat]) -> None:
    """Too large and of a wrong kind without asking the service; wrong bytes by the service; the text goes alone."""
    own_stage.service.write_settings("plan: pro\nattachments: {max_megabytes: 1}\n")
    chat = visit(own_stage.service.url).open()
    asked: list[str] = []
    chat.page.on("request", lambda request: asked.append(request.url) if "/files?" in request.url else None)
    drawing: FilePayload = {"name": "drawing.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}
    choose(chat, {**PICTURE, "buffer": b"x" * 1_000_001}, drawing)
    expect(chips(chat).first).to_contain_text("Larger than 1 MB.")
    expect(chips(chat).last).to_contain_text("Files of this kind are not taken.")
    assert asked == []
    fake: FilePayload = {"name": "page.txt", "mimeType": "text/plain", "buffer": b"<html>"}
    choose(chat, fake)
    expect(chips(chat).last).to_contain_text("Files of this kind are not taken.")
    chat.ask("words alone", "You said: words alone")
    assert attached(own_stage, chat) == []


def test_the_button_follows_the_settings(own_stage: Stage, visit: Callable[..., Chat]) -> None:
    """Switched off and on again under an open page."""
    own_stage.service.write_settings("plan: pro\n")
    chat = visit(own_stage.service.url).open()
    button = chat.panel.get_by_role("button", name="Attach a file")
    expect(button).to_be_visible()
    own_stage.service.write_settings("plan: pro\nattachments: {enabled: false}\n")
    expect(button).to_have_count(0)
    own_stage.service.write_settings("plan: pro\n")
    expect(button).to_be_visible()


def test_files_of_the_agent_are_shown_and_said(stage: Stage, chat: Chat) -> None:
    """A picture and a file without words; the log stays at its end, and a screen reader hears of them."""
    chat.say("person please")
    epoch = stage.claim(chat)
    chat.sees("Priya Nair joined the chat")
    for number in range(8):
        chat.say(f"line {number}")
    from_agent(stage, chat, epoch, PICTURE, NOTE)
    last = chat.log.locator(".message.agent").last
    expect(last.get_by_role("img", name="grain.png")).to_be_in_viewport(ratio=0.9)
    expect(last.get_by_role("link", name="note.txt")).to_be_in_viewport(ratio=0.9)
    expect(chat.page.locator("[aria-live=polite]")).to_have_text("Priya Nair: grain.png, note.txt")
    address = last.get_by_role("link", name="note.txt").get_attribute("href") or ""
    assert address.startswith(stage.service.url)
    answer = chat.page.request.get(address)
    assert answer.body() == NOTE["buffer"]
    assert "attachment" in answer.headers["content-disposition"]


def test_a_site_that_allows_no_pictures_gets_links(stage: Stage, site: FakeSite, visit: Callable[..., Chat]) -> None:
    """Under the strictest policy files go up and come down; a picture is a link with its name."""
    site.put("/strict-files", page(stage), STRICT.format(stage.service.url))
    chat = visit(site.url, "/strict-files")
    errors: list[str] = []
    chat.page.on("pageerror", lambda error: errors.append(str(error)))
    chat.open()
    choose(chat, NOTE, PICTURE)
    expect(chips(chat)).to_have_count(2)
    chat.say("Both")
    expect(chat.mine.last).to_contain_text("Sent")
    expect(chat.mine.last.get_by_role("link", name="grain.png")).to_contain_text("Can’t be shown here")
    assert attached(stage, chat) == [["note.txt", "grain.png"]]
    assert errors == []


def test_the_part_for_files_speaks_german(stage: Stage, visit: Callable[..., Chat]) -> None:
    """Its own small table of texts comes with it."""
    chat = visit(stage.service.url, locale="de-DE")
    chat.bubble.click()
    expect(chat.panel.get_by_role("button", name="Datei anhängen")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_input_keeps_its_room(stage: Stage, visit: Callable[..., Chat], width: int) -> None:
    """Clip, input and send button stand in one line, and nothing scrolls sideways."""
    chat = visit(stage.service.url, viewport={"width": width, "height": 800}).open()
    choose(chat, {**NOTE, "name": "a very long name of a file that does not fit into one line.txt"})
    clip = chat.panel.get_by_role("button", name="Attach a file").bounding_box()
    field = chat.input.bounding_box()
    assert clip is not None
    assert field is not None
    assert clip["x"] + clip["width"] <= field["x"] + 1
    assert field["width"] > 180
    log = chat.panel.evaluate("panel => [panel.scrollWidth, panel.clientWidth]")
    assert log[0] <= log[1]
