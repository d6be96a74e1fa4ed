"""An agent's ordinary work: take a customer over, write, note, resolve, think again."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.fakes.pictures import png
from tests.harness.client import body

from .conftest import Team
from .dashboard import expect_line, field, go_to, reply, row, sent, take_over

OpenPage = Callable[..., Page]


def test_a_customer_is_taken_over_answered_and_resolved(team: Team, dashboard_page: OpenPage) -> None:
    """The whole of it, with the customer's lines arriving on the page by themselves."""
    visitor = team.waiting("Where is my parcel?")
    page = dashboard_page(team.sam)
    row(page, visitor.conversation).click()
    expect_line(page, "Where is my parcel?")
    take_over(page)
    expect(page.get_by_text("You took over")).to_be_visible()
    reply(page, "Hello, Sam here.\nLet me look.")
    body(visitor.send("Thank you!"))
    expect_line(page, "Thank you!")
    sent(page)
    assert "Hello, Sam here.\nLet me look." in [event["text"] for event in visitor.events()]

    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    expect(page.get_by_text("You resolved this")).to_be_visible()
    assert team.sam.conversation(visitor.conversation)["holder"]["kind"] == "bot"
    page.get_by_role("link", name="Resolved").click()
    expect(row(page, visitor.conversation)).to_be_visible()


def test_undo_gives_the_same_conversation_back(team: Team, dashboard_page: OpenPage) -> None:
    """Within eight seconds Resolve is taken back, by the same agent, and writing goes on."""
    visitor = team.waiting("hello")
    page = dashboard_page(team.sam)
    go_to(page, team.url, visitor.conversation)
    take_over(page)
    page.get_by_role("button", name="Resolve", exact=True).click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("You reopened this")).to_be_visible()
    reply(page, "Still here.")
    sent(page)
    assert "Still here." in [event["text"] for event in visitor.events()]


