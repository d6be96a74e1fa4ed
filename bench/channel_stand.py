"""The stand for channels: service, one Rasa server with all channels in it, and fake providers that also ask.

Providers, callback and the asking customers share one thread and one event loop, so that the machine's cores are left
to what is measured.
"""

import contextlib
import dataclasses
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts import bot
from scripts.parts import Part, Stack
from tests.fakes.server import Server
from tests.fakes.telegram import FakeTelegram
from tests.fakes.whatsapp import FakeGraph
from tests.harness.running import PartChild, Service, new_stack

from .peers import Arrivals, Callback, Peer, Phone, Rest

OURS, THEIRS = "1001:ours", "1002:theirs"
"""Tokens of two bots at the fake Telegram."""

TELEGRAM = {"TELEGRAM_TOKEN": OURS, "TELEGRAM_SECRET": "telegram-secret"}
WHATSAPP = {
    "WHATSAPP_TOKEN": "whatsapp-token",
    "WHATSAPP_PHONE_NUMBER_ID": "106540352242922",
    "WHATSAPP_APP_SECRET": "whatsapp-app-secret",
    "WHATSAPP_VERIFY_TOKEN": "whatsapp-verify-token",
}
SETTINGS = "plan: pro\n"
CREDENTIALS = "bench/credentials.yml"

REST, CALLBACK, RASA_TELEGRAM = "Rasa: REST", "Rasa: callback", "Rasa: Telegram, patched"
TELEGRAM_OURS, WHATSAPP_OURS = "ours: Telegram", "ours: WhatsApp"


@dataclass
class Stand:
    """What is measured, and who asks."""

    server: Server
    rasa: PartChild
    service: Service
    peers: list[Peer]
    users: "itertools.count[int]" = dataclasses.field(default_factory=lambda: itertools.count(4000))


def with_all_channels(stack: Stack, callback: str, bot_api: str) -> Part:
    """The demo's Rasa server with the benchmark's credentials."""
    part = stack.rasa(bot.train())
    command = [CREDENTIALS if word == "credentials.yml" else word for word in part.command]
    env = {
        "BENCH_CALLBACK_URL": callback,
        "BENCH_TELEGRAM_TOKEN": THEIRS,
        "BENCH_TELEGRAM_USERNAME": "their_bot",
        "BENCH_TELEGRAM_API_URL": bot_api,
    }
    return dataclasses.replace(part, command=command, env={**part.env, **env})


@contextlib.contextmanager
def stand(folder: Path, database_url: str = "", redis_url: str = "", workers: int = 1) -> Iterator[Stand]:
    """Everything started and empty, stopped with the block."""
    server = Server()
    telegram, graph = FakeTelegram(server, "/telegram"), FakeGraph(server, "/graph/v26.0")
    callback = Callback(CALLBACK, server)
    server.start()
    accounts = {**TELEGRAM, **WHATSAPP, "TELEGRAM_API_URL": telegram.url, "WHATSAPP_API_URL": graph.url}
    stack = new_stack(folder, database_url=database_url, redis_url=redis_url, channels=accounts)
    rasa = PartChild(with_all_channels(stack, f"{server.url}/callback", telegram.url))
    service = Service(stack, workers=workers, settings=SETTINGS)
    try:
        rasa.start()
        service.launch()
        rasa.await_ready(rasa.is_ready, rasa.part.ready_seconds)
        callback.rasa_url = rasa.url
        yield Stand(server, rasa, service, peers(server, telegram, graph, callback, rasa.url))
    finally:
        service.stop()
        rasa.stop()
        server.stop()


def peers(server: Server, telegram: FakeTelegram, graph: FakeGraph, callback: Callback, rasa_url: str) -> list[Peer]:
    """In the order in which they are asked."""
    arrivals = Arrivals()
    telegram.ledger = graph.ledger = arrivals
    ours, theirs = telegram.add_bot(OURS, "our_bot"), telegram.add_bot(THEIRS, "their_bot")
    ours.webhook_url, ours.secret = f"{rasa_url}/webhooks/telegram/webhook", TELEGRAM["TELEGRAM_SECRET"]
    theirs.webhook_url = f"{rasa_url}/webhooks/rasa_telegram/webhook"
    *known, verify = WHATSAPP.values()
    token, number_id, secret = known
    number = graph.add_number(number_id, token, secret, verify, f"{rasa_url}/webhooks/whatsapp/webhook")
    return [
        Rest(REST, server, rasa_url),
        callback,
        Phone(RASA_TELEGRAM, arrivals, theirs.customer),
        Phone(TELEGRAM_OURS, arrivals, ours.customer),
        Phone(WHATSAPP_OURS, arrivals, lambda user: number.customer(f"49150{user:07}")),
    ]
