"""The link to Redis: short time-outs, no retries, and a second's rest after a failure.

What must hold: Redis is speed. Whoever calls gets `RedisDown` within 100 ms (at once while the link rests) and goes on
without.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
T = TypeVar("T")

TIMEOUT_SECONDS = 0.1
"""Longer than a loaded local Redis needs, shorter than an agent notices."""

IN_FLIGHT = 8
"""Calls at once. A rush of claims beyond that queues here: a connection for each would take longer than the time-out,
and Redis would look dead because we were busy.
"""

REST_SECONDS = 1.0
"""After a failure nobody waits for Redis for so long."""


class RedisDown(Exception):
    """Redis did not answer in time."""


def connect_redis(url: str, timeout: float | None) -> "Redis":
    """A client that fails fast; `timeout=None` for one that listens."""
    connect = timeout or TIMEOUT_SECONDS
    client: Redis = Redis.from_url(
        url, socket_timeout=timeout, socket_connect_timeout=connect, retry=Retry(NoBackoff(), 0)
    )
    return client


class RedisLink:
    def __init__(self, url: str, timeout: float = TIMEOUT_SECONDS) -> None:
        self.client = connect_redis(url, timeout)
        self._timeout = timeout
        self._rest_until = 0.0
        self._slots = asyncio.Semaphore(IN_FLIGHT)

    @property
    def resting(self) -> bool:
        return time.monotonic() < self._rest_until

    async def ask(self, call: Callable[[], Awaitable[T]]) -> T:
        """Makes the call, or raises `RedisDown`."""
        async with self._slots:
            if self.resting:
                raise RedisDown
            try:
                async with asyncio.timeout(self._timeout):
                    return await call()
            except (RedisError, OSError, TimeoutError) as error:
                self._rest_until = time.monotonic() + REST_SECONDS
                log.warning("Redis did not answer (%s); going on without it", type(error).__name__)
                raise RedisDown from error

    async def close(self) -> None:
        await self.client.aclose()
