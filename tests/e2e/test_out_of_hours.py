"""At night, by a running clock that service, Rasa and actions share: the words, the form, the bot, and the answer."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.harness.client import body
from tests.harness.clock import ShiftedClock
from tests.harness.fixtures import not_here
from tests.harness.missing import MissingServer
from tests.harness.waiting import PATIENCE, wait_until

from .outside import OnWeb, Outside, messages_left, outside
from .talking import FORM_RECEIVED, HANDOVER, OUT_OF_HOURS

pytestmark = pytest.mark.rasa

SETTINGS = """\
live_chat: {message_threshold: 0}
business_hours: {enabled: true, timezone: UTC, start: "09:00", end: "17:00"}
claims: {lease_seconds: 3600, requeue_after_seconds: 86400}
bot: {answer_within_seconds: 600}
"""
MORNING, EVENING, NIGHT = 9, 17, 20


class Shop:
    """The whole product, and the clock on its wall."""

    def __init__(self, parts: Outside, clock: ShiftedClock) -> None:
        self.parts, self._clock = parts, clock

    def goes_to(self, hour: int, minutes: float = 1) -> None:
        """Some minutes after (or before) the next full hour of this name, in UTC."""
        now = datetime.now(UTC) + timedelta(seconds=self._clock.offset)
        then = now.replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(minutes=minutes)
        self._clock.shift(seconds=(then + timedelta(days=int(then <= now)) - now).total_seconds())

    def opens(self) -> None:
        """The agent is signed in anew, as the old session is over, and live chat is open."""
        agent = self.parts.agent.sign_in()
        wait_until(lambda: body(agent.get("/settings"))["availability"]["open"], PATIENCE, "live chat to open")


@pytest.fixture(scope="module")
def shop(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """At eight in the evening."""
    folder = tmp_path_factory.mktemp("night")
    try:
        clock = ShiftedClock(folder)
    except MissingServer as missing:
        not_here(missing)
    before = datetime.now(UTC)
    then = before.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    clock.shift(seconds=(then + timedelta(days=int(then <= before)) - before).total_seconds())
    env = {f"{part}_env": clock.env() for part in ("service", "rasa", "actions")}
    with outside(folder, model, settings=SETTINGS, **env) as made:
        made.graph.clock = lambda: time.time() + clock.offset  # what a customer writes is stamped by WhatsApp
        yield Shop(made, clock)


@pytest.mark.promise("settings", "2a")
@pytest.mark.promise("settings", "2b")
@pytest.mark.promise("settings", "2c")
@pytest.mark.parametrize("channel", ["web", "telegram", "whatsapp"])
def test_from_the_closed_door_to_the_answer(shop: Shop, channel: str, figure: Callable[[str], None]) -> None:
    """Told once, the form taken, the bot goes on; an agent who looks in at night takes over, and the answer arrives."""
    agent, customer = shop.parts.agent, shop.parts.customer(channel)
    customer.asks("hello")
    customer.says("I want to talk to a person")
    customer.waits_for(OUT_OF_HOURS)
    customer.takes_the_form("ana@example.org", "My stove hisses, I want to talk to a person about it")
    customer.waits_for(FORM_RECEIVED)
    conversation = customer.conversation()
    shown = agent.conversation(conversation)
    assert (shown["handover"]["trigger"], shown["holder"]["kind"]) == ("contact_form", "bot")
    assert (shown["customer"]["name"], shown["customer"]["email"]) == (customer.name, "ana@example.org")
    assert messages_left(agent, conversation) == ["My stove hisses, I want to talk to a person about it"]
    assert (customer.sees().count(OUT_OF_HOURS), customer.sees().count(FORM_RECEIVED)) == (1, 1)

    customer.asks("where is my order LK-10423")
    epoch = body(agent.claim(conversation))["epoch"]
    before = customer.sees()
    customer.says("hello")
    wait_until(lambda: agent.events(conversation)[-1]["text"] == "hello", PATIENCE, "the line after Take Over")
    time.sleep(2)
    assert customer.sees() == before, "the bot is silent while a person is there"
    body(agent.send(conversation, epoch, "Priya here. Turn the valve first."))
    reader = customer.comes_back() if isinstance(customer, OnWeb) else customer
    reader.waits_for("Priya here. Turn the valve first.")
    body(agent.resolve(conversation, epoch, force=True))
    customer.asks("thank you")
    assert HANDOVER not in customer.sees()
    figure(f"{channel}: told once, form in Pending, the bot answers, silent after Take Over, the answer arrives")


def test_each_request_is_told_once_and_the_morning_opens(shop: Shop) -> None:
    """Asked twice, told twice; with the clock past nine the same words bring a person."""
    customer = shop.parts.customer("telegram")
    for times in (1, 2):
        customer.says("I want to talk to a person")
        wait_until(lambda times=times: customer.sees().count(OUT_OF_HOURS) == times, PATIENCE, "the words")
    shop.goes_to(MORNING)
    shop.opens()
    customer.says("I want to talk to a person")
    customer.waits_for(HANDOVER)


@pytest.mark.promise("settings", "6a")
def test_closing_time_comes_while_somebody_waits(shop: Shop, figure: Callable[[str], None]) -> None:
    """One waits, one is with an agent, at five: the first is told and has the bot again, the second stays."""
    agent = shop.parts.agent
    shop.goes_to(EVENING, minutes=-5)
    shop.opens()
    waiting, helped = shop.parts.customer("telegram"), shop.parts.customer("whatsapp")
    for customer in (waiting, helped):
        customer.says("I want to talk to a person")
        customer.waits_for(HANDOVER)
    conversation = helped.conversation()
    epoch = body(agent.claim(conversation))["epoch"]
    shop.goes_to(EVENING)
    waiting.waits_for(OUT_OF_HOURS)
    waiting.asks("when are you open")
    waiting.takes_the_form("ana@example.org", "Then tomorrow")
    waiting.waits_for(FORM_RECEIVED)
    body(agent.send(conversation, epoch, "We finish this first."))
    helped.waits_for("We finish this first.")
    assert (waiting.sees().count(OUT_OF_HOURS), helped.sees().count(OUT_OF_HOURS)) == (1, 0)
    handover = agent.conversation(waiting.conversation())["handover"]
    assert (handover["status"], handover["trigger"], handover["offered"]) == ("pending", "contact_form", False)
    body(agent.resolve(conversation, epoch, force=True))
    figure("closing time: one in the queue told on Telegram, its form waits; one with an agent goes on on WhatsApp")
