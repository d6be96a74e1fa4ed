"""The client of the bridge, over real HTTP."""

import logging

import pytest

from connectors.bridge import Bridge
from connectors.errors import Refused, Unreachable
from connectors.model import Inbound, Profile, Receipt
from connectors.settings import BridgeSettings

from .fake_service import TOKEN, FakeService

NOBODY = BridgeSettings("http://127.0.0.1:9", TOKEN)


async def test_a_fault_of_the_service_is_waited_out(bridge: Bridge, service: FakeService) -> None:
    """5xx and 429 are tried again until the call is taken."""
    service.faults = [503, 429, 500]
    assert await bridge.post_turn("t1", 1, 0, [{"text": "Hi"}]) == "accepted"
    assert len(service.calls) == 1


async def test_a_refusal_is_final(bridge: Bridge, service: FakeService) -> None:
    """4xx is not tried again and says why."""
    service.faults = [409, 200]
    with pytest.raises(Refused) as refused:
        await bridge.post_turn("t1", 1, 0, [])
    assert (refused.value.status, refused.value.code) == (409, "unavailable")
    assert service.faults == [200]


async def test_patience_ends(service: FakeService) -> None:
    """A service that stays away is given up in the time that was set."""
    bridge = Bridge(NOBODY, patience=0.3)
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1:9"):
        await bridge.post_turn("t1", 1, 0, [])
    await bridge.close()


async def test_the_token_is_in_no_log_and_no_error(service: FakeService, caplog: pytest.LogCaptureFixture) -> None:
    """Neither a refusal, nor a fault, nor a debug log shows the secret."""
    caplog.set_level(logging.DEBUG)
    secret = "wrong-token-that-must-stay-secret"
    wrong = Bridge(BridgeSettings(service.url, secret), patience=0.3)
    with pytest.raises(Refused) as refused:
        await wrong.post_turn("t1", 1, 0, [])
    away = Bridge(BridgeSettings(NOBODY.url, secret), patience=0.3)
    with pytest.raises(Unreachable) as unreachable:
        await away.post_turn("t1", 1, 0, [])
    await wrong.close()
    await away.close()
    told = caplog.text + repr(refused.value) + repr(unreachable.value) + repr(wrong.__dict__)
    assert secret not in told
    assert service.refused_tokens == 1


async def test_one_session_serves_all_calls(bridge: Bridge, service: FakeService) -> None:
    """No connection is set up for each message."""
    await bridge.post_turn("t1", 1, 0, [])
    session = bridge._session
    await bridge.post_aside("c1", "k1", [{"text": "Hi"}])
    assert bridge._session is session


async def test_what_a_customer_did_is_handed_over(bridge: Bridge, service: FakeService) -> None:
    """Unknown fields are left out, not sent as null."""
    inbound = Inbound("fake", "shop", "u1", "m1", "message", text="Hi", profile=Profile(name="Ana"))
    answer = await bridge.receive(inbound, patience=1.0)
    assert answer["answer"] == "bot"
    (body,) = service.bodies("inbound")
    assert body == {
        "channel": "fake",
        "account": "shop",
        "external_user": "u1",
        "external_id": "m1",
        "kind": "message",
        "text": "Hi",
        "profile": {"name": "Ana"},
    }


async def test_a_receipt_is_reported(bridge: Bridge, service: FakeService) -> None:
    """How far a provider got with a message reaches the service."""
    await bridge.report(Receipt("fake", "shop", "delivered", "2026-01-05T10:00:00Z", message_id="c1:5"))
    assert service.bodies("receipts")[0]["status"] == "delivered"
