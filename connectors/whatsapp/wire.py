"""Meta's webhooks as ours: who signed one, and what customers and our own messages did in it.

One POST may hold several entries, changes, messages and statuses, of several of our numbers. What is of no use or
malformed does not cost its neighbours: it is left out with a line in the log. A body of which nothing is of use is
`UnsupportedUpdate`, or `Malformed` when it should have been. `errors` beside messages are Meta's own troubles.
"""

import hashlib
import hmac
import json
import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ..errors import Malformed, UnsupportedUpdate
from ..model import Inbound, Receipt
from .fields import field, find, objects
from .messages import read_message
from .statuses import read_status

logger = logging.getLogger(__name__)

SIGNED = "whatsapp_business_account"
"""The `object` of a webhook of WhatsApp; an app may subscribe to others, too."""


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether the header X-Hub-Signature-256 is that of `body` with the app's secret; in constant time."""
    wanted = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(signature.encode("utf-8", "replace"), wanted.encode())


def read_webhook(body: bytes, accounts: Collection[str]) -> Sequence[Inbound | Receipt]:
    """What happened on the numbers `accounts`, in Meta's order; raises Malformed or UnsupportedUpdate."""
    envelope = _envelope(body)
    reading = _Reading(accounts)
    for _, entry in objects(envelope, "entry"):
        for _, change in objects(entry, "changes"):
            with reading.one():
                reading.change(change)
    return reading.result()


def _envelope(body: bytes) -> Mapping[str, Any]:
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("body: expected JSON") from None
    if not isinstance(envelope, dict):
        raise Malformed("body: expected an object")
    if (about := field(envelope, "object", str)) != SIGNED:
        raise UnsupportedUpdate(f"a webhook of {about[:40]!r}")
    field(envelope, "entry", list)
    return envelope


class _Reading:
    """What was found in one webhook so far, and what was left."""

    def __init__(self, accounts: Collection[str]) -> None:
        self._accounts = accounts
        self._things: list[Inbound | Receipt] = []
        self._left: list[str] = []
        self._malformed: list[Malformed] = []

    @contextmanager
    def one(self) -> Iterator[None]:
        """Read something whose failure leaves the rest as it is."""
        try:
            yield
        except UnsupportedUpdate as update:
            self._left.append(update.kind)
        except Malformed as reason:
            self._malformed.append(reason)

    def change(self, change: Mapping[str, Any]) -> None:
        if (kind := field(change, "field", str)) != "messages":
            raise UnsupportedUpdate(f"a change of {kind[:40]!r}")
        value = field(change, "value", dict)
        account = field(value, "metadata.phone_number_id", str)
        if account not in self._accounts:
            raise UnsupportedUpdate("a number that is not ours")
        contacts = [contact for _, contact in objects(value, "contacts")]
        for _, message in objects(value, "messages"):
            with self.one():
                self._things.append(read_message(message, contacts, account))
        for _, status in objects(value, "statuses"):
            with self.one():
                self._things.append(read_status(status, account))
        for _, trouble in objects(value, "errors"):
            logger.warning("whatsapp: Meta reports error %s for number %s", find(trouble, "code", int), account)

    def result(self) -> Sequence[Inbound | Receipt]:
        if not self._things:
            if self._malformed:
                raise self._malformed[0]
            raise UnsupportedUpdate(", ".join(sorted(set(self._left))) or "a webhook with nothing in it")
        for kind in self._left:
            logger.info("whatsapp: nothing is done with %s", kind)
        for reason in self._malformed:
            logger.warning("whatsapp: left out of a webhook: %s", reason)
        return self._things
