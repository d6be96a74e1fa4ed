"""One phone of the demo page: what its customer said and got, in one list, as the page shows it."""

import time
from dataclasses import dataclass
from typing import Any

from .customer import Customer
from .keyboards import keyboard
from .ledger import Sent
from .provider import FakeProvider
from .telegram_bot import Bot, TelegramCustomer
from .whatsapp_number import WhatsAppCustomer

Body = dict[str, Any]

PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"GIF8": "image/gif", b"RIFF": "image/webp"}
TYPING_SECONDS = {"telegram": 5, "whatsapp": 25}
"""For how long each provider shows that somebody types."""


@dataclass
class Said:
    """Something that this customer sent from the page. Without an id it is only shown: a press of a button, which
    quotes the message that it `answers`.
    """

    message_id: str
    text: str
    at: float
    content: bytes | None = None
    name: str = ""
    answers: str = ""
    edited: bool = False


class Phone:
    """`channel` is telegram or whatsapp. Methods are called from threads, never from the server's own."""

    def __init__(self, channel: str, provider: FakeProvider, customer: Customer, bot: Bot | None = None) -> None:
        self.channel = channel
        self.provider = provider
        self.customer = customer
        self._bot = bot
        self._said: list[Said] = []
        self._reactions: dict[str, str] = {}
        self._pressed: list[tuple[str, str]] = []

    def say(self, text: str) -> None:
        self._keep(self.customer.says(text), text)

    def edit(self, message_id: str, text: str) -> None:
        """Change the words of a message; raises KeyError when it is none of this phone's."""
        said = {one.message_id: one for one in self._said}[message_id]
        self.customer.edits(message_id, text)
        said.text, said.edited = text, True

    def send_file(self, content: bytes, name: str, mime: str) -> None:
        """A picture goes as a photo, all else as a document."""
        if picture_type(content):
            message_id = self.customer.sends_photo(content)
        else:
            message_id = self.customer.sends_document(content, name, mime)
        self._keep(message_id, "", content, name)

    def press(self, message_id: str, title: str) -> None:
        """On WhatsApp what was pressed stands in the chat as if it had been said."""
        self.customer.presses(title, 0.1, message_id)
        self._pressed.append((message_id, title))
        if self.channel == "whatsapp":
            answers = next(sent.text for sent in self.customer.sees() if sent.message_id == message_id)
            self._said.append(Said("", title, time.time(), answers=answers))

    def react(self, message_id: str, emoji: str) -> None:
        """Put the emoji there, or take it back."""
        taken_back = self._reactions.get(message_id) == emoji
        self._reactions[message_id] = "" if taken_back else emoji
        self.customer.reacts(message_id, None if taken_back else emoji)

    def block(self, blocked: bool) -> None:
        if blocked:
            self.customer.blocks()
        else:
            self.customer.unblocks()

    def read(self) -> None:
        """The customer looks at the chat."""
        if isinstance(self.customer, WhatsAppCustomer):
            self.customer.reads_all()

    def file(self, message_id: str) -> tuple[bytes, str] | None:
        """A file of the chat and its name."""
        mine = [(one.content, one.name) for one in self._said if one.message_id == message_id]
        theirs = [(one.media, one.name) for one in self.customer.sees() if one.message_id == message_id]
        return next(((content, name) for content, name in mine + theirs if content is not None), None)

    def state(self) -> Body:
        lines = [self._mine(one) for one in list(self._said)] + [self._theirs(one) for one in self.customer.sees()]
        seconds = TYPING_SECONDS[self.channel]
        return {
            "channel": self.channel,
            "connected": self._bot is None or bool(self._bot.webhook_url),
            "typing": time.time() - self.customer.typing_at < seconds,
            "blocked": self.customer.blocked,
            "unread": isinstance(self.customer, WhatsAppCustomer) and self.customer.has_unread,
            "lines": sorted(lines, key=lambda line: float(line["at"])),
        }

    def _keep(self, message_id: str, text: str, content: bytes | None = None, name: str = "") -> None:
        self._said.append(Said(message_id, text, time.time(), content, name))

    def _mine(self, said: Said) -> Body:
        file = self._shown(said.message_id, said.content, said.name)
        line = {"id": said.message_id or f"pressed-{said.at}", "mine": True, "text": said.text, "at": said.at}
        about = {"answers": said.answers, "edited": said.edited, "can_edit": bool(said.message_id and said.text)}
        return {**line, **about, **file, "tick": self._tick(said.message_id)}

    def _theirs(self, sent: Sent) -> Body:
        file = {"link": sent.link, "name": sent.name} if sent.link and sent.media is None else {}
        line = {"id": sent.message_id, "mine": False, "text": sent.text, "at": sent.at}
        about = {"reaction": self._reactions.get(sent.message_id, ""), "waiting": self._waiting(sent)}
        shown = self._shown(sent.message_id, sent.media, sent.name)
        return {**line, **about, **file, **shown, **keyboard(self.channel, sent)}

    def _waiting(self, sent: Sent) -> list[str]:
        """The titles of pressed buttons that turn until the bot says that it knows."""
        if not isinstance(self.customer, TelegramCustomer):
            return []
        unanswered = self._pressed[self.customer.answered_presses :]
        return [title for message_id, title in unanswered if message_id == sent.message_id]

    def _shown(self, message_id: str, content: bytes | None, name: str) -> Body:
        if content is None:
            return {}
        kind = "picture" if picture_type(content) else "file"
        about = {"kind": kind, "name": name or "file", "size": len(content)}
        return {"file": {**about, "url": f"media/{self.channel}/{message_id}"}}

    def _tick(self, message_id: str) -> str:
        if isinstance(self.customer, WhatsAppCustomer) and message_id in self.customer.read_by_us:
            return "read"
        return "delivered" if not message_id or message_id in self.customer.delivered else "sent"


def picture_type(content: bytes) -> str | None:
    """The type of a picture that a browser may show, by its first bytes."""
    return next((mime for start, mime in PICTURES.items() if content.startswith(start)), None)
