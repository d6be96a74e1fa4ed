"""What a provider calls: who is heard, what it is told, and what reaches the service."""

import asyncio
import json
import logging
import time
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest

from connectors import push
from connectors.model import LONGEST_TEXT

from .fake_channel import SECRET, SIGNED
from .fake_service import FakeService
from .push_stage import PushStage, push_stage
from .waiting import until

SAID = {"user": "u1", "id": "m1", "text": "my parcel is lost"}


@pytest.fixture
def stage(loop: asyncio.AbstractEventLoop, service: FakeService) -> Iterator[PushStage]:
    """A pushing channel and its service."""
    with push_stage(loop, service.url) as made:
        yield made


@pytest.fixture
def alone(loop: asyncio.AbstractEventLoop) -> Iterator[PushStage]:
    """A pushing channel whose service is away."""
    with push_stage(loop, "http://127.0.0.1:9") as made:
        yield made


def post(*things: Any) -> dict[str, Any]:
    return {"body": {"things": list(things)}, "headers": SIGNED}


async def test_what_customers_did_reaches_the_service_in_order(stage: PushStage, service: FakeService) -> None:
    """Messages and receipts of one webhook, then 200; what only this side needs stays here."""
    reply = await stage.post("webhook", **post(SAID, {"status": "read", "id": "p1"}, {**SAID, "id": "m2"}))
    assert reply.status == 200
    assert [path for path, _ in service.calls] == ["inbound", "receipts", "inbound"]
    assert service.bodies("inbound")[0] == {
        "channel": "fake",
        "account": "shop",
        "external_user": "u1",
        "external_id": "m1",
        "kind": "message",
        "text": "my parcel is lost",
    }
    await until(lambda: stage.connector.acknowledged == ["m1", "m2"])


@pytest.mark.parametrize("headers", [{}, {"x-secret": "guess"}, {"x-secret": ""}])
async def test_who_is_not_the_provider_is_not_heard(
    headers: dict[str, str], stage: PushStage, service: FakeService, caplog: pytest.LogCaptureFixture
) -> None:
    """401, nothing reaches the service, and the log has a line without the body."""
    reply = await stage.post("webhook", {"things": [SAID]}, headers)
    assert (reply.status, service.calls) == (401, [])
    assert "a webhook was refused" in caplog.text
    assert "parcel" not in caplog.text


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b"{}"])
@pytest.mark.promise("channels", "2a")
async def test_a_malformed_webhook_is_400(body: bytes, stage: PushStage, service: FakeService) -> None:
    """Whatever the bytes are, there is an answer and no stack trace."""
    assert (await stage.post("webhook", data=body, headers=SIGNED)).status == 400
    assert service.calls == []


@pytest.mark.promise("channels", "2a")
async def test_an_update_of_no_use_is_acknowledged(
    stage: PushStage, service: FakeService, caplog: pytest.LogCaptureFixture
) -> None:
    """200 and a line with its kind, so that the provider doesn't repeat it."""
    caplog.set_level(logging.INFO)
    assert (await stage.post("webhook", **post("poll"))).status == 200
    assert service.calls == []
    assert "nothing is done with poll" in caplog.text


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_webhook_has_a_largest_size(chunked: bool, stage: PushStage, service: FakeService) -> None:
    """413, also when its size isn't said before."""

    async def pieces() -> Any:
        for _ in range(3):
            yield b"x" * 500

    reply = await stage.post("webhook", data=pieces() if chunked else b"x" * 1500, headers=SIGNED)
    assert (reply.status, service.calls) == (413, [])


async def test_a_webhook_of_the_largest_size_is_taken(stage: PushStage, service: FakeService) -> None:
    """The limit is a limit, not one less."""
    body = json.dumps({"things": [SAID]}).encode()
    assert (await stage.post("webhook", data=body.ljust(1000), headers=SIGNED)).status == 200
    assert len(service.calls) == 1


async def test_a_webhook_that_trickles_in_is_cut_off(
    stage: PushStage, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The route is open to everybody, so nobody may hold a connection for long."""
    monkeypatch.setattr(push, "READING_SECONDS", 0.2)

    async def trickle() -> Any:
        for _ in range(100):
            yield b" "
            await asyncio.sleep(0.1)

    with pytest.raises(aiohttp.ClientError):
        await stage.post("webhook", data=trickle(), headers=SIGNED)
    assert service.calls == []


@pytest.mark.promise("channels", "6a")
async def test_a_service_that_is_away_is_503_within_5_seconds(alone: PushStage) -> None:
    """The provider keeps the webhook and repeats it."""
    begun = time.monotonic()
    assert (await alone.post("webhook", **post(SAID, {**SAID, "id": "m2"}))).status == 503
    assert time.monotonic() - begun < 5.0


@pytest.mark.promise("channels", "6a")
async def test_a_slow_service_is_503_within_5_seconds(stage: PushStage, service: FakeService) -> None:
    """Several things in one webhook share the patience."""
    service.delay = 1.7
    begun = time.monotonic()
    reply = await stage.post("webhook", **post(*({**SAID, "id": f"m{at}"} for at in range(5))))
    assert reply.status == 503
    assert time.monotonic() - begun < 5.0


async def test_a_text_that_is_longer_than_the_service_takes_arrives_whole(
    stage: PushStage, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused it would be lost, as the provider hears 200: further lines carry the rest, under ids of their own."""
    monkeypatch.setattr(stage.connector, "max_webhook", 100_000)
    text = " ".join(f"word{number}" for number in range(2500))
    assert (await stage.post("webhook", **post({**SAID, "text": text}, {**SAID, "id": "m2"}))).status == 200
    *pieces, other = service.bodies("inbound")
    assert " ".join(piece["text"] for piece in pieces) == text
    assert max(len(piece["text"]) for piece in pieces) <= LONGEST_TEXT
    assert [piece["external_id"] for piece in (*pieces, other)] == ["m1", "m1:2", "m1:3", "m2"]
    await until(lambda: stage.connector.acknowledged == ["m1", "m2"])


async def test_what_the_service_refuses_is_not_repeated(
    stage: PushStage, service: FakeService, caplog: pytest.LogCaptureFixture
) -> None:
    """200, a line without the text, and the next thing is still handed over."""
    service.faults = [422]
    assert (await stage.post("webhook", **post(SAID, {**SAID, "id": "m2"}))).status == 200
    assert [body["external_id"] for body in service.bodies("inbound")] == ["m2"]
    await until(lambda: stage.connector.acknowledged == ["m1", "m2"])
    assert "the service refused what came: 422" in caplog.text
    assert "parcel" not in caplog.text


@pytest.mark.parametrize("status", [401, 404])
async def test_a_wrong_set_up_loses_nothing(status: int, stage: PushStage, service: FakeService) -> None:
    """A service that doesn't know us, or isn't ours, is as good as away: the provider repeats."""
    service.faults = [status]
    assert (await stage.post("webhook", **post(SAID))).status == 503


async def test_a_handshake_is_answered(stage: PushStage) -> None:
    """With the secret the challenge comes back as plain text, without it 403."""
    assert await stage.get(f"webhook?secret={SECRET}&challenge=17") == (200, b"17")
    assert (await stage.get("webhook?secret=guess&challenge=17")).status == 403
    assert (await stage.get("webhook")).status == 403
