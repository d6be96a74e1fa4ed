"""Who may call the webhook, and what must be configured."""

from typing import Any

import pytest

from connectors.base import Request
from connectors.errors import BadSignature, NotConfigured
from connectors.whatsapp.connector import WhatsAppConnector

from .payloads import NUMBER, SECOND_NUMBER, raw
from .two_numbers import SECRETS, VERIFY_TOKENS, credentials, signature


@pytest.fixture
def two() -> WhatsAppConnector:
    """Two numbers of two apps."""
    return WhatsAppConnector.from_credentials(credentials("https://graph.example"))


def post(body: bytes, given: str | None) -> Request:
    return Request("POST", {} if given is None else {"x-hub-signature-256": given}, {}, body)


@pytest.mark.parametrize(("secret", "account"), [(SECRETS[number], number) for number in SECRETS])
def test_a_signature_says_whose_webhook_it_is(secret: str, account: str, two: WhatsAppConnector) -> None:
    """An app speaks for its own numbers alone."""
    body = raw("several")
    assert two.verify(post(body, signature(body, secret))) == [account]


def test_numbers_of_one_app_share_its_secret() -> None:
    """One signature, both numbers."""
    both = credentials("https://graph.example")
    both["accounts"][1]["app_secret"] = SECRETS[NUMBER]
    body = raw("text")
    verified = WhatsAppConnector.from_credentials(both).verify(post(body, signature(body)))
    assert verified == [NUMBER, SECOND_NUMBER]


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "sha256=",
        "sha256=" + "0" * 64,
        signature(b"another body"),
        signature(raw("text"), "another secret"),
        signature(raw("text"), ""),
        signature(raw("text")).removeprefix("sha256="),
        signature(raw("text")).replace("sha256=", "sha1="),
        signature(raw("text")) + " ",
        "sha256=ü\udcff",
    ],
)
def test_a_wrong_or_missing_signature_is_refused(given: str | None, two: WhatsAppConnector) -> None:
    """Before anything is read."""
    with pytest.raises(BadSignature):
        two.verify(post(raw("text"), given))


def test_the_signature_covers_each_byte(two: WhatsAppConnector) -> None:
    """The same JSON with another space is another body."""
    with pytest.raises(BadSignature):
        two.verify(post(raw("text") + b" ", signature(raw("text"))))


def asked(**query: str) -> Request:
    return Request("GET", {}, {f"hub.{name}": value for name, value in query.items()})


@pytest.mark.parametrize("token", VERIFY_TOKENS.values())
def test_meta_s_challenge_is_answered(token: str, two: WhatsAppConnector) -> None:
    """To who knows the verify token of any number."""
    assert two.handshake(asked(mode="subscribe", verify_token=token, challenge="1158201444")) == "1158201444"


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"mode": "subscribe", "challenge": "1"},
        {"mode": "subscribe", "verify_token": "", "challenge": "1"},
        {"mode": "subscribe", "verify_token": "guess", "challenge": "1"},
        {"mode": "unsubscribe", "verify_token": VERIFY_TOKENS[NUMBER], "challenge": "1"},
        {"verify_token": VERIFY_TOKENS[NUMBER], "challenge": "1"},
        {"mode": "subscribe", "verify_token": "ü\udcff", "challenge": "1"},
    ],
)
def test_others_get_no_answer(query: dict[str, str], two: WhatsAppConnector) -> None:
    """403."""
    with pytest.raises(BadSignature):
        two.handshake(asked(**query))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"phone_number_id": "+49301234"}, "accounts[1].phone_number_id is malformed"),
        ({"phone_number_id": NUMBER}, "accounts[1].phone_number_id stands here twice"),
        ({"secret": "x"}, "accounts[1].secret is not known"),
    ],
)
def test_what_is_wrong_in_credentials_is_named(change: dict[str, Any], named: str) -> None:
    """By its place."""
    written = credentials("https://graph.example")
    written["accounts"][1].update(change)
    with pytest.raises(NotConfigured) as refused:
        WhatsAppConnector.from_credentials(written)
    assert str(refused.value).startswith(named)


def test_a_number_may_stand_as_one_in_yaml() -> None:
    """Unquoted digits are an int there."""
    written = credentials("https://graph.example")
    written["accounts"][0]["phone_number_id"] = int(NUMBER)
    assert NUMBER in WhatsAppConnector.from_credentials(written).accounts
