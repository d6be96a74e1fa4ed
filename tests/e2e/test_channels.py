"""Every way to a person on every channel, and the whole way back: the same story, the same dashboard."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.harness import ROOT
from tests.harness.client import body
from tests.harness.waiting import PATIENCE, wait_until

from .outside import TELEGRAM, Customer, Outside, messages_left, outside
from .pictures import both_send_a_picture
from .talking import FORM_RECEIVED, HANDOVER

pytestmark = pytest.mark.rasa


@pytest.fixture(scope="module")
def shop(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    with outside(tmp_path_factory.mktemp("channels"), model) as made:
        yield made


def by_button(customer: Customer) -> None:
    customer.asks("when are you open")
    customer.asks_by_button()


def by_words(customer: Customer) -> None:
    customer.says("I want to talk to a person")


def by_low_confidence(customer: Customer) -> None:
    customer.asks("xylo quux fnord")
    customer.says("zzgrmpf blarg wibble")


WAYS: dict[str, tuple[Callable[[Customer], None], str, str]] = {
    "button": (by_button, "button", "The customer pressed “Talk to Human”."),
    "words": (by_words, "words", "The customer asked for a person."),
    "low confidence": (by_low_confidence, "bot", ""),
}


@pytest.mark.promise("channels", "1")
@pytest.mark.parametrize("channel", ["web", "telegram", "whatsapp"])
@pytest.mark.parametrize("way", list(WAYS))
def test_to_a_person_and_back(shop: Outside, channel: str, way: str, figure: Callable[[str], None]) -> None:
    """Handover with its trigger and reason, claim, words and a picture both ways, Resolve, and the bot again."""
    ask, trigger, reason = WAYS[way]
    agent, customer = shop.agent, shop.customer(channel)
    customer.asks("hello")
    ask(customer)
    customer.waits_for(HANDOVER)
    conversation = customer.conversation()
    shown = agent.conversation(conversation)
    assert (shown["channel"], shown["handover"]["trigger"]) == (channel, trigger)
    assert shown["handover"]["reason"] == reason if reason else shown["handover"]["reason"]

    epoch = body(agent.claim(conversation))["epoch"]
    body(agent.send(conversation, epoch, f"Hello from Priya by {way}."))
    customer.waits_for(f"Hello from Priya by {way}.")
    both_send_a_picture(agent, customer, conversation, epoch)

    before = customer.sees()
    assert before.count(HANDOVER) == 1
    body(agent.resolve(conversation, epoch, force=True))
    customer.asks("thank you")
    time.sleep(1)
    assert len(customer.sees()) == len(before) + 1, "the bot answers the new line and only it"
    figure(f"{way} on {channel}: {trigger}, one handover message, words and pictures both ways, the bot again")


@pytest.mark.promise("settings", "7")
@pytest.mark.parametrize("channel", ["web", "telegram", "whatsapp"])
def test_contact_form_and_back(shop: Outside, channel: str, figure: Callable[[str], None]) -> None:
    """The fourth way: a form, also while the team is here. The bot keeps the floor until somebody takes over."""
    agent, customer = shop.agent, shop.customer(channel)
    customer.asks("hello")
    customer.leaves_details("ana@example.org", "I want to talk to a person about my stove")
    customer.waits_for(FORM_RECEIVED)
    conversation = customer.conversation()
    shown = agent.conversation(conversation)
    assert (shown["channel"], shown["handover"]["trigger"]) == (channel, "contact_form")
    assert (shown["handover"]["status"], shown["holder"]["kind"]) == ("pending", "bot")
    assert (shown["customer"]["name"], shown["customer"]["email"]) == (customer.name, "ana@example.org")
    assert messages_left(agent, conversation) == ["I want to talk to a person about my stove"]
    customer.asks("when are you open")

    epoch = body(agent.claim(conversation))["epoch"]
    body(agent.send(conversation, epoch, "Priya here, about your stove."))
    customer.waits_for("Priya here, about your stove.")
    both_send_a_picture(agent, customer, conversation, epoch)
    before = customer.sees()
    assert (before.count(FORM_RECEIVED), before.count(HANDOVER)) == (1, 0)
    body(agent.resolve(conversation, epoch, force=True))
    customer.asks("thank you")
    time.sleep(1)
    assert len(customer.sees()) == len(before) + 1, "the bot answers the new line and only it"
    figure(f"contact form on {channel}: details in Pending, one thank-you, words and pictures both ways, the bot again")


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
def test_the_bots_picture_arrives_with_its_words(shop: Outside, channel: str) -> None:
    """A drawing that no provider shows once cost WhatsApp's customers the whole answer."""
    customer = shop.customer(channel)
    customer.asks("what products do you sell")
    kettle = (ROOT / "dashboard_app" / "demo" / "pictures" / "trail-kettle.png").read_bytes()
    wait_until(lambda: kettle in customer.photos(), PATIENCE, "the bot's picture")
    assert customer.sees()


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        ("https://shop.example/lake.svg", "WhatsApp does not take SVG pictures."),
        ("{telegram}/no-such-picture", "WhatsApp could not use the file."),
    ],
)
def test_a_picture_that_whatsapp_refuses_takes_no_words_with_it(shop: Outside, picture: str, why: str) -> None:
    """At once by its type, or late by what Meta finds: words and buttons arrive, and the team reads what did not."""
    customer = shop.customer("whatsapp")
    customer.asks("hello")
    conversation = customer.conversation()
    bubble = {"text": "Our lake.", "image": picture.format(telegram=shop.telegram.url)}
    bubble |= {"buttons": [{"title": "More", "payload": "/greet"}]}  # type: ignore[dict-item]
    said = requests.post(
        f"{shop.stack.service.url}/bridge/v1/bot-messages",
        json={"conversation_id": conversation, "key": f"picture {why}", "messages": [bubble]},
        headers={"Authorization": f"Bearer {shop.stack.service.token}"},
        timeout=30,
    )
    assert body(said)["status"] == "accepted"
    customer.waits_for("Our lake.")

    def told() -> list[str]:
        return [e["text"] for e in shop.agent.events(conversation) if e["kind"] == "delivery" and e["status"] is None]

    wait_until(told, PATIENCE, "the reason in the dashboard")
    assert told()[0].startswith(why)
    assert shop.agent.events(conversation)[-2]["status"] in {"sent", "delivered", "read"}


