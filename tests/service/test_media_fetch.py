"""Files of customers come through the connector: later than the message, checked, or refused in words."""

import asyncio
import contextlib
import errno
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from livechat_plugin.delivery.media import MediaFetcher
from livechat_plugin.delivery.rasa import FETCH, FETCH_SECONDS, Rasa
from livechat_plugin.errors import Gone, Unavailable
from livechat_plugin.storage.file_store import Folder
from livechat_plugin.usecases import files
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.receive import Said, receive

from .connector_server import ConnectorServer
from .world import Recorder, SettableClock, log_of, state

PNG = b"\x89PNG\r\n\x1a\n" + bytes(500)
IMPATIENT = {"idle": aiohttp.ClientTimeout(sock_read=0.2), "slow": aiohttp.ClientTimeout(total=0.2)}
"""Bounds of a fetch that a stalled answer is sure to break."""


class Connector(ConnectorServer):
    """A connector's `/media` that gives `content`."""

    route = "media"

    def __init__(self, *plan: int, content: bytes = PNG) -> None:
        super().__init__(*plan)
        self.content = content
        self.asked: list[dict[str, object]] = []

    async def answer(self, request: web.Request, status: int) -> web.Response:
        self.asked.append(await request.json())
        return web.Response(status=status, body=self.content if status == 200 else b"{}")


class StallingConnector(Connector):
    """Gives the first `stalls` files but to the half, and then nothing until it is ended; `at_half` is set there."""

    def __init__(self, stalls: int = 1) -> None:
        super().__init__()
        self.stalls = stalls
        self.at_half = asyncio.Event()
        self.ended = asyncio.Event()

    async def __aexit__(self, *error: object) -> None:
        self.ended.set()
        await super().__aexit__(*error)

    async def answer(self, request: web.Request, status: int) -> web.Response:
        whole = await super().answer(request, status)
        if len(self.asked) > self.stalls:
            return whole
        return web.Response(body=self._half())

    async def _half(self) -> AsyncIterator[bytes]:
        yield PNG[:100]
        self.at_half.set()
        await self.ended.wait()


async def sends_a_picture(context: Context, user: str = "ana") -> str:
    """A customer sends one on Telegram; its id."""
    offered = [{"kind": "image", "ref": f"picture-of-{user}", "name": None, "mime": "image/jpeg", "size": 12}]
    said = Said(channel="telegram", account="shop", external_user=user, external_id=user, offered=offered)
    received = await receive(context, said)
    sent: str = (await log_of(context, received.conversation))[-1]["body"]["attachments"][0]["id"]
    return sent


@pytest.fixture
async def file(context: Context) -> str:
    """The id of a picture that a customer has just sent on Telegram."""
    return await sends_a_picture(context)


@contextlib.asynccontextmanager
async def fetching(
    context: Context, connector: Connector, bounds: aiohttp.ClientTimeout = FETCH
) -> AsyncIterator[MediaFetcher]:
    rasa = Rasa(f"http://127.0.0.1:{connector.port}", "token")
    yield MediaFetcher(context, rasa, bounds)
    await rasa.close()


async def fetch(
    context: Context, connector: Connector, rounds: int, clock: SettableClock, *, minutes: float = 10
) -> None:
    """So many rounds, so many minutes apart."""
    async with fetching(context, connector) as fetcher:
        for _ in range(rounds):
            await fetcher.run_once()
            clock.shift(minutes=minutes)


async def picture() -> AsyncIterator[bytes]:
    yield PNG


async def read(context: Context, file: str) -> bytes:
    row = await files.wait_for(context, file, 0)
    return b"".join([chunk async for chunk in context.store.open(row["id"])])


async def test_a_picture_follows_its_message(context: Context, clock: SettableClock, file: str) -> None:
    """The message is there at once; the bytes come, and are what they are (not what was declared)."""
    with pytest.raises(Unavailable):
        await files.wait_for(context, file, 0)
    async with Connector() as connector:
        await fetch(context, connector, 1, clock)
    assert connector.asked == [{"account": "shop", "ref": "picture-of-ana", "max_bytes": 10_000_000}]
    assert await read(context, file) == PNG
    assert (await files.find(context, file))["mime"] == "image/png"


async def test_a_provider_that_stumbles_is_asked_again(context: Context, clock: SettableClock, file: str) -> None:
    """503, 500, then the bytes; a Rasa that is away, too."""
    async with Connector(503, 500) as connector:
        await fetch(context, connector, 3, clock)
    assert await read(context, file) == PNG


