"""Several accounts of a channel: what one of them can't send now holds up no other."""

import asyncio
import contextlib
from collections import Counter
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import RowMapping

from livechat_plugin.delivery.outbox import IN_FLIGHT, RETRIES_IN_FLIGHT, OutboxRunner
from livechat_plugin.delivery.rasa import Rasa
from livechat_plugin.usecases.claim import claim
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.send import send
from tests.harness.waiting import PATIENCE

from .connector_server import ConnectorServer
from .world import SettableClock, new_agent, new_conversation

MANY = 2 * IN_FLIGHT + 8


class Provider(ConnectorServer):
    """Sends for every account but those that are `busy` (a status) or, until `free`, silent."""

    route = "deliver"

    def __init__(self) -> None:
        super().__init__()
        self.busy: dict[str, int] = {}
        self.silent: set[str] = set()
        self.free = asyncio.Event()
        self.sent: Counter[str] = Counter()
        self.waiting: Counter[str] = Counter()

    async def answer(self, request: web.Request, status: int) -> web.Response:
        account = (await request.json())["account"]
        if account in self.silent:
            self.waiting[account] += 1
            await self.free.wait()
        if code := self.busy.get(account):
            return web.json_response({"retry_after": 600, "parts_done": 0}, status=code)
        self.sent[account] += 1
        return web.json_response({"external_ids": ["x"], "parts_done": 1, "complete": True})


class Two:
    """Two accounts, one agent, and the runner between them and the provider."""

    def __init__(self, context: Context, provider: Provider, agent: RowMapping) -> None:
        self.context, self.provider, self.agent = context, provider, agent
        self.rasa = Rasa(f"http://127.0.0.1:{provider.port}", "token")
        self.runner = OutboxRunner(context, self.rasa)

    async def replies(self, account: str, count: int) -> None:
        """Each in a conversation of its own."""
        for _ in range(count):
            conversation = await new_conversation(self.context, channel="telegram", account=account)
            claimed = await claim(self.context, self.agent, conversation)
            await send(self.context, self.agent, conversation, "m", claimed.epoch, "reply")

    async def runs_until(self, check: Any) -> None:
        running = asyncio.create_task(self.runner.loop.run())
        try:
            async with asyncio.timeout(PATIENCE):
                while not check():  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
        finally:
            self.provider.free.set()
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running


@contextlib.asynccontextmanager
async def two_accounts(context: Context) -> Any:
    async with Provider() as provider:
        two = Two(context, provider, await new_agent(context))
        try:
            yield two
        finally:
            await two.runner.run_once()
            await two.rasa.close()


@pytest.mark.promise("channels", "8")
async def test_a_pause_of_one_account_holds_up_no_other(context: Context, clock: SettableClock) -> None:
    """However many conversations wait for the pause to end, the other account's message is the next that goes."""
    async with two_accounts(context) as two:
        two.provider.busy["shop"] = 429
        await two.replies("shop", MANY)
        await two.runner.run_once()
        await two.replies("club", 1)
        clock.shift(seconds=2)
        await two.runner.run_once()
        assert two.provider.sent == {"club": 1}


@pytest.mark.promise("channels", "8")
async def test_an_account_without_answers_holds_up_no_other(context: Context) -> None:
    """It fills its own places, and no more than these."""
    async with two_accounts(context) as two:
        two.provider.silent = {"shop"}
        await two.replies("shop", MANY)
        await two.replies("club", 3)
        await two.runs_until(lambda: two.provider.sent["club"] == 3)
        assert two.provider.waiting["shop"] == IN_FLIGHT


async def test_retries_of_one_account_are_few_and_hold_up_no_other(context: Context, clock: SettableClock) -> None:
    """A provider that comes back slowly is not stormed."""
    async with two_accounts(context) as two:
        two.provider.busy["shop"] = 503
        await two.replies("shop", IN_FLIGHT)
        await two.runner.run_once()
        two.provider.silent = {"shop"}
        await two.replies("club", 3)
        clock.shift(seconds=60)
        await two.runs_until(lambda: two.provider.sent["club"] == 3)
        assert two.provider.waiting["shop"] == RETRIES_IN_FLIGHT
