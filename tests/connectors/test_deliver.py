"""What the service sends: part by part, joined, never twice, and how far it got."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from connectors import sends
from connectors.bridge import Bridge
from connectors.errors import ProviderDown, Rejected, RetryLater
from connectors.model import Delivery, Outbound
from connectors.push import told
from connectors.settings import BridgeSettings

from .fake_channel import FakeConnector
from .fake_service import TOKEN, FakeService
from .push_stage import PushStage, push_stage
from .rasa_server import Reply
from .waiting import until

DELIVER: dict[str, Any] = {
    "message_id": "c1:12",
    "account": "shop",
    "conversation_id": "c1",
    "external_user": "u1",
    "text": "one\ntwo\nthree",
    "attachments": [],
    "buttons": [],
}


@pytest.fixture
def stage(loop: asyncio.AbstractEventLoop, service: FakeService) -> Iterator[PushStage]:
    """A pushing channel and its service."""
    with push_stage(loop, service.url) as made:
        yield made


async def deliver(stage: PushStage, **changes: Any) -> Reply:
    return await stage.post("deliver", {**DELIVER, **changes})


def texts(stage: PushStage) -> list[str]:
    return [text for _, text in stage.connector.sent]


async def test_a_message_goes_out_in_parts(stage: PushStage) -> None:
    """In order, with the provider's id of each."""
    body = {"external_ids": ["p1", "p2", "p3"], "parts_done": 3, "complete": True}
    assert await deliver(stage) == (200, body)
    assert texts(stage) == ["one", "two", "three"]


async def test_a_repeat_sends_nothing_and_says_the_same(stage: PushStage) -> None:
    """The service asks again when an answer was lost."""
    assert await deliver(stage) == await deliver(stage)
    assert texts(stage) == ["one", "two", "three"]
    assert (await deliver(stage, from_part=2)).body == {"external_ids": ["p3"], "parts_done": 3, "complete": True}


async def test_50_calls_at_once_are_one_send(stage: PushStage) -> None:
    """They join the send that runs."""
    stage.connector.delay = 0.05
    replies = await asyncio.gather(*(deliver(stage) for _ in range(50)))
    assert all(reply == replies[0] for reply in replies)
    assert texts(stage) == ["one", "two", "three"]


