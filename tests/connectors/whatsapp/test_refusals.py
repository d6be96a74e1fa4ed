"""Meta's error codes: who tries again, and what the agent reads."""

from typing import Any

import pytest

from connectors.errors import ConnectorError, ProviderDown, Rejected, RetryLater
from connectors.whatsapp.refusals import PAUSES, WORDS, refusal, words_for


def error(code: int, subcode: int | None = None, details: str = "Something about it.") -> dict[str, Any]:
    """An error of the Graph API."""
    return {
        "message": f"(#{code}) What it is called",
        "type": "OAuthException",
        "code": code,
        "error_subcode": subcode,
        "error_data": {"messaging_product": "whatsapp", "details": details},
        "fbtrace_id": "AbCdEf",
    }


@pytest.mark.parametrize(
    ("status", "code", "seconds"),
    [(400, 4, 60), (400, 80007, 60), (400, 130429, 2), (400, 131056, 6), (400, 131048, 300), (429, 100, 30)],
)
def test_too_fast_waits(status: int, code: int, seconds: float) -> None:
    """As long as the limit behind the code needs."""
    refused = refusal(status, error(code), None)
    assert isinstance(refused, RetryLater)
    assert refused.retry_after == seconds


@pytest.mark.parametrize(("said", "seconds"), [("7", 7), ("0", 1), ("999999", 3600), ("soon", 2), ("-3", 2)])
def test_what_meta_says_about_waiting_is_obeyed(said: str, seconds: float) -> None:
    """Within reason."""
    refused = refusal(429, error(130429), said)
    assert isinstance(refused, RetryLater)
    assert refused.retry_after == seconds


@pytest.mark.parametrize(
    ("status", "code"),
    [(500, 1), (503, 2), (500, 131000), (500, 131016), (400, 131000), (503, 131057), (502, 77), (500, 100)],
)
def test_trouble_at_meta_s_was_not_taken(status: int, code: int) -> None:
    """It answered, so it knows: the service asks again."""
    refused = refusal(status, error(code), None)
    assert isinstance(refused, ProviderDown)
    assert refused.sent is False


@pytest.mark.parametrize("status", [400, 404, 502])
def test_an_answer_that_is_not_meta_s_is_no_refusal(status: int) -> None:
    """A proxy's page fails no message."""
    assert isinstance(refusal(status, None, None), ProviderDown)


@pytest.mark.parametrize(
    ("status", "code", "subcode"),
    [
        (401, 190, 463),
        (401, 0, None),
        (400, 190, 467),
        (403, 10, None),
        (403, 200, None),
        (403, 131005, None),
        (400, 100, 33),
        (400, 33, None),
        (400, 133010, None),
        (400, 131042, None),
        (401, 999, None),
    ],
)
def test_wrong_access_loses_no_message(status: int, code: int, subcode: int | None) -> None:
    """An admin can renew a token: the message waits for that."""
    refused = refusal(status, error(code, subcode), None)
    assert isinstance(refused, ProviderDown)
    assert refused.sent is False
    assert "admin" in str(refused)


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (131047, "window_closed", "24 hours"),
        (470, "window_closed", "24 hours"),
        (131026, "rejected", "can't deliver to this customer"),
        (131021, "rejected", "itself"),
        (131030, "rejected", "test number"),
        (131051, "rejected", "does not know this kind"),
        (131052, "rejected", "could not use the file"),
        (131053, "rejected", "could not use the file"),
        (368, "rejected", "policies"),
        (131031, "rejected", "locked"),
        (130497, "rejected", "country"),
        (130472, "rejected", "experiment"),
        (131049, "rejected", "enough"),
        (131050, "rejected", "stopped"),
        (132001, "rejected", "template"),
        (100, "rejected", "did not understand the message. It says: Something about it."),
        (131009, "rejected", "does not allow. It says: Something about it."),
        (777, "rejected", "WhatsApp refused the message (code 777). It says: Something about it."),
    ],
)
def test_anything_else_is_refused_in_words(code: int, kind: str, words: str) -> None:
    """That an agent understands."""
    refused: ConnectorError = refusal(400, error(code), None)
    assert isinstance(refused, Rejected)
    assert refused.code == kind
    assert words in str(refused)


@pytest.mark.parametrize("code", WORDS)
def test_words_are_a_sentence_for_an_agent(code: int) -> None:
    """Without codes and jargon."""
    words = words_for(code, {})
    assert words[0].isupper()
    assert words.endswith(".")
    assert str(code) not in words.replace("24", "")
    assert len(words) < 150


def test_every_pause_is_within_reason() -> None:
    """A second at least, an hour at most."""
    assert all(1 <= seconds <= 3600 for seconds in PAUSES.values())


def test_meta_s_own_words_are_cut() -> None:
    """They are shown in a line."""
    assert len(words_for(777, error(777, details="x" * 5000))) < 300


@pytest.mark.parametrize(("code", "whole"), [(131056, False), (130429, True)])
def test_too_many_messages_to_one_customer_hold_back_nobody_else(code: int, whole: bool) -> None:
    """131056 is about a pair of number and customer, 130429 about the number."""
    told = refusal(400, {"code": code}, None)
    assert isinstance(told, RetryLater)
    assert told.whole_account is whole
