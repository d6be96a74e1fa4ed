"""A number at the fake Graph API and the customers who write to it, in the shapes of Meta's webhooks.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
"""

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import aiohttp

from .customer import Customer
from .ledger import Ledger, Sent
from .server import Delivery, Pusher, Server, Target

DISPLAY_NUMBER = "15550783881"
SIGNATURE_HEADER = "X-Hub-Signature-256"

Body = dict[str, Any]


@dataclass(frozen=True)
class Medium:
    """A file at Meta."""

    content: bytes
    mime: str

    @property
    def sha256(self) -> str:
        return base64.b64encode(hashlib.sha256(self.content).digest()).decode()


class App(NamedTuple):
    """How a number is called, and how its webhooks are known."""

    token: str
    app_secret: str
    verify_token: str
    webhook_url: str


def new_wamid(phone: str) -> str:
    """Unlike any other, also after a restart."""
    return "wamid." + base64.b64encode(b"\x1d\x11" + phone.encode() + secrets.token_bytes(12)).decode()


class Number:
    """A business's phone number, and how its webhooks are signed."""

    def __init__(
        self,
        account: str,
        app: App,
        server: Server,
        pusher: Pusher,
        ledger: Ledger,
        now: Callable[[], float],
    ) -> None:
        self.account = account
        self.app = app
        self.now = now
        self.media: dict[str, Medium] = {}
        self.written: dict[str, WhatsAppCustomer] = {}
        """Who wrote the messages of customers, by id; marking one as read needs it."""
        self._server = server
        self._pusher = pusher
        self._ledger = ledger
        self._customers: dict[str, WhatsAppCustomer] = {}
        self._lock = threading.Lock()

    def customer(
        self, phone: str, name: str = "Ana", user_id: str | None = None, send_phone: bool = True
    ) -> "WhatsAppCustomer":
        """This customer; the same one each time. `user_id` is the business-scoped id, which comes beside the phone or,
        without `send_phone`, instead of it.
        """
        with self._lock:
            if phone not in self._customers:
                self._customers[phone] = WhatsAppCustomer(self, phone, name, user_id, send_phone, self._ledger)
            return self._customers[phone]

    def find(self, fields: Body) -> "WhatsAppCustomer | None":
        """Who a message is for: `to` is a phone number, `recipient` a user id."""
        if "recipient" in fields:
            return next((one for one in self._customers.values() if one.user_id == fields["recipient"]), None)
        return self._customers.get(str(fields.get("to", "")).lstrip("+"))

    def keep(self, content: bytes, mime: str) -> str:
        media_id = str(secrets.randbelow(9 * 10**15) + 10**15)
        self.media[media_id] = Medium(content, mime)
        return media_id

    def send(self, value: Body, lane: str, then: Callable[[], object] = lambda: None) -> None:
        """Post a change until it is taken."""
        body = self._envelope(value)
        self._pusher.push(Delivery(body, lambda: self._target(body), f"{self.account}/{lane}", then))

    def push(
        self, value: Body | bytes, times: int = 1, at_once: bool = False, app_secret: str | None = None
    ) -> list[int]:
        """Post a change's value (or bytes as they are) without repeating what is refused; the statuses. `app_secret`
        signs instead of the real one.
        """
        if isinstance(value, dict):
            self._meet(value)
        body = value if isinstance(value, bytes) else self._envelope(value)
        delivery = Delivery(body, lambda: self._target(body, app_secret))
        return self._pusher.push_now(delivery, times, at_once)

    def handshake(self, verify_token: str | None = None) -> tuple[int, str]:
        """What Meta does when the webhook's address is entered: the status and the text, which must be "1158201444"."""
        proof = self.app.verify_token if verify_token is None else verify_token
        query = {"hub.mode": "subscribe", "hub.verify_token": proof, "hub.challenge": "1158201444"}

        async def ask() -> tuple[int, str]:
            async with self._server.session.get(self.app.webhook_url, params=query) as response:
                return response.status, await response.text()

        try:
            return self._server.run(ask())
        except aiohttp.ClientError as error:
            return 0, type(error).__name__

    def tell(self, sent: Sent, phone: str, statuses: Sequence[str], error: Body | None = None) -> None:
        """Post what became of a message of ours, in this order."""
        for status in statuses:
            entry = {
                "id": sent.message_id,
                "status": status,
                "timestamp": str(int(self.now())),
                "recipient_id": phone,
                **({"biz_opaque_callback_data": sent.echo} if sent.echo is not None else {}),
                **({"errors": [error]} if error else {}),
            }
            self.send({"statuses": [entry]}, f"statuses/{phone}")

    def _meet(self, value: Body) -> None:
        """Whoever writes in a change may be answered."""
        for contact in value.get("contacts", []) if "messages" in value else []:
            phone, user_id = contact.get("wa_id"), contact.get("user_id")
            self.customer(phone or user_id, user_id=user_id, send_phone=bool(phone)).wrote_at = self.now()

    def _target(self, body: bytes, app_secret: str | None = None) -> Target:
        key = self.app.app_secret if app_secret is None else app_secret
        signature = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
        return Target(self.app.webhook_url, {SIGNATURE_HEADER: f"sha256={signature}"})

    def _envelope(self, value: Body) -> bytes:
        metadata = {"display_phone_number": DISPLAY_NUMBER, "phone_number_id": self.account}
        content = {"messaging_product": "whatsapp", "metadata": metadata, **value}
        change = {"value": content, "field": "messages"}
        entry = {"id": "102290129340398", "changes": [change]}
        return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