@pytest.mark.parametrize(
    ("connector", "why"),
    [
        (lambda: Connector(410), "no more"),
        (lambda: Connector(413), "too large"),
        (lambda: Connector(content=b"<svg/>"), "Files of this kind"),
    ],
    ids=["gone", "too large", "not taken"],
)
async def test_a_file_that_can_not_be_had_says_why(
    context: Context, clock: SettableClock, file: str, connector: Callable[[], Connector], why: str
) -> None:
    """The agent reads a reason instead of waiting for ever; nothing is kept."""
    async with connector() as asked:
        await fetch(context, asked, 3, clock)
    with pytest.raises(Gone, match=why):
        await files.wait_for(context, file, 0)
    assert len(asked.asked) == 1


OUTAGES = pytest.mark.parametrize(
    "status", [503, 500, 429, 404, None], ids=["503", "500", "429", "another bearer", "no Rasa"]
)


@contextlib.asynccontextmanager
async def outage(status: int | None) -> AsyncIterator[Connector]:
    """A connector that answers every call with `status`, or is not there at all."""
    if status is None:
        yield Connector()
        return
    async with Connector(*[status] * 100) as connector:
        yield connector


@OUTAGES
async def test_a_file_outlives_an_outage_of_a_night(
    context: Context, changes: Recorder, clock: SettableClock, file: str, status: int | None
) -> None:
    """A provider that can't give it for 23 hours is asked on and on, and nothing is announced meanwhile; then it comes.

    Eight tries within two minutes were all, and the picture was lost.
    """
    changes.take()
    async with outage(status) as connector:
        await fetch(context, connector, 23, clock, minutes=60)
    assert changes.take() == []
    with pytest.raises(Unavailable):
        await files.wait_for(context, file, 0)
    async with Connector() as connector:
        await fetch(context, connector, 1, clock)
    assert await read(context, file) == PNG


@OUTAGES
async def test_a_file_that_does_not_come_for_a_day_says_why(
    context: Context, clock: SettableClock, file: str, status: int | None
) -> None:
    """Nobody waits for ever."""
    async with outage(status) as connector:
        await fetch(context, connector, 26, clock, minutes=60)
    with pytest.raises(Gone, match="did not give us this file for a whole day"):
        await files.wait_for(context, file, 0)


async def test_pauses_between_tries_grow_up_to_five_minutes(context: Context, clock: SettableClock, file: str) -> None:
    """With jitter; a second at least."""
    for attempt in range(40):
        (row,) = await files.take_due(context, 8)
        await files.fetch_later(context, row, "why")
        wait = (await files.find(context, file))["not_before"] - clock()
        assert 1_000 <= wait <= min(1_000 * 2**attempt, 300_000)
        clock.shift(minutes=5)


@pytest.mark.parametrize("bound", IMPATIENT)
async def test_a_network_that_stalls_is_no_fault_of_the_disk(
    context: Context, clock: SettableClock, file: str, bound: str
) -> None:
    """A fetch that runs out of time within the file is a try like any other: it is counted, and there is another.

    A time-out is an `OSError`: it was taken for a disk that stores nothing, and the file was fetched again for ever.
    """
    async with StallingConnector() as connector:
        async with fetching(context, connector, IMPATIENT[bound]) as fetcher:
            await fetcher.run_once()
        assert (await files.find(context, file))["not_before"] == clock() + files.FIRST_RETRY_MS
        clock.shift(seconds=1)
        connector.stalls = 0
        await fetch(context, connector, 1, clock)
    assert await read(context, file) == PNG


async def test_a_file_that_stalls_for_a_day_is_given_up(context: Context, clock: SettableClock, file: str) -> None:
    """With the channel's reason, and with nothing of it kept."""
    clock.shift(hours=25)
    async with StallingConnector() as connector, fetching(context, connector, IMPATIENT["idle"]) as fetcher:
        await fetcher.run_once()
    with pytest.raises(Gone, match="did not give us"):
        await files.wait_for(context, file, 0)


async def test_a_file_that_stalls_holds_up_no_other(context: Context, clock: SettableClock) -> None:
    """The second one is here while the first is still under way."""
    first = await sends_a_picture(context)
    async with StallingConnector() as connector, fetching(context, connector) as fetcher:
        under_way = asyncio.create_task(fetcher.run_once())
        await connector.at_half.wait()
        second = await sends_a_picture(context, "ben")
        await files.wait_for(context, second, 20)
        under_way.cancel()
        with pytest.raises(asyncio.CancelledError):
            await under_way
    assert await read(context, second) == PNG
    assert (await files.find(context, first))["state"] == "wanted"


