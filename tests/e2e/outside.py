"""Customers on every channel with one face, and the product with both fake providers in front of it."""

import itertools
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.fakes.customer import Customer as Phone
from tests.fakes.telegram import FakeTelegram
from tests.fakes.whatsapp import FakeGraph
from tests.harness.client import AgentClient, body, new_id
from tests.harness.running import LiveStack, free_ports
from tests.harness.waiting import PATIENCE, wait_until

BOT_ID = 7000000001
TELEGRAM = {"TELEGRAM_TOKEN": f"{BOT_ID}:test-token", "TELEGRAM_SECRET": "telegram-secret"}
WHATSAPP = {
    "WHATSAPP_TOKEN": "whatsapp-token",
    "WHATSAPP_PHONE_NUMBER_ID": "106540352242922",
    "WHATSAPP_APP_SECRET": "whatsapp-app-secret",
    "WHATSAPP_VERIFY_TOKEN": "whatsapp-verify-token",
}
BUTTON = "Talk to Human"
LEAVE_DETAILS = "Leave a message"
QUESTIONS = (
    "What is your name?",
    "How can we reach you? Please give me an e-mail address or a phone number.",
    "And your message?",
)
"""Of the bot's contact form."""
_numbers = itertools.count(1)


@dataclass
class Outside:
    """The product, both providers, and an agent."""

    stack: LiveStack
    telegram: FakeTelegram
    graph: FakeGraph
    bot: Any
    number: Any
    agent: AgentClient

    def customer(self, channel: str) -> "Customer":
        """Somebody new on this channel."""
        one = next(_numbers)
        name = f"Customer {one}"
        if channel == "web":
            return OnWeb(self.stack, name)
        if channel == "telegram":
            return OnPhone(self.bot.customer(4000 + one, first_name=name), name, self.agent)
        return OnPhone(self.number.customer(f"49150{one:07}", name=name), name, self.agent)


@contextmanager
def outside(folder: Path, model: Path, **options: Any) -> Iterator[Outside]:
    """Everything started, the webhooks set."""
    ports = options.pop("ports", None) or free_ports()
    webhooks = f"http://127.0.0.1:{options.pop('webhook_port', ports.rasa)}/webhooks"
    with FakeTelegram() as telegram, FakeGraph() as graph:
        accounts = {**TELEGRAM, **WHATSAPP, "TELEGRAM_API_URL": telegram.url, "WHATSAPP_API_URL": graph.url}
        bot = telegram.add_bot(TELEGRAM["TELEGRAM_TOKEN"], username="larch_bot")
        number = graph.add_number(
            WHATSAPP["WHATSAPP_PHONE_NUMBER_ID"],
            WHATSAPP["WHATSAPP_TOKEN"],
            WHATSAPP["WHATSAPP_APP_SECRET"],
            WHATSAPP["WHATSAPP_VERIFY_TOKEN"],
            f"{webhooks}/whatsapp/webhook",
        )
        with LiveStack(folder, model=model, ports=ports, channels=accounts, **options) as stack:
            set_webhook(stack, webhooks.removesuffix("/webhooks"), accounts)
            assert number.handshake()[0] == 200
            yield Outside(stack, telegram, graph, bot, number, stack.service.add_agent("Priya"))


def set_webhook(stack: LiveStack, url: str, accounts: Mapping[str, str]) -> None:
    """By the command that an admin uses."""
    done = stack.service.livechat("channels", "setup", "telegram", "--url", url, env=accounts)
    assert done.returncode == 0, done.stderr


def messages_left(agent: AgentClient, conversation: str) -> list[str]:
    """What the contact forms in the log say, as the team sees them."""
    return [event["text"] for event in agent.events(conversation) if "contact" in (event["data"] or {})]


