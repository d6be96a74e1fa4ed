"""The bodies that this side makes are the agreed ones, byte for byte in meaning, and it reads those of the service."""

import asyncio
from typing import Any

import pytest

from connectors import aside, running
from connectors.aside import Asides
from connectors.bodies import read_turn
from connectors.bridge import Bridge
from connectors.model import Attachment, Inbound, InboundAttachment, Profile, Receipt, Turn
from connectors.running import RunningTurn
from connectors.siblings import build_card
from connectors.words import bubble

from .contract import example, examples
from .fake_service import FakeService
from .waiting import until

SAID: list[dict[str, Any]] = [
    {"text": "One moment.", "timestamp": 1.0},
    {
        "text": "Which one?",
        "image": "https://shop.example/kit.jpg",
        "buttons": [
            {"title": "Trail kettle", "payload": '/check_stock{"product": "trail kettle"}', "type": "postback"},
            {"title": "Our shop", "url": "https://shop.example/"},
        ],
    },
    {"text": None, "elements": [{"title": "Kettle"}]},
]


def new_turn(bridge: Bridge) -> RunningTurn:
    return RunningTurn(Turn("t2", "shop", "c1", epoch=3, text="hi"), bridge)


async def test_what_the_bot_says(bridge: Bridge, service: FakeService) -> None:
    """Three bubbles in one post."""
    line = new_turn(bridge)
    for message in SAID:
        body = bubble(message)
        assert body is not None
        line.say(body)
    line.end()
    await line.post()
    assert service.bodies("turns/t2/messages")[0] == example("turn_messages")


async def test_a_turn_is_kept_and_ended(bridge: Bridge, service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    """The empty posts between and at the end."""
    monkeypatch.setattr(running, "KEEP_ALIVE", 0.05)
    line = new_turn(bridge)
    line.say({"text": "One"})
    line.say({"text": "Two"})
    post = asyncio.ensure_future(line.post())
    await until(lambda: len(service.bodies("turns/t2/messages")) >= 2)
    line.end()
    await post
    _, kept, *_, done = service.bodies("turns/t2/messages")
    assert (kept, done) == (example("turn_kept"), example("turn_done"))


async def test_a_turn_fails(bridge: Bridge, service: FakeService) -> None:
    """The reason is in the last post."""
    line = new_turn(bridge)
    line.end("ValueError: the tracker store is gone")
    await line.post()
    assert service.bodies("turns/t2/messages") == [example("turn_failed")]


async def test_a_reminder(bridge: Bridge, service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message without a turn."""
    agreed = example("bot_messages")

    class Key:
        hex = agreed["key"]

    monkeypatch.setattr(aside.uuid, "uuid4", Key)
    Asides(bridge).say("c1", agreed["messages"][0])
    await until(lambda: service.bodies("bot-messages"))
    assert service.bodies("bot-messages") == [agreed]


async def test_a_request_for_a_person(bridge: Bridge, service: FakeService) -> None:
    """The connector's own request is the one that the action makes."""
    agreed = example("open_handover")
    decision = {"trigger": agreed["trigger"], "reason": agreed["reason"]}
    await bridge.open_handover("t2", "c1", decision["trigger"], decision["reason"], agreed["card"])
    assert service.bodies("handovers") == [agreed]


INBOUND = {
    "inbound_message": Inbound(
        "fake",
        "shop",
        "u-17",
        "m-4711",
        "message",
        text="Where is my parcel?",
        attachments=(InboundAttachment("image", "file-9", "label.jpg", "image/jpeg", 48213),),
        sent_at="2026-01-05T09:59:58Z",
        profile=Profile(name="Ana Lima", username="analima", locale="pt"),
    ),
    "inbound_button": Inbound("fake", "shop", "u-17", "m-4712", "button", button="b:12:0", ref="p-88"),
}
RECEIPTS = {
    "receipt_delivered": Receipt(
        "fake", "shop", "delivered", "2026-01-05T10:00:03Z", external_id="p-88", message_id="c1:12"
    ),
    "receipt_failed": Receipt(
        "fake",
        "shop",
        "failed",
        "2026-01-05T10:00:04Z",
        message_id="c1:13",
        error="The customer blocked the shop.",
    ),
}


@pytest.mark.parametrize("name", examples("bridge.Inbound"))
async def test_what_a_customer_did(name: str, bridge: Bridge, service: FakeService) -> None:
    """Messages and buttons."""
    await bridge.receive(INBOUND[name], patience=1.0)
    assert service.bodies("inbound") == [example(name)]


@pytest.mark.parametrize("name", examples("bridge.Receipt"))
async def test_how_far_a_message_got(name: str, bridge: Bridge, service: FakeService) -> None:
    """Delivered, failed."""
    await bridge.report(RECEIPTS[name])
    assert service.bodies("receipts") == [example(name)]


def test_a_turn_with_all_that_happened() -> None:
    """History and resume are read whole."""
    turn = read_turn(example("turn_text"))
    assert (turn.id, turn.conversation_id, turn.epoch, turn.text) == ("t7", "c1", 4, "And my refund?")
    assert [(line.actor, line.name) for line in turn.history] == [
        ("customer", None),
        ("agent", "Priya"),
        ("system", None),
    ]
    assert turn.resume is not None
    assert (turn.resume.id, turn.resume.mode, turn.resume.slots) == ("h3:5", "fresh", {"order_number": "LK-10388"})


def test_a_turn_with_a_button() -> None:
    """The payload is the bot's own."""
    turn = read_turn(example("turn_button"))
    assert turn.payload == '/check_stock{"product": "trail kettle"}'
    assert (turn.history, turn.resume) == ((), None)


def test_a_turn_with_a_picture() -> None:
    """No text, one attachment."""
    turn = read_turn(example("turn_picture"))
    assert turn.text is None
    assert turn.attachments == (Attachment("image", "https://chat.example/files/1", "label.jpg", "image/jpeg", 48213),)


def test_a_newer_service_may_say_more() -> None:
    """An unknown field is no mistake."""
    assert read_turn({**example("turn_button"), "mood": "sunny"}).id == "t8"


def test_a_card_is_the_same_wherever_it_is_drawn() -> None:
    """The card of the request and of the answer come from one function."""
    assert example("card_answer")["card"] == example("open_handover")["card"]
    assert set(build_card({}, {})) == set(example("card_answer")["card"])