async def test_a_fetch_that_is_cut_off_by_our_own_end_is_due_at_once(
    context: Context, clock: SettableClock, file: str
) -> None:
    """Who starts next need not wait for the end of the lock."""
    async with StallingConnector() as connector:
        async with fetching(context, connector) as fetcher:
            under_way = asyncio.create_task(fetcher.run_once())
            await connector.at_half.wait()
            under_way.cancel()
            with pytest.raises(asyncio.CancelledError):
                await under_way
        connector.stalls = 0
        await fetch(context, connector, 1, clock)
    assert await read(context, file) == PNG


class FullStore(Folder):
    """Has no room for the first file that is given to it."""

    full_for: str | None = None

    async def save(self, file: str, chunks: AsyncIterator[bytes], limit: int) -> tuple[int, bytes]:
        self.full_for = self.full_for or file
        if file == self.full_for:
            raise OSError(errno.ENOSPC, "No space left on device")
        return await super().save(file, chunks, limit)


async def test_a_file_that_can_not_be_stored_breaks_no_other_fetch(
    context: Context, clock: SettableClock, tmp_path: Path
) -> None:
    """It is due again later, the others are stored; after a day it is given up, and not in the channel's name."""
    pictures = [await sends_a_picture(context, user) for user in ("ana", "ben", "cem")]
    context.store = store = FullStore(tmp_path / "full")
    async with Connector() as connector:
        await fetch(context, connector, 1, clock, minutes=0.1)
        rows = {file: await files.find(context, file) for file in pictures}
        assert store.full_for is not None
        assert {file for file in pictures if rows[file]["state"] == "stored"} == set(pictures) - {store.full_for}
        assert rows[store.full_for]["not_before"] < clock()
        clock.shift(hours=25)
        await fetch(context, connector, 1, clock)
    with pytest.raises(Gone, match="could not be stored"):
        await files.wait_for(context, store.full_for, 0)


async def test_an_outage_of_the_database_ends_no_fetch(
    context: Context, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another look at what is due fails; what is under way goes on and is stored."""
    take_due, looked = files.take_due, asyncio.Event()

    async def take_once(context: Context, limit: int) -> files.Files:
        if not connector.asked:
            return await take_due(context, limit)
        looked.set()
        raise Unavailable

    monkeypatch.setattr(files, "take_due", take_once)
    async with StallingConnector() as connector, fetching(context, connector) as fetcher:
        under_way = asyncio.create_task(fetcher.run_once())
        await looked.wait()
        connector.ended.set()
        with pytest.raises(Unavailable):
            await under_way
    assert await read(context, file) == PNG[:100]


async def test_fresh_files_come_before_those_that_were_tried(context: Context, clock: SettableClock) -> None:
    """The many of a provider that is down for a day don't hold up the others'."""
    tried = await sends_a_picture(context)
    await files.take_due(context, 8)
    clock.shift(hours=1)
    fresh = await sends_a_picture(context, "ben")
    assert [row["id"] for row in await files.take_due(context, 1)] == [fresh]
    assert [row["id"] for row in await files.take_due(context, 1)] == [tried]


async def test_who_comes_late_changes_nothing(context: Context, file: str) -> None:
    """A worker that was stopped for longer than its lock: what another one stored stays."""
    (row,) = await files.take_due(context, 8)
    await files.store_fetched(context, row, picture())
    await files.refuse(context, row, "late")
    assert await read(context, file) == PNG


def test_a_file_is_locked_for_longer_than_a_fetch_may_take() -> None:
    """Both were 60 s, so a second worker could start while the first still wrote."""
    assert FETCH.total == FETCH_SECONDS
    assert files.LOCK_MS >= FETCH_SECONDS * 1000 + 30_000


async def test_uploads_that_nobody_sent_are_dropped(context: Context, clock: SettableClock, file: str) -> None:
    """After a day; what was sent stays."""
    row = await files.find(context, file)

    conversation = await state(context, row["conversation_id"])
    kept = await files.keep(context, conversation, None, "a.png", picture())
    async with Connector() as connector:
        await fetch(context, connector, 1, clock)
    clock.shift(hours=25)
    await files.forget_unsent(context)
    assert await read(context, file) == PNG
    assert [chunk async for chunk in _missing(context, kept["id"])] == []


async def _missing(context: Context, file: str) -> AsyncIterator[bytes]:
    try:
        async for chunk in context.store.open(file):
            yield chunk
    except FileNotFoundError:
        return
