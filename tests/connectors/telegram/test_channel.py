"""Telegram's channel in Rasa's web server: from a webhook to the service, and from the service to the Bot API."""

import asyncio
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from rasa.core.run import _create_single_channel
from rasa.shared.exceptions import RasaException

from connectors import provider
from connectors.channel import LiveChatChannel
from connectors.telegram.channel import TelegramChannel

from ..fake_service import TOKEN, FakeService
from ..rasa_server import RasaServer, Reply, rasa_server
from ..scripted_server import NO_ANSWER, ScriptedServer, scripted_server
from ..waiting import until

PAYLOADS = Path(__file__).parent / "payloads"
PATH = "connectors.telegram.channel.TelegramChannel"
SECRETS = {"1110001": "first-secret", "1110002": "second-secret"}
BOT_TOKENS = {"1110001": "1110001:AAF-first", "1110002": "1110002:AAF-second"}
BOTS = [{"token": BOT_TOKENS[account], "secret": SECRETS[account]} for account in SECRETS]
DELIVER: dict[str, Any] = {
    "message_id": "c1:12",
    "account": "1110001",
    "conversation_id": "c1",
    "external_user": "7012345",
    "text": "Hi",
}


class Stage(NamedTuple):
    """Rasa with two bots, the Bot API and the service."""

    server: RasaServer
    api: ScriptedServer
    service: FakeService

    async def webhook(self, name: str, account: str = "1110001") -> Reply:
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRETS[account]}
        return await self.server.post("webhook", data=(PAYLOADS / f"{name}.json").read_bytes(), headers=headers)

    async def deliver(self, **changes: Any) -> Reply:
        return await self.server.post("deliver", {**DELIVER, **changes})


@pytest.fixture
def stage(loop: asyncio.AbstractEventLoop, service: FakeService, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """All of them, running."""
    monkeypatch.setenv("LIVECHAT_BRIDGE_TOKEN", TOKEN)
    monkeypatch.setenv("LIVECHAT_URL", service.url)
    with scripted_server(loop, (200, {"ok": True, "result": {"message_id": 77}})) as api:
        channel = TelegramChannel.from_credentials({"accounts": BOTS, "api_url": api.url})
        with rasa_server(loop, channel) as server:
            yield Stage(server, api, service)


async def test_the_secret_says_for_which_bot_it_is(stage: Stage) -> None:
    """One route for all bots."""
    for account in SECRETS:
        assert (await stage.webhook("text", account)).status == 200
    assert [body["account"] for body in stage.service.bodies("inbound")] == list(SECRETS)


@pytest.mark.parametrize("secret", [None, "", "third-secret", "first-secre", "ü"])
@pytest.mark.promise("channels", "2b")
async def test_without_the_secret_nothing_is_kept(secret: str | None, stage: Stage) -> None:
    """401 for whoever is not Telegram."""
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
    reply = await stage.server.post("webhook", data=(PAYLOADS / "text.json").read_bytes(), headers=headers)
    assert (reply.status, stage.service.calls) == (401, [])


async def test_a_press_is_acknowledged(stage: Stage) -> None:
    """By the bot whose button it was, after the service has it."""
    assert (await stage.webhook("button", "1110002")).status == 200
    await until(lambda: stage.api.calls)
    assert stage.service.bodies("inbound")[0]["button"] == "b:12:0"
    assert stage.api.paths() == ["/bot1110002:AAF-second/answerCallbackQuery"]
    assert stage.api.bodies() == [{"callback_query_id": "30117804310987234"}]


async def test_a_press_that_isnt_stored_is_not_acknowledged(stage: Stage) -> None:
    """Telegram repeats it."""
    stage.service.faults = [503] * 100
    assert (await stage.webhook("button")).status == 503
    assert stage.api.calls == []


async def test_a_press_that_cant_be_acknowledged_is_stored(stage: Stage) -> None:
    """Too old for Telegram, but not for us."""
    said = {"ok": False, "error_code": 400, "description": "Bad Request: query is too old"}
    stage.api.script = [(400, said)]
    assert (await stage.webhook("button")).status == 200
    assert len(stage.service.bodies("inbound")) == 1


async def test_channel_posts_are_left(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """200 and a line with the kind, without what it says."""
    caplog.set_level(logging.INFO)
    assert (await stage.webhook("channel_post")).status == 200
    assert stage.service.calls == []
    assert "telegram: nothing is done with channel_post" in caplog.text
    assert "New in the shop" not in caplog.text


async def test_each_bot_sends_with_its_own_token(stage: Stage) -> None:
    """The account says which."""
    for number, account in enumerate(SECRETS):
        reply = await stage.deliver(account=account, message_id=f"c1:{number}")
        assert reply == (200, {"external_ids": ["77"], "parts_done": 1, "complete": True})
    assert stage.api.paths() == [f"/bot{token}/sendMessage" for token in BOT_TOKENS.values()]


async def test_a_part_that_fails_in_the_middle(stage: Stage) -> None:
    """The next try goes on with it."""
    busy = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 3}}
    stage.api.script = [(200, {"ok": True, "result": {"message_id": 1}}), (429, busy)]
    long = "a" * 4000 + "\n\n" + "b" * 4000
    reply = await stage.deliver(text=long)
    assert (reply.status, reply.body["parts_done"], reply.body["retry_after"]) == (429, 1, 3)
    assert (await stage.deliver(text=long)).body == {"external_ids": ["1", "77"], "parts_done": 2, "complete": True}
    assert [body["text"][0] for body in stage.api.bodies()] == ["a", "b", "b"]


