"""Two browsers want the same customer: one gets the composer, the other a calm word."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import Team
from .dashboard import field, go_to, lines, reply, row, sent

OpenPage = Callable[..., Page]


def hold_claims(page: Page) -> None:
    """Holds the page's claim until `release_claims`, so that both are asked before either is answered."""
    page.evaluate(
        """() => {
            const send = window.fetch
            window.released = new Promise((free) => (window.release = free))
            window.fetch = async (url, init) => {
                if (String(url).endsWith('/claim')) await window.released
                return send(url, init)
            }
        }"""
    )


@pytest.mark.promise("main", "2")
def test_of_two_browsers_one_gets_the_composer_and_the_other_the_winners_name(
    team: Team, dashboard_page: OpenPage, figure: Callable[[str], None]
) -> None:
    """Both click before either has an answer; the loser sees who won, in place of the composer, and can go on."""
    visitor = team.waiting("I want a person")
    team.waiting("me too")
    pages = {agent.name: dashboard_page(agent) for agent in (team.sam, team.priya)}
    for page in pages.values():
        go_to(page, team.url, visitor.conversation)
        hold_claims(page)
    for page in pages.values():
        page.get_by_role("button", name="Take Over").click()
        expect(page.get_by_role("button", name="Taking over…")).to_be_disabled()
    for page in pages.values():
        page.evaluate("window.release()")

    for page in pages.values():
        expect(page.locator(".composer, .offer")).to_have_count(1)
    winners = [name for name, page in pages.items() if field(page).count()]
    assert len(winners) == 1
    winner, loser = winners[0], next(name for name in pages if name not in winners)
    assert team.sam.conversation(visitor.conversation)["holder"]["name"] == winner

    lost = pages[loser]
    expect(lost.get_by_text(f"{winner} took this a moment ago")).to_be_visible()
    expect(lost.get_by_role("status").filter(has_text=f"{winner} took this conversation")).to_have_count(1)
    expect(lost.get_by_role("button", name="Next waiting")).to_be_focused()
    expect(lost.get_by_role("button", name="Stay and watch")).to_be_visible()
    expect(lost.get_by_role("dialog")).to_have_count(0)

    reply(pages[winner], "Hello, how can I help?")
    expect(lost.get_by_text("Hello, how can I help?").first).to_be_visible()
    lost.keyboard.press("Enter")
    expect(lost.get_by_role("button", name="Take Over")).to_be_visible()
    waiting = team.sam.handovers()["items"]
    assert lost.url.endswith(f"/c/{waiting[0]['conversation_id']}")
    said = [event for event in visitor.events() if event["kind"] == "message"]
    assert [line["text"] for line in said if line["actor"]["kind"] == "agent"] == ["Hello, how can I help?"]
    figure(f"2 browsers, 1 composer, 1 banner naming {winner}")


def test_watching_on_shows_what_the_winner_writes(team: Team, dashboard_page: OpenPage) -> None:
    """Somebody else takes the open conversation: the same banner, and Stay and watch follows it."""
    visitor = team.waiting("is anybody there?")
    page = dashboard_page(team.sam)
    go_to(page, team.url, visitor.conversation)
    epoch = team.lena.claim(visitor.conversation).json()["epoch"]
    expect(page.get_by_text("Lena Vogt took this a moment ago")).to_be_visible()
    page.get_by_role("button", name="Stay and watch").click()
    expect(page.get_by_text("Lena Vogt is handling this")).to_be_visible()
    team.lena.send(visitor.conversation, epoch, "I am here.")
    expect(page.get_by_text("I am here.").first).to_be_visible()
    assert "I am here." in lines(page)


def test_a_reply_after_the_claim_was_lost_stays_with_its_author(team: Team, dashboard_page: OpenPage) -> None:
    """The line is given back, is not seen by the customer, and can become a note for whoever has it now."""
    visitor = team.waiting("hello")
    epoch = team.sam.claim(visitor.conversation).json()["epoch"]
    page = dashboard_page(team.sam)
    go_to(page, team.url, visitor.conversation, "claimed")
    field(page).fill("Half a thought")
    team.sam.release(visitor.conversation, epoch)
    team.priya.claim(visitor.conversation)
    expect(page.get_by_text("Your draft is kept:")).to_be_visible()
    page.get_by_role("button", name="Save as note").click()
    sent(page)
    expect(page.locator(".line.note", has_text="Half a thought")).to_have_count(1)
    assert "Half a thought" not in [event["text"] for event in visitor.events()]


def test_every_screen_moves_the_conversation_by_itself(team: Team, dashboard_page: OpenPage) -> None:
    """Taken on one screen, the row leaves Pending on the other and stands in Claimed with the owner's name."""
    visitor = team.waiting("please help")
    page = dashboard_page(team.sam)
    expect(row(page, visitor.conversation)).to_be_visible()
    page.mouse.move(900, 400)
    team.priya.claim(visitor.conversation)
    expect(row(page, visitor.conversation)).to_have_count(0)
    page.get_by_role("link", name="Claimed").click()
    page.get_by_role("link", name="All").click()
    expect(row(page, visitor.conversation)).to_contain_text("Priya")
