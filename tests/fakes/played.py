"""Both fake providers as their own tests call them: the same few things a bot does, in each API's words."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

from .customer import Customer
from .provider import FakeProvider
from .receiver import VERIFY_TOKEN, Receiver
from .telegram import FakeTelegram
from .telegram_bot import Bot
from .whatsapp import FakeGraph
from .whatsapp_number import Number

TOKEN = "1001:token"
NUMBER = "106540352242922"
APP_SECRET = "app-secret"
PATIENCE = 30


@dataclass
class Played(ABC):
    """`send_method` is the name under which faults hit a message."""

    provider: FakeProvider
    customer: Customer
    receiver: Receiver
    send_method: str

    @abstractmethod
    def send(self, text: str, buttons: Sequence[str] = (), timeout: float = PATIENCE) -> requests.Response:
        """What a bot sends; the button at place n has the key `b:1:n`."""

    @abstractmethod
    def show_typing(self) -> requests.Response: ...

    @abstractmethod
    def said(self) -> list[str]:
        """The texts of customers' messages that the webhook took."""

    def settle(self) -> None:
        self.provider.pusher.settle(PATIENCE)


@dataclass
class PlayedTelegram(Played):
    bot: Bot

    @classmethod
    @contextmanager
    def of(cls, receiver: Receiver) -> Iterator["PlayedTelegram"]:
        with FakeTelegram() as telegram:
            bot = telegram.add_bot(TOKEN)
            made = cls(telegram, bot.customer(7), receiver, "sendMessage", bot)
            webhook = {"url": receiver.url, "secret_token": "s3cret", "allowed_updates": ["message", "callback_query"]}
            made.call("setWebhook", **webhook).raise_for_status()
            yield made

    def call(self, method: str, token: str = TOKEN, timeout: float = PATIENCE, **fields: Any) -> requests.Response:
        return requests.post(f"{self.provider.url}/bot{token}/{method}", json=fields, timeout=timeout)

    def send(self, text: str, buttons: Sequence[str] = (), timeout: float = PATIENCE) -> requests.Response:
        rows = [[{"text": title, "callback_data": f"b:1:{at}"}] for at, title in enumerate(buttons)]
        more = {"reply_markup": {"inline_keyboard": rows}} if rows else {}
        return self.call("sendMessage", timeout=timeout, chat_id=self.customer.user, text=text, **more)

    def show_typing(self) -> requests.Response:
        return self.call("sendChatAction", chat_id=self.customer.user, action="typing")

    def said(self) -> list[str]:
        return [body["message"]["text"] for body in self.receiver.taken if "message" in body]


@dataclass
class PlayedWhatsApp(Played):
    graph: FakeGraph
    number: Number

    @classmethod
    @contextmanager
    def of(cls, receiver: Receiver) -> Iterator["PlayedWhatsApp"]:
        with FakeGraph() as graph:
            number = graph.add_number(NUMBER, "graph-token", APP_SECRET, VERIFY_TOKEN, receiver.url)
            customer = number.customer("491501234567")
            customer.wrote_at = graph.now()
            yield cls(graph, customer, receiver, "messages", graph, number)

    def call(self, content: dict[str, Any], token: str = "graph-token", timeout: float = PATIENCE) -> requests.Response:
        url, headers = f"{self.provider.url}/{NUMBER}/messages", {"Authorization": f"Bearer {token}"}
        body = {"messaging_product": "whatsapp", **content}
        return requests.post(url, json=body, headers=headers, timeout=timeout)

    def send(self, text: str, buttons: Sequence[str] = (), timeout: float = PATIENCE) -> requests.Response:
        replies = [{"type": "reply", "reply": {"id": f"b:1:{at}", "title": title}} for at, title in enumerate(buttons)]
        pressable = {"type": "button", "body": {"text": text}, "action": {"buttons": replies}}
        content: dict[str, Any] = {"type": "interactive", "interactive": pressable}
        if not replies:
            content = {"type": "text", "text": {"body": text}}
        whole = {"to": self.customer.user, "biz_opaque_callback_data": "c:1/0", **content}
        return self.call(whole, timeout=timeout)

    def show_typing(self) -> requests.Response:
        message_id = self.customer.says("hello")
        return self.call({"status": "read", "message_id": message_id, "typing_indicator": {"type": "text"}})

    def said(self) -> list[str]:
        messages = [message for value in self.values() for message in value.get("messages", [])]
        return [message["text"]["body"] for message in messages if message["type"] == "text"]

    def statuses(self) -> list[str]:
        return [status["status"] for value in self.values() for status in value.get("statuses", [])]

    def values(self) -> list[dict[str, Any]]:
        return [body["entry"][0]["changes"][0]["value"] for body in self.receiver.taken]
