"""The connection breaks, comes back, or never was a socket: nothing is lost and the agent knows."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.harness.browser import WOKEN_MS
from tests.harness.client import body

from .conftest import Team
from .dashboard import expect_line, field, go_to, lines, reply, sent, take_over

OpenPage = Callable[..., Page]


def test_what_was_said_during_a_cut_is_there_once_and_in_order(team: Team, dashboard_page: OpenPage) -> None:
    """Both sides write while the agent is offline; afterwards every line is there, once, on both sides."""
    visitor = team.waiting("hello")
    page = dashboard_page(team.sam)
    go_to(page, team.url, visitor.conversation)
    take_over(page)
    reply(page, "Before the cut")
    sent(page)

    page.context.set_offline(True)
    expect(page.get_by_text("Reconnecting… what you write is kept.")).to_be_visible()
    expect(page.get_by_role("button", name="Resolve", exact=True)).to_be_disabled()
    for number in range(3):
        reply(page, f"Mine {number}")
        body(visitor.send(f"Theirs {number}"))
    expect(page.get_by_text("Not sent").first).to_be_visible()
    expect(page.get_by_role("button", name="Retry").first).to_be_visible()
    expect(page.get_by_role("button", name="Copy").first).to_be_visible()

    page.context.set_offline(False)
    expect(page.get_by_text("Back online")).to_be_visible()
    for number in range(3):
        expect_line(page, f"Mine {number}")
        expect_line(page, f"Theirs {number}")
    sent(page)
    expect(page.get_by_text("Back online")).to_have_count(0)
    said = [event["text"] for event in team.sam.events(visitor.conversation) if event["kind"] == "message"]
    assert lines(page) == said
    mine = [text for text in said if text.startswith("Mine")]
    assert mine == ["Mine 0", "Mine 1", "Mine 2"]


def test_a_line_that_was_not_sent_survives_a_reload(team: Team, dashboard_page: OpenPage) -> None:
    """Written while the service could not be reached, reloaded, sent once when it can."""
    visitor = team.waiting("hello")
    page = dashboard_page(team.sam)
    go_to(page, team.url, visitor.conversation)
    take_over(page)
    page.route("**/api/v1/conversations/*/messages", lambda route: route.abort())
    page.context.set_offline(True)
    expect(page.locator(".banner.warn")).to_be_visible()
    reply(page, "Kept over the reload")
    page.context.set_offline(False)
    page.reload()
    expect_line(page, "Kept over the reload")
    sent(page)
    said = [event["text"] for event in visitor.events()]
    assert said.count("Kept over the reload") == 1


def test_where_sockets_are_refused_the_page_polls(team: Team, dashboard_page: OpenPage) -> None:
    """Upgrades fail: lists, lines and replies go by long poll, which what is new wakes."""
    visitor = team.waiting("no sockets here")
    page = dashboard_page(team.sam)
    page.route_web_socket("**/api/v1/socket", lambda socket: socket.close())
    go_to(page, team.url, visitor.conversation)
    take_over(page)
    reply(page, "Posted")
    sent(page)
    assert "Posted" in [event["text"] for event in visitor.events()]
    for number in range(3):
        body(visitor.send(f"Polled {number}"))
        expect(page.locator(".line .bubble").get_by_text(f"Polled {number}")).to_be_visible(timeout=WOKEN_MS)
    before = int(page.locator(".rail-badge").inner_text().split()[0]) if page.locator(".rail-badge").count() else 0
    team.waiting("another one")
    expect(page.locator(".rail-badge")).to_contain_text(str(before + 1), timeout=WOKEN_MS)


def test_a_service_that_restarts_costs_nothing(team: Team, dashboard_page: OpenPage) -> None:
    """kill -9 of the service under an open page: the page resumes and the draft is still there."""
    visitor = team.waiting("hello")
    page = dashboard_page(team.sam)
    go_to(page, team.url, visitor.conversation)
    take_over(page)
    field(page).fill("Not sent yet")
    team.service.relaunch()
    body(visitor.send("Are you still there?"))
    expect(page.locator(".line .bubble").get_by_text("Are you still there?")).to_be_visible()
    expect(field(page)).to_have_value("Not sent yet")
    field(page).press("Enter")
    expect_line(page, "Not sent yet")
