"""The bodies that this side makes are the agreed ones, byte for byte in meaning, and it reads those of the service."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from connectors import aside, running
from connectors.aside import Asides
from connectors.bodies import read_delivery, read_media_request, read_turn
from connectors.bridge import Bridge
from connectors.errors import ProviderDown, Rejected, RetryLater
from connectors.model import LONGEST_TEXT, Attachment, Inbound, InboundAttachment, Profile, Receipt, Turn
from connectors.push import told
from connectors.running import RunningTurn
from connectors.sends import Sent
from connectors.siblings import build_card
from connectors.whatsapp.files import WAYS
from connectors.words import bubble

from .contract import FOLDER, example, examples
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
    post = asyncio.ensure_future(line.post())
    await line.settle()
    assert service.bodies("turns/t2/messages") == [example("turn_messages")]
    line.end()
    await post


async def test_what_most_turns_are(bridge: Bridge, service: FakeService) -> None:
    """The bubbles and the end in one post."""
    line = new_turn(bridge)
    line.say({"text": "One moment."})
    line.end()
    await line.post()
    assert service.bodies("turns/t2/messages") == [example("turn_said_and_done")]


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


ANA = Profile(name="Ana Lima", username="analima", phone="+4915112345678", locale="pt")
PICTURE = InboundAttachment("image", "file-9", "label.jpg", "image/jpeg", 48213)


def did(number: int, kind: str, clock: str | None = None, **more: Any) -> Inbound:
    sent_at = clock and f"2026-01-05T{clock}Z"
    return Inbound("fake", "shop", "u-17", f"m-{number}", kind, sent_at=sent_at, **more)


INBOUND = {
    "inbound_message": did(
        4711,
        "message",
        "09:59:58",
        text="Where is my parcel?",
        attachments=(PICTURE,),
        ref="p-87",
        profile=ANA,
        aliases=("4915112345678",),
    ),
    "inbound_button": did(4712, "button", button="b:12:0", ref="p-91", answer_to="q-1"),
    "inbound_edit": did(4713, "edit", "10:01:00", text="Where is my second parcel?", ref="p-87"),
    "inbound_reaction": did(4714, "reaction", "10:02:00", text="❤", ref="p-88"),
    "inbound_reaction_taken_back": did(4715, "reaction", "10:03:00", ref="p-88"),
    "inbound_blocked": did(4716, "blocked", "10:04:00"),
    "inbound_unblocked": did(4717, "unblocked", "10:05:00"),
    "inbound_start": did(4718, "start", "10:06:00", text="/start", ref="p-89"),
    "inbound_album": did(
        4719, "message", "10:07:00", attachments=(replace(PICTURE, ref="file-10"),), ref="p-92", album="album-3"
    ),
    "inbound_group": Inbound(
        "fake",
        "shop",
        "g-4",
        "m-4718",
        "message",
        text="Is anybody here?",
        ref="p-90",
        group="g-4",
        profile=Profile(name="Trail riders"),
    ),
}
RECEIPTS = {
    "receipt_delivered": Receipt(
        "fake", "shop", "delivered", "2026-01-05T10:00:03Z", external_id="p-88", message_id="c1:12", part=0
    ),
    "receipt_failed": Receipt(
        "fake",
        "shop",
        "failed",
        "2026-01-05T10:00:04Z",
        message_id="c1:13",
        round=1,
        error="The customer blocked the shop.",
        code="blocked",
    ),
    "receipt_file_refused": Receipt(
        "fake",
        "shop",
        "failed",
        "2026-01-05T10:00:05Z",
        message_id="c1:14",
        part=0,
        error="WhatsApp could not use the file.",
        code="file",
    ),
}


@pytest.mark.parametrize("name", examples("bridge.Inbound"))
async def test_what_a_customer_did(name: str, bridge: Bridge, service: FakeService) -> None:
    """Messages, buttons, edits, reactions, blocks."""
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


def test_a_message_to_deliver() -> None:
    """A public picture, a file of the service, buttons and a link."""
    read = read_delivery(example("deliver"))
    assert (read.message.round, read.from_part, read.typing) == (0, 0, False)
    message = read.message
    assert (message.message_id, message.account, message.external_user) == ("c1:12", "shop", "u-17")
    assert (message.text, message.reply_ref) == ("Which one?", "p-87")
    assert [(file.name, file.is_ours) for file in message.attachments] == [("kit.jpg", False), ("invoice.pdf", True)]
    assert [button.key for button in message.buttons] == ["b:12:0", "b:12:1", "b:12:2"]
    assert [button.url for button in message.buttons] == [None, None, "https://shop.example/"]


def test_a_message_to_go_on_with() -> None:
    """Where the earlier try stopped, in which round."""
    read = read_delivery(example("deliver_again"))
    assert (read.message.round, read.from_part, read.message.text) == (1, 1, "Long story.")


def test_a_sign_that_somebody_writes() -> None:
    """Nothing is sent."""
    read = read_delivery(example("deliver_typing"))
    assert (read.typing, read.message.text, read.message.reply_ref) == (True, None, "p-87")


def test_a_file_that_is_wanted() -> None:
    """By the provider's id, with the largest size."""
    assert read_media_request(example("media_request")) == ("shop", "file-9", 10_485_760)


SENT = {
    "delivered": (200, Sent(("p-88", "p-89"), 2)),
    "delivered_in_part": (200, Sent(("p-88",), 2, left_out=("WhatsApp does not take GIF pictures.",))),
    "deliver_going": (202, Sent(("p-88",), 1, going=True)),
    "deliver_later": (429, Sent(("p-88",), 1, RetryLater(7.5))),
    "deliver_refused": (422, Sent(("p-88",), 1, Rejected("blocked", "The customer blocked the shop."))),
    "deliver_failed": (503, Sent(("p-88",), 1, ProviderDown("the provider could not be reached"))),
    "deliver_unknown": (504, Sent(("p-88",), 1, ProviderDown("the provider gave no answer", sent=None))),
}


@pytest.mark.parametrize("name", SENT)
def test_how_far_a_send_got(name: str) -> None:
    """The answers of /deliver."""
    status, sent = SENT[name]
    answer = told(sent)
    assert answer.body is not None
    assert (answer.status, json.loads(answer.body)) == (status, example(name))


def test_every_answer_of_deliver_has_an_example() -> None:
    """And every example its answer."""
    kinds = ("Delivered", "DeliveryGoing", "DeliverLater", "DeliveryRefused", "DeliveryFailed")
    assert sorted(SENT) == sorted(name for kind in kinds for name in examples(f"connector.{kind}"))


def test_the_files_that_whatsapp_takes_are_those_that_agents_may_attach() -> None:
    """The service's own list is held against the same file."""
    known = json.loads((FOLDER / "files" / "whatsapp.json").read_text(encoding="utf-8"))
    assert {mime: way.most for mime, way in WAYS.items()} == known


def test_a_text_is_as_long_as_the_service_takes_it() -> None:
    """The service's own limit is held against the same file."""
    assert json.loads((FOLDER / "texts" / "longest.json").read_text(encoding="utf-8")) == LONGEST_TEXT


def test_a_newer_service_may_say_more() -> None:
    """An unknown field is no mistake."""
    assert read_turn({**example("turn_button"), "mood": "sunny"}).id == "t8"


def test_a_card_is_the_same_wherever_it_is_drawn() -> None:
    """The card of the request and of the answer come from one function."""
    assert example("card_answer")["card"] == example("open_handover")["card"]
    assert set(build_card({}, {})) == set(example("card_answer")["card"])