async def test_a_caller_who_hangs_up_stops_nothing(stage: PushStage) -> None:
    """The send goes on, and the next call finds it done."""
    stage.connector.delay = 0.1
    call = asyncio.ensure_future(deliver(stage))
    await until(lambda: stage.connector.sent)
    call.cancel()
    await until(lambda: len(stage.connector.sent) == 3)
    assert (await deliver(stage)).body["external_ids"] == ["p1", "p2", "p3"]
    assert len(stage.connector.sent) == 3


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a send that does not end at once."""
    monkeypatch.setattr(sends, "PATIENCE_SECONDS", 0.01)


def gates(stage: PushStage, count: int) -> list[asyncio.Event]:
    """The next sends wait for one each."""
    stage.connector.gates = [asyncio.Event() for _ in range(count)]
    return [*stage.connector.gates]


async def sent_and_seen(stage: PushStage, count: int) -> None:
    """So many parts are out, and the send goes on behind them."""
    await until(lambda: len(stage.connector.sent) == count)


async def end(stage: PushStage, **changes: Any) -> Reply:
    """What is answered in the end."""
    while (reply := await deliver(stage, **changes)).status == 202:
        pass
    return reply


@pytest.mark.usefixtures("impatient")
async def test_a_send_longer_than_the_services_patience_is_still_going(stage: PushStage) -> None:
    """Ten large files take minutes: silence would be a doubt, so we say how far it is; the next call joins."""
    first, second, third = gates(stage, 3)
    assert await deliver(stage) == (202, {"external_ids": [], "parts_done": 0, "complete": False})
    first.set()
    await sent_and_seen(stage, 1)
    assert await deliver(stage) == (202, {"external_ids": ["p1"], "parts_done": 1, "complete": False})
    second.set()
    await sent_and_seen(stage, 2)
    assert await deliver(stage, from_part=1) == (202, {"external_ids": ["p2"], "parts_done": 2, "complete": False})
    third.set()
    await sent_and_seen(stage, 3)
    assert await deliver(stage, from_part=2) == (200, {"external_ids": ["p3"], "parts_done": 3, "complete": True})
    assert texts(stage) == ["one", "two", "three"]


@pytest.mark.usefixtures("impatient")
async def test_the_end_of_a_long_send_is_told_to_who_was_told_that_it_is_going(stage: PushStage) -> None:
    """A part in doubt is not sent anew as if nothing had been; what is known by then is not told again; then it is."""
    stage.connector.faults = [NO_GIF, None, ProviderDown("no answer", sent=None)]
    first, second, third = gates(stage, 3)
    first.set()
    second.set()
    body = {"text": "one\ntwo", "attachments": [GIF]}
    await deliver(stage, **body)
    await sent_and_seen(stage, 1)
    going = await deliver(stage, **body)
    assert (going.status, going.body["parts_done"], going.body["left_out"]) == (202, 2, [str(NO_GIF)])
    third.set()
    await until(lambda: not stage.connector.faults)
    told = await deliver(stage, **body, from_part=2)
    assert (told.status, told.body["parts_done"], told.body["external_ids"]) == (504, 2, [])
    assert "left_out" not in told.body
    assert (await end(stage, **body, from_part=2)).status == 200
    assert texts(stage) == ["one", "two"]


@pytest.mark.usefixtures("impatient")
async def test_files_left_out_of_a_long_send_are_told_when_something_of_it_is_out(stage: PushStage) -> None:
    """Until then the whole message may be refused, and nothing goes "without it"."""
    stage.connector.faults = [NO_GIF, NO_GIF]
    first, second = gates(stage, 2)
    await deliver(stage, text=None, attachments=[GIF, GIF])
    first.set()
    await until(lambda: len(stage.connector.faults) == 1)
    going = await deliver(stage, text=None, attachments=[GIF, GIF])
    assert going == (202, {"external_ids": [], "parts_done": 0, "complete": False})
    second.set()
    await until(lambda: not stage.connector.faults)
    assert (await deliver(stage, text=None, attachments=[GIF, GIF])).status == 422


@pytest.mark.usefixtures("impatient")
async def test_a_new_round_waits_for_a_long_send_of_the_old_one(stage: PushStage) -> None:
    """It is going as soon as it is asked for."""
    gate, *_ = gates(stage, 1)
    await deliver(stage, text="one")
    assert (await deliver(stage, text="one", round=1)).status == 202
    gate.set()
    await sent_and_seen(stage, 1)
    assert (await end(stage, text="one", round=1)).body["external_ids"] == ["p2"]


async def test_a_send_that_the_end_of_rasa_cuts_off_is_a_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider may have the part: "not taken" would have it sent again without a word to the team."""
    monkeypatch.setattr(sends, "CLOSING_SECONDS", 0.05)
    connector = FakeConnector()
    connector.gates = [asyncio.Event(), asyncio.Event()]
    connector.gates[0].set()
    line = sends.Sends(connector, Bridge(BridgeSettings("http://127.0.0.1:9", TOKEN)))
    call = asyncio.ensure_future(line.deliver(Delivery(Outbound("c1:12", "shop", "u1", "one\ntwo"))))
    await until(lambda: len(connector.sent) == 1)
    await line.close()
    reply = told(await call)
    assert reply.status == 504
    assert (json.loads(reply.body or b"")["parts_done"], connector.sent) == (1, [("c1:12", "one")])


async def test_parts_of_two_messages_to_a_customer_never_mix(stage: PushStage) -> None:
    """The service goes on to the next when a status says that a part failed; the rest of that message goes first."""
    stage.connector.delay = 0.05
    first = asyncio.ensure_future(deliver(stage))
    await until(lambda: stage.connector.sent)
    await asyncio.gather(first, deliver(stage, message_id="c1:13", text="next"))
    assert texts(stage) == ["one", "two", "three", "next"]


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (RetryLater(7.5), 429, "too_many_requests"),
        (Rejected("blocked", "The customer blocked the shop."), 422, "blocked"),
        (ProviderDown("no connection"), 503, "unavailable"),
        (ProviderDown("no answer", sent=None), 504, "unknown"),
        (ValueError("a bug"), 422, "rejected"),
    ],
)
async def test_a_part_that_fails_is_told_and_tried_again_from_there(
    fault: Exception, status: int, code: str, stage: PushStage
) -> None:
    """What went out before is not sent again; the failure is not kept."""
    stage.connector.faults = [None, fault]
    reply = await deliver(stage)
    assert reply.status == status
    assert (reply.body["code"], reply.body["parts_done"], reply.body["external_ids"]) == (code, 1, ["p1"])
    assert reply.body.get("retry_after") == (7.5 if status == 429 else None)
    again = await deliver(stage, from_part=1)
    assert again == (200, {"external_ids": ["p2", "p3"], "parts_done": 3, "complete": True})
    assert texts(stage) == ["one", "two", "three"]