def test_a_line_that_nobody_saw_stops_resolve_and_is_shown(team: Team, dashboard_page: OpenPage) -> None:
    """The agent has scrolled up; the customer writes; Resolve points at that line and does not happen."""
    visitor = team.waiting("first of many")
    page = dashboard_page(team.sam)
    go_to(page, team.url, visitor.conversation)
    take_over(page)
    for number in range(30):
        reply(page, f"Line {number}")
    sent(page)
    page.locator(".log").evaluate("log => log.scrollTo(0, 0)")
    body(visitor.send("wait, one more thing"))
    expect(page.get_by_role("button", name="1 new")).to_be_visible()
    page.get_by_role("button", name="Resolve", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("wrote something you had not seen")
    expect(page.locator(".bubble", has_text="wait, one more thing")).to_be_in_viewport()
    assert team.sam.conversation(visitor.conversation)["holder"]["id"] == team.sam.id
    page.get_by_role("button", name="Resolve anyway").click()
    expect(page.get_by_text("You resolved this")).to_be_attached()


def test_a_note_is_seen_by_the_team_alone(team: Team, dashboard_page: OpenPage) -> None:
    """A private note stands on a colleague's screen and in no answer to the customer."""
    visitor = team.waiting("hello")
    mine, theirs = dashboard_page(team.sam), dashboard_page(team.priya)
    go_to(mine, team.url, visitor.conversation)
    go_to(theirs, team.url, visitor.conversation)
    take_over(mine)
    mine.get_by_role("button", name="Private note").click()
    expect(mine.get_by_text("Only your team sees this")).to_be_visible()
    field(mine).fill("Warehouse says tomorrow")
    mine.get_by_role("button", name="Add note").click()
    expect(theirs.locator(".line.note")).to_contain_text("Warehouse says tomorrow")
    assert "Warehouse" not in str(visitor.events())


def test_drafts_are_kept_apart_and_over_a_reload(team: Team, dashboard_page: OpenPage) -> None:
    """Reply and note of one conversation survive a reload, and the row is marked."""
    visitor = team.waiting("hello")
    page = dashboard_page(team.sam)
    go_to(page, team.url, visitor.conversation)
    take_over(page)
    field(page).fill("A thought")
    page.get_by_role("button", name="Private note").click()
    field(page).fill("A secret")
    page.reload()
    expect(row(page, visitor.conversation)).to_contain_text("Draft")
    expect(field(page)).to_have_value("A thought")
    page.get_by_role("button", name="Private note").click()
    expect(field(page)).to_have_value("A secret")


def test_back_to_the_queue_lets_others_take_it(team: Team, dashboard_page: OpenPage) -> None:
    """Releasing puts Take Over in the composer's place and the row back into Pending."""
    visitor = team.waiting("hello")
    page = dashboard_page(team.sam)
    go_to(page, team.url, visitor.conversation)
    take_over(page)
    page.get_by_role("button", name="Back to queue").click()
    expect(page.get_by_role("button", name="Take Over")).to_be_enabled()
    assert team.sam.conversation(visitor.conversation)["holder"]["kind"] == "queue"


def test_resolve_and_next_goes_to_whoever_has_waited_longest(team: Team, dashboard_page: OpenPage) -> None:
    """Shift+E resolves and opens the oldest waiting customer."""
    visitor = team.waiting("hello")
    page = dashboard_page(team.lena)
    go_to(page, team.url, visitor.conversation)
    take_over(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+E")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    waiting = [row["conversation_id"] for row in team.lena.handovers()["items"]]
    if waiting:
        expect(page).to_have_url(f"{team.url}/live-chat/pending/c/{waiting[0]}")
    else:
        expect(page).to_have_url(f"{team.url}/live-chat/pending")


def test_stepping_into_a_conversation_of_the_bot(team: Team, dashboard_page: OpenPage) -> None:
    """With the bot lists what the assistant handles; Take Over there opens a handover of an agent's own."""
    visitor = team.service.visitor()
    body(visitor.send("what are your opening hours"))
    page = dashboard_page(team.sam)
    page.get_by_role("link", name="With the bot").click()
    row(page, visitor.conversation).click()
    take_over(page)
    assert team.sam.conversation(visitor.conversation)["handover"]["trigger"] == "agent"


def test_text_is_text(team: Team, dashboard_page: OpenPage) -> None:
    """Markup that a customer writes is shown as characters; only web and mail addresses become links."""
    visitor = team.waiting('<img src=x onerror="document.title=1"> javascript:alert(1) https://example.com/a')
    page = dashboard_page(team.sam)
    go_to(page, team.url, visitor.conversation)
    expect(page.locator(".bubble img")).to_have_count(0)
    links = page.locator(".bubble a")
    expect(links).to_have_count(1)
    expect(links).to_have_attribute("href", "https://example.com/a")
    expect(links).to_have_attribute("rel", "noopener noreferrer nofollow")


def test_pictures_go_both_ways_through_the_real_service(team: Team, dashboard_page: OpenPage) -> None:
    """The customer's picture is shown, the agent's is stored, and the customer gets exactly its bytes."""
    visitor = team.waiting("This one?")
    uploaded = body(visitor.call("POST", "/files?name=theirs.png", data=png(120, 80)))
    body(visitor.post("/messages", {"client_msg_id": "picture-1", "attachments": [{"id": uploaded["id"]}]}))
    page = dashboard_page(team.sam)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    go_to(page, team.url, visitor.conversation)
    expect(page.locator(".picture")).to_have_attribute("aria-busy", "false")
    take_over(page)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Attach files").click()
    mine = {"name": "mine.png", "mimeType": "image/png", "buffer": png(90, 60, 0.1)}
    chooser.value.set_files([mine])
    reply(page, "No, this one")
    sent(page)
    expect(page.locator(".line").last.locator(".picture")).to_have_attribute("aria-busy", "false")
    last = visitor.events()[-1]
    assert (last["text"], last["attachments"][0]["name"]) == ("No, this one", "mine.png")
    assert visitor.http.get(team.url + last["attachments"][0]["url"], timeout=30).content == mine["buffer"]
    assert complaints == []
