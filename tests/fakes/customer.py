"""The face that customers of both fake providers share, so that one test can be run with either."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable

from .ledger import Button, Ledger, Sent


class Customer(ABC):
    """Somebody with a phone. What they do reaches the webhook in the background, in their order."""

    def __init__(self, user: str, account: str, name: str, ledger: Ledger) -> None:
        self.user = user
        self.account = account
        self.name = name
        self.typing_seen = 0
        self.typing_at = 0.0
        self.blocked = False
        self.delivered: set[str] = set()
        """Ids of messages and presses of the customer that the webhook took."""
        self._ledger = ledger

    def sees(self) -> list[Sent]:
        """What the phone shows of the other side, oldest first."""
        return self._ledger.to(self.user, self.account)

    def waits_for(self, what: str | Callable[[Sent], bool], seconds: float = 10) -> Sent:
        return self._ledger.wait_for(self.user, what, seconds)

    def sees_typing(self) -> None:
        """Called by the provider."""
        self.typing_seen += 1
        self.typing_at = time.time()

    @abstractmethod
    def says(self, text: str) -> str:
        """Write a message; its id."""

    @abstractmethod
    def edits(self, message_id: str, text: str) -> None:
        """Change the words of an earlier one."""

    @abstractmethod
    def presses(self, title: str, seconds: float = 10, message_id: str = "") -> None:
        """Press the button of the newest message that has one of this title (or of `message_id`); waits for one."""

    @abstractmethod
    def sends_photo(self, content: bytes, caption: str | None = None) -> str: ...

    @abstractmethod
    def sends_document(self, content: bytes, name: str, mime: str, caption: str | None = None) -> str: ...

    @abstractmethod
    def reacts(self, message_id: str, emoji: str | None) -> None:
        """Put an emoji under a message; None takes it back."""

    def blocks(self) -> None:
        """From now on nothing arrives."""
        self.blocked = True

    def unblocks(self) -> None:
        self.blocked = False

    def _button(self, title: str, seconds: float, message_id: str) -> tuple[Sent, Button]:
        """A title that the provider's limit cut ends in "…"."""

        def wanted(sent: Sent) -> Button | None:
            if message_id not in ("", sent.message_id):
                return None
            shown = (one for one in sent.buttons if not one.url)
            return next((one for one in shown if _same(one.title, title)), None)

        own = self.account
        sent = self.waits_for(lambda sent: sent.account == own and wanted(sent) is not None, seconds)
        button = wanted(sent)
        assert button is not None
        return sent, button


def _same(shown: str, title: str) -> bool:
    return shown == title or (shown.endswith("…") and title.startswith(shown[:-1]))
