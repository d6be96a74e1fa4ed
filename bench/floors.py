"""What nobody can beat here: Redis, a commit, an HTTP answer and a WebSocket echo with nothing around them."""

import asyncio
import contextlib
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import aiohttp
import asyncpg
from redis.asyncio import BlockingConnectionPool, Redis

from tests.harness.child import Child
from tests.harness.waiting import can_connect, free_port

from .measure import Latency, Memory, Rate, latency, memory, percentiles, rate
from .size import Size

INSERT = "INSERT INTO bare (id, text) VALUES"


async def redis_set(url: str, size: Size) -> Rate:
    """`SET key value NX PX`, as the gate sends it."""
    pool = BlockingConnectionPool.from_url(url, max_connections=size.at_once)
    client: Redis = Redis(connection_pool=pool)
    jobs = [partial(client.set, f"bench:{n}", "agent:1", nx=True, px=60_000) for n in range(size.messages)]
    try:
        return await rate(jobs, size.at_once)
    finally:
        await client.aclose()
        await pool.aclose()


def sqlite_commits(folder: Path, size: Size) -> tuple[Rate, Latency]:
    """One row, one commit, with the journal and the durability that the service uses, on the same disk."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    for statement in (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "CREATE TABLE bare (id INTEGER, text TEXT)",
    ):
        connection.execute(statement)
    taken = []
    for number in range(size.commits):
        began = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"{INSERT} (?, ?)", (number, "Hello"))
        connection.execute("COMMIT")
        taken.append(time.perf_counter() - began)
    connection.close()
    return Rate(len(taken) / sum(taken)), percentiles(taken)


async def postgres_commits(url: str, size: Size) -> tuple[Rate, Latency]:
    """The rate over ten connections (a worker's pool), the latency over one."""
    async with asyncpg.create_pool(url.replace("+asyncpg", ""), min_size=10, max_size=10) as pool:
        await pool.execute("CREATE TABLE bare (id INTEGER, text TEXT)")

        async def commit(number: int) -> None:
            await pool.execute(f"{INSERT} ($1, $2)", number, "Hello")

        jobs = [partial(commit, number) for number in range(size.commits)]
        return await rate(jobs, 10), await latency(jobs[: size.samples])


@contextlib.asynccontextmanager
async def bare_server(folder: Path) -> AsyncIterator[tuple[Child, str]]:
    """The bare Sanic server and its address."""
    port = free_port()
    child = Child("bare Sanic", [sys.executable, "-m", "bench.bare", str(port)], log=folder / "bare.log")
    try:
        child.start().await_ready(lambda: can_connect(port), 30)
        yield child, f"http://127.0.0.1:{port}"
    finally:
        child.stop()


async def http(url: str, size: Size) -> tuple[Rate, Latency]:
    """A POST that is answered with its own body."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=size.at_once)) as client:

        async def post() -> None:
            async with client.post(f"{url}/echo", json={"epoch": 1}) as response:
                await response.read()

        return await rate([post] * size.claims, size.at_once), await latency([post] * size.samples)


async def echo(url: str, size: Size) -> Latency:
    """One frame there and back."""
    async with aiohttp.ClientSession() as client, client.ws_connect(f"{url}/socket") as socket:

        async def there_and_back() -> None:
            await socket.send_str('{"type": "send", "text": "Hello"}')
            await socket.receive_str()

        return await latency([there_and_back] * size.samples)


async def sockets(child: Child, url: str, size: Size) -> tuple[Memory, Memory]:
    """Idle, and with that many open sockets."""
    idle = memory(child.pid)
    async with contextlib.AsyncExitStack() as stack:
        client = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
        for _ in range(size.sockets):
            await stack.enter_async_context(client.ws_connect(f"{url}/socket"))
        await asyncio.sleep(1)
        return idle, memory(child.pid)
