"""The page with two phones: who is played, and that what is done there reaches the webhooks."""

import argparse
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.harness.waiting import wait_until

from .phones import STATIC, Phones, build, chosen
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


def lines(page: str, channel: str) -> list[dict[str, Any]]:
    """What the stream says first of a phone's chat; the same as the screen."""
    with requests.get(f"{page}/events", stream=True, timeout=PATIENCE) as stream:
        line = next(line for line in stream.iter_lines() if line)
    states = {state["channel"]: state for state in json.loads(line.removeprefix(b"data: "))}
    shown = requests.get(f"{page}/_control/{channel}/screen", timeout=PATIENCE).json()["lines"]
    assert [one["id"] for one in shown] == [one["id"] for one in states[channel]["lines"]]
    return list(shown)


def test_what_a_customer_does_reaches_the_webhook(page: str, receiver: Receiver) -> None:
    """A message and a picture; both stand in the page's state."""
    assert do(page, "telegram", "say", b"hello") == 204
    assert do(page, "telegram", "file", b"\x89PNG\r\n\x1a\n", name="a.png", mime="image/png") == 204
    said = lines(page, "telegram")
    assert [line["text"] for line in said] == ["hello", ""]
    shown = requests.get(f"{page}/{said[1]['file']['url']}", timeout=PATIENCE)
    assert (shown.content, shown.headers["Content-Type"]) == (b"\x89PNG\r\n\x1a\n", "image/png")
    wait_until(lambda: len(receiver.taken) == 2, PATIENCE, "both webhooks")
    assert receiver.taken[0]["message"]["text"] == "hello"


def test_what_the_bot_sends_is_shown(page: str) -> None:
    """With its buttons; pressing one that is not there is refused."""
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "b:1:0"}]]}
    message = {"chat_id": 70120345, "text": "Really?", "reply_markup": keyboard}
    requests.post(f"{page}/telegram/bot1001:token/sendMessage", json=message, timeout=PATIENCE).raise_for_status()
    line = lines(page, "telegram")[0]
    assert line["rows"] == [[{"title": "Yes", "url": ""}]]
    assert do(page, "telegram", "press", b"Yes", message=line["id"]) == 204
    assert lines(page, "telegram")[0]["waiting"] == ["Yes"]
    assert do(page, "telegram", "press", b"No", message=line["id"]) == 400
    assert do(page, "telegram", "press", b"Yes", message="1") == 400


def test_a_list_keeps_its_sections_and_a_press_stands_in_the_chat(page: str) -> None:
    """On WhatsApp, where what was pressed quotes the message."""
    row = {"id": "b:1:0", "title": "Stoves", "description": "Gas and alcohol"}
    sections = [{"title": "Products", "rows": [row]}]
    interactive = {"type": "list", "body": {"text": "Which?"}, "action": {"button": "Choose", "sections": sections}}
    message = {"messaging_product": "whatsapp", "to": "491701234567", "type": "interactive", "interactive": interactive}
    url = f"{page}/graph/v26.0/{SECRETS['WHATSAPP_PHONE_NUMBER_ID']}/messages"
    headers = {"Authorization": "Bearer graph-token"}
    requests.post(url, json=message, headers=headers, timeout=PATIENCE).raise_for_status()
    line = lines(page, "whatsapp")[0]
    assert line["list"] == {"label": "Choose", "sections": sections}
    assert do(page, "whatsapp", "press", b"Stoves", message=line["id"]) == 204
    said = lines(page, "whatsapp")[1]
    assert (said["mine"], said["text"], said["answers"]) == (True, "Stoves", "Which?")


def test_a_message_is_edited(page: str, receiver: Receiver) -> None:
    """The chat shows it, and the webhook hears of it; nobody edits what they did not write."""
    do(page, "telegram", "say", b"helo")
    line = lines(page, "telegram")[0]
    assert do(page, "telegram", "edit", b"hello", message=line["id"]) == 204
    assert do(page, "telegram", "edit", b"hello", message="1") == 400
    assert lines(page, "telegram")[0] | {"tick": ""} == line | {"text": "hello", "edited": True, "tick": ""}
    wait_until(lambda: len(receiver.taken) == 2, PATIENCE, "both webhooks")
    assert receiver.taken[1]["edited_message"]["text"] == "hello"


def test_a_program_reads_the_ledger_and_plans_faults(page: str) -> None:
    """What was refused is not in the ledger."""
    url, message = f"{page}/telegram/bot1001:token/sendMessage", {"chat_id": 70120345, "text": "hi"}
    assert do(page, "telegram", "faults", b'{"method": "sendMessage", "next": ["429"]}') == 204
    assert requests.post(url, json=message, timeout=PATIENCE).status_code == 429
    assert requests.post(url, json=message, timeout=PATIENCE).status_code == 200
    sent = requests.get(f"{page}/_control/telegram/ledger", timeout=PATIENCE).json()["sent"]
    assert [(one["user"], one["text"]) for one in sent] == [("70120345", "hi")]
    assert do(page, "telegram", "faults", b'{"next": ["418"]}') == 400


def test_no_other_site_acts_as_a_customer(page: str) -> None:
    """What is done needs a header that only the page itself can send, and the page runs only its own scripts."""
    assert requests.post(f"{page}/_control/telegram/say", b"hello", timeout=PATIENCE).status_code == 403
    policy = requests.get(page, timeout=PATIENCE).headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'" in policy
    for name in STATIC:
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
