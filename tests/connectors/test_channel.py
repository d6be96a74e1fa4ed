"""The routes of a channel in Rasa's own web server."""

import asyncio
from collections.abc import Iterator
from typing import Any, NamedTuple

import aiohttp
import pytest
from sanic import Sanic

from connectors.web.channel import WebChannel

from .fake_actions import FakeActions
from .fake_service import TOKEN, FakeService
from .stage import Stage
from .waiting import until

BEARER = {"Authorization": f"Bearer {TOKEN}"}
TURN = {"turn": "t1", "account": "site", "conversation_id": "c1", "epoch": 1, "message": {"text": "hello"}}


class Reply(NamedTuple):
    status: int
    body: Any


class Server:
    """Rasa's web server with the web channel."""

    def __init__(self, app: Sanic, port: int) -> None:
        self.app = app
        self.port = port

    async def post(self, path: str, body: Any, headers: dict[str, str] | None = None) -> Reply:
        async with aiohttp.ClientSession() as session:
            url = f"http://127.0.0.1:{self.port}/webhooks/web/{path}"
            async with session.post(url, json=body, headers=BEARER if headers is None else headers) as response:
                return Reply(response.status, await response.json(content_type=None))


@pytest.fixture
def server(
    loop: asyncio.AbstractEventLoop,
    service: FakeService,
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Server]:
    """The server, with a model loaded."""
    monkeypatch.setenv("LIVECHAT_BRIDGE_TOKEN", TOKEN)
    monkeypatch.setenv("LIVECHAT_URL", service.url)
    Sanic.test_mode = True
    app = Sanic("rasa_for_a_test", configure_logging=False)
    channel = WebChannel.from_credentials(None)
    app.blueprint(channel.blueprint(stage.agent.handle_message), url_prefix="/webhooks/web")
    app.ctx.agent = stage.agent

    async def start() -> Any:
        listening = await app.create_server("127.0.0.1", 0, return_asyncio_server=True)
        await listening.startup()
        await listening.before_start()
        return listening

    listening = loop.run_until_complete(start())
    port = listening.server.sockets[0].getsockname()[1] if hasattr(listening, "server") else 0
    yield Server(app, port)
    loop.run_until_complete(channel._close(app, loop))
    listening.close()
    Sanic._app_registry.pop("rasa_for_a_test", None)


async def test_a_turn_is_taken_at_once_and_runs(server: Server, service: FakeService) -> None:
    """202, then the bot's words at the service."""
    assert (await server.post("turn", TURN)).status == 202
    await until(lambda: service.is_done("t1"))
    assert service.texts("t1") == ["Hello None."]


@pytest.mark.parametrize("path", ["turn", "card"])
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}])
async def test_without_the_bearer_there_is_nothing(
    path: str, headers: dict[str, str], server: Server, service: FakeService
) -> None:
    """404 for everybody but the service, and nothing runs."""
    assert (await server.post(path, TURN, headers)).status == 404
    assert service.calls == []


@pytest.mark.parametrize("path", ["webhook", "deliver"])
async def test_the_web_has_no_webhook(path: str, server: Server) -> None:
    """The widget talks to the service, so Rasa has no door for it, not even with the bearer."""
    async with aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{server.port}/webhooks/web/{path}"
        async with session.post(url, json={}, headers=BEARER) as response:
            assert response.status == 404


async def test_without_a_model_the_service_is_told_to_wait(server: Server) -> None:
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
async def test_a_body_that_was_not_agreed_on_is_named(body: Any, field: str, server: Server) -> None:
    """422 with the field, never a stack trace."""
    reply = await server.post("turn", body)
    assert reply.status == 422
    assert reply.body["code"] == "invalid"
    assert reply.body["message"].startswith(f"{field}: expected")


async def test_a_body_that_is_no_json_is_named(server: Server) -> None:
    """Broken bytes are refused in the same way."""
    async with aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{server.port}/webhooks/web/turn"
        async with session.post(url, data=b"{broken", headers=BEARER) as response:
            assert response.status == 422


async def test_a_card_is_drawn_from_the_tracker(
    server: Server, service: FakeService, action_server: FakeActions
) -> None:
    """The service may ask for the card of a conversation that the bot knows."""
    await server.post("turn", TURN)
    await until(lambda: service.is_done("t1"))
    reply = await server.post("card", {"conversation_id": "c1", "account": "site"})
    assert reply.status == 200
    assert [read["intent"] for read in reply.body["card"]["intents"]] == ["greet"]


async def test_an_unknown_conversation_has_no_card(server: Server) -> None:
    """No tracker, no card; that is not an error."""
    assert await server.post("card", {"conversation_id": "nobody", "account": "site"}) == (200, {"card": None})
