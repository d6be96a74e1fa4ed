"""Files of customers come through the connector: later than the message, checked, or refused in words."""

from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web

from livechat_plugin.delivery.media import MediaFetcher
from livechat_plugin.delivery.rasa import Rasa
from livechat_plugin.errors import Gone, Unavailable
from livechat_plugin.usecases import files
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.receive import Said, receive

from .connector_server import ConnectorServer
from .world import SettableClock, log_of, state

PNG = b"\x89PNG\r\n\x1a\n" + bytes(500)


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


@pytest.fixture
async def file(context: Context) -> str:
    """The id of a picture that a customer has just sent on Telegram."""
    offered = [{"kind": "image", "ref": "provider-id", "name": None, "mime": "image/jpeg", "size": 12}]
    said = Said(channel="telegram", account="shop", external_user="ana", external_id="u1", offered=offered)
    received = await receive(context, said)
    sent: str = (await log_of(context, received.conversation))[-1]["body"]["attachments"][0]["id"]
    return sent


async def fetch(context: Context, connector: Connector, rounds: int, clock: SettableClock) -> None:
    rasa = Rasa(f"http://127.0.0.1:{connector.port}", "token")
    fetcher = MediaFetcher(context, rasa)
    for _ in range(rounds):
        await fetcher.run_once()
        clock.shift(seconds=600)
    await rasa.close()


async def read(context: Context, file: str) -> bytes:
    row = await files.wait_for(context, file, 0)
    return b"".join([chunk async for chunk in context.store.open(row["id"])])


async def test_a_picture_follows_its_message(context: Context, clock: SettableClock, file: str) -> None:
    """The message is there at once; the bytes come, and are what they are (not what was declared)."""
    with pytest.raises(Unavailable):
        await files.wait_for(context, file, 0)
    async with Connector() as connector:
        await fetch(context, connector, 1, clock)
    assert connector.asked == [{"account": "shop", "ref": "provider-id", "max_bytes": 10_000_000}]
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
        (lambda: Connector(404), "no more"),
        (lambda: Connector(413), "too large"),
        (lambda: Connector(content=b"<svg/>"), "Files of this kind"),
        (lambda: Connector(*[503] * 20), "did not give"),
    ],
    ids=["gone", "too large", "not taken", "never"],
)
async def test_a_file_that_can_not_be_had_says_why(
    context: Context, clock: SettableClock, file: str, connector: Callable[[], Connector], why: str
) -> None:
    """The agent reads a reason instead of waiting for ever; nothing is kept."""
    async with connector() as asked:
        await fetch(context, asked, files.FETCH_TRIES, clock)
    with pytest.raises(Gone, match=why):
        await files.wait_for(context, file, 0)


async def test_uploads_that_nobody_sent_are_dropped(context: Context, clock: SettableClock, file: str) -> None:
    """After a day; what was sent stays."""
    row = await files.find(context, file)

    async def chunks() -> AsyncIterator[bytes]:
        yield PNG

    conversation = await state(context, row["conversation_id"])
    kept = await files.keep(context, conversation, None, "a.png", chunks())
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
