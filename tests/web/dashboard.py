"""What an agent does on the dashboard, in the words of the tests."""

import re

from playwright.sync_api import Locator, Page, expect


def row(page: Page, conversation: str) -> Locator:
    """The conversation's line in the list on screen."""
    return page.locator(f'.row a[href*="/c/{conversation}"]')


def go_to(page: Page, url: str, conversation: str, place: str = "pending") -> None:
    """Open a conversation by its address."""
    page.goto(f"{url}/live-chat/{place}/c/{conversation}")
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")


def take_over(page: Page) -> None:
    page.get_by_role("button", name="Take Over").click()
    expect(field(page)).to_be_focused()


def field(page: Page) -> Locator:
    """Where the reply or the note is written."""
    return page.locator(".composer textarea")


def reply(page: Page, text: str) -> None:
    field(page).fill(text)
    field(page).press("Enter")


def lines(page: Page) -> list[str]:
    """The texts of all lines of the conversation on screen, in order."""
    return page.locator(".line .bubble").all_inner_texts()


def expect_line(page: Page, text: str) -> None:
    expect(page.locator(".line .bubble", has_text=re.compile(f"^{re.escape(text)}$"))).to_have_count(1)


def sent(page: Page) -> None:
    """Nothing is on its way any more."""
    expect(page.get_by_text("Sending…")).to_have_count(0)
