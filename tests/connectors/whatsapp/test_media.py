"""Customers' files, from Meta through us."""

from typing import Any

import pytest

from connectors.errors import ConnectorError, Gone, ProviderDown, RetryLater
from connectors.whatsapp.api import GraphApi
from connectors.whatsapp.connector import WhatsAppConnector

from ..scripted_server import HANG_UP, ScriptedServer
from .payloads import NUMBER
from .two_numbers import TOKENS, refused


async def read(connector: WhatsAppConnector, ref: str = "1003383421387256") -> tuple[str, int | None, bytes]:
    async with connector.media(NUMBER, ref) as media:
        return media.mime, media.size, b"".join([chunk async for chunk in media.chunks])


def found(graph: ScriptedServer) -> tuple[int, Any]:
    """Where Meta says that a file is."""
    return 200, {"url": f"{graph.url}/file?ext=1", "mime_type": "image/png", "file_size": 7, "id": "1003383421387256"}


async def test_a_file_is_found_and_read(graph: ScriptedServer, connector: WhatsAppConnector) -> None:
    """Its address is asked for, and both calls carry the token."""
    graph.script = [found(graph), (200, b"picture")]
    assert await read(connector) == ("image/png", 7, b"picture")
    assert graph.paths() == [f"/v26.0/1003383421387256?phone_number_id={NUMBER}", "/file?ext=1"]
    assert [call.headers["authorization"] for call in graph.calls] == [f"Bearer {TOKENS[NUMBER]}"] * 2
    assert all(call.headers["user-agent"] for call in graph.calls)


@pytest.mark.parametrize("ref", ["../me", "..", "", "1?fields=x", "1/2", "1#", "ü", " 1"])
async def test_a_hostile_id_reaches_no_address(ref: str, graph: ScriptedServer, connector: WhatsAppConnector) -> None:
    """It is part of one."""
    with pytest.raises(Gone):
        await read(connector, ref)
    assert graph.calls == []


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ([refused(400, 100, error_subcode=33)], Gone),
        ([refused(401, 190)], ProviderDown),
        ([(429, {})], RetryLater),
        ([(500, {})], ProviderDown),
        ([(200, {})], ProviderDown),
        ([HANG_UP], ProviderDown),
        ([None, (404, {})], Gone),
        ([None, (410, {})], Gone),
        ([None, (401, {})], ProviderDown),
        ([None, (302, {})], ProviderDown),
        ([None, (503, {})], ProviderDown),
    ],
)
async def test_a_file_that_can_t_be_had(
    answers: list[Any], kind: type[ConnectorError], graph: ScriptedServer, connector: WhatsAppConnector
) -> None:
    """Gone for good, or worth another try."""
    graph.script = [answer or found(graph) for answer in answers]
    with pytest.raises(kind):
        await read(connector)


@pytest.mark.parametrize(
    ("url", "is_meta"),
    [
        ("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1", True),
        ("https://scontent.xx.fbcdn.net/v/x", True),
        ("https://mmg.whatsapp.net/x", True),
        ("http://lookaside.fbsbx.com/x", False),
        ("https://fbsbx.com.evil.example/x", False),
        ("https://evilfbsbx.com/x", False),
        ("https://evil.example/?x=.fbsbx.com", False),
        ("https://lookaside.fbsbx.com@evil.example/x", False),
        ("https://api.example/v26.0/x", False),
        ("https://api.example:8443/file", True),
        ("http://api.example:8443/file", False),
        ("https://169.254.169.254/latest", False),
        ("file:///etc/passwd", False),
        ("https://[::1", False),
        ("", False),
    ],
)
def test_the_token_goes_to_meta_alone(url: str, is_meta: bool) -> None:
    """Or to the API that an admin has configured."""
    api = GraphApi(None, "https://api.example:8443/v26.0", NUMBER, "EAAJB", "WHATSAPP_TOKEN")  # type: ignore[arg-type]
    assert api._is_meta(url) is is_meta


async def test_an_address_elsewhere_is_not_called(graph: ScriptedServer, connector: WhatsAppConnector) -> None:
    """Whoever names it."""
    graph.script = [(200, {"url": "http://127.0.0.1:9/x"})]
    with pytest.raises(ProviderDown, match="not its own"):
        await read(connector)