class WhatsAppCustomer(Customer):
    """Somebody who writes to a number. `wrote_at` opens the 24-hour window."""

    def __init__(
        self, number: Number, phone: str, name: str, user_id: str | None, send_phone: bool, ledger: Ledger
    ) -> None:
        super().__init__(user_id or phone, number.account, name, ledger)
        self.phone = phone
        self.user_id = user_id
        self.wrote_at: float | None = None
        self.read_by_us: set[str] = set()
        """Messages of the customer that the business marked as read."""
        self._number = number
        self._says_phone = send_phone or user_id is None
        self._seen: set[str] = set()

    def says(self, text: str) -> str:
        return self._write("text", {"body": text})

    def edits(self, message_id: str, text: str) -> None:
        edited = {"context": {"id": "M0"}, "type": "text", "text": {"body": text}}
        self._write("edit", {"original_message_id": message_id, "message": edited})

    def presses(self, title: str, seconds: float = 10, message_id: str = "") -> None:
        sent, button = self._button(title, seconds, message_id)
        kind = "list_reply" if sent.raw["interactive"]["type"] == "list" else "button_reply"
        reply = {"type": kind, kind: {"id": button.key, "title": button.title}}
        self._write("interactive", reply, {"context": {"from": DISPLAY_NUMBER, "id": sent.message_id}})

    def sends_photo(self, content: bytes, caption: str | None = None) -> str:
        mime = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
        return self._write("image", self._file(content, mime, caption))

    def sends_document(self, content: bytes, name: str, mime: str, caption: str | None = None) -> str:
        return self._write("document", {**self._file(content, mime, caption), "filename": name})

    def reacts(self, message_id: str, emoji: str | None) -> None:
        self._write("reaction", {"message_id": message_id, **({"emoji": emoji} if emoji else {})})

    def reads_all(self) -> None:
        """Open the chat: what is there is read."""
        for sent in self.sees():
            if sent.message_id not in self._seen:
                self.has_read(sent)
                self._number.tell(sent, self.phone, ["read"])

    @property
    def has_unread(self) -> bool:
        return any(sent.message_id not in self._seen for sent in self.sees())

    def has_read(self, sent: Sent) -> None:
        """Called by the provider, too, when it tells so by itself."""
        self._seen.add(sent.message_id)

    def _write(self, kind: str, content: Body, more: Body | None = None) -> str:
        wamid = new_wamid(self.phone)
        self.wrote_at = self._number.now()
        self._number.written[wamid] = self
        sender = {"from": self.phone} if self._says_phone else {}
        if self.user_id:
            sender["from_user_id"] = self.user_id
        about = {"id": wamid, "timestamp": str(int(self.wrote_at)), "type": kind}
        value = {"contacts": [self._contact()], "messages": [{**sender, **about, kind: content, **(more or {})}]}
        self._number.send(value, self.phone, lambda: self.delivered.add(wamid))
        return wamid

    def _contact(self) -> Body:
        contact: Body = {"profile": {"name": self.name}}
        if self._says_phone:
            contact["wa_id"] = self.phone
        if self.user_id:
            contact["user_id"] = self.user_id
        return contact

    def _file(self, content: bytes, mime: str, caption: str | None) -> Body:
        media_id = self._number.keep(content, mime)
        known = {"mime_type": mime, "sha256": self._number.media[media_id].sha256, "id": media_id}
        return {**known, **({"caption": caption} if caption else {})}
