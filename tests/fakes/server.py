"""One aiohttp server on loopback in a thread with an event loop of its own, and the webhooks that leave from it.

Every public method may be called from any thread but the server's own.
"""

import asyncio
import contextlib
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
from aiohttp import web

T = TypeVar("T")

HOST = "127.0.0.1"
LARGEST_BODY = 120 * 1024 * 1024
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 2.0
"""Seconds between two tries of a webhook: doubled each time."""

DISORDER_SECONDS = 0.3
WEBHOOK_TIMEOUT = aiohttp.ClientTimeout(total=30)


class Server:
    """`app` takes routes until `start`."""

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self.app = web.Application(client_max_size=LARGEST_BODY)
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.1)
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fake-provider", daemon=True)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def session(self) -> aiohttp.ClientSession:
        """For calls from the server's own thread."""
        assert self._session is not None, "the server has not been started"
        return self._session

    def start(self) -> None:
        self._thread.start()
        self.run(self._listen())

    def stop(self) -> None:
        self.run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, T], seconds: float = 60) -> T:
        """Do something in the server's thread and wait for its end."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    def begin(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do something in the server's thread after what was begun before; `stop` ends it."""

        def begin() -> None:
            task = self._loop.create_task(work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        self._loop.call_soon_threadsafe(begin)

    async def _listen(self) -> None:
        self._session = aiohttp.ClientSession(timeout=WEBHOOK_TIMEOUT, connector=aiohttp.TCPConnector(limit=0))
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self.port).start()
        self.port = self._runner.addresses[0][1]

    async def _close(self) -> None:
        await _end(self._tasks)
        await self.session.close()
        await self._runner.cleanup()
        await _end(asyncio.all_tasks() - {asyncio.current_task()})  # requests that were never to be answered


async def _end(tasks: Iterable[asyncio.Task[Any] | None]) -> None:
    ended = [task for task in tasks if task is not None]
    for task in ended:
        task.cancel()
    await asyncio.gather(*ended, return_exceptions=True)


@dataclass(frozen=True)
class Target:
    """Where a webhook goes, with the headers that prove who sends it."""

    url: str
    headers: Mapping[str, str]


@dataclass(eq=False)
class Delivery:
    """One webhook. `target` is asked at each try (None: nobody has said yet where to); what shares a `lane` keeps its
    order; `then` is called after the first 2xx.
    """

    body: bytes
    target: Callable[[], Target | None]
    lane: str = ""
    then: Callable[[], object] = lambda: None


class Pusher:
    """Posts webhooks until they are answered with 2xx, as providers do.

    `duplicates` is the share of webhooks that are sent twice at once, `disorder` lets them overtake each other.
    """

    def __init__(self, server: Server, seed: int = 0) -> None:
        self.give_up_seconds = 60.0
        self.duplicates = 0.0
        self.disorder = False
        self.undelivered = 0
        self.statuses: list[int] = []
        self._server = server
        self._random = random.Random(seed)
        self._open: set[Delivery] = set()
        self._lanes: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @property
    def pending(self) -> int:
        """How many webhooks are neither delivered nor given up."""
        return len(self._open)

    def push(self, delivery: Delivery) -> None:
        """Deliver in the background."""
        self._open.add(delivery)
        self._server.begin(lambda: self._deliver(delivery))

    def settle(self, seconds: float = 30) -> None:
        """Wait until every webhook is delivered or given up."""
        deadline = time.monotonic() + seconds
        while self._open:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(self._open)} webhooks are still not delivered after {seconds:g} s")
            time.sleep(0.02)

    def push_now(self, delivery: Delivery, times: int, at_once: bool) -> list[int]:
        """Post a webhook `times` times without repeating what is refused; the statuses."""

        async def post() -> list[int]:
            if at_once:
                return list(await asyncio.gather(*(self._post(delivery) for _ in range(times))))
            return [await self._post(delivery) for _ in range(times)]

        return self._server.run(post())

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            if self.disorder:
                await asyncio.sleep(self._random.random() * DISORDER_SECONDS)
                await self._repeat(delivery)
            else:
                async with self._lanes[delivery.lane]:
                    await self._repeat(delivery)
        finally:
            self._open.discard(delivery)

    async def _repeat(self, delivery: Delivery) -> None:
        deadline, pause = time.monotonic() + self.give_up_seconds, FIRST_PAUSE
        while not await self._is_taken(delivery):
            if time.monotonic() + pause > deadline:
                self.undelivered += 1
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        delivery.then()

    async def _is_taken(self, delivery: Delivery) -> bool:
        times = 2 if self._random.random() < self.duplicates else 1
        statuses = await asyncio.gather(*(self._post(delivery) for _ in range(times)))
        return any(200 <= status < 300 for status in statuses)

    async def _post(self, delivery: Delivery) -> int:
        """The status; 0 when there was no answer or nobody to ask."""
        target = delivery.target()
        if target is None:
            return 0
        headers = {"Content-Type": "application/json", **target.headers}
        status = 0
        with contextlib.suppress(aiohttp.ClientError, asyncio.TimeoutError, OSError):
            async with self._server.session.post(target.url, data=delivery.body, headers=headers) as response:
                status = response.status
        self.statuses.append(status)
        return status
