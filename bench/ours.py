"""The service's own figures: claims, messages, what both sockets take, and memory."""

import asyncio
import contextlib
import itertools
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp

from tests.harness.running import Service

from . import stand
from .measure import Latency, Memory, Rate, Unexpected, latency, memory, rate
from .size import Size
from .stand import Customer

RACE = 64
RACES = 10
LINES = 8
"""Conversations between which latencies are measured in turn: no visitor writes faster than the service allows."""

Socket = aiohttp.ClientWebSocketResponse
IDS = itertools.count(1)


@dataclass(frozen=True)
class Figures:
    claims: Rate
    races: Rate
    click: Latency
    agent_messages: Rate
    customer_messages: Rate
    to_agent: Latency
    to_customer: Latency
    idle: Memory
    with_sockets: Memory


@dataclass(frozen=True)
class Bench:
    url: str
    client: aiohttp.ClientSession
    agents: Sequence[dict[str, str]]

    async def post(self, path: str, headers: dict[str, str], body: dict[str, Any], *, expected: int) -> Any:
        async with self.client.post(f"{self.url}{path}", json=body, headers=headers) as response:
            answer = await response.json()
            if response.status != expected:
                raise Unexpected(f"{path}: {response.status} {answer}")
            return answer

    async def claim(self, customer: Customer, agent: dict[str, str]) -> int:
        answer = await self.post(f"/api/v1/conversations/{customer.conversation}/claim", agent, {}, expected=200)
        return int(answer["epoch"])

    async def attempt(self, customer: Customer, agent: dict[str, str]) -> None:
        """A claim that may be refused."""
        path = f"{self.url}/api/v1/conversations/{customer.conversation}/claim"
        async with self.client.post(path, json={}, headers=agent) as response:
            await response.read()
            if response.status not in (200, 409):
                raise Unexpected(f"claim: {response.status}")


async def measure(service: Service, size: Size) -> Figures:
    """All figures of one running service."""
    async with stand.seeding(service.env["LIVECHAT_DATABASE_URL"]) as context:
        await stand.hire(context)
        waiting = await stand.customers(context, size.claims + size.samples + RACES)
    crowd = waiting[size.claims + size.samples :]
    connector = aiohttp.TCPConnector(limit=RACE, keepalive_timeout=120)
    options = {"cookie_jar": aiohttp.DummyCookieJar(), "timeout": aiohttp.ClientTimeout(60)}
    async with aiohttp.ClientSession(connector=connector, **options) as client:
        bench = Bench(service.url, client, await stand.sign_in(client, service.url))
        idle = memory(service.pid)
        claims, epochs = await _claims(bench, waiting[: size.claims], size)
        return Figures(
            claims=claims,
            races=await _races(bench, crowd),
            click=await _clicks(bench, waiting[size.claims : size.claims + size.samples]),
            agent_messages=await _agent_messages(bench, waiting, epochs, size),
            customer_messages=await _customer_messages(bench, waiting[: size.claims], size),
            to_agent=await _to_agent(bench, waiting, epochs, size),
            to_customer=await _to_customer(bench, waiting, epochs, size),
            idle=idle,
            with_sockets=await _with_sockets(service, bench, waiting[: size.claims], size),
        )


async def _claims(bench: Bench, waiting: Sequence[Customer], size: Size) -> tuple[Rate, list[int]]:
    """Each conversation is won by one agent; nobody competes."""
    epochs: list[int] = [0] * len(waiting)

    async def claim(number: int) -> None:
        epochs[number] = await bench.claim(waiting[number], _agent(bench, number))

    return await rate([partial(claim, number) for number in range(len(waiting))], size.at_once), epochs


def _agent(bench: Bench, number: int) -> dict[str, str]:
    return bench.agents[number % len(bench.agents)]


async def _races(bench: Bench, crowd: Sequence[Customer]) -> Rate:
    """64 at once on one conversation, one conversation after the other: answers, won or refused, in a second."""
    began = time.perf_counter()
    for customer in crowd:
        await asyncio.gather(*(bench.attempt(customer, _agent(bench, number)) for number in range(RACE)))
    return Rate(RACE * len(crowd) / (time.perf_counter() - began))


async def _clicks(bench: Bench, waiting: Sequence[Customer]) -> Latency:
    return await latency([partial(bench.claim, customer, bench.agents[0]) for customer in waiting])