def telegram_update(number: int, user: int, message: int, text: str) -> dict[str, Any]:
    """An update as Telegram posts it."""
    person = {"id": user, "is_bot": False, "first_name": f"Customer {user}", "language_code": "en"}
    chat = {"id": user, "type": "private", "first_name": f"Customer {user}"}
    content = {"message_id": message, "from": person, "chat": chat, "date": int(time.time()), "text": text}
    return {"update_id": number, "message": content}


def kept(shop: Outside, query: str, *values: object) -> list[tuple[Any, ...]]:
    """What the service's database holds; for what no interface shows."""
    file = shop.stack.stack.data / "livechat.db"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as connection:
        return connection.execute(query, values).fetchall()


LINES = (
    "SELECT e.seq FROM events e JOIN conversations c ON c.id = e.conversation_id "
    "WHERE c.external_user = ? AND e.actor_kind = 'customer'"
)
TURNS = "SELECT t.state FROM turns t JOIN conversations c ON c.id = t.conversation_id WHERE c.external_user = ?"


@pytest.mark.promise("channels", "3a")
def test_the_same_update_fifty_times_at_once(shop: Outside, figure: Callable[[str], None]) -> None:
    """Telegram repeats itself: one message, one turn, one answer."""
    shop.bot.push(telegram_update(910_001, 77_001, 1, "when are you open"), times=50, at_once=True)
    wait_until(lambda: kept(shop, TURNS, "77001") == [("done",)], PATIENCE, "the bot's turn")
    assert len(kept(shop, LINES, "77001")) == 1
    wait_until(lambda: shop.telegram.ledger.texts("77001"), PATIENCE, "the answer")
    time.sleep(1)
    assert len(shop.telegram.ledger.texts("77001")) == 1
    figure("50 equal updates at once: 1 message, 1 turn, 1 answer")


