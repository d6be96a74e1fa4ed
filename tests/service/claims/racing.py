"""Eight agents of one service who click Take Over at the same moment, over real HTTP connections."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from livechat_plugin.clock import now_ms
from livechat_plugin.passwords import Passwords
from livechat_plugin.storage import agents
from livechat_plugin.storage.database import connect
from tests.harness.running import PASSWORD, Service

NAMES = ("Ada", "Bo", "Cem", "Dana", "Eli", "Fay", "Gus", "Hana")
CLICKS = 8
"""By each agent: 64 claims at once."""

ATTEMPTS = 60


@dataclass(frozen=True)
class Racer:
    """A signed-in agent."""

    id: str
    name: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Reply:
    """What one request was answered with."""

    racer: Racer
    status: int
    body: dict[str, Any]


@dataclass(frozen=True)
class Arena:
    """One service, eight agents, and as many open connections as there are clicks."""

    url: str
    http: aiohttp.ClientSession
    racers: tuple[Racer, ...]

    async def call(self, racer: Racer, path: str, content: dict[str, Any] | None = None) -> Reply:
        method = "GET" if content is None else "POST"
        url = f"{self.url}/api/v1/conversations/{path}"
        async with self.http.request(method, url, json=content, headers=racer.headers) as response:
            return Reply(racer, response.status, await response.json())

    async def new_conversation(self) -> str:
        """A customer has pressed "Talk to Human"."""
        async with self.http.post(f"{self.url}/widget/v1/sessions", json={}) as response:
            session = await response.json()
        bearer = {"Authorization": f"Bearer {session['token']}"}
        async with self.http.post(f"{self.url}/widget/v1/handover", json={}, headers=bearer) as response:
            assert (await response.json())["status"] == "pending"
        return str(session["conversation_id"])

    async def race(self, conversation: str) -> list[Reply]:
        """All click when the gun goes off."""
        gun = asyncio.Event()

        async def click(racer: Racer) -> Reply:
            await gun.wait()
            return await self.call(racer, f"{conversation}/claim", {})

        clicks = [asyncio.create_task(click(racer)) for _ in range(CLICKS) for racer in self.racers]
        await asyncio.sleep(0)
        gun.set()
        return await asyncio.gather(*clicks)


@asynccontextmanager
async def arena(service: Service, workers: int) -> AsyncIterator[Arena]:
    """Adds the eight agents, signs them in and opens the connections, until each worker of the service has some."""
    await _hire(service.env["LIVECHAT_DATABASE_URL"])
    async with _connections() as http:
        racers = tuple([await _sign_in(http, service.url, name) for name in NAMES])
    for _ in range(ATTEMPTS):
        async with _connections() as http:
            ready = Arena(service.url, http, racers)
            await asyncio.gather(*(ready.call(racers[0], "nowhere") for _ in range(len(NAMES) * CLICKS)))
            if len(connections_by_process(service)) == workers:
                yield ready
                return
        await asyncio.sleep(0.5)  # the other worker is still starting, or was busy
    raise TimeoutError(f"{ATTEMPTS} times the connections did not reach {workers} workers")


def _connections() -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(limit=len(NAMES) * CLICKS, keepalive_timeout=60)
    cookies, timeout = aiohttp.DummyCookieJar(), aiohttp.ClientTimeout(60)
    return aiohttp.ClientSession(connector=connector, cookie_jar=cookies, timeout=timeout)


async def _hire(database_url: str) -> None:
    """Straight into the database: eight calls of the command line would take longer than the races."""
    password = await Passwords().hash(PASSWORD)
    database = connect(database_url)
    async with database.write() as connection:
        for name in NAMES:
            await agents.add(connection, f"{name.lower()}@example.com", name, "agent", password, now_ms())
    await database.close()


async def _sign_in(http: aiohttp.ClientSession, url: str, name: str) -> Racer:
    content = {"email": f"{name.lower()}@example.com", "password": PASSWORD}
    headers = {"X-LiveChat": "1", "Origin": url}
    async with http.post(f"{url}/api/v1/session", json=content, headers=headers) as response:
        agent = (await response.json())["agent"]
        cookie = "; ".join(f"{morsel.key}={morsel.value}" for morsel in response.cookies.values())
    return Racer(agent["id"], agent["name"], {**headers, "Cookie": cookie})


def connections_by_process(service: Service) -> Counter[int]:
    """How many of the service's connections each of its processes serves, as the kernel knows it."""
    shared = Counter(inode for pid in _family(service.pid) for inode in _sockets(pid))
    established = _established(service.port)
    own = {pid: [inode for inode in _sockets(pid) if shared[inode] == 1] for pid in _family(service.pid)}
    return Counter({pid: len(established & set(inodes)) for pid, inodes in own.items() if established & set(inodes)})


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(other for child in children for other in _family(int(child)))]


def _sockets(pid: int) -> list[str]:
    found = []
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            match = re.fullmatch(r"socket:\[(\d+)\]", str(entry.readlink()))
        except FileNotFoundError:
            continue
        if match:
            found.append(match[1])
    return found


def _established(port: int) -> set[str]:
    """The inodes of connections that were accepted on this port."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {row[9] for row in rows if row[3] == "01" and int(row[1].partition(":")[2], 16) == port}
