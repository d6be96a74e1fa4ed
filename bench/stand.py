"""The service under measurement: a real process with real servers behind it, and the people who use it."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from livechat_plugin.clock import now_ms
from livechat_plugin.ids import ConversationId
from livechat_plugin.passwords import Passwords
from livechat_plugin.storage import agents
from livechat_plugin.storage.database import connect
from livechat_plugin.storage.gate import Gate
from livechat_plugin.usecases import visitor
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.open_handover import Request, open_handover
from tests.harness.running import PASSWORD, Service, new_stack

AGENTS = 8
SETTINGS = "plan: pro\nclaims: {lease_seconds: 3600}\n"
"""The agents have no sockets most of the time; nothing shall be put back into the queue meanwhile."""


@dataclass(frozen=True)
class Customer:
    """Waits for a person; `token` opens the widget's socket."""

    conversation: ConversationId
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@contextlib.contextmanager
def service(folder: Path, database_url: str, redis_url: str, workers: int) -> Iterator[Service]:
    """Alive when it is given, ended with the block. There is no Rasa: nobody measured here speaks with the bot."""
    folder.mkdir()
    running = Service(
        new_stack(folder, database_url=database_url, redis_url=redis_url), workers=workers, settings=SETTINGS
    )
    try:
        yield running.launch()
    finally:
        running.stop()


@contextlib.asynccontextmanager
async def seeding(database_url: str) -> AsyncIterator[Context]:
    """Straight into the database: what is not measured need not go over HTTP."""
    database = connect(database_url)
    try:
        yield Context(database=database, gate=Gate(None))
    finally:
        await database.close()


async def hire(context: Context) -> None:
    """The team, all with one password."""
    password = await Passwords().hash(PASSWORD)
    async with context.database.write() as connection:
        for number in range(AGENTS):
            await agents.add(connection, f"agent{number}@example.com", f"Agent {number}", "agent", password, now_ms())


async def sign_in(client: aiohttp.ClientSession, url: str) -> list[dict[str, str]]:
    """The headers of each agent."""
    known = {"X-LiveChat": "1", "Origin": url}
    signed_in = []
    for number in range(AGENTS):
        content = {"email": f"agent{number}@example.com", "password": PASSWORD}
        async with client.post(f"{url}/api/v1/session", json=content, headers=known) as response:
            response.raise_for_status()
            cookie = "; ".join(f"{morsel.key}={morsel.value}" for morsel in response.cookies.values())
        signed_in.append({**known, "Cookie": cookie})
    return signed_in


async def customers(context: Context, number: int) -> list[Customer]:
    """So many who have asked for a person."""
    made = []
    for _ in range(number):
        token, conversation = await visitor.begin(context)
        await open_handover(context, Request(key=f"bench:{conversation}", conversation=conversation, trigger="button"))
        made.append(Customer(conversation, token))
    return made
