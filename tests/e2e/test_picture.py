"""The picture of the README: customer and agent side by side, taken from the real pages with the real bot behind them.

It is kept in var/pictures; `LIVECHAT_PICTURES=docs/pictures` puts it where the README shows it.
"""

import base64
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.harness import ROOT
from tests.harness.client import body
from tests.harness.running import LiveStack
from tests.web.dashboard import go_to, reply, sent, take_over
from tests.web.widget.chat import Chat

FOLDER = Path(os.environ.get("LIVECHAT_PICTURES") or "var/pictures")
CUSTOMER: ViewportSize = {"width": 560, "height": 800}
AGENT: ViewportSize = {"width": 1180, "height": 800}
FRAME = """
<body style="margin:0;padding:28px;display:flex;gap:28px;background:#e4e7ee;width:max-content">
  <img style="border-radius:12px;box-shadow:0 8px 30px #1a1d2330" src="data:image/png;base64,{0}">
  <img style="border-radius:12px;box-shadow:0 8px 30px #1a1d2330" src="data:image/png;base64,{1}">
</body>
"""

OpenPage = Callable[..., Page]


@pytest.mark.rasa
def test_picture_of_customer_and_agent(live: LiveStack, customer_page: OpenPage, dashboard_page: OpenPage) -> None:
    """Both pages show the same conversation: the bot's part, the handover, and two people talking."""
    url = live.service.url
    for text in ("My parcel arrived damaged, can somebody call me?", "Do you ship to Norway?"):
        other = live.service.visitor()
        body(other.send(text))
        body(other.ask_for_person())
    customer = customer_page(url)
    customer.set_viewport_size(CUSTOMER)
    chat = Chat(customer, url).open()
    chat.ask("When are you open?", "open Monday to Friday")
    chat.say("I want to talk to a person")
    expect(chat.log.get_by_text("with you shortly")).to_be_visible(timeout=30_000)
    desk = dashboard_page(live.service.add_agent("Priya Raman"))
    desk.set_viewport_size(AGENT)
    go_to(desk, url, chat.conversation())
    take_over(desk)
    reply(desk, "Hello, this is Priya. What can I do for you?")
    chat.sees("this is Priya")
    chat.say("Could you hold the trail kettle for me until Saturday?")
    expect(desk.get_by_text("until Saturday").first).to_be_visible()
    reply(desk, "Of course. I have put one aside for you at the counter.")
    sent(desk)
    chat.sees("put one aside")
    picture = compose(chat.page, desk)
    FOLDER.mkdir(parents=True, exist_ok=True)
    (ROOT / FOLDER / "customer-and-agent.png").write_bytes(picture)
    assert len(picture) > 50_000


def compose(customer: Page, agent: Page) -> bytes:
    """Both screens as one picture."""
    shots = [base64.b64encode(page.screenshot()).decode() for page in (customer, agent)]
    customer.goto("about:blank")
    customer.set_viewport_size({"width": 1824, "height": 856})
    customer.set_content(FRAME.format(*shots))
    return customer.locator("body").screenshot()