async def _agent_messages(bench: Bench, waiting: Sequence[Customer], epochs: list[int], size: Size) -> Rate:
    """Agents write into their conversations, over HTTP."""
    jobs = []
    for number in range(size.messages):
        place = number % len(epochs)
        body = {"client_msg_id": f"a{next(IDS)}", "epoch": epochs[place], "text": "Hello from an agent."}
        path = f"/api/v1/conversations/{waiting[place].conversation}/messages"
        jobs.append(partial(bench.post, path, _agent(bench, place), body, expected=201))
    return await rate(jobs, size.at_once)


async def _customer_messages(bench: Bench, waiting: Sequence[Customer], size: Size) -> Rate:
    """Customers write to the agents who have claimed them, over HTTP."""
    jobs = []
    for number in range(size.messages):
        body = {"client_msg_id": f"c{next(IDS)}", "text": "Hello from a customer."}
        headers = waiting[number % len(waiting)].headers
        jobs.append(partial(bench.post, "/widget/v1/messages", headers, body, expected=201))
    return await rate(jobs, size.at_once)


@dataclass(frozen=True)
class Line:
    """A customer's open widget; `epoch` is the first agent's claim."""

    customer: Customer
    epoch: int
    widget: Socket


@contextlib.asynccontextmanager
async def _lines(
    bench: Bench, waiting: Sequence[Customer], epochs: list[int]
) -> AsyncIterator[tuple[Socket, list[Line]]]:
    """The first agent's dashboard, and the widgets of some of the customers whom this agent has claimed."""
    async with contextlib.AsyncExitStack() as stack:
        connect = partial(bench.client.ws_connect, origin=bench.url)
        dashboard = await stack.enter_async_context(connect(f"{bench.url}/api/v1/socket", headers=bench.agents[0]))
        await dashboard.send_json({"type": "hello"})
        lines = []
        for place in range(0, LINES * len(bench.agents), len(bench.agents)):
            widget = await stack.enter_async_context(connect(f"{bench.url}/widget/v1/socket"))
            await widget.send_json({"type": "hello", "token": waiting[place].token, "after": 0})
            await _until(widget, "live")
            await dashboard.send_json({"type": "subscribe", "conversation_id": waiting[place].conversation, "after": 0})
            await _until(dashboard, "live")
            lines.append(Line(waiting[place], epochs[place], widget))
        yield dashboard, lines


async def _until(socket: Socket, kind: str, client_msg_id: str | None = None) -> None:
    """Reads frames up to the one that is waited for."""
    while True:
        frame = await socket.receive_json(timeout=10)
        if frame["type"] == "error":
            raise Unexpected(str(frame))
        if frame["type"] == kind and client_msg_id in (None, frame.get("event", {}).get("client_msg_id")):
            return


async def _to_agent(bench: Bench, waiting: Sequence[Customer], epochs: list[int], size: Size) -> Latency:
    """From the frame that leaves the widget to the event that arrives at the dashboard."""
    async with _lines(bench, waiting, epochs) as (dashboard, lines):

        async def say(line: Line) -> None:
            name = f"c{next(IDS)}"
            await line.widget.send_json({"type": "send", "client_msg_id": name, "text": "Hello"})
            await _until(dashboard, "event", name)

        return await latency([partial(say, lines[number % LINES]) for number in range(size.samples)])


async def _to_customer(bench: Bench, waiting: Sequence[Customer], epochs: list[int], size: Size) -> Latency:
    """From the frame that leaves the dashboard to the event that arrives at the widget."""
    async with _lines(bench, waiting, epochs) as (dashboard, lines):

        async def say(line: Line) -> None:
            name = f"a{next(IDS)}"
            where = {"conversation_id": line.customer.conversation, "epoch": line.epoch}
            await dashboard.send_json({"type": "send", "client_msg_id": name, "text": "Hello", **where})
            await _until(line.widget, "event", name)

        return await latency([partial(say, lines[number % LINES]) for number in range(size.samples)])


async def _with_sockets(service: Service, bench: Bench, waiting: Sequence[Customer], size: Size) -> Memory:
    """That many widgets are open, each in its own conversation."""
    async with contextlib.AsyncExitStack() as stack:
        client = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
        for customer in waiting[: size.sockets]:
            connecting = client.ws_connect(f"{bench.url}/widget/v1/socket", origin=bench.url)
            socket = await stack.enter_async_context(connecting)
            await socket.send_json({"type": "hello", "token": customer.token, "after": 0})
            await _until(socket, "live")
        await asyncio.sleep(1)
        return memory(service.pid)