@pytest.mark.promise("channels", "3b")
def test_ten_first_messages_at_once(shop: Outside, figure: Callable[[str], None]) -> None:
    """Ten lines of somebody new, each in a webhook of its own: one conversation, ten lines."""
    updates = [telegram_update(920_000 + number, 77_002, number, f"line {number}") for number in range(1, 11)]
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(shop.bot.push, updates))
    wait_until(lambda: len(kept(shop, LINES, "77002")) == 10, PATIENCE, "all ten lines")
    assert len(kept(shop, "SELECT id FROM conversations WHERE external_user = '77002'")) == 1
    figure("10 first messages at once: 1 conversation with 10 lines")


@pytest.mark.promise("channels", "6a")
def test_service_stopped_and_the_provider_keeps_it(shop: Outside, figure: Callable[[str], None]) -> None:
    """While the service is down a webhook hears 503 within 5 s; the provider repeats, and every line is there once."""
    customer = shop.customer("telegram")
    customer.asks("hello")
    conversation = customer.conversation()
    shop.stack.service.kill()
    url = f"{shop.stack.rasa.url}/webhooks/telegram/webhook"
    secret = {"X-Telegram-Bot-Api-Secret-Token": TELEGRAM["TELEGRAM_SECRET"]}
    began = time.monotonic()
    answer = requests.post(url, json=telegram_update(930_001, 77_003, 1, "hello"), headers=secret, timeout=30)
    took = time.monotonic() - began
    with ThreadPoolExecutor(1) as pool:
        said = pool.submit(lambda: [customer.says(f"waits {number}") for number in range(3)])
        time.sleep(1)
        shop.stack.service.launch()
        said.result(60)
    assert answer.status_code == 503
    assert took <= 5.5, "a provider gives up on a webhook after a while"

    def lines() -> list[str]:
        events = shop.agent.events(conversation)
        return [e["text"] for e in events if e["actor"]["kind"] == "customer" and e["text"].startswith("waits")]

    wait_until(lambda: len(lines()) == 3, PATIENCE, "what was said meanwhile")
    assert lines() == ["waits 0", "waits 1", "waits 2"]
    figure(f"503 after {took:.1f} s; 3 lines said meanwhile: 3 there, each once, in order")


def on_their_way(shop: Outside, conversation: str) -> list[str]:
    """What went to the customer, and is not known to have got there."""
    events = shop.agent.events(conversation)
    return [e["text"] for e in events if e["status"] in {"queued", "unknown"}]


@pytest.mark.promise("channels", "6b")
def test_rasa_restarted_and_replies_leave_in_order(shop: Outside, figure: Callable[[str], None]) -> None:
    """Replies that were written while Rasa was away wait in the outbox and arrive in their order, each once."""
    customer = shop.customer("whatsapp")
    customer.says("I want to talk to a person")
    customer.waits_for(HANDOVER)
    conversation = customer.conversation()
    epoch = body(shop.agent.claim(conversation))["epoch"]
    # A message that the kill puts in doubt would hold up its line for a minute.
    wait_until(lambda: not on_their_way(shop, conversation), PATIENCE, "what was said to be known as sent")
    shop.stack.rasa.kill()
    for number in range(5):
        body(shop.agent.send(conversation, epoch, f"reply {number}"))
    shop.stack.rasa.launch()
    customer.waits_for("reply 4")
    replies = [text for text in customer.sees() if text.startswith("reply")]
    assert replies == [f"reply {number}" for number in range(5)]
    body(shop.agent.resolve(conversation, epoch, force=True))
    figure("5 replies while Rasa was down: 5 arrived, each once, in order")
