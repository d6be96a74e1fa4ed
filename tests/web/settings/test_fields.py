"""Each field of the page, both ways: livechat.yml with its comments, the API, and a widget that is open meanwhile."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.web.widget.chat import Chat

from .office import Office

pytestmark = pytest.mark.promise("settings", "5a")


def test_enable_live_chat(office: Office, chat: Chat) -> None:
    """Off takes the button away, on brings it back; in between the bot alone answers."""
    office.switch("Enable Live Chat", on=False)
    office.in_force("live_chat.enabled", False)
    expect(chat.human).to_have_count(0)
    office.switch("Enable Live Chat", on=True)
    office.in_force("live_chat.enabled", True)
    expect(chat.human).to_be_visible()


def test_show_the_button(office: Office, chat: Chat) -> None:
    """Off hides the button; asking in words goes on working."""
    office.switch("Show “Talk to Human” button", on=False)
    office.in_force("live_chat.show_button", False)
    expect(chat.human).to_have_count(0)
    office.switch("Show “Talk to Human” button", on=True)
    office.in_force("live_chat.show_button", True)
    expect(chat.human).to_be_visible()


def test_message_threshold(office: Office, chat: Chat) -> None:
    """The button comes with the message that the page says, and at once with 0."""
    office.fill("Message threshold", "3")
    office.save()
    office.in_force("live_chat.message_threshold", 3)
    expect(chat.human).to_have_count(0)
    chat.ask("one", "You said: one")
    chat.ask("two", "You said: two")
    expect(chat.human).to_be_visible()
    office.fill("Message threshold", "50")
    office.save()
    expect(chat.human).to_have_count(0)
    office.fill("Message threshold", "0")
    office.save()
    office.in_force("live_chat.message_threshold", 0)
    expect(chat.human).to_be_visible()


def test_handover_message(office: Office, chat: Chat) -> None:
    """The next handover says the new text, with quotes and two lines as they were typed."""
    text = 'Olga: "one moment" #1\nor two'
    office.fill("Handover system message", text)
    office.save()
    office.in_force("messages.handover", text)
    chat.human.click()
    chat.sees('Olga: "one moment" #1')


def test_out_of_hours_message(office: Office, chat: Chat) -> None:
    """Who asks while nobody can come reads the new text, without the sentence whose time is not known."""
    office.fill("Out-of-hours message", "Nobody is in. Back {next_opening}.")
    office.field("Only when agents are here").set_checked(False)
    office.field("Enable business hours").set_checked(True)
    office.page.get_by_label("By weekday").check()
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
        office.field(f"{day} opens").fill("00:00")
        office.field(f"{day} closes").fill("00:01")
    office.save()
    office.in_force("messages.out_of_hours", "Nobody is in. Back {next_opening}.")
    chat.say("person please")
    expect(chat.log).to_contain_text("Nobody is in. Back ")
    expect(chat.log).not_to_contain_text("{next_opening}")


def test_email_notifications(office: Office, chat: Chat) -> None:
    """Off and on; the customers' side does not change."""
    for on in (False, True):
        office.switch("Email notifications", on=on)
        office.in_force("notifications.email.enabled", on)
        expect(chat.human).to_be_visible()


def test_a_text_in_another_language(office: Office, visit: Callable[..., Chat]) -> None:
    """A language is added with one text; who speaks it reads that one, and the team's for the rest."""
    german = visit(locale="de-AT")
    office.page.get_by_text("Languages", exact=False).first.click()
    office.field("Add a language").select_option("de")
    office.page.get_by_role("button", name="Add", exact=True).click()
    office.fill("Deutsch: on handover", "Gleich ist jemand da.")
    office.save()
    office.in_force("messages.translations.de.handover", "Gleich ist jemand da.")
    german.panel.get_by_role("button", name="Mit einem Menschen sprechen").click()
    german.sees("Gleich ist jemand da.")
    office.page.get_by_role("button", name="Remove Deutsch").click()
    office.save()
    assert not office.written("messages.translations.de")


def test_further_texts(office: Office, visit: Callable[..., Chat]) -> None:
    """The greeting is said to the next customer."""
    office.page.get_by_text("Further texts").click()
    office.fill("Greeting", "Good day!")
    office.save()
    office.in_force("messages.greeting", "Good day!")
    visit().sees("Good day!")
