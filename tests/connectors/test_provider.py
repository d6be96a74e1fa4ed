"""Calls of a provider that fail: whether it may have acted on them, and what may not be said."""

import asyncio
import logging
import socket
from collections.abc import Iterator

import pytest

from connectors import provider
from connectors.errors import ProviderDown
from connectors.provider import Provider, pieces

from .scripted_server import HANG_UP, NO_ANSWER, ScriptedServer, scripted_server

SECRET = "bot123:VERY-SECRET"


@pytest.fixture
def server(loop: asyncio.AbstractEventLoop) -> Iterator[ScriptedServer]:
    """Something that answers."""
    with scripted_server(loop, (200, {"ok": True})) as made:
        yield made


@pytest.fixture
def client(loop: asyncio.AbstractEventLoop) -> Iterator[Provider]:
    """The client under test."""
    made = Provider()
    yield made
    loop.run_until_complete(made.close())


async def test_any_status_is_an_answer(server: ScriptedServer, client: Provider) -> None:
    """Who called knows what it means."""
    server.script = [(503, {"why": "busy"}), (200, b"no json"), (200, b"[1]")]
    first = await client.call("POST", f"{server.url}/{SECRET}", body={"a": 1})
    assert (first.status, first.json()) == (503, {"why": "busy"})
    assert (await client.call("GET", server.url)).json() == {}
    assert (await client.call("GET", server.url)).json() == {}
    assert server.bodies() == [{"a": 1}, None, None]


async def test_a_redirect_is_not_followed(server: ScriptedServer, client: Provider) -> None:
    """It would carry the token to wherever it leads."""
    server.script = [(302, {})]
    assert (await client.call("GET", server.url)).status == 302
    assert server.paths() == ["/"]


async def test_without_a_connection_nothing_was_sent(client: Provider) -> None:
    """Nobody listens: it can be tried again."""
    with pytest.raises(ProviderDown) as down:
        await client.call("POST", f"http://127.0.0.1:9/{SECRET}", body={})
    assert down.value.sent is False


async def test_a_connection_that_isnt_made_in_time_sent_nothing(
    client: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time for it ends before the time for the answer."""
    monkeypatch.setattr(provider, "CONNECT_TIMEOUT", 0.1)
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        others = [socket.socket() for _ in range(3)]
        for other in others:
            other.setblocking(False)
            other.connect_ex(full.getsockname())
        with pytest.raises(ProviderDown) as down:
            await client.call("POST", f"http://127.0.0.1:{full.getsockname()[1]}/{SECRET}", body={})
        for other in others:
            other.close()
    assert down.value.sent is False


@pytest.mark.parametrize("fault", [NO_ANSWER, HANG_UP])
async def test_once_the_bytes_left_nobody_knows(
    fault: str, server: ScriptedServer, client: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A time-out or a reset after the request may have been an acceptance."""
    monkeypatch.setattr(provider, "ANSWER_TIMEOUT", 0.2)
    server.script = [fault]
    with pytest.raises(ProviderDown) as down:
        await client.call("POST", f"{server.url}/{SECRET}", body={})
    assert down.value.sent is None
    assert len(server.calls) == 1


async def test_no_error_and_no_log_says_the_url(
    server: ScriptedServer, client: Provider, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It may hold a token; not even as the cause of an error, which a traceback would show."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(provider, "ANSWER_TIMEOUT", 0.2)
    server.script = [NO_ANSWER, HANG_UP]
    for url in (server.url, server.url, "http://127.0.0.1:9", "http://", "http://127.0.0.1:x"):
        with pytest.raises(ProviderDown) as down:
            await client.call("POST", f"{url}/{SECRET}", body={})
        with pytest.raises(ProviderDown) as broken:
            async with client.open(f"{url if url != server.url else 'http://127.0.0.1:9'}/{SECRET}"):
                pass
        for error in (down.value, broken.value):
            assert error.__suppress_context__
            assert "SECRET" not in f"{error} {error.__cause__}"
    assert "SECRET" not in caplog.text


async def test_a_download_comes_in_pieces(server: ScriptedServer, client: Provider) -> None:
    """Never the whole file at once."""
    server.script = [(200, b"x" * 300_000)]
    async with client.open(server.url) as response:
        got = [piece async for piece in pieces(response)]
    assert b"".join(got) == b"x" * 300_000
    assert max(map(len, got)) <= provider.CHUNK


async def test_one_session_serves_all_calls(server: ScriptedServer, client: Provider) -> None:
    """No connection is set up for each message; after closing a new one is made."""
    await client.call("GET", server.url)
    session = client._session
    await client.call("GET", server.url)
    assert client._session is session
    await client.close()
    await client.close()
    assert (await client.call("GET", server.url)).status == 200
