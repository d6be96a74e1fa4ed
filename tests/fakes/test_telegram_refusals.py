"""Each call that Telegram refuses is refused here with its words, and what it takes is taken."""

import json
from typing import Any

import pytest
import requests

from .played import TOKEN, PlayedTelegram

JPEG = b"\xff\xd8\xff\xe0 a picture"
BUTTON = "Bad Request: can't parse inline keyboard button: "
ROWS = 'Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'


def keyboard(*entries: Any) -> dict[str, Any]:
    return {"inline_keyboard": [list(entries)]}


KEYBOARDS = [
    ("{", "Bad Request: can't parse reply keyboard markup JSON object"),
    (["Yes"], "Bad Request: object expected as reply markup"),
    ({"inline_keyboard": [{"text": "Yes", "callback_data": "y"}]}, ROWS),
    (keyboard("Yes"), f"{BUTTON}InlineKeyboardButton must be an Object"),
    (keyboard({"callback_data": "y"}), f'{BUTTON}Can\'t find field "text"'),
    (keyboard({"text": "Yes"}), f"{BUTTON}Text buttons are unallowed in the inline keyboard"),
    (keyboard({"text": "", "callback_data": "y"}), "Bad Request: inline keyboard button text must be non-empty"),
    (
        keyboard({"text": "Shop", "url": "the shop"}),
        "Bad Request: inline keyboard button URL 'the shop' is invalid: Wrong HTTP URL",
    ),
    (keyboard({"text": "Yes", "callback_data": "y" * 65}), "Bad Request: BUTTON_DATA_INVALID"),
    (keyboard(*[{"text": "Yes", "callback_data": "y"}] * 101), "Bad Request: reply markup is too long"),
]


@pytest.mark.parametrize(("markup", "words"), KEYBOARDS, ids=[words for _, words in KEYBOARDS])
def test_keyboards_of_the_wrong_shape(telegram: PlayedTelegram, markup: Any, words: str) -> None:
    """As JSON and as a field of a form; nothing reaches the customer."""
    fields = {"chat_id": telegram.customer.user, "text": "Which?"}
    as_json = requests.post(f"{telegram.provider.url}/bot{TOKEN}/sendMessage", json={**fields, "reply_markup": markup})
    as_text = markup if isinstance(markup, str) else json.dumps(markup)
    as_form = requests.post(f"{telegram.provider.url}/bot{TOKEN}/sendMessage", data={**fields, "reply_markup": as_text})
    for answer in (as_json, as_form):
        assert (answer.status_code, answer.json()["description"]) == (400, words)
    assert telegram.customer.sees() == []


@pytest.mark.parametrize(
    ("method", "fields", "words"),
    [
        ("sendMessage", {"text": "😀" * 2049}, "message is too long"),
        ("sendMessage", {"text": "hi", "chat_id": ""}, "chat_id is empty"),
        ("sendPhoto", {}, "there is no photo in the request"),
        ("sendDocument", {}, "there is no document in the request"),
        ("sendPhoto", {"photo": "no such id"}, "wrong file identifier/HTTP URL specified"),
        ("sendPhoto", {"photo": "http://127.0.0.1:9/a.jpg"}, "failed to get HTTP URL content"),
        ("sendChatAction", {"action": "dancing"}, "wrong parameter action in request"),
        ("getFile", {}, "file_id not specified"),
        (
            "setWebhook",
            {"url": "http://shop.example/hook"},
            "bad webhook: An HTTPS URL must be provided for webhook",
        ),
        ("setWebhook", {"url": "https://shop.example", "secret_token": "x" * 257}, "secret token is too long"),
        (
            "setWebhook",
            {"url": "https://shop.example", "secret_token": "two words"},
            "secret token contains unallowed characters",
        ),
    ],
)
def test_calls_with_wrong_fields(telegram: PlayedTelegram, method: str, fields: dict[str, Any], words: str) -> None:
    answer = telegram.call(method, **{"chat_id": telegram.customer.user, **fields})
    assert answer.json() == {"ok": False, "error_code": 400, "description": f"Bad Request: {words}"}


def send(telegram: PlayedTelegram, kind: str, content: bytes, **fields: str) -> requests.Response:
    url = f"{telegram.provider.url}/bot{TOKEN}/send{kind.capitalize()}"
    form = {"chat_id": telegram.customer.user, **fields}
    return requests.post(url, data=form, files={fields.get(kind, kind).removeprefix("attach://"): ("a.jpg", content)})


def test_files_that_are_too_large(telegram: PlayedTelegram) -> None:
    """A picture of more than 10 MB, and any file of more than 50."""
    large, larger = JPEG + b"x" * 10 * 2**20, b"x" * (50 * 2**20 + 1)
    assert "is too big for a photo; the maximum size is 10485760 bytes" in send(telegram, "photo", large).text
    assert send(telegram, "document", large).ok
    assert send(telegram, "document", larger).json()["description"] == "Request Entity Too Large"


def test_a_file_in_another_field_and_one_that_telegram_has(telegram: PlayedTelegram) -> None:
    """`attach://` names the field; a file_id sends the same bytes again."""
    first = send(telegram, "photo", JPEG, photo="attach://picture").json()["result"]["photo"][-1]
    assert telegram.call("sendPhoto", chat_id=telegram.customer.user, photo=first["file_id"]).ok
    assert [sent.media for sent in telegram.customer.sees()] == [JPEG, JPEG]


def test_the_webhook_is_described(telegram: PlayedTelegram) -> None:
    known = telegram.call("getWebhookInfo").json()["result"]
    assert (known["url"], known["allowed_updates"]) == (telegram.receiver.url, ["message", "callback_query"])
