"""What a fake provider accepted, for whom, in order: what the customers really got."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Button(NamedTuple):
    """What a customer can press. `key` comes back to us; one with a `url` opens a page."""

    title: str
    key: str = ""
    url: str = ""


@dataclass(frozen=True)
class Sent:
    """A message that the provider accepted for a customer. `kind`: text, image or document.

    A file that was named by its address has a `link`, and `media` only if that is on this machine. `echo` is what
    comes back in statuses, `raw` the message in the provider's own words, `at` seconds since 1970.
    """

    user: str
    account: str
    text: str
    message_id: str
    kind: str = "text"
    buttons: tuple[Button, ...] = ()
    media: bytes | None = field(default=None, repr=False)
    mime: str = ""
    name: str = ""
    link: str = ""
    echo: str | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)
    at: float = field(default_factory=time.time)


class Ledger:
    """Every accepted message, in the order of acceptance."""

    def __init__(self) -> None:
        self._sent: list[Sent] = []
        self._changed = threading.Condition()

    def add(self, sent: Sent) -> None:
        with self._changed:
            self._sent.append(sent)
            self._changed.notify_all()

    def all(self) -> list[Sent]:
        with self._changed:
            return list(self._sent)

    def to(self, user: str | int, account: str | None = None) -> list[Sent]:
        """What a customer got, from all accounts or from one."""
        return [sent for sent in self.all() if sent.user == str(user) and account in (None, sent.account)]

    def texts(self, user: str | int) -> list[str]:
        """The words that a customer got; a file without a caption counts as none."""
        return [sent.text for sent in self.to(user) if sent.text]

    def duplicates(self) -> list[tuple[str, str]]:
        """(customer, text) of each text that a customer got again, once for each time too many."""
        counted = Counter((sent.user, sent.text) for sent in self.all() if sent.text)
        return [what for what, times in counted.items() for _ in range(times - 1)]

    def wait_for(self, user: str | int, what: str | Callable[[Sent], bool], seconds: float = 10) -> Sent:
        """The newest message to a customer with this text (or for which `what` says yes), as soon as there is one."""

        def found() -> Sent | None:
            matching = (sent for sent in reversed(self._sent) if sent.user == str(user) and _is(sent, what))
            return next(matching, None)

        with self._changed:
            sent = self._changed.wait_for(found, seconds)
        if sent is None:
            raise TimeoutError(f"{user} did not get {what!r} within {seconds:g} s, but {self.texts(user)}")
        return sent


def _is(sent: Sent, what: str | Callable[[Sent], bool]) -> bool:
    return sent.text == what if isinstance(what, str) else what(sent)
