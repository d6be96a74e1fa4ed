"""The page with two phones: who is played, and that what is done there reaches the webhooks."""

import argparse
import json
from collections.abc import Iterator

import pytest
import requests

from tests.harness.waiting import wait_until

from .phones import Phones, build, chosen
from .played import PATIENCE
from .receiver import Receiver
from .server import Server

SECRETS = {
    "TELEGRAM_TOKEN": "1001:token",
    "WHATSAPP_TOKEN": "graph-token",
    "WHATSAPP_PHONE_NUMBER_ID": "106540352242922",
    "WHATSAPP_APP_SECRET": "app-secret",
    "WHATSAPP_VERIFY_TOKEN": "verify-token",
}


@pytest.fixture
def page(receiver: Receiver) -> Iterator[str]:
    """The page's address. Telegram knows its webhook, WhatsApp's leads nowhere."""
    server = Server()
    Phones(server, build(server, "http://127.0.0.1:9", SECRETS))
    server.start()
    webhook = {"url": receiver.url, "secret_token": "s"}
    requests.post(f"{server.url}/telegram/bot1001:token/setWebhook", json=webhook, timeout=PATIENCE)
    yield server.url
    server.stop()


def do(page: str, channel: str, action: str, content: bytes = b"", **query: str) -> int:
    url, headers = f"{page}/_control/{channel}/{action}", {"X-Phones": "1"}
    return requests.post(url, content, params=query, headers=headers, timeout=PATIENCE).status_code


def state(page: str) -> list[dict[str, object]]:
    """What the stream says first."""
    with requests.get(f"{page}/events", stream=True, timeout=PATIENCE) as stream:
        line = next(line for line in stream.iter_lines() if line)
    states: list[dict[str, object]] = json.loads(line.removeprefix(b"data: "))
    return states


def test_what_a_customer_does_reaches_the_webhook(page: str, receiver: Receiver) -> None:
    """A message and a picture; both stand in the page's state."""
    assert do(page, "telegram", "say", b"hello") == 204
    assert do(page, "telegram", "file", b"\x89PNG\r\n\x1a\n", name="a.png", mime="image/png") == 204
    telegram = state(page)[0]
    lines = telegram["lines"]
    assert isinstance(lines, list)
    assert [line["text"] for line in lines] == ["hello", ""]
    shown = requests.get(f"{page}/{lines[1]['file']['url']}", timeout=PATIENCE)
    assert (shown.content, shown.headers["Content-Type"]) == (b"\x89PNG\r\n\x1a\n", "image/png")
    wait_until(lambda: len(receiver.taken) == 2, PATIENCE, "both webhooks")
    assert receiver.taken[0]["message"]["text"] == "hello"


def test_what_the_bot_sends_is_shown(page: str) -> None:
    """With its buttons; pressing one that is not there is refused."""
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "b:1:0"}]]}
    message = {"chat_id": 70120345, "text": "Really?", "reply_markup": keyboard}
    requests.post(f"{page}/telegram/bot1001:token/sendMessage", json=message, timeout=PATIENCE).raise_for_status()
    lines = state(page)[0]["lines"]
    assert isinstance(lines, list)
    assert lines[0]["buttons"] == [{"title": "Yes", "url": ""}]
    assert do(page, "telegram", "press", b"Yes") == 204
    assert do(page, "telegram", "press", b"No") == 400


def test_no_other_site_acts_as_a_customer(page: str) -> None:
    """What is done needs a header that only the page itself can send, and the page runs only its own scripts."""
    assert requests.post(f"{page}/_control/telegram/say", b"hello", timeout=PATIENCE).status_code == 403
    policy = requests.get(page, timeout=PATIENCE).headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'" in policy
    for name in ("phones.css", "chat.css", "phones.js"):
        assert requests.get(f"{page}/{name}", timeout=PATIENCE).ok


def test_real_accounts_are_not_played() -> None:
    """A channel is played when the environment names this port as its API, or when it is told on the command line."""
    words = argparse.Namespace(
        port=8090,
        telegram_token="",
        whatsapp_token="",
        whatsapp_number="",
        whatsapp_app_secret="",
        whatsapp_verify_token="",
    )
    assert chosen(SECRETS, words) == {}
    here = {"WHATSAPP_API_URL": "http://127.0.0.1:8090/graph/v26.0", "TELEGRAM_API_URL": "https://api.telegram.org"}
    assert "TELEGRAM_TOKEN" not in chosen({**SECRETS, **here}, words)
    assert chosen({**SECRETS, **here}, words)["WHATSAPP_TOKEN"] == "graph-token"
    words.telegram_token = "7:other"
    assert chosen(SECRETS, words) == {"TELEGRAM_TOKEN": "7:other"}
