"""Two workers in one process: two contexts with engines and Redis links of their own, on one database and one Redis."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import pytest

from livechat_plugin.storage.database import connect
from livechat_plugin.storage.gate import Gate
from livechat_plugin.storage.redis_link import RedisLink
from livechat_plugin.usecases.context import Context
from tests.service.conftest import REDIS_PATIENCE_SECONDS
from tests.service.world import SettableClock

MakeWorker = Callable[[str | None], Context]


@pytest.fixture
async def make_worker(database_url: str, clock: SettableClock) -> AsyncIterator[MakeWorker]:
    """`make_worker(redis_url)`: another worker on the test's database, with that Redis or with none."""
    async with AsyncExitStack() as stack:

        def make(redis_url: str | None) -> Context:
            link = RedisLink(redis_url, REDIS_PATIENCE_SECONDS) if redis_url else None
            if link is not None:
                stack.push_async_callback(link.close)
            database = connect(database_url)
            stack.push_async_callback(database.close)
            return Context(database=database, gate=Gate(link), clock=clock)

        yield make
