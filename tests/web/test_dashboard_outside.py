"""What only outside channels have: how far a message got, WhatsApp's 24 hours, edits, reactions, blocking, profiles."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import StandIn
from .dashboard import field, reply, row
from .test_dashboard_files import Desk


@pytest.fixture
def desk(page: Page, stand_in: Callable[[str], StandIn]) -> Desk:
    """Sam at Ravi's conversation on Telegram."""
    return Desk(page, stand_in("outside"))


@pytest.fixture
def whatsapp(page: Page, stand_in: Callable[[str], StandIn]) -> Desk:
    """Sam at Claire's conversation on WhatsApp, with two and a half hours to go."""
    return Desk(page, stand_in("outside"), "Claire Dubois")


def test_each_step_of_a_message_is_said_in_words(desk: Desk) -> None:
    """Sending, sent, delivered, read: each replaces the one before, under the newest line only."""
    desk.replies("It stays with you.")
    for status, words in (("queued", "Sending…"), ("sent", "Sent"), ("delivered", "Delivered"), ("read", "Read")):
        if status != "queued":
            desk.tell("deliver", status=status)
        expect(desk.last.locator(".fate")).to_have_text(words)
    expect(desk.page.locator(".fate", has_text=re.compile("^ ?Read$"))).to_have_count(1)


def test_a_failed_message_says_why_and_is_sent_again(desk: Desk) -> None:
    """The reason stands under it; Retry makes a new attempt, and its end is told."""
    desk.replies("It stays with you.")
    desk.tell("deliver", status="failed", why="Telegram refuses messages of this size.")
    fate = desk.last.locator(".fate")
    expect(fate).to_contain_text("Not delivered: Telegram refuses messages of this size.")
    fate.get_by_role("button", name="Retry").press("Enter")
    expect(fate).to_have_text("Sending…")
    desk.tell("deliver", status="sent")
    expect(fate).to_have_text("Sent")
    desk.page.reload()
    expect(fate).to_have_text("Sent")


def test_a_message_without_an_answer_is_in_doubt_until_it_is_known(desk: Desk) -> None:
    """No answer, then sent after all: the doubt stays visible, also after a reload."""
    desk.replies("It stays with you.")
    desk.tell("deliver", status="unknown", why="The channel gave no answer.")
    fate = desk.last.locator(".fate")
    expect(fate).to_contain_text("No answer from Telegram. It may be sent twice.")
    expect(fate.get_by_role("button", name="Skip")).to_be_visible()
    desk.tell("deliver", status="sent", why="It may have been sent twice.")
    for _ in range(2):
        expect(fate).to_contain_text("Sent")
        expect(fate).to_contain_text("May have been sent twice")
        expect(fate.get_by_role("button")).to_have_count(0)
        desk.page.reload()


def test_a_message_can_be_given_up(desk: Desk) -> None:
    """Skip on one that failed: it says so and offers nothing more."""
    desk.replies("It stays with you.")
    desk.tell("deliver", status="failed", why="Telegram refuses it.")
    desk.last.get_by_role("button", name="Skip").click()
    expect(desk.last.locator(".fate")).to_have_text("Skipped: it is not sent any more")
    expect(desk.last.get_by_role("button")).to_have_count(0)


def test_only_who_holds_the_conversation_may_send_again(desk: Desk) -> None:
    """A colleague sees that it failed and why, without the ways out."""
    desk.replies("It stays with you.")
    desk.tell("deliver", status="failed", why="Telegram refuses it.")
    desk.tell("claim", agent="priya")
    fate = desk.page.locator(".fate-failed")
    expect(fate).to_contain_text("Telegram refuses it.")
    expect(fate.get_by_role("button")).to_have_count(0)


def test_a_failure_elsewhere_is_told_and_leads_there(desk: Desk) -> None:
    """While Sam looks at another conversation: a mark in the row, and a notice with the way."""
    desk.replies("It stays with you.")
    other = desk.server.conversations()["Jonas Weber"]
    row(desk.page, other).click()
    expect(desk.page.get_by_role("heading", name="Jonas Weber")).to_be_visible()
    desk.tell("deliver", status="failed", why="Telegram refuses it.")
    expect(row(desk.page, desk.id)).to_contain_text("Failed to deliver")
    toast = desk.page.locator(".toast")
    expect(toast).to_contain_text("A message to Ravi Menon was not delivered.")
    toast.get_by_role("button", name="Show").click()
    expect(desk.page.get_by_role("heading", name="Ravi Menon")).to_be_visible()
    desk.last.get_by_role("button", name="Skip").click()
    expect(row(desk.page, desk.id)).not_to_contain_text("Failed")


def test_the_time_that_whatsapp_leaves_is_shown_and_ticks(whatsapp: Desk) -> None:
    """In the context always, above the composer in the last four hours, with seconds at the end."""
    context = whatsapp.page.get_by_role("complementary", name="Context")
    expect(context).to_contain_text("Open for 2h")
    expect(whatsapp.page.locator(".foot-note")).to_contain_text("left to answer on WhatsApp")
    whatsapp.tell("window", minutes=600)
    expect(whatsapp.page.locator(".foot-note")).to_have_count(0)
    expect(context).to_contain_text("Open for 9h 59m")
    whatsapp.tell("window", minutes=0.9)
    expect(context).to_contain_text("Open for 5")
    first = context.locator(".fact", has_text="Open for").inner_text()
    expect(context.locator(".fact", has_text="Open for")).not_to_have_text(first)


