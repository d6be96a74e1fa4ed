"""How the widget behaves on somebody else's page: focus, keys, screen readers, scrolling, languages."""

from collections.abc import Callable

from playwright.sync_api import expect

from .chat import Chat
from .conftest import Stage


def test_the_focus_goes_in_and_comes_back(stage: Stage, visit: Callable[..., Chat]) -> None:
    """Opening puts the focus into the input; Escape closes and gives it back to the bubble."""
    chat = visit(stage.service.url).open()
    expect(chat.input).to_be_focused()
    expect(chat.bubble).to_have_attribute("aria-expanded", "true")
    chat.page.keyboard.press("Escape")
    expect(chat.panel).to_have_count(0)
    expect(chat.bubble).to_be_focused()
    expect(chat.bubble).to_have_attribute("aria-label", "Open chat")


def test_a_phone_gets_the_whole_screen(stage: Stage, visit: Callable[..., Chat]) -> None:
    """At 390 px the panel fills the screen, nothing scrolls sideways, and closing gives the bubble its focus."""
    chat = visit(stage.service.url, viewport={"width": 390, "height": 844}).open()
    chat.rests()
    assert chat.panel.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= 390
    chat.panel.get_by_role("button", name="Close chat").click()
    expect(chat.bubble).to_be_focused()


def test_a_message_for_a_closed_chat_shows_on_the_bubble(stage: Stage, chat: Chat) -> None:
    """Closed on another page: the bubble counts what is new, and opening it clears the count."""
    chat.say("person please")
    epoch = stage.claim(chat)
    chat.sees("Priya Nair joined the chat")
    chat.page.wait_for_timeout(1_200)
    chat.page.keyboard.press("Escape")
    chat.page.goto(f"{chat.url}/demo/cart")
    stage.agent.send(chat.conversation(), epoch, "Are you still there?")
    expect(chat.bubble).to_have_attribute("aria-label", "Open chat, 1 new message")
    chat.bubble.click()
    chat.sees("Are you still there?")
    chat.page.wait_for_timeout(1_200)
    chat.page.keyboard.press("Escape")
    expect(chat.bubble).to_have_attribute("aria-label", "Open chat")


def test_each_message_is_announced_once_and_history_is_not(stage: Stage, chat: Chat) -> None:
    """A screen reader hears "who: what" for what is new, nothing for what was there before, and keeps its focus."""
    chat.ask("one", "You said: one")
    chat.page.reload()
    spoken = chat.page.locator("[aria-live=polite]")
    chat.sees("You said: one")
    expect(spoken).to_have_text("")
    chat.input.focus()
    chat.say("two")
    expect(spoken).to_have_text("Assistant: You said: two")
    expect(chat.input).to_be_focused()


def test_a_visitor_who_scrolled_up_is_told_what_is_new(stage: Stage, chat: Chat) -> None:
    """New lines below don't pull the visitor down; a button says how many there are and goes there."""
    chat.say("person please")
    epoch = stage.claim(chat)
    for number in range(25):
        stage.agent.send(chat.conversation(), epoch, f"Line {number}")
    chat.sees("Line 24")
    chat.page.wait_for_timeout(300)
    chat.log.evaluate("log => { log.scrollTop = 0 }")
    chat.page.wait_for_timeout(300)
    stage.agent.send(chat.conversation(), epoch, "News A")
    stage.agent.send(chat.conversation(), epoch, "News B")
    below = chat.panel.get_by_role("button", name="2 new")
    expect(below).to_be_visible()
    assert chat.log.evaluate("log => log.scrollTop") == 0
    below.click()
    expect(below).to_have_count(0)
    expect(chat.log.get_by_text("News B")).to_be_in_viewport()


def test_the_widget_speaks_german_to_a_german_browser(stage: Stage, visit: Callable[..., Chat]) -> None:
    """The table is loaded when the browser asks for it; times are in the visitor's own form."""
    chat = visit(stage.service.url, locale="de-AT")
    chat.bubble.click()
    expect(chat.panel.get_by_label("Nachricht schreiben")).to_be_focused()
    expect(chat.bubble).to_have_attribute("aria-label", "Chat schließen")
    expect(chat.page.locator("[lang=de-AT]")).to_have_count(1)


def test_enter_sends_and_shift_enter_breaks_the_line(chat: Chat) -> None:
    """Two lines in one message; an empty one is not sent."""
    chat.input.press("Enter")
    chat.input.type("first")
    chat.input.press("Shift+Enter")
    chat.input.type("second")
    chat.input.press("Enter")
    expect(chat.mine).to_have_count(1)
    expect(chat.mine.locator(".text")).to_have_text("first\nsecond", use_inner_text=True)
