"""What became of our messages."""

import json

import pytest

from connectors.model import Outbound, Receipt
from connectors.whatsapp.statuses import read_status, tag
from connectors.whatsapp.wire import read_webhook

from .payloads import NUMBER, payload, raw, value

SENT = Receipt(
    channel="whatsapp",
    account=NUMBER,
    status="sent",
    at="2025-06-15T23:27:53Z",
    external_id="wamid.HBgLMTY1MDU1NTEyMzQVAgARGBI3MTE5MjY5NjZGQUNDM0JFQzcA",
    message_id="01HZY3V5:12",
    part=0,
)


@pytest.mark.parametrize(
    ("name", "status", "part"),
    [
        ("status_sent", "sent", 0),
        ("status_delivered", "delivered", 1),
        ("status_read", "read", 0),
        ("status_played", "read", 0),
    ],
)
def test_a_status_is_a_receipt_of_one_part(name: str, status: str, part: int) -> None:
    """Found by what we sent along; a voice message that was heard was read."""
    (receipt,) = read_webhook(raw(name), [NUMBER])
    assert receipt == Receipt(**{**vars(SENT), "status": status, "part": part})


def test_a_failure_says_why() -> None:
    """In words, and with a code when the service must know."""
    (receipt,) = read_webhook(raw("status_failed_window"), [NUMBER])
    words = "More than 24 hours have passed since the customer's last message. Only a template can be sent now."
    assert receipt == Receipt(**{**vars(SENT), "status": "failed", "error": words, "code": "window_closed"})


def test_a_failure_without_a_reason_is_one() -> None:
    """Meta may leave the errors out."""
    (receipt,) = read_webhook(raw("status_failed_unexplained"), [NUMBER])
    assert isinstance(receipt, Receipt)
    assert (receipt.status, receipt.error, receipt.code) == ("failed", "WhatsApp refused the message.", "rejected")


def message(message_id: str, round_: int = 0) -> Outbound:
    return Outbound(message_id, NUMBER, "15550001111", round=round_)


@pytest.mark.parametrize("round_", [0, 1, 12])
@pytest.mark.parametrize("message_id", ["c1:0", "01J1Z0W3K8:4711", "0b6e1a52-6f0f-4d6c-8f5e-3d1a4d0f7e11:3"])
def test_what_we_send_along_comes_back(message_id: str, round_: int) -> None:
    """Conversation, seq, round and part."""
    body = payload("status_read")
    value(body)["statuses"][0]["biz_opaque_callback_data"] = tag(message(message_id, round_), 2)
    (receipt,) = read_webhook(json.dumps(body).encode(), [NUMBER])
    assert isinstance(receipt, Receipt)
    assert (receipt.message_id, receipt.round, receipt.part) == (message_id, round_, 2)


def test_a_tag_without_a_round_is_of_the_first() -> None:
    """So were all tags before they told it."""
    about = {"id": "wamid.1", "timestamp": "1760000000", "status": "sent"}
    receipt = read_status({**about, "biz_opaque_callback_data": "c1:12/3~"}, NUMBER)
    assert (receipt.message_id, receipt.round, receipt.part) == ("c1:12", 0, 3)


@pytest.mark.parametrize("round_", [0, 1])
@pytest.mark.parametrize(("bare", "code"), [(True, "file"), (False, "rejected")])
def test_a_file_without_words_fails_alone(bare: bool, code: str, round_: int) -> None:
    """Meta fetches the bot's pictures only after it has accepted them."""
    about = {"id": "wamid.1", "timestamp": "1760000000", "status": "failed", "errors": [{"code": 131053, "title": "x"}]}
    receipt = read_status({**about, "biz_opaque_callback_data": tag(message("c1:12", round_), 0, bare)}, NUMBER)
    assert (receipt.message_id, receipt.part, receipt.code) == ("c1:12", 0, code)
    assert "could not use the file" in (receipt.error or "")