@pytest.mark.promise("channels", "5")
def test_when_the_window_is_over_the_draft_is_kept_until_the_customer_writes(whatsapp: Desk) -> None:
    """The composer closes by itself with the reason; notes go on; a line of the customer opens it again."""
    field(whatsapp.page).fill("About Friday")
    whatsapp.tell("window", minutes=0.03)
    closed = whatsapp.page.locator(".window-closed")
    expect(closed).to_contain_text("WhatsApp takes no reply right now")
    expect(closed).to_contain_text("They have to write first")
    expect(closed).to_contain_text("Your draft is kept: About Friday")
    expect(whatsapp.page.get_by_role("button", name="Send")).to_have_count(0)
    whatsapp.page.get_by_role("button", name="Private note").click()
    reply(whatsapp.page, "Call her tomorrow")
    expect(whatsapp.page.locator(".line.note")).to_contain_text("Call her tomorrow")
    whatsapp.page.get_by_role("button", name="Reply", exact=True).click()
    expect(closed).to_be_visible()
    whatsapp.tell("say", text="Any news?")
    expect(field(whatsapp.page)).to_have_value("About Friday")
    expect(closed).to_have_count(0)


def test_a_reply_that_comes_too_late_goes_back_into_the_composer(whatsapp: Desk) -> None:
    """The service says no although the page did not know yet: nothing that was written is lost."""
    whatsapp.tell("window", minutes=-1, quiet=True)
    reply(whatsapp.page, "Too late")
    expect(whatsapp.page.locator(".toast")).to_contain_text("They have to write first.")
    expect(whatsapp.page.locator(".window-closed")).to_contain_text("Your draft is kept: Too late")


def test_an_edited_line_shows_its_new_words_and_keeps_the_old(desk: Desk) -> None:
    """What it said before can be had by keyboard."""
    seq = desk.tell("say", text="Tomorrow at nine")
    desk.tell("edit", seq=seq, text="Tomorrow at ten")
    expect(desk.last.locator(".bubble")).to_have_text("Tomorrow at ten")
    expect(desk.last.get_by_text("Tomorrow at nine")).to_be_hidden()
    desk.last.locator("summary").press("Enter")
    expect(desk.last.get_by_text("Tomorrow at nine")).to_be_visible()


def test_reactions_come_and_go(desk: Desk) -> None:
    """At the line that they are about, in words for a screen reader; without one as a line of its own."""
    desk.replies("A new one leaves today.")
    expect(desk.last.locator(".fate")).to_have_text("Sending…")
    seq = int(desk.last.get_attribute("data-seq") or 0)
    desk.tell("reaction", seq=seq, text="🎉")
    line = desk.page.locator(f'[data-seq="{seq}"]')
    expect(line.get_by_role("list", name="Reactions")).to_contain_text("Ravi Menon reacted with 🎉")
    desk.tell("reaction", seq=seq, text="")
    expect(line.get_by_role("list", name="Reactions")).to_have_count(0)
    desk.tell("reaction", text="❤")
    expect(desk.page.locator(".mark").last).to_contain_text("Ravi Menon reacted with ❤")


def test_a_customer_who_blocks_us_is_marked_until_they_are_back(desk: Desk) -> None:
    """A divider, the header, the context and a word above the composer; all but the dividers go again."""
    desk.tell("block", on=True)
    expect(desk.page.locator(".mark").last).to_contain_text("Ravi Menon blocked this chat")
    expect(desk.page.locator(".conversation-head")).to_contain_text("Blocked")
    expect(desk.page.locator(".foot-note")).to_contain_text("Ravi has blocked this chat on Telegram.")
    desk.tell("block", on=False)
    expect(desk.page.locator(".mark").last).to_contain_text("Ravi Menon unblocked this chat")
    expect(desk.page.locator(".conversation-head")).not_to_contain_text("Blocked")
    expect(desk.page.locator(".foot-note")).to_have_count(0)


def test_the_profile_names_channel_account_and_person(desk: Desk) -> None:
    """Name, @name, phone, language, and by which bot or number they write."""
    context = desk.page.get_by_role("complementary", name="Context")
    expect(context.get_by_role("link", name="@ravi_menon")).to_have_attribute("href", "https://t.me/ravi_menon")
    expect(context).to_contain_text("Telegram · larch_support_bot")
    expect(context).to_contain_text("British English")
    row(desk.page, desk.server.conversations()["Claire Dubois"]).click()
    expect(context.get_by_role("link", name="+33 6 12 34 56 78")).to_have_attribute("href", "tel:+33612345678")
    expect(context).to_contain_text("WhatsApp · +49 30 5550 1420")
    expect(desk.page.locator(".conversation-head")).to_contain_text("WhatsApp")