async def test_after_a_restart_the_service_says_where_to_go_on(stage: PushStage) -> None:
    """Nothing is known here any more; `from_part` is."""
    assert await deliver(stage, from_part=2) == (200, {"external_ids": ["p1"], "parts_done": 3, "complete": True})
    assert texts(stage) == ["three"]


async def test_a_new_round_sends_everything_again(stage: PushStage) -> None:
    """An agent wants a failed message sent again: what went out in the round before does not count."""
    await deliver(stage, text="one\ntwo")
    again = await deliver(stage, text="one\ntwo", round=1)
    assert again == (200, {"external_ids": ["p3", "p4"], "parts_done": 2, "complete": True})
    assert await deliver(stage, text="one\ntwo", round=1) == again
    assert texts(stage) == ["one", "two", "one", "two"]


async def test_rounds_of_a_message_never_overlap(stage: PushStage) -> None:
    """The new one waits for the end of the one that runs."""
    stage.connector.delay = 0.05
    await asyncio.gather(*(deliver(stage, round=round_) for round_ in (0, 1, 2, 1)))
    assert texts(stage) == ["one", "two", "three"] * 3


async def test_only_the_newest_are_remembered(stage: PushStage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded; what falls out is sent again if it is asked for."""
    monkeypatch.setattr(sends, "KEPT_MESSAGES", 2)
    for number in (1, 2, 3, 3, 2):
        await deliver(stage, message_id=f"c1:{number}", text="x")
    assert len(stage.connector.sent) == 3
    await deliver(stage, message_id="c1:1", text="x")
    assert len(stage.connector.sent) == 4


async def test_customers_do_not_wait_for_one_another(stage: PushStage) -> None:
    """Only the messages to one customer do."""
    stage.connector.delay = 0.1
    await asyncio.gather(*(deliver(stage, message_id=f"c{at}:1", external_user=f"u{at}") for at in range(20)))
    assert texts(stage)[:20] == ["one"] * 20


async def test_typing_is_shown(stage: PushStage) -> None:
    """It is no part of a message and nothing is kept of it."""
    reply = await deliver(stage, text=None, typing=True)
    assert reply == (200, {"external_ids": [], "parts_done": 0, "complete": True})
    assert (stage.connector.typed, stage.connector.sent) == (["u1"], [])


@pytest.mark.parametrize("typing", [False, True])
async def test_an_unknown_account_is_said(typing: bool, stage: PushStage) -> None:
    """A bot that was taken out of credentials.yml: the agent hears why."""
    reply = await deliver(stage, account="old", typing=typing)
    assert (reply.status, reply.body["code"]) == (422, "rejected")
    assert "no account old" in reply.body["message"]


async def test_a_file_of_the_service_is_read_with_the_bearer(stage: PushStage, service: FakeService) -> None:
    """The path is the service's; nobody else could read it."""
    service.files["7"] = b"a photo"
    attachment = {"kind": "image", "url": "/bridge/v1/files/7"}
    assert (await deliver(stage, text=None, attachments=[attachment])).status == 200
    assert texts(stage) == ["a photo"]


GIF = {"kind": "image", "url": "/bridge/v1/files/9"}
NO_GIF = Rejected("rejected", "No GIF pictures.")


async def test_a_file_that_is_refused_takes_no_words_with_it(stage: PushStage) -> None:
    """All else goes; the answer says what was left out, also to a repeat, and only once for the same reason."""
    stage.connector.faults = [NO_GIF, NO_GIF]
    body = {"external_ids": ["p1", "p2"], "parts_done": 4, "complete": True, "left_out": ["No GIF pictures."]}
    for _ in range(2):
        assert await deliver(stage, text="one\ntwo", attachments=[GIF, GIF]) == (200, body)
    assert texts(stage) == ["one", "two"]
    assert "left_out" not in (await deliver(stage, text="one\ntwo", attachments=[GIF, GIF], from_part=2)).body


async def test_words_under_a_refused_file_are_sent_without_it(stage: PushStage) -> None:
    """In the same part."""
    stage.connector.faults = [NO_GIF]
    reply = await deliver(stage, text=None, attachments=[{**GIF, "url": "/bridge/v1/files/9#Look"}])
    assert (reply.body["external_ids"], reply.body["parts_done"], reply.body["left_out"]) == (["p1"], 1, [str(NO_GIF)])
    assert texts(stage) == ["Look"]


async def test_what_was_left_out_is_told_with_a_failure_behind_it(stage: PushStage) -> None:
    """The service goes on behind both parts and does not hear of it again."""
    stage.connector.faults = [NO_GIF, RetryLater(7.5)]
    later = await deliver(stage, text="one", attachments=[GIF])
    assert (later.status, later.body["parts_done"], later.body["left_out"]) == (429, 1, [str(NO_GIF)])
    again = await deliver(stage, text="one", attachments=[GIF], from_part=1)
    assert again == (200, {"external_ids": ["p1"], "parts_done": 2, "complete": True})


async def test_a_message_of_which_nothing_is_left_is_refused(stage: PushStage, service: FakeService) -> None:
    """It failed, with the reason; another try begins anew."""
    stage.connector.faults = [NO_GIF]
    reply = await deliver(stage, text=None, attachments=[GIF])
    assert (reply.status, reply.body["message"], reply.body["parts_done"]) == (422, "No GIF pictures.", 0)
    service.files["9"] = b"a photo"
    assert (await deliver(stage, text=None, attachments=[GIF])).status == 200


@pytest.mark.parametrize("code", ["blocked", "window_closed"])
async def test_who_is_out_of_reach_gets_no_words_either(code: str, stage: PushStage) -> None:
    """That is no matter of the file."""
    stage.connector.faults = [Rejected(code, "Out of reach.")]
    reply = await deliver(stage, attachments=[GIF])
    assert (reply.status, reply.body["code"], reply.body["parts_done"]) == (422, code, 0)
    assert stage.connector.sent == []


@pytest.mark.parametrize(("content", "says"), [(None, "no longer there"), (b"more than ten", "larger than 10")])
async def test_a_file_that_cant_be_sent_is_said(
    content: bytes | None, says: str, stage: PushStage, service: FakeService
) -> None:
    """Gone or too large is for ever."""
    if content is not None:
        service.files["7"] = content
    reply = await deliver(stage, text=None, attachments=[{"kind": "image", "url": "/bridge/v1/files/7"}])
    assert (reply.status, reply.body["code"]) == (422, "rejected")
    assert says in reply.body["message"]
    with_words = await deliver(stage, attachments=[{"kind": "image", "url": "/bridge/v1/files/7"}])
    assert (with_words.status, with_words.body["left_out"]) == (200, [reply.body["message"]])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"message_id": None}, "message_id"),
        ({"external_user": 5}, "external_user"),
        ({"from_part": -1}, "from_part"),
        ({"round": "1"}, "round"),
        ({"text": 5}, "text"),
        ({"buttons": [{"title": "x"}]}, "key"),
        ({"attachments": "x"}, "attachments"),
    ],
)
async def test_a_body_that_was_not_agreed_on_is_named(change: dict[str, Any], field: str, stage: PushStage) -> None:
    """422 with the field, and nothing is sent."""
    reply = await deliver(stage, **change)
    assert (reply.status, reply.body["code"]) == (422, "invalid")
    assert reply.body["message"].startswith(f"{field}: expected")
    assert stage.connector.sent == []


@pytest.mark.parametrize("path", ["deliver", "media"])
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
async def test_without_the_bearer_there_is_nothing(path: str, headers: dict[str, str], stage: PushStage) -> None:
    """404 for everybody but the service."""
    assert (await stage.post(path, DELIVER, headers)).status == 404
    assert stage.connector.sent == []
