"""Live chat is switched off in mid-flight, by the switch, the plan and the clock, before customers and an agent."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.fakes.bot import FakeBot
from tests.harness.client import body
from tests.harness.clock import ShiftedClock
from tests.harness.fixtures import not_here
from tests.harness.missing import MissingServer
from tests.harness.running import Service, new_stack
from tests.harness.waiting import PATIENCE, wait_until
from tests.web.dashboard import go_to, reply, row, take_over

from .chat import Chat
from .conftest import ANSWERS, Stage
from .test_form import fill, offer, send

CLOSED = "We are away right now."
WAITING = "A team member will be with you shortly."
THANKS = "Thank you. We will get back to you."
NOON, EVENING = 12, 18
OPEN = """\
plan: pro
live_chat: {message_threshold: 0, enabled: true}
business_hours: {enabled: true, timezone: UTC, start: "09:00", end: "17:00"}
contact_form: {offer_seconds: 600}
claims: {lease_seconds: 3600, requeue_after_seconds: 86400}
"""


@dataclass
class Shop:
    """The service with a clock on its wall, its bot and an agent."""

    stage: Stage
    clock: ShiftedClock

    def opens(self) -> None:
        """Noon, with everything on."""
        self.goes_to(NOON)
        self.stage.service.write_settings(OPEN)
        agent = self.stage.agent.sign_in()
        wait_until(lambda: body(agent.get("/settings"))["availability"]["open"], PATIENCE, "live chat to open")

    def closes(self, reason: str) -> None:
        if reason == "hours":
            self.goes_to(EVENING)
        else:
            change = {"off": ("enabled: true}\nb", "enabled: false}\nb"), "plan": ("plan: pro", "plan: free")}[reason]
            self.stage.service.write_settings(OPEN.replace(*change))

    def goes_to(self, hour: int) -> None:
        """The next full hour of this name, in UTC."""
        now = time.time() + self.clock.offset
        self.clock.shift(seconds=(hour * 3600 - now) % 86_400)


@pytest.fixture(scope="module")
def raised(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("switching-off")
    try:
        clock = ShiftedClock(folder)
    except MissingServer as missing:
        not_here(missing)
    stack = new_stack(folder)
    service = Service(stack, settings=OPEN, env=clock.env())
    bot = FakeBot(stack.ports.rasa, service.url, service.token, ANSWERS).start()
    service.launch()
    yield Shop(Stage(service, bot, service.add_agent("Priya Nair")), clock)
    service.stop()
    bot.stop()


@pytest.fixture
def shop(raised: Shop) -> Shop:
    raised.opens()
    return raised


def waits(shop: Shop, visit: Callable[..., Chat]) -> Chat:
    """Somebody new who has asked for a person."""
    chat = visit(shop.stage.service.url).open()
    chat.human.click()
    chat.sees(WAITING)
    return chat


def leaves_details(shop: Shop) -> str:
    """Somebody who left a form while live chat was open; the conversation."""
    visitor = shop.stage.service.visitor()
    details = {"name": "Bo", "phone": "+49 40 123456", "message": "Call me."}
    assert body(visitor.post("/contact", details))["status"] == "pending"
    return visitor.conversation


@pytest.mark.promise("settings", "6a")
@pytest.mark.parametrize("reason", ["off", "plan", "hours"])
def test_switched_off_in_mid_flight(
    shop: Shop,
    visit: Callable[..., Chat],
    dashboard_page: Callable[..., Page],
    reason: str,
    figure: Callable[[str], None],
) -> None:
    """Who is with an agent stays there, who waits is told once and offered the form, a form waits, nobody new waits."""
    url, agent = shop.stage.service.url, shop.stage.agent
    waiting, helped, silent = (waits(shop, visit) for _ in range(3))
    form_left = leaves_details(shop)
    desk = dashboard_page(agent)
    go_to(desk, url, helped.conversation())
    take_over(desk)

    shop.closes(reason)
    for chat in (waiting, silent):
        chat.sees(CLOSED)
        expect(chat.human).to_have_count(0)
    desk.goto(f"{url}/live-chat/pending")
    for chat in (waiting, silent):
        expect(row(desk, chat.conversation())).to_contain_text("Offered the form")
    expect(row(desk, form_left)).to_be_visible()
    expect(row(desk, form_left)).not_to_contain_text("Offered the form")

    waiting.ask("and now?", "You said: and now?")
    offer(waiting).click()
    fill(waiting, name="Ana Silva", email="ana@example.org", message="My kettle leaks.")
    send(waiting)
    waiting.sees(THANKS)
    waiting.sees(CLOSED)
    expect(row(desk, waiting.conversation())).not_to_contain_text("Offered the form")
    left = agent.conversation(waiting.conversation())
    assert (left["handover"]["status"], left["handover"]["trigger"]) == ("pending", "contact_form")
    assert left["customer"]["email"] == "ana@example.org"

    refused = body(shop.stage.service.visitor().ask_for_person())
    told = ("out_of_hours", None) if reason == "hours" else ("disabled", reason)
    assert (refused["status"], refused["reason"]) == told

    go_to(desk, url, helped.conversation(), "claimed")
    reply(desk, "We finish this first.")
    helped.sees("We finish this first.")
    expect(helped.log.get_by_text(CLOSED)).to_have_count(0)
    desk.get_by_role("button", name="Resolve").first.click()
    wait_until(lambda: agent.conversation(helped.conversation())["holder"]["kind"] == "bot", PATIENCE, "Resolve")

    shop.clock.shift(seconds=601)
    ended = silent.conversation()
    wait_until(lambda: agent.conversation(ended)["handover"]["status"] == "resolved", PATIENCE, "the offer to lapse")
    assert agent.conversation(ended)["handover"]["outcome"] == "returned_to_bot"
    assert [agent.conversation(one)["handover"]["status"] for one in (form_left, waiting.conversation())] == [
        "pending",
        "pending",
    ]
    silent.ask("hello again", "You said: hello again")
    figure(f"{reason}: claimed went on to Resolve; of 2 told once 1 left a form that waits, 1 is with the bot again")
