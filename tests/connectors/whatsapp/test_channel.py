"""WhatsApp's channel in Rasa's web server: from a webhook to the service, and from the service to the Graph API."""

import asyncio
import logging
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from rasa.core.run import _create_single_channel
from rasa.shared.exceptions import RasaException

from connectors import provider
from connectors.channel import LiveChatChannel
from connectors.whatsapp.channel import WhatsAppChannel

from ..fake_service import TOKEN, FakeService
from ..rasa_server import RasaServer, Reply, rasa_server
from ..scripted_server import NO_ANSWER, ScriptedServer
from .payloads import NUMBER, PHONE, SECOND_NUMBER, USER_ID, raw
from .two_numbers import NUMBERS, SECRETS, TOKENS, VERIFY_TOKENS, credentials, refused, signature

PATH = "connectors.whatsapp.channel.WhatsAppChannel"
DELIVER: dict[str, Any] = {
    "message_id": "c1:12",
    "account": NUMBER,
    "conversation_id": "c1",
    "external_user": PHONE,
    "text": "Hi",
}
HANDSHAKE = f"webhook?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={VERIFY_TOKENS[SECOND_NUMBER]}"


class Stage(NamedTuple):
    """Rasa with two numbers, the Graph API and the service."""

    server: RasaServer
    graph: ScriptedServer
    service: FakeService

    async def webhook(self, name: str, secret: str = SECRETS[NUMBER]) -> Reply:
        headers = {"X-Hub-Signature-256": signature(raw(name), secret)}
        return await self.server.post("webhook", data=raw(name), headers=headers)

    async def deliver(self, **changes: Any) -> Reply:
        return await self.server.post("deliver", {**DELIVER, **changes})


@pytest.fixture
def stage(
    loop: asyncio.AbstractEventLoop, service: FakeService, graph: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stage]:
    """All of them, running."""
    monkeypatch.setenv("LIVECHAT_BRIDGE_TOKEN", TOKEN)
    monkeypatch.setenv("LIVECHAT_URL", service.url)
    with rasa_server(loop, WhatsAppChannel.from_credentials(credentials(graph.url))) as server:
        yield Stage(server, graph, service)


async def test_a_webhook_reaches_the_service_in_order(stage: Stage) -> None:
    """Messages and statuses; what is of no use or of another number costs them nothing."""
    assert (await stage.webhook("several")).status == 200
    assert [path for path, _ in stage.service.calls] == ["inbound", "inbound", "receipts"]
    assert [body["text"] for body in stage.service.bodies("inbound")] == ["first", "second"]
    assert stage.service.bodies("inbound")[1]["aliases"] == ["4915112345678"]
    assert {**stage.service.bodies("receipts")[0], "external_id": "", "at": ""} == {
        "channel": "whatsapp",
        "account": NUMBER,
        "external_id": "",
        "message_id": "01HZY3V5:12",
        "round": 0,
        "part": 0,
        "status": "read",
        "at": "",
    }


