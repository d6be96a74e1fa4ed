"""WhatsApp's 24-hour window on the real thing: a running clock moves on, and nobody writes into a closed window.

The clock of the services moves, that of the browsers does not, as if an agent's computer were wrong: what the page says
is right only by the time of the service.
"""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.harness.browser import PATIENCE_MS
from tests.harness.client import body, code
from tests.harness.clock import ShiftedClock
from tests.harness.fixtures import not_here
from tests.harness.missing import MissingServer
from tests.harness.running import PASSWORD
from tests.harness.waiting import PATIENCE, wait_until
from tests.web.dashboard import field, go_to, reply, take_over

from .outside import Outside, outside
from .talking import HANDOVER

pytestmark = pytest.mark.rasa

SETTINGS = "claims: {lease_seconds: 3600, requeue_after_seconds: 86400}\nbot: {answer_within_seconds: 600}\n"
WRONG_CLOCK = "const now = Date.now.bind(Date); Date.now = () => now() + 5 * 3_600_000"
TOLD_MS = 60_000
"""A quiet page asks for the time of the service every 25 seconds."""

REQUEUED = "Your contact had to step away. Another team member will be with you shortly."


@pytest.fixture(scope="module")
def shop(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Outside, ShiftedClock]]:
    folder = tmp_path_factory.mktemp("window")
    try:
        clock = ShiftedClock(folder)
    except MissingServer as missing:
        not_here(missing)
    env = {f"{part}_env": clock.env() for part in ("service", "rasa", "actions")}
    with outside(folder, model, settings=SETTINGS, **env) as made:
        made.graph.clock = lambda: time.time() + clock.offset  # what a customer writes is stamped by WhatsApp
        yield made, clock


@pytest.fixture
def patient() -> Iterator[None]:
    """The page learns of the new time when it asks next."""
    expect.set_options(timeout=TOLD_MS)
    yield
    expect.set_options(timeout=PATIENCE_MS)


@pytest.mark.promise("channels", "5")
def test_window_closes_for_agents_and_for_the_system(
    shop: tuple[Outside, ShiftedClock], figure: Callable[[str], None]
) -> None:
    """Open at 23 hours, closed at 25: the agent is told before anything is stored, a system text is marked failed."""
    made, clock = shop
    agent, customer = made.agent, made.customer("whatsapp")
    customer.says("I want to talk to a person")
    customer.waits_for(HANDOVER)
    conversation = customer.conversation()
    epoch = body(agent.claim(conversation))["epoch"]
    until = agent.conversation(conversation)["window_until"]
    assert until is not None
    clock.shift(hours=23)
    agent.sign_in()
    body(agent.send(conversation, epoch, "still in time"))
    customer.waits_for("still in time")
    clock.shift(hours=2)
    agent.sign_in()
    refused = agent.send(conversation, epoch, "too late")
    assert (refused.status_code, code(refused)) == (409, "window_closed")
    assert [e["text"] for e in agent.events(conversation)].count("too late") == 0
    before = len(customer.sees())
    clock.shift(hours=26)  # the agent has been away for longer than lease and requeue together; a colleague looks
    other = made.stack.service.add_agent("Marco")
    wait_until(lambda: other.conversation(conversation)["holder"]["kind"] == "queue", PATIENCE, "the requeue")
    system = [event for event in other.events(conversation) if event["text"] == REQUEUED]
    assert [event["status"] for event in system] == ["failed"]
    assert len(customer.sees()) == before
    figure(
        "23 h: sent; 25 h: refused with window_closed, nothing stored; the system's text failed in the log, not sent"
    )


@pytest.mark.usefixtures("patient")
@pytest.mark.promise("channels", "5")
def test_the_composer_closes_before_anything_is_sent(
    shop: tuple[Outside, ShiftedClock], dashboard_page: Callable[..., Page], figure: Callable[[str], None]
) -> None:
    """The time left after 23 hours, a closed composer after 25 that keeps the draft and lets notes through, and the
    field again once the customer writes.
    """
    made, clock = shop
    agent, customer = made.agent.sign_in(), made.customer("whatsapp")
    customer.says("I want to talk to a person")
    customer.waits_for(HANDOVER)
    desk = dashboard_page(agent, script=WRONG_CLOCK)
    go_to(desk, agent.url, customer.conversation())
    take_over(desk)
    expect(desk.get_by_role("complementary", name="Context")).to_contain_text("Open for 23h 5")

    clock.shift(hours=23)
    sign_in_again(desk, agent.email)
    expect(desk.locator(".foot-note")).to_contain_text(re.compile(r"5\dm left to answer on WhatsApp"))
    reply(desk, "Still in time")
    customer.waits_for("Still in time")
    field(desk).fill("About Friday")
    before = customer.sees()

    clock.shift(hours=2)
    closed = desk.locator(".window-closed")
    expect(closed).to_contain_text("WhatsApp takes no reply right now")
    expect(closed).to_contain_text("Your draft is kept: About Friday")
    expect(desk.get_by_role("button", name="Send")).to_have_count(0)
    desk.get_by_role("button", name="Private note").click()
    reply(desk, "Call her tomorrow")
    expect(desk.locator(".line.note")).to_contain_text("Call her tomorrow")
    assert customer.sees() == before

    desk.get_by_role("button", name="Reply", exact=True).click()
    customer.says("Any news?")
    expect(field(desk)).to_have_value("About Friday")
    field(desk).press("Enter")
    customer.waits_for("About Friday")
    figure(
        "browser, its clock 5 h wrong: 23 h: the minutes left; 25 h: composer closed, draft kept, note taken, 0 sent"
    )


def sign_in_again(desk: Page, email: str) -> None:
    """Nobody stays signed in over so long a pause; what was on screen is there again."""
    expect(desk.get_by_text("Sign in again")).to_be_visible(timeout=TOLD_MS)
    desk.get_by_label("Email").fill(email)
    desk.get_by_label("Password").fill(PASSWORD)
    desk.get_by_role("button", name="Sign in").click()