async def test_a_time_out_is_ambiguous(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """504: the service decides whether to try again, and shows that it may have been sent twice."""
    monkeypatch.setattr(provider, "ANSWER_TIMEOUT", 0.2)
    stage.api.script = [NO_ANSWER]
    reply = await stage.deliver()
    assert (reply.status, reply.body["code"], reply.body["parts_done"]) == (504, "unknown", 0)
    assert "AAF-first" not in json.dumps(reply.body)


async def test_typing_is_shown(stage: Stage) -> None:
    """As a chat action."""
    assert (await stage.deliver(text=None, typing=True)).status == 200
    assert stage.api.paths() == ["/bot1110001:AAF-first/sendChatAction"]
    assert stage.api.bodies() == [{"chat_id": "7012345", "action": "typing"}]


async def test_a_photo_of_an_agent_is_uploaded(stage: Stage) -> None:
    """Fetched from the service, which alone has it."""
    stage.service.files["7"] = b"a photo"
    attachment = {"kind": "image", "url": "/bridge/v1/files/7", "name": "kit.jpg", "mime": "image/jpeg", "size": 7}
    assert (await stage.deliver(attachments=[attachment])).status == 200
    assert stage.api.bodies()[0]["photo"] == ("kit.jpg", "image/jpeg", b"a photo")


async def test_a_photo_of_a_customer_is_passed_on(stage: Stage) -> None:
    """Without the address at which Telegram keeps it."""
    stage.api.script = [(200, {"ok": True, "result": {"file_path": "photos/file_9.jpg"}}), (200, b"a photo")]
    wanted = {"account": "1110001", "ref": "AgAC", "max_bytes": 10}
    assert await stage.server.post("media", wanted) == (200, b"a photo")


async def test_the_token_is_nowhere(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """Neither in an answer nor in a log, whatever goes wrong."""
    caplog.set_level(logging.DEBUG)
    told = []
    for number, status in enumerate((400, 401, 403, 429, 500)):
        stage.api.script = [(status, {"ok": False, "error_code": status, "description": "no"})] * 2
        told.append(await stage.deliver(message_id=f"c1:{number}"))
        told.append(await stage.server.post("media", {"account": "1110001", "ref": "x", "max_bytes": 1}))
    await stage.api.stop()
    told.append(await stage.deliver(message_id="c1:9"))
    assert {reply.status for reply in told} == {410, 422, 429, 503}
    assert "AAF" not in f"{told}{caplog.text}"
    assert "secret" not in f"{told}{caplog.text}"


def test_rasa_finds_the_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one bot in the environment and nothing in credentials.yml."""
    monkeypatch.setenv("LIVECHAT_BRIDGE_TOKEN", "a-token")
    monkeypatch.setenv("TELEGRAM_TOKEN", BOT_TOKENS["1110001"])
    monkeypatch.setenv("TELEGRAM_SECRET", "first-secret")
    channel = _create_single_channel(PATH, None)  # type: ignore[arg-type]
    assert isinstance(channel, LiveChatChannel)
    assert channel.name() == "telegram"


@pytest.mark.parametrize(
    ("bots", "says"),
    [
        ([{**BOTS[0], "token": "AAF-first"}], r"accounts\[0\].token is malformed"),
        ([{**BOTS[0], "secret": "with spaces"}], r"accounts\[0\].secret is malformed"),
        ([BOTS[0], {**BOTS[1], "secret": "first-secret"}], r"accounts\[1\].secret must differ"),
        ([BOTS[0], {**BOTS[0], "secret": "x"}], r"accounts\[1\].token is of a bot that stands here twice"),
        ([{**BOTS[0], "groups": "yes"}], r"accounts\[0\].groups must be true or false"),
        ([{**BOTS[0], "group": True}], r"accounts\[0\].group is not known"),
    ],
)
@pytest.mark.promise("channels", "2b")
def test_a_wrong_set_up_refuses_to_start(
    bots: list[dict[str, Any]], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rasa says which entry it is, and shows no secret."""
    monkeypatch.setenv("LIVECHAT_BRIDGE_TOKEN", "a-token")
    with pytest.raises(RasaException, match=says) as refused:
        _create_single_channel(PATH, {"accounts": bots})
    assert "AAF-" not in str(refused.value).replace("AAF…", "")


def test_another_api_server_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Bot API server of one's own; what is no address is refused."""
    monkeypatch.setenv("LIVECHAT_BRIDGE_TOKEN", "a-token")
    monkeypatch.setenv("TELEGRAM_API_URL", "api.telegram.org")
    with pytest.raises(RasaException, match=r"TELEGRAM_API_URL is 'api.telegram.org', which is no http\(s\) address"):
        _create_single_channel(PATH, {"accounts": BOTS})