class Customer(ABC):
    """What a test does as a customer, on whichever channel."""

    name: str

    @abstractmethod
    def says(self, text: str) -> None: ...

    @abstractmethod
    def asks_by_button(self) -> None:
        """Press "Talk to Human"."""

    @abstractmethod
    def leaves_details(self, email: str, message: str) -> None:
        """Ask for the form without having been offered it, and fill it in."""

    @abstractmethod
    def takes_the_form(self, email: str, message: str) -> None:
        """Press the offer to leave one's details, and leave them, under the customer's own name."""

    @abstractmethod
    def sends_photo(self, photo: bytes) -> None: ...

    @abstractmethod
    def sees(self) -> list[str]:
        """The texts that reached the customer, oldest first."""

    @abstractmethod
    def photos(self) -> list[bytes]:
        """The pictures that reached the customer."""

    @abstractmethod
    def conversation(self) -> str:
        """Its id, once the service knows it."""

    def asks(self, text: str) -> None:
        """Say something, and wait for the answer."""
        before = len(self.sees())
        self.says(text)
        wait_until(lambda: len(self.sees()) > before, PATIENCE, f"an answer to {text!r}")

    def waits_for(self, text: str) -> None:
        wait_until(lambda: text in self.sees(), PATIENCE, f"{text!r} at the customer")


class OnWeb(Customer):
    def __init__(self, stack: LiveStack, name: str) -> None:
        self.name = name
        self._visitor = stack.service.visitor()

    def says(self, text: str) -> None:
        body(self._visitor.send(text))

    def asks_by_button(self) -> None:
        wait_until(lambda: body(self._visitor.get("/state"))["button"], PATIENCE, "the button")
        body(self._visitor.post("/handover"))

    def leaves_details(self, email: str, message: str) -> None:
        """By the widget's own form, which stands beside the log."""
        details = {"name": self.name, "email": email, "message": message}
        assert body(self._visitor.post("/contact", {"client_msg_id": new_id(), **details}))["status"] == "pending"

    def takes_the_form(self, email: str, message: str) -> None:
        assert body(self._visitor.get("/state"))["form"]
        self.leaves_details(email, message)

    def comes_back(self) -> "OnWeb":
        """The same visitor in another browser window."""
        twin = OnWeb.__new__(OnWeb)
        twin.name, twin._visitor = self.name, self._visitor.again()
        return twin

    def sends_photo(self, photo: bytes) -> None:
        kept = body(self._visitor.call("POST", "/files", params={"name": "photo.jpg"}, data=photo))
        body(self._visitor.post("/messages", {"client_msg_id": new_id(), "attachments": [{"id": kept["id"]}]}))

    def sees(self) -> list[str]:
        return [event["text"] for event in self._received() if event["text"]]

    def photos(self) -> list[bytes]:
        links = [one["url"] for event in self._received() for one in event["attachments"] if one["kind"] == "image"]
        return [requests.get(f"{self._visitor.url}{link}", timeout=30).content for link in links]

    def conversation(self) -> str:
        return self._visitor.conversation

    def _received(self) -> list[dict[str, Any]]:
        """All but the greeting and the customer's own lines."""
        said = [event for event in self._visitor.events(1) if event["kind"] == "message"]
        return [event for event in said if event["actor"]["kind"] != "customer"]


class OnPhone(Customer):
    def __init__(self, phone: Phone, name: str, agent: AgentClient) -> None:
        self.name = name
        self.phone = phone
        self._agent = agent

    def says(self, text: str) -> None:
        self.phone.says(text)

    def asks_by_button(self) -> None:
        self.phone.presses(BUTTON)

    def takes_the_form(self, email: str, message: str) -> None:
        """The bot's questions, one after the other."""
        self.phone.presses(LEAVE_DETAILS, PATIENCE)
        self._answers(email, message)

    def leaves_details(self, email: str, message: str) -> None:
        self.says("I want to leave a message")
        self._answers(email, message)

    def _answers(self, email: str, message: str) -> None:
        for question, answer in zip(QUESTIONS, (self.name, email, message), strict=True):
            self.waits_for(question)
            self.says(answer)

    def sends_photo(self, photo: bytes) -> None:
        self.phone.sends_photo(photo)

    def sees(self) -> list[str]:
        return [sent.text for sent in self.phone.sees() if sent.text]

    def photos(self) -> list[bytes]:
        return [sent.media for sent in self.phone.sees() if sent.media]

    def conversation(self) -> str:
        def found() -> list[str]:
            pages = [body(self._agent.get("/handovers", status=one, q=self.name)) for one in ("pending", "claimed")]
            pages.append(body(self._agent.get("/conversations", holder="bot", q=self.name)))
            rows = [row for page in pages for row in page["items"]]
            own = (self.name, self.phone.account)
            return [row["conversation_id"] for row in rows if (row["customer"]["name"], row["account"]) == own]

        wait_until(found, PATIENCE, "the conversation in the dashboard")
        return found()[0]
