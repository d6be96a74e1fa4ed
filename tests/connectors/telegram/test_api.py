"""The calls of the Bot API, what becomes of its errors, and that its token stays here."""

import asyncio
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from connectors import provider
from connectors.errors import ConnectorError, Gone, ProviderDown, Rejected, RetryLater, TooLarge
from connectors.model import Attachment, Button, Outbound
from connectors.provider import Provider
from connectors.telegram.api import BotApi
from connectors.telegram.parts import parts

from ..scripted_server import HANG_UP, NO_ANSWER, Script, ScriptedServer, scripted_server

TOKEN = "1110001:AAF-very_SECRET"
SENT = {"ok": True, "result": {"message_id": 77, "chat": {"id": 7012345}}}
PICTURE = Attachment("image", "/bridge/v1/files/7", 'kit "1".jpg', "image/jpeg", 5)
PUBLIC = Attachment("image", "https://shop.example/kit.jpg")
BUTTONS = (Button("b:12:0", "Trail kettle"),)
KEYBOARD = {"inline_keyboard": [[{"text": "Trail kettle", "callback_data": "b:12:0"}]]}


class OurFiles:
    """The service's files."""

    async def read_file(self, path: str, max_bytes: int) -> bytes:
        assert path == PICTURE.url
        if max_bytes < 10_000_000:
            raise TooLarge("too large")
        return b"bytes"


@pytest.fixture
def server(loop: asyncio.AbstractEventLoop) -> Iterator[ScriptedServer]:
    """A Bot API that takes everything."""
    with scripted_server(loop, (200, SENT)) as made:
        yield made


@pytest.fixture
def api(loop: asyncio.AbstractEventLoop, server: ScriptedServer) -> Iterator[BotApi]:
    """One bot of it."""
    http = Provider()
    yield BotApi(http, server.url, TOKEN, "TELEGRAM_TOKEN")
    loop.run_until_complete(http.close())


async def send(api: BotApi, text: str | None = "Hi", **more: Any) -> str:
    (part,) = parts(Outbound("c1:12", "1110001", "7012345", text=text, **more))
    return await api.send(part, OurFiles())


def refusal(code: int, description: str, **parameters: Any) -> Script:
    said: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return (code, {**said, "parameters": parameters} if parameters else said)


async def test_a_text_is_sent(api: BotApi, server: ScriptedServer) -> None:
    """The id is that of the message in its chat."""
    assert await send(api, buttons=BUTTONS) == "77"
    assert server.paths() == [f"/bot{TOKEN}/sendMessage"]
    assert server.bodies() == [{"chat_id": "7012345", "text": "Hi", "reply_markup": KEYBOARD}]


async def test_a_file_of_the_service_is_uploaded(api: BotApi, server: ScriptedServer) -> None:
    """As a form, with name and type, and nothing in the name that breaks a header."""
    assert await send(api, "Your kit", attachments=(PICTURE,), buttons=BUTTONS) == "77"
    (call,) = server.calls
    assert call.path == f"/bot{TOKEN}/sendPhoto"
    assert call.body == {
        "chat_id": "7012345",
        "caption": "Your kit",
        "reply_markup": json.dumps(KEYBOARD),
        "photo": ("kit 1.jpg", "image/jpeg", b"bytes"),
    }


@pytest.mark.parametrize("name", ["Übersicht 💡.jpg", "a\r\nb.jpg", "../../x.jpg", "", None, "x" * 500])
async def test_any_file_name_is_sent(name: str | None, api: BotApi, server: ScriptedServer) -> None:
    """Names are hostile input."""
    await send(api, None, attachments=(Attachment("image", PICTURE.url, name, "image/jpeg"),))
    filename, mime, content = server.bodies()[0]["photo"]
    assert (mime, content) == ("image/jpeg", b"bytes")
    assert filename
    assert len(filename) <= 100
    assert not set(filename) & set('\r\n"/\\')
    if name and name.isprintable() and len(name) < 100 and "/" not in name:
        assert filename == name


@pytest.mark.parametrize("mime", ["image/jpeg", "text/html\r\nX: y", "nonsense", None])
async def test_any_type_is_sent(mime: str | None, api: BotApi, server: ScriptedServer) -> None:
    """And types."""
    await send(api, None, attachments=(Attachment("file", PICTURE.url, "x", mime),))
    assert server.bodies()[0]["document"][1] == (mime if mime == "image/jpeg" else "application/octet-stream")


async def test_a_public_picture_is_passed_as_its_address(api: BotApi, server: ScriptedServer) -> None:
    """Telegram fetches it."""
    await send(api, "Your kit", attachments=(PUBLIC,))
    assert server.bodies() == [{"chat_id": "7012345", "caption": "Your kit", "photo": PUBLIC.url}]


async def test_an_address_that_telegram_cant_fetch_is_sent_as_words(api: BotApi, server: ScriptedServer) -> None:
    """The customer gets the caption and the address instead of nothing."""
    server.script = [refusal(400, "Bad Request: failed to get HTTP URL content")]
    assert await send(api, "Your kit", attachments=(PUBLIC,)) == "77"
    assert server.bodies()[1] == {"chat_id": "7012345", "text": "Your kit\nhttps://shop.example/kit.jpg"}


