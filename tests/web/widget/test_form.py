"""The contact form in the customer's chat: offered while nobody is there, checked, kept, sent once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.web.axe import violations

from .chat import Chat
from .conftest import Stage

HELLO = "Leave us a line; we answer by mail."
TITLE = "Leave a message"
OPEN = "plan: pro\nlive_chat: {message_threshold: 0}\n"


def closed() -> str:
    """Hours that begin in three days."""
    day = (datetime.now(UTC) + timedelta(days=3)).strftime("%a").lower()
    hours = f"business_hours: {{enabled: true, timezone: UTC, weekly: {{{day}: ['09:00-10:00']}}}}\n"
    return f"{OPEN}messages: {{out_of_hours: '{HELLO}'}}\n{hours}"


@pytest.fixture
def shut(own_stage: Stage, visit: Callable[..., Chat]) -> Chat:
    """A new visitor with the chat open, while nobody is there."""
    own_stage.service.write_settings(closed())
    chat = visit(own_stage.service.url).open()
    expect(offer(chat)).to_be_visible()
    return chat


def offer(chat: Chat) -> Locator:
    return chat.panel.locator("button.person", has_text=TITLE)


def form(chat: Chat) -> Locator:
    return chat.panel.get_by_role("form", name=TITLE)


def fill(chat: Chat, **values: str) -> None:
    for label, text in values.items():
        form(chat).get_by_label({"name": "Your name", "email": "E-mail"}.get(label, label.title())).fill(text)


def send(chat: Chat) -> None:
    form(chat).get_by_role("button", name="Send message").click()


def test_a_message_is_left(own_stage: Stage, shut: Chat) -> None:
    """Filled in and sent: the team has it in Pending with the details, the visitor is thanked, the bot goes on."""
    offer(shut).click()
    expect(form(shut).get_by_text(HELLO)).to_be_visible()
    expect(form(shut).get_by_label("Your name")).to_be_focused()
    fill(shut, name="Ana Silva", email="ana@example.org", message="My kettle leaks.")
    send(shut)
    expect(form(shut)).to_have_count(0)
    shut.sees("My kettle leaks.")
    shut.sees("Thank you. We will get back to you.")
    expect(shut.input).to_be_focused()
    left = own_stage.agent.conversation(shut.conversation())
    assert left["handover"]["trigger"] == "contact_form"
    assert (left["customer"]["name"], left["customer"]["email"]) == ("Ana Silva", "ana@example.org")
    shut.ask("and one more thing", "You said: and one more thing")


def test_what_was_typed_carries_over(own_stage: Stage, visit: Callable[..., Chat]) -> None:
    """The team leaves while the visitor types: the words are the beginning of the form, and said once."""
    own_stage.service.write_settings(OPEN)
    chat = visit(own_stage.service.url).open()
    expect(chat.human).to_be_visible()
    chat.input.fill("my kettle leaks and")
    own_stage.service.write_settings(closed())
    expect(chat.human).to_have_count(0)
    offer(chat).click()
    expect(form(chat).get_by_label("Message")).to_have_value("my kettle leaks and")
    fill(chat, name="Ana", phone="+49 40 123456", message="my kettle leaks and so does my tent")
    send(chat)
    chat.sees("my kettle leaks and so does my tent")
    expect(chat.input).to_have_value("")


def test_the_way_back_keeps_everything(shut: Chat) -> None:
    """Back to the chat and into the form again, also over a reload: nothing typed is lost."""
    shut.input.fill("hm")
    offer(shut).click()
    fill(shut, name="Ana", message="hm, my kettle")
    form(shut).get_by_role("button", name="Back to the chat").click()
    expect(shut.input).to_have_value("hm")
    shut.page.reload()
    offer(shut).click()
    expect(form(shut).get_by_label("Your name")).to_have_value("Ana")
    expect(form(shut).get_by_label("Message")).to_have_value("hm, my kettle")


def test_mistakes_are_named_at_their_fields(shut: Chat) -> None:
    """Nothing is sent; each mistake stands at its field, the first has the focus, and goes when it is mended."""
    offer(shut).click()
    fill(shut, email="ana")
    send(shut)
    expect(form(shut).get_by_label("Your name")).to_be_focused()
    expect(form(shut).get_by_label("Your name")).to_have_accessible_description("Please tell us your name.")
    wrong = form(shut).get_by_text("does not look like an e-mail address")
    expect(wrong).to_be_visible()
    fill(shut, email="ana@example.org")
    expect(wrong).to_have_count(0)


def test_a_form_survives_a_cut_line(own_stage: Stage, shut: Chat) -> None:
    """It says that it did not get through; the next try leaves it once."""
    offer(shut).click()
    fill(shut, name="Ana", email="ana@example.org", message="Only once, please.")
    shut.page.route("**/widget/v1/contact", lambda route: route.abort())
    send(shut)
    expect(form(shut).get_by_text("That did not get through.")).to_be_visible()
    shut.page.unroute("**/widget/v1/contact")
    send(shut)
    expect(form(shut)).to_have_count(0)
    shut.sees("Only once, please.")


def test_asking_in_words_ends_at_the_form(shut: Chat) -> None:
    """Whoever asks for a person in words reads the team's text, once, and has the form below it."""
    shut.ask("person please", HELLO)
    offer(shut).click()
    expect(form(shut)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(own_stage: Stage, visit: Callable[..., Chat], scheme: str) -> None:
    """The form, with its mistakes named, on a phone and in both schemes."""
    own_stage.service.write_settings(closed())
    chat = visit(own_stage.service.url, color_scheme=scheme, viewport={"width": 390, "height": 844}).open()
    offer(chat).click()
    send(chat)
    expect(form(chat).get_by_text("Please tell us your name.")).to_be_visible()
    assert violations(chat.page) == []
