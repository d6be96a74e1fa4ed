"""Meta's error codes, as this side goes on and in words that an agent understands.

| Meta's answer | what becomes of the message |
|---|---|
| too fast (`PAUSES`, HTTP 429) | it waits, as does the account; with 131056 only the customer |
| Meta is in trouble (`TROUBLES`, HTTP 5xx, no error of Meta's) | it was not taken; the service asks again for a day |
| our access is wrong (`ACCESS`, HTTP 401) | the same: an admin can mend it, so no message is lost |
| anything else | it fails at once, with the reason |

Codes: https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
"""

from collections.abc import Mapping
from typing import Any

from ..errors import ConnectorError, ProviderDown, Rejected, RetryLater
from .fields import find

PAIR = 131056
"""Too many messages to one customer: nobody else has to wait."""

PAUSES = {4: 60.0, 80007: 60.0, 130429: 2.0, 131048: 300.0, 131056: 6.0, 131064: 300.0}
"""Seconds of quiet: the app's and the business's limits are hourly, a number's is 80 messages a second, one customer
may get one every 6 seconds, and after complaints about spam less for a while."""

LONGEST_PAUSE = 3600.0
TROUBLES = frozenset({1, 2, 131000, 131016, 131057, 133004})
ACCESS = frozenset({0, 3, 10, 33, 190, *range(200, 300), 131005, 131042, 131045, 133010})
CLOSED = frozenset({131047, 470})
FILES = frozenset({131052, 131053})

_TOO_FAST = "WhatsApp takes no more messages from us for the moment. Try again in a minute."
_ACCESS = "WhatsApp does not accept our access to this number. An admin must renew it."
_FILE = (
    "WhatsApp could not use the file. Pictures must be JPEG or PNG up to 5 MB, files PDF, Office or text up to 100 MB."
)
_TEMPLATE = "WhatsApp did not accept the template."

WORDS: Mapping[int, str] = {
    100: "WhatsApp did not understand the message.",
    368: "Meta has blocked this number for a while because of its policies. An admin finds the reason at Meta.",
    470: "More than 24 hours have passed since the customer's last message. Only a template can be sent now.",
    130403: "WhatsApp does not let us write to this customer.",
    130472: "WhatsApp did not deliver the message: the customer is part of an experiment of Meta's.",
    130497: "Meta does not allow this number to write to customers in that country.",
    131008: "WhatsApp found something missing in the message.",
    131009: "WhatsApp found a value in the message that it does not allow.",
    131021: "This number can't write to itself.",
    131026: "WhatsApp can't deliver to this customer: not on WhatsApp, an old version of the app, or we are blocked.",
    131030: "This is a test number, and the customer is not in its list of receivers.",
    131031: "Meta has locked this business account. An admin finds the reason at Meta.",
    131037: "Meta has not approved the name of this number yet.",
    131047: "More than 24 hours have passed since the customer's last message. Only a template can be sent now.",
    131049: "WhatsApp did not deliver the message: the customer has got enough messages of this kind.",
    131050: "The customer has stopped messages of this kind.",
    131051: "WhatsApp does not know this kind of message.",
    **dict.fromkeys(FILES, _FILE),
    131062: "WhatsApp needs the customer's phone number for this kind of message.",
    131042: "Meta wants a valid payment method for this number. An admin must add one.",
    **dict.fromkeys([*TROUBLES], "WhatsApp had a fault of its own. Try again later."),
    **dict.fromkeys([*PAUSES], _TOO_FAST),
    **dict.fromkeys([*ACCESS - {131042}], _ACCESS),
    **dict.fromkeys(range(132000, 132100), _TEMPLATE),
}
"""For the agent, by code."""


def words_for(code: int | None, error: Mapping[str, Any]) -> str:
    """Why a message failed. For codes that we don't know, or that say little, what Meta says about it."""
    known = None if code is None else WORDS.get(code)
    details = find(error, "error_data.details", str) or find(error, "title", str) or ""
    if known and code not in (100, 131008, 131009):
        return known
    said = known or f"WhatsApp refused the message{'' if code is None else f' (code {code})'}."
    return f"{said} It says: {details[:200]}" if details else said


def code_for(code: int | None) -> str:
    """What the service switches on, as in `Rejected`. WhatsApp does not tell that a customer blocked us."""
    return "window_closed" if code in CLOSED else "rejected"


def is_access(status: int, code: int | None, subcode: int | None) -> bool:
    """Whether the token or the number's set-up is at fault, which no agent can mend.

    Subcode 33 of 100 is a phone number id that does not exist or that the token may not see.
    """
    return status == 401 or code in ACCESS or (code == 100 and subcode == 33)


def refusal(status: int, error: Mapping[str, Any] | None, retry_after: str | None) -> ConnectorError:
    """The error for an answer of Meta's that is not 2xx; `error` is its object of that name, None without one."""
    code = find(error or {}, "code", int)
    if code in PAUSES or status == 429:
        return RetryLater(_pause(code, retry_after), _TOO_FAST, whole_account=code != PAIR)
    if error is None or status >= 500 or code in TROUBLES:
        return ProviderDown(f"WhatsApp has a fault (HTTP {status}, code {code})")
    if is_access(status, code, find(error, "error_subcode", int)):
        return ProviderDown(words_for(code, error) if code in ACCESS else _ACCESS)
    return Rejected(code_for(code), words_for(code, error))


def _pause(code: int | None, retry_after: str | None) -> float:
    if retry_after and retry_after.isdecimal():
        return min(max(float(retry_after), 1.0), LONGEST_PAUSE)
    return PAUSES.get(code or 0, 30.0)