async def test_a_picture_that_telegram_wont_show_is_sent_as_a_document(api: BotApi, server: ScriptedServer) -> None:
    """A very long screenshot arrives, too."""
    server.script = [refusal(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")]
    assert await send(api, None, attachments=(PICTURE,)) == "77"
    assert server.paths()[1] == f"/bot{TOKEN}/sendDocument"
    assert server.bodies()[1]["document"] == ("kit 1.jpg", "image/jpeg", b"bytes")


REFUSALS: list[tuple[Script, type[ConnectorError], str]] = [
    (refusal(429, "Too Many Requests: retry after 7", retry_after=7), RetryLater, "fewer messages"),
    (refusal(429, "Too Many Requests"), RetryLater, "fewer messages"),
    (refusal(403, "Forbidden: bot was blocked by the user"), Rejected, "The customer has blocked the bot on Telegram."),
    (refusal(403, "Forbidden: user is deactivated"), Rejected, "no longer exists"),
    (refusal(403, "Forbidden: bot can't initiate conversation with a user"), Rejected, "must write to the bot"),
    (refusal(403, "Forbidden: bot was kicked from the supergroup chat"), Rejected, "removed from this Telegram group"),
    (
        refusal(400, "Bad Request: chat not found"),
        Rejected,
        "Telegram refused the message: Bad Request: chat not found",
    ),
    (refusal(413, "Request Entity Too Large"), Rejected, "Too Large"),
    (refusal(401, "Unauthorized"), ProviderDown, "token"),
    (refusal(404, "Not Found"), ProviderDown, "token"),
    (refusal(500, "Internal Server Error"), ProviderDown, "fault of its own"),
    ((502, b"<html>bad gateway</html>"), ProviderDown, "HTTP 502"),
    ((302, b""), ProviderDown, "HTTP 302"),
]


@pytest.mark.parametrize(("answer", "error", "says"), REFUSALS)
async def test_a_refusal_is_worded(
    answer: Script, error: type[ConnectorError], says: str, api: BotApi, server: ScriptedServer
) -> None:
    """For the agent who reads it; what was answered with an error was not sent."""
    server.script = [answer]
    with pytest.raises(error, match=says) as refused:
        await send(api)
    assert not isinstance(refused.value, ProviderDown) or refused.value.sent is False


async def test_a_pause_is_as_long_as_telegram_says(api: BotApi, server: ScriptedServer) -> None:
    """Without a word of it, a few seconds."""
    server.script = [REFUSALS[0][0], REFUSALS[1][0]]
    pauses = []
    for _ in range(2):
        with pytest.raises(RetryLater) as later:
            await send(api)
        pauses.append(later.value.retry_after)
    assert pauses == [7.0, 5.0]


async def test_blocked_has_a_code_of_its_own(api: BotApi, server: ScriptedServer) -> None:
    """The service switches on it."""
    server.script = [REFUSALS[2][0], REFUSALS[6][0]]
    codes = []
    for _ in range(2):
        with pytest.raises(Rejected) as rejected:
            await send(api)
        codes.append(rejected.value.code)
    assert codes == ["blocked", "rejected"]


@pytest.mark.parametrize("answer", [NO_ANSWER, HANG_UP, (200, b"<html>"), (200, {"ok": False})])
async def test_no_usable_answer_may_have_been_taken(
    answer: Script, api: BotApi, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A time-out, a reset, or a success that can't be read."""
    monkeypatch.setattr(provider, "ANSWER_TIMEOUT", 0.2)
    server.script = [answer]
    with pytest.raises(ProviderDown) as down:
        await send(api)
    assert down.value.sent is None


async def test_a_customers_file_is_downloaded(api: BotApi, server: ScriptedServer) -> None:
    """Asked for by its id; the type is guessed from the path."""
    server.script = [(200, {"ok": True, "result": {"file_path": "photos/file_9.jpg"}}), (200, b"a photo")]
    async with api.open("AgAC") as media:
        got = b"".join([chunk async for chunk in media.chunks])
    assert (media.mime, media.size, got) == ("image/jpeg", 7, b"a photo")
    assert server.paths() == [f"/bot{TOKEN}/getFile", f"/file/bot{TOKEN}/photos/file_9.jpg"]
    assert server.bodies()[0] == {"file_id": "AgAC"}


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ([refusal(400, "Bad Request: file is too big")], TooLarge),
        ([refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")], Gone),
        ([(200, {"ok": True, "result": {"file_id": "AgAC"}})], Gone),
        ([(200, {"ok": True, "result": {"file_path": "x"}}), (404, b"")], Gone),
        ([(200, {"ok": True, "result": {"file_path": "x"}}), (500, b"")], ProviderDown),
        ([HANG_UP], ProviderDown),
    ],
)
async def test_a_file_that_cant_be_had(
    script: list[Script], error: type[ConnectorError], api: BotApi, server: ScriptedServer
) -> None:
    """Too large, gone, or not now."""
    server.script = script
    with pytest.raises(error):
        async with api.open("AgAC"):
            pass


async def test_the_token_is_in_no_error_and_no_log(
    api: BotApi, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Though it is part of every address."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(provider, "ANSWER_TIMEOUT", 0.2)
    said = [repr(api)]
    for answer in [answer for answer, _, _ in REFUSALS] + [NO_ANSWER, HANG_UP]:
        server.script = [answer]
        with pytest.raises(ConnectorError) as refused:
            await send(api)
        said += [str(refused.value), repr(refused.value.__cause__)]
    assert "SECRET" not in " ".join(said) + caplog.text


@pytest.mark.parametrize("status", [401, 404])
async def test_a_revoked_token_is_loud_once_and_not_shown(
    status: int, api: BotApi, server: ScriptedServer, caplog: pytest.LogCaptureFixture
) -> None:
    """An admin reads which one it is; again only when it was good in between."""
    lost = refusal(status, "Unauthorized")
    server.script = [lost, lost, (200, SENT), lost]
    for script in [*server.script]:
        if script is lost:
            with pytest.raises(ProviderDown, match="An admin must renew it"):
                await send(api)
        else:
            await send(api)
    loud = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert len(loud) == 2
    assert "bot 1110001" in loud[0]
    assert "TELEGRAM_TOKEN" in loud[0]
    assert "very_SECRET" not in caplog.text
