"""The calls of the Graph API: what is asked, with which token, and what its troubles become."""

import logging
from typing import Any

import pytest

from connectors.errors import ConnectorError, Gone, ProviderDown, Rejected, RetryLater, TooLarge
from connectors.model import Attachment, Outbound
from connectors.provider import Answer, Provider
from connectors.whatsapp.api import GraphApi
from connectors.whatsapp.connector import WhatsAppConnector
from connectors.whatsapp.files import PICTURE

from ..scripted_server import HANG_UP, ScriptedServer
from .our_files import OurFiles
from .payloads import NUMBER, PHONE, SECOND_NUMBER
from .two_numbers import TOKENS, refused

UPLOADED = (200, {"id": "1037543291543636"})
PHOTO = Attachment("image", "/bridge/v1/files/f1", "grüße.jpg", "image/jpeg", 3)


def message(*attachments: Attachment, account: str = NUMBER, reply_ref: str | None = None) -> Outbound:
    return Outbound("c1:12", account, PHONE, None if attachments else "Hello!", attachments, reply_ref=reply_ref)


async def send(connector: WhatsAppConnector, asked: Outbound, **files: bytes) -> str:
    (part,) = connector.parts(asked)
    return await connector.send(asked, part, OurFiles(**files))


async def test_a_message_is_posted_for_its_number(graph: ScriptedServer, connector: WhatsAppConnector) -> None:
    """With that number's token, and Meta's id of it comes back."""
    assert await send(connector, message()) == "wamid.77"
    await send(connector, message(account=SECOND_NUMBER))
    assert graph.paths() == [f"/v26.0/{NUMBER}/messages", f"/v26.0/{SECOND_NUMBER}/messages"]
    assert [call.headers["authorization"] for call in graph.calls] == [f"Bearer {token}" for token in TOKENS.values()]
    assert graph.bodies()[0]["text"] == {"body": "Hello!", "preview_url": False}


async def test_a_file_of_ours_is_uploaded_first(graph: ScriptedServer, connector: WhatsAppConnector) -> None:
    """And sent by the id that Meta gave it."""
    graph.script = [UPLOADED]
    await send(connector, message(PHOTO), f1=b"jpg")
    upload, sent = graph.bodies()
    assert graph.paths()[0] == f"/v26.0/{NUMBER}/media"
    assert upload == {
        "messaging_product": "whatsapp",
        "type": "image/jpeg",
        "file": ("file.jpg", "image/jpeg", b"jpg"),
    }
    assert sent["image"] == {"id": "1037543291543636"}


async def test_a_file_gone_or_too_large_is_not_sent(graph: ScriptedServer, connector: WhatsAppConnector) -> None:
    """Meta hears nothing of it."""
    with pytest.raises(Gone):
        await send(connector, message(PHOTO))
    with pytest.raises(TooLarge):
        await send(connector, message(PHOTO), f1=b"x" * (PICTURE.most + 1))
    assert graph.calls == []


async def test_a_file_that_is_not_taken_is_not_even_asked_for(
    graph: ScriptedServer, connector: WhatsAppConnector
) -> None:
    """Meta would only repeat its list."""
    with pytest.raises(Rejected, match=r"^WhatsApp does not take GIF pictures\.$"):
        await send(connector, message(Attachment("image", "/bridge/v1/files/f1", "a.gif", "image/gif", 3)), f1=b"gif")
    assert graph.calls == []


async def test_typing_answers_the_newest_message(graph: ScriptedServer, connector: WhatsAppConnector) -> None:
    """Without one there is nothing to show."""
    await connector.typing(message(reply_ref="wamid.9"))
    await connector.typing(message())
    assert [body["message_id"] for body in graph.bodies()] == ["wamid.9"]


@pytest.mark.parametrize(
    ("status", "code", "more", "kind"),
    [
        (400, 131056, {}, RetryLater),
        (400, 131047, {}, Rejected),
        (500, 131000, {}, ProviderDown),
        (401, 190, {"error_subcode": 463}, ProviderDown),
    ],
)
async def test_an_error_of_meta_s_is_ours(
    status: int, code: int, more: Any, kind: type[ConnectorError], graph: ScriptedServer, connector: WhatsAppConnector
) -> None:
    """Whatever it is; test_refusals.py has them all."""
    graph.script = [refused(status, code, **more)]
    with pytest.raises(kind):
        await send(connector, message())


async def test_retry_after_is_obeyed() -> None:
    """Where Meta, or a proxy, says it."""

    class Busy(Provider):
        async def call(self, method: str, url: str, **what: Any) -> Answer:
            return Answer(429, {"retry-after": "17"}, b"")

    api = GraphApi(Busy(), "https://graph.example", NUMBER, "EAAJB", "WHATSAPP_TOKEN")
    with pytest.raises(RetryLater) as later:
        await api.show_typing("wamid.9")
    assert later.value.retry_after == 17


@pytest.mark.parametrize("answer", [HANG_UP, (200, {"messages": []}), (200, []), (200, b"")])
async def test_without_an_id_nobody_knows_whether_it_was_sent(
    answer: Any, graph: ScriptedServer, connector: WhatsAppConnector
) -> None:
    """The request left, and what came back doesn't say what became of it."""
    graph.script = [answer]
    with pytest.raises(ProviderDown) as down:
        await send(connector, message())
    assert down.value.sent is None


@pytest.mark.parametrize("answer", [HANG_UP, (200, {}), (502, {}), (502, b"")])
async def test_an_upload_that_fails_sent_nothing(
    answer: Any, graph: ScriptedServer, connector: WhatsAppConnector
) -> None:
    """The message itself was never asked for."""
    graph.script = [answer]
    with pytest.raises(ProviderDown) as down:
        await send(connector, message(PHOTO), f1=b"jpg")
    assert down.value.sent is False
    assert len(graph.calls) == 1


async def test_a_refused_token_is_loud_and_not_shown(
    graph: ScriptedServer, connector: WhatsAppConnector, caplog: pytest.LogCaptureFixture
) -> None:
    """An admin reads which one it is; no message is lost meanwhile."""
    graph.script = [refused(401, 190, error_data={"details": f"Malformed access token {TOKENS[NUMBER]}"})]
    with pytest.raises(ProviderDown) as down:
        await send(connector, message())
    assert down.value.sent is False
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "accounts[0].token" in record.getMessage()
    assert TOKENS[NUMBER] not in caplog.text + str(down.value)


async def test_meta_s_own_words_carry_no_token(graph: ScriptedServer, connector: WhatsAppConnector) -> None:
    """Meta repeats what it can't read."""
    graph.script = [refused(400, 100, error_data={"details": f"Bad value {TOKENS[NUMBER]}"})]
    with pytest.raises(Rejected) as rejected:
        await send(connector, message())
    assert str(rejected.value).endswith("It says: Bad value (the token)")
