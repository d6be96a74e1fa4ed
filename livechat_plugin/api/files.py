"""Files go in as raw bodies and come out as streams: what is a picture is shown, everything else is saved.

What must hold: nothing of a file is trusted (its type is what its bytes say, it runs nothing, it is never framed), and
only who may read the conversation gets it: the team by cookie, the customer by a signed address, Rasa by the bearer.
"""

from collections.abc import AsyncIterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from sanic import Request
from sanic.http import Http
from sanic.response import ResponseStream
from sqlalchemy import RowMapping

from ..domain.media import IMAGES
from ..errors import NotFound
from ..ids import ConversationId
from ..usecases import files
from ..usecases.read_conversation import find
from ..wire.common import NO_NUL, Uploaded
from .call import Call
from .pace import FILES
from .routing import Routes

WAIT_SECONDS = 20.0
"""How long a file that is on its way from its provider is waited for."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=86400, immutable",
    "Referrer-Policy": "no-referrer",
}


class UploadQuery(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=255, pattern=NO_NUL)]


class AddressQuery(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    until: Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]
    key: Annotated[str, msgspec.Meta(min_length=32, max_length=32)]


team = Routes("/api/v1", "agent")
visitors = Routes("/widget/v1", "visitor")
rasa = Routes("/bridge/v1", "bridge")


@team("POST", "/conversations/<conversation_id:str>/files", Uploaded, action="write", query=UploadQuery, upload=True)
async def upload(call: Call) -> Uploaded:
    """Upload a file for a conversation: the body is the file, `name` its name."""
    conversation = await find(call.services.context, ConversationId(call.params["conversation_id"]))
    row = await files.keep(call.services.context, conversation, call.agent["id"], call.query.name, _body(call.request))
    return _uploaded(row, call.services.context.links.for_team(row["id"]))


@visitors("POST", "/files", Uploaded, query=UploadQuery, upload=True)
async def upload_as_visitor(call: Call) -> Uploaded:
    """Upload a file for the visitor's conversation: the body is the file, `name` its name."""
    call.services.pace.check(FILES, call.conversation["id"])
    row = await files.keep(call.services.context, call.conversation, None, call.query.name, _body(call.request))
    return _uploaded(row, call.services.context.links.for_customer(row["id"]))


def _uploaded(row: RowMapping, url: str) -> Uploaded:
    named = {name: row[name] for name in ("id", "kind", "name", "mime", "size")}
    return Uploaded(url=url, **named)


async def _body(request: Request) -> AsyncIterator[bytes]:
    stream = request.stream
    assert isinstance(stream, Http), "the route is a streaming one"
    while (chunk := await stream.read()) is not None:
        yield chunk


@team("GET", "/files/<file:str>", None, action="see_conversations")
async def download(call: Call) -> ResponseStream:
    """A file of a conversation."""
    return await _send(call, call.params["file"])


@visitors("GET", "/files/<file:str>", None, who="anyone", query=AddressQuery)
async def download_as_visitor(call: Call) -> ResponseStream:
    """A file of the visitor's conversation, by its signed address."""
    if not call.services.context.links.is_customers(call.params["file"], call.query.until, call.query.key):
        raise NotFound("file")
    return await _send(call, call.params["file"], {"Cross-Origin-Resource-Policy": "cross-origin"})


@rasa("GET", "/files/<file:str>", None)
async def download_as_rasa(call: Call) -> ResponseStream:
    """A file that a connector delivers."""
    return await _send(call, call.params["file"])


async def _send(call: Call, file: str, headers: Mapping[str, str] = MappingProxyType({})) -> ResponseStream:
    row = await files.wait_for(call.services.context, file, WAIT_SECONDS)
    chunks = call.services.context.store.open(row["id"])
    try:
        first = await anext(chunks, b"")
    except FileNotFoundError as error:
        raise NotFound("file") from error

    async def write(response: Any) -> None:
        await response.write(first)
        async for chunk in chunks:
            await response.write(chunk)

    shown = "inline" if row["mime"] in IMAGES else "attachment"
    named = {
        "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(row['name'], safe='')}",
        "Content-Length": str(row["size"]),
    }
    return ResponseStream(write, headers={**HEADERS, **headers, **named}, content_type=row["mime"])
