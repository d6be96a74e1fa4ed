"""No violation of WCAG 2.2 AA in any state of the widget, light, dark and on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.web.axe import violations

from .chat import Chat
from .conftest import Stage
from .test_files import NOTE, PICTURE, UPLOADS, chips, choose

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}},
}


@pytest.mark.parametrize("look", LOOKS)
def test_every_state_is_accessible(stage: Stage, visit: Callable[..., Chat], look: str) -> None:
    """Closed, greeted, with choices and the button, waiting, with a person, and cut off with an unsent message."""
    chat = visit(stage.service.url, **LOOKS[look])
    found = violations(chat.page)
    chat.open()
    chat.ask("products", "What would you like to see?")
    chat.ask("links", "Not javascript")
    expect(chat.human).to_be_visible()
    found += violations(chat.page)
    chat.human.click()
    expect(chat.panel.get_by_role("banner")).to_contain_text("Waiting for a person…")
    found += violations(chat.page)
    epoch = stage.claim(chat)
    stage.agent.send(chat.conversation(), epoch, "Hello, this is Priya.")
    chat.sees("Hello, this is Priya.")
    found += violations(chat.page)
    chat.cut()
    chat.page.goto(f"{chat.url}/demo/cart")
    chat.say("nobody hears this")
    expect(chat.mine.last).to_contain_text("Not sent")
    found += violations(chat.page)
    assert found == []


@pytest.mark.parametrize("look", LOOKS)
def test_files_are_accessible(stage: Stage, visit: Callable[..., Chat], look: str) -> None:
    """Files in the tray, on their way and refused; pictures and files in the log, and one that can't be shown."""
    chat = visit(stage.service.url, **LOOKS[look]).open()
    choose(chat, PICTURE, NOTE)
    chat.say("Is this oak?")
    expect(chat.mine.last.get_by_role("img", name="grain.png")).to_be_visible()
    chat.page.route(UPLOADS, lambda route: route.abort() if "lost" in route.request.url else None)
    drawing = {**NOTE, "name": "drawing.svg", "mimeType": "image/svg+xml"}
    choose(chat, NOTE, drawing, {**NOTE, "name": "lost.txt"})
    expect(chips(chat).get_by_role("alert")).to_have_count(2)
    found = violations(chat.page)
    chat.page.route("**/widget/v1/files/*", lambda route: route.abort())
    chat.page.reload()
    expect(chat.mine.last).to_contain_text("Can’t be shown here")
    assert found + violations(chat.page) == []
