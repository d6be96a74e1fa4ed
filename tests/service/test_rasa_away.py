"""While Rasa can't be reached nothing is tried and nothing lost; the team reads why; all goes on when it is back."""

import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import pytest
from aiohttp import web

from livechat_plugin.delivery import rasa as rasa_client
from livechat_plugin.delivery.media import MediaFetcher
from livechat_plugin.delivery.outbox import RASA_AWAY, OutboxRunner
from livechat_plugin.delivery.rasa import Rasa
from livechat_plugin.ids import ConversationId
from livechat_plugin.usecases import deliver
from livechat_plugin.usecases.claim import claim
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.receive import Said, receive
from livechat_plugin.usecases.send import send

from .connector_server import ConnectorServer
from .world import SettableClock, log_of, new_agent, new_conversation, outbox_of


class Connector(ConnectorServer):
    """Takes every message, and gives every file."""

    route = "{what}"

    def __init__(self) -> None:
        super().__init__()
        self.ledger: list[str] = []

    async def answer(self, request: web.Request, status: int) -> web.Response:
        if request.match_info["what"] == "media":
            return web.Response(body=b"\x89PNG\r\n\x1a\n" + bytes(500))
        self.ledger.append((await request.json())["text"])
        return web.json_response({"external_ids": ["x"], "parts_done": 1, "complete": True})


@contextlib.asynccontextmanager
async def client(url: str) -> AsyncIterator[Rasa]:
    rasa = Rasa(url, "token")
    try:
        yield rasa
    finally:
        await rasa.close()


async def reply(context: Context, text: str) -> ConversationId:
    """An agent's, on its way to a customer on Telegram."""
    conversation = await new_conversation(context, channel="telegram")
    agent = await new_agent(context)
    claimed = await claim(context, agent, conversation)
    await send(context, agent, conversation, text, claimed.epoch, text)
    return conversation


async def told(context: Context, conversation: ConversationId) -> list[tuple[str, str]]:
    events = [event for event in await log_of(context, conversation) if event["kind"] == "delivery"]
    return [(event["body"]["status"], event["text"]) for event in events]


async def test_replies_leave_as_soon_as_rasa_is_back(context: Context, clock: SettableClock) -> None:
    """Bug: each waited out its own pause, up to five minutes, though Rasa had been back for long."""
    conversations = [await reply(context, text) for text in ("one", "two", "three")]
    connector = Connector()
    async with client(connector.url) as rasa:
        runner = OutboxRunner(context, rasa)
        for _ in range(60):
            await runner.run_once()
            clock.shift(seconds=60)
        rows = [row for one in conversations for row in await outbox_of(context, one)]
        assert [(row["state"], row["attempt"]) for row in rows] == [("pending", 0)] * 3, "waiting is no attempt"
        async with connector:
            await runner.run_once()
    assert sorted(connector.ledger) == ["one", "three", "two"]


async def test_all_that_wait_say_why_and_fail_after_a_day(context: Context, clock: SettableClock) -> None:
    """Not for a short absence; each once, also those that were never tried; and none leaves after a day."""
    conversations = [await reply(context, "one"), await reply(context, "two")]
    connector = Connector()
    async with client(connector.url) as rasa:
        runner = OutboxRunner(context, rasa)
        for seconds, expected in [(0, []), (30, [("queued", RASA_AWAY)]), (60, [("queued", RASA_AWAY)])]:
            clock.shift(seconds=seconds)
            await runner.run_once()
            await runner.run_once()
            assert [await told(context, one) for one in conversations] == [expected] * 2
        clock.shift(hours=25)
        await runner.run_once()
        end = ("failed", f"{deliver.WHOLE_DAY} {RASA_AWAY}")
        assert [await told(context, one) for one in conversations] == [[("queued", RASA_AWAY), end]] * 2
        async with connector:
            await runner.run_once()
    assert connector.ledger == []


@pytest.fixture
def blackhole() -> Iterator[str]:
    """The address of a machine that is gone: whoever connects gets no answer, not even a refusal."""
    with contextlib.ExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(2):  # its line is full now
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


async def test_message_for_a_machine_that_is_gone_is_no_doubt(
    context: Context, blackhole: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bug: no connection within the time-out looked like a message that may have arrived, and failed after five."""
    monkeypatch.setattr(rasa_client, "CONNECT_SECONDS", 0.2)
    conversation = await reply(context, "one")
    async with client(blackhole) as rasa:
        await OutboxRunner(context, rasa).run_once()
        assert not await rasa.is_there()
    (row,) = await outbox_of(context, conversation)
    assert (row["state"], row["doubts"], row["attempt"]) == ("pending", 0, 0)


async def test_pictures_come_as_soon_as_rasa_is_back(context: Context, clock: SettableClock) -> None:
    """The customer sent one right before Rasa went; the agent need not wait out a pause for it."""
    offered = [{"kind": "image", "ref": "picture", "name": None, "mime": "image/png", "size": 508}]
    said = Said(channel="telegram", account="shop", external_user="ana", external_id="1", offered=offered)
    received = await receive(context, said)
    connector = Connector()
    async with client(connector.url) as rasa:
        fetcher = MediaFetcher(context, rasa)
        for _ in range(40):
            await fetcher.run_once()
            clock.shift(seconds=60)
        async with connector:
            await fetcher.run_once()
    (attachment,) = (await log_of(context, received.conversation))[-1]["body"]["attachments"]
    assert attachment["mime"] == "image/png"