@pytest.mark.parametrize("secret", ["", "another", SECRETS[NUMBER] + "x"])
@pytest.mark.promise("channels", "2b")
async def test_without_the_signature_nothing_is_kept(
    secret: str, stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """401, and no word of the body in the log."""
    assert (await stage.webhook("text", secret)).status == 401
    assert (await stage.server.post("webhook", data=raw("text"), headers={})).status == 401
    assert stage.service.calls == []
    assert "another color" not in caplog.text


async def test_an_app_speaks_for_its_own_numbers_alone(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """The other app's secret signs nothing for this number: 200, a line, nothing kept."""
    caplog.set_level(logging.INFO)
    assert (await stage.webhook("text", SECRETS[SECOND_NUMBER])).status == 200
    assert stage.service.calls == []
    assert "whatsapp: nothing is done with a number that is not ours" in caplog.text


@pytest.mark.parametrize("name", ["revoke", "group", "template_status", "flow_reply", "system_number"])
async def test_what_is_of_no_use_is_acknowledged(name: str, stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """200 and a line with its kind."""
    caplog.set_level(logging.INFO)
    assert (await stage.webhook(name)).status == 200
    assert stage.service.calls == []
    assert "whatsapp: nothing is done with" in caplog.text


async def test_a_signed_body_that_is_none_is_malformed(stage: Stage) -> None:
    """400."""
    headers = {"X-Hub-Signature-256": signature(b'{"object": 1}')}
    assert (await stage.server.post("webhook", data=b'{"object": 1}', headers=headers)).status == 400


async def test_meta_s_handshake_is_answered(stage: Stage) -> None:
    """With the challenge as plain text; 403 for whoever doesn't know a verify token."""
    assert await stage.server.get(HANDSHAKE) == (200, b"1158201444")
    assert (await stage.server.get(HANDSHAKE + "x")).status == 403
    assert (await stage.server.get("webhook")).status == 403


@pytest.mark.parametrize(("user", "field"), [(PHONE, "to"), (USER_ID, "recipient")])
async def test_a_reply_goes_to_the_customer(user: str, field: str, stage: Stage) -> None:
    """By phone number or user id, each in its own field."""
    reply = await stage.deliver(external_user=user)
    assert reply == (200, {"external_ids": ["wamid.77"], "parts_done": 1, "complete": True})
    (body,) = stage.graph.bodies()
    assert (body[field], body["biz_opaque_callback_data"]) == (user, "c1:12/0")
    assert ("to" in body, "recipient" in body) == (field == "to", field == "recipient")


async def test_a_closed_window_is_told(stage: Stage) -> None:
    """422: the service knows what to do by the code, the agent by the words."""
    stage.graph.script = [refused(400, 131047)]
    reply = await stage.deliver()
    assert (reply.status, reply.body["code"], reply.body["parts_done"]) == (422, "window_closed", 0)
    assert "24 hours" in reply.body["message"]


async def test_a_part_that_fails_in_the_middle(stage: Stage) -> None:
    """The next try goes on with it."""
    stage.graph.script = [(200, {"messages": [{"id": "wamid.1"}]}), refused(400, 131056)]
    long = "a" * 4000 + "\n\n" + "b" * 4000
    reply = await stage.deliver(text=long)
    assert (reply.status, reply.body["parts_done"], reply.body["retry_after"]) == (429, 1, 6)
    assert (await stage.deliver(text=long)).body["external_ids"] == ["wamid.1", "wamid.77"]
    assert [body["biz_opaque_callback_data"] for body in stage.graph.bodies()] == ["c1:12/0", "c1:12/1", "c1:12/1"]


async def test_a_time_out_is_ambiguous(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """504: the status that comes back with our tag will tell."""
    monkeypatch.setattr(provider, "ANSWER_TIMEOUT", 0.2)
    stage.graph.script = [NO_ANSWER]
    reply = await stage.deliver()
    assert (reply.status, reply.body["code"], reply.body["parts_done"]) == (504, "unknown", 0)


async def test_a_refused_token_fails_no_message(stage: Stage) -> None:
    """503: it goes out when an admin has renewed the token."""
    stage.graph.script = [refused(401, 190)]
    assert (await stage.deliver()).status == 503
    assert (await stage.deliver()).status == 200


async def test_a_photo_of_an_agent_is_uploaded(stage: Stage) -> None:
    """Fetched from the service, which alone has it."""
    stage.service.files["7"] = b"a photo"
    stage.graph.script = [(200, {"id": "104"})]
    attachment = {"kind": "image", "url": "/bridge/v1/files/7", "name": "kit.jpg", "mime": "image/jpeg", "size": 7}
    assert (await stage.deliver(attachments=[attachment])).status == 200
    upload, sent = stage.graph.bodies()
    assert upload["file"] == ("file.jpg", "image/jpeg", b"a photo")
    assert sent["image"] == {"id": "104", "caption": "Hi"}


async def test_a_photo_of_a_customer_is_passed_on(stage: Stage) -> None:
    """Without the address at which Meta keeps it, and not beyond the size asked for."""
    found = (200, {"url": f"{stage.graph.url}/x", "mime_type": "image/png"})
    wanted = {"account": NUMBER, "ref": "1003383421387256", "max_bytes": 7}
    stage.graph.script = [found, (200, b"a photo"), found, (200, b"a larger photo")]
    assert await stage.server.post("media", wanted) == (200, b"a photo")
    assert (await stage.server.post("media", wanted)).status == 413


async def test_typing_is_shown(stage: Stage) -> None:
    """Under the customer's newest message, which is read then."""
    assert (await stage.deliver(text=None, typing=True, reply_ref="wamid.9")).status == 200
    (body,) = stage.graph.bodies()
    assert (body["status"], body["message_id"]) == ("read", "wamid.9")


async def test_no_secret_is_anywhere(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """Neither in an answer nor in a log, whatever goes wrong."""
    caplog.set_level(logging.DEBUG)
    told = [await stage.webhook("text", "guess"), await stage.server.get(HANDSHAKE + "x")]
    leak = {"error_data": {"details": f"Malformed access token {TOKENS[NUMBER]}"}}
    for number, status in enumerate((400, 401, 403, 429, 500)):
        stage.graph.script = [refused(status, 190 if status == 401 else 100, **leak)] * 2
        told.append(await stage.deliver(message_id=f"c1:{number}"))
        told.append(await stage.server.post("media", {"account": NUMBER, "ref": "1", "max_bytes": 1}))
    await stage.graph.stop()
    told.append(await stage.deliver(message_id="c1:9"))
    assert {reply.status for reply in told} == {401, 403, 410, 422, 429, 503}
    shown = f"{told}{caplog.text}"
    assert not [secret for secret in (*TOKENS.values(), *SECRETS.values(), "verify-me") if secret in shown]


def test_rasa_finds_the_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one number in the environment and nothing in credentials.yml."""
    monkeypatch.setenv("LIVECHAT_BRIDGE_TOKEN", "a-token")
    for key, value in NUMBERS[0].items():
        monkeypatch.setenv(f"WHATSAPP_{key.upper()}", value)
    channel = _create_single_channel(PATH, None)  # type: ignore[arg-type]
    assert isinstance(channel, LiveChatChannel)
    assert channel.name() == "whatsapp"


@pytest.mark.promise("channels", "2b")
def test_a_missing_secret_refuses_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rasa says which one."""
    monkeypatch.setenv("LIVECHAT_BRIDGE_TOKEN", "a-token")
    with pytest.raises(RasaException, match=r"accounts\[0\].app_secret is not set"):
        _create_single_channel(PATH, {"accounts": [{**NUMBERS[0], "app_secret": ""}]})
