"""The page with the two phones, in a browser: what its customers do reaches the providers, and anybody can use it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.fakes.phone import Phone
from tests.fakes.phones import Phones, build
from tests.fakes.pictures import png
from tests.fakes.server import Server

from .axe import violations

SECRETS = {
    "TELEGRAM_TOKEN": "1001:token",
    "WHATSAPP_TOKEN": "graph-token",
    "WHATSAPP_PHONE_NUMBER_ID": "106540352242922",
    "WHATSAPP_APP_SECRET": "app-secret",
    "WHATSAPP_VERIFY_TOKEN": "verify-token",
}
NARROW = {"width": 390, "height": 844}


class Played:
    """The server of the page, and the bot's calls."""

    def __init__(self) -> None:
        self.server = Server()
        self.phones: dict[str, Phone] = build(self.server, "http://127.0.0.1:9", SECRETS)
        Phones(self.server, self.phones)

    def telegram(self, **fields: Any) -> None:
        url = f"{self.server.url}/telegram/bot1001:token/sendMessage"
        requests.post(url, json={"chat_id": 70120345, **fields}, timeout=30).raise_for_status()

    def whatsapp(self, kind: str, content: dict[str, Any]) -> None:
        url = f"{self.server.url}/graph/v26.0/106540352242922/messages"
        body = {"messaging_product": "whatsapp", "to": "491701234567", "type": kind, kind: content}
        requests.post(url, json=body, headers={"Authorization": "Bearer graph-token"}, timeout=30).raise_for_status()

    def fill(self) -> None:
        """A bit of everything."""
        rows = [[{"text": "Yes", "callback_data": "b:1:0"}, {"text": "Shop", "url": "https://shop.example"}]]
        self.telegram(text="Really? See https://shop.example.", reply_markup={"inline_keyboard": rows})
        sections = [{"title": "All", "rows": [{"id": "b:2:0", "title": "Stoves", "description": "Gas and alcohol"}]}]
        which = {"type": "list", "body": {"text": "Which?"}, "action": {"button": "Choose", "sections": sections}}
        self.whatsapp("interactive", which)


@pytest.fixture
def played() -> Iterator[Played]:
    made = Played()
    made.server.start()
    yield made
    made.server.stop()


def phone(page: Page, channel: str) -> Locator:
    return page.locator(f".phone.{channel}")


def test_a_customer_writes_corrects_and_sends_a_picture(page: Page, played: Played) -> None:
    page.goto(played.server.url)
    ana = phone(page, "telegram")
    ana.get_by_label("Message", exact=True).fill("helo")
    ana.get_by_label("Message", exact=True).press("Enter")
    line = ana.locator(".line.mine")
    line.hover()
    line.get_by_role("button", name="Edit").click()
    ana.get_by_label("Message", exact=True).fill("hello")
    ana.get_by_role("button", name="Send", exact=True).click()
    expect(line).to_have_text(re.compile("helloedited .*"))
    picture = FilePayload(name="tent.png", mimeType="image/png", buffer=png())
    ana.locator("input[type=file]").set_input_files(picture)
    expect(ana.locator(".line.mine img")).to_have_js_property("naturalWidth", 480)


def test_what_is_pressed_reaches_the_provider(page: Page, played: Played) -> None:
    """A button on Telegram turns until the bot answers; a row of a list stands in WhatsApp's chat."""
    played.fill()
    page.goto(played.server.url)
    phone(page, "telegram").get_by_role("button", name="Yes").click()
    expect(phone(page, "telegram").get_by_role("button", name="Yes")).to_have_attribute("aria-busy", "true")
    ben = phone(page, "whatsapp")
    ben.get_by_role("button", name="Choose").click()
    ben.get_by_role("dialog").get_by_role("button", name="Stoves").click()
    expect(ben.locator(".line.mine .quote")).to_have_text("Which?")
    expect(ben.get_by_role("dialog")).to_be_hidden()


def test_what_is_on_the_screen_is_read(page: Page, played: Played) -> None:
    """On a narrow screen only the phone that is shown."""
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.goto(played.server.url)
    expect(page.get_by_role("button", name="WhatsApp")).to_be_visible()
    played.fill()
    expect(page.get_by_role("button", name="WhatsApp")).to_have_class("news")
    assert played.phones["whatsapp"].state()["unread"]
    page.get_by_role("button", name="WhatsApp").click()
    expect(phone(page, "whatsapp").get_by_text("Which?")).to_be_visible()
    page.wait_for_timeout(300)
    assert not played.phones["whatsapp"].state()["unread"]


def test_who_reads_further_up_stays_there(page: Page, played: Played) -> None:
    for number in range(30):
        played.telegram(text=f"Line {number}")
    page.goto(played.server.url)
    chat = phone(page, "telegram").locator(".chat")
    expect(chat.get_by_text("Line 29", exact=True)).to_be_in_viewport()
    chat.evaluate("chat => { chat.scrollTop = 0 }")
    page.wait_for_timeout(100)
    played.telegram(text="Line 30")
    expect(chat.get_by_text("Line 30", exact=True)).to_be_attached()
    expect(chat.get_by_text("Line 0", exact=True)).to_be_in_viewport()
    expect(chat.get_by_text("Line 30", exact=True)).not_to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 900, 390])
def test_anybody_can_use_it(page: Page, played: Played, scheme: Any, width: int) -> None:
    """No rule of WCAG 2.2 AA is broken, nothing is cut off at the side, and the page keeps its own strict policy."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    played.fill()
    played.phones["telegram"].say("hello")
    played.phones["telegram"].send_file(b"%PDF-1.4", "receipt.pdf", "application/pdf")
    page.goto(played.server.url)
    expect(phone(page, "telegram").get_by_text("receipt.pdf")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert said == []
