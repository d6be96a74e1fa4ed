"""The routes of a channel in Rasa's own web server."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from connectors.web.channel import WebChannel

from .fake_actions import FakeActions
from .fake_service import TOKEN, FakeService
from .rasa_server import RasaServer, rasa_server
from .stage import Stage
from .waiting import until

TURN = {"turn": "t1", "account": "site", "conversation_id": "c1", "epoch": 1, "message": {"text": "hello"}}


@pytest.fixture
def server(
    loop: asyncio.AbstractEventLoop, service: FakeService, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RasaServer]:
    """Rasa's web server with the web channel and a model."""
    monkeypatch.setenv("LIVECHAT_BRIDGE_TOKEN", TOKEN)
    monkeypatch.setenv("LIVECHAT_URL", service.url)
    with rasa_server(loop, WebChannel.from_credentials(None), stage.agent) as serving:
        yield serving


async def test_a_turn_is_taken_at_once_and_runs(server: RasaServer, service: FakeService) -> None:
    """202, then the bot's words at the service."""
    assert (await server.post("turn", TURN)).status == 202
    await until(lambda: service.is_done("t1"))
    assert service.texts("t1") == ["Hello None."]


@pytest.mark.parametrize("path", ["turn", "card"])
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}])
async def test_without_the_bearer_there_is_nothing(
    path: str, headers: dict[str, str], server: RasaServer, service: FakeService
) -> None:
    """404 for everybody but the service, and nothing runs."""
    assert (await server.post(path, TURN, headers)).status == 404
    assert service.calls == []


@pytest.mark.parametrize("path", ["webhook", "deliver", "media"])
async def test_the_web_has_no_webhook(path: str, server: RasaServer) -> None:
    """The widget talks to the service, so Rasa has no door for it, not even with the bearer."""
    assert (await server.post(path, {})).status == 404


async def test_without_a_model_the_service_is_told_to_wait(server: RasaServer) -> None:
    """503 instead of a message that Rasa would drop without a word."""
    server.app.ctx.agent = None
    assert (await server.post("turn", TURN)).status == 503
    assert (await server.post("card", {"conversation_id": "c1", "account": "site"})).status == 503


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], "body"),
        ({**TURN, "turn": None}, "turn"),
        ({**TURN, "epoch": "1"}, "epoch"),
        ({**TURN, "message": "hello"}, "message"),
        ({**TURN, "history": [{"id": "x"}]}, "actor"),
        ({**TURN, "resume": {"id": "r", "mode": "sideways"}}, "resume.mode"),
        ({**TURN, "resume": {"id": "r", "mode": "fresh", "slots": []}}, "resume.slots"),
    ],
)
async def test_a_body_that_was_not_agreed_on_is_named(body: Any, field: str, server: RasaServer) -> None:
    """422 with the field, never a stack trace."""
    reply = await server.post("turn", body)
    assert reply.status == 422
    assert reply.body["code"] == "invalid"
    assert reply.body["message"].startswith(f"{field}: expected")


async def test_a_body_that_is_no_json_is_named(server: RasaServer) -> None:
    """Broken bytes are refused in the same way."""
    assert (await server.post("turn", data=b"{broken")).status == 422


async def test_a_card_is_drawn_from_the_tracker(
    server: RasaServer, service: FakeService, action_server: FakeActions
) -> None:
    """The service may ask for the card of a conversation that the bot knows."""
    await server.post("turn", TURN)
    await until(lambda: service.is_done("t1"))
    reply = await server.post("card", {"conversation_id": "c1", "account": "site"})
    assert reply.status == 200
    assert [read["intent"] for read in reply.body["card"]["intents"]] == ["greet"]


async def test_an_unknown_conversation_has_no_card(server: RasaServer) -> None:
    """No tracker, no card; that is not an error."""
    assert await server.post("card", {"conversation_id": "nobody", "account": "site"}) == (200, {"card": None})
