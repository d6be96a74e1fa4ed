"""The calls of Meta's Graph API for one number, with its errors as ours.

The token goes to the API and to hosts of Meta alone, and into no error or log: Meta repeats malformed tokens in its
messages, so it is taken out of every answer before that is read.
"""

import logging
import mimetypes
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from ..base import Files, Media
from ..errors import ConnectorError, Gone, ProviderDown, Rejected
from ..model import Attachment, Body, Outbound
from ..provider import Answer, Provider, pieces
from .fields import find, objects
from .files import DOCUMENT, type_of, way_of
from .outbound import Part, request_for, typing_request
from .refusals import is_access, refusal

logger = logging.getLogger(__name__)

DEFAULT_URL = "https://graph.facebook.com/v26.0"
MEDIA_ID = re.compile(r"[A-Za-z0-9_-]+")
FILE_HOSTS = ("facebook.com", "fbsbx.com", "fbcdn.net", "whatsapp.net")
"""Where Meta keeps customers' files; they want the token, too."""


class GraphApi:
    """One number. `token_name` is how an admin knows the token: the variable, or its place in credentials.yml.

    Calls raise RetryLater, Rejected or ProviderDown.
    """

    def __init__(self, provider: Provider, url: str, account: str, token: str, token_name: str) -> None:
        self._provider = provider
        self._url = url
        self._account = account
        self._token = token
        self._token_name = token_name

    async def send(self, message: Outbound, part: Part, files: Files) -> str:
        """Send one part; gives its id at WhatsApp. Raises Gone and TooLarge for a file of ours, too."""
        if part.refused is not None:
            raise Rejected("rejected", part.refused)
        media_id = None if part.upload is None else await self._upload(part.upload, files)
        said = await self._call("POST", f"{self._account}/messages", body=request_for(message, part, media_id))
        _, sent = next(objects(said, "messages"), ("", {}))
        external_id = find(sent, "id", str)
        if not external_id:
            raise ProviderDown("WhatsApp's answer has no id of the message", sent=None)
        return external_id

    async def show_typing(self, reply_ref: str) -> None:
        """Mark the customer's message `reply_ref` as read, and show for a while that somebody writes."""
        await self._call("POST", f"{self._account}/messages", body=typing_request(reply_ref))

    @asynccontextmanager
    async def open(self, media_id: str) -> AsyncIterator[Media]:
        """Download a customer's file; WhatsApp keeps them for a week. Raises Gone, too."""
        if MEDIA_ID.fullmatch(media_id) is None:
            raise Gone("WhatsApp has no such file")
        answer = await self._ask("GET", f"{media_id}?phone_number_id={self._account}")
        if answer.status in (400, 404) and find(answer.json(), "error.code", int) == 100:
            raise Gone("WhatsApp has no such file any more")
        found = self._result(answer)
        url = find(found, "url", str) or ""
        if not self._is_meta(url):
            raise ProviderDown("WhatsApp names an address for a file that is not its own")
        async with self._provider.open(url, {**self._bearer(), "Accept-Encoding": "identity"}) as response:
            if response.status != 200:
                raise _no_download(response.status)
            mime = find(found, "mime_type", str) or response.content_type
            yield Media(mime, response.content_length, pieces(response))

    async def _upload(self, file: Attachment, files: Files) -> str:
        """Give Meta a file of ours. Whatever goes wrong here, the customer got nothing."""
        content = await files.read_file(file.url, (way_of(file) or DOCUMENT).most)
        mime = _mime(file)
        form = aiohttp.FormData({"messaging_product": "whatsapp", "type": mime})
        name = f"file{mimetypes.guess_extension(mime) or ''}"
        form.add_field("file", content, filename=name, content_type=mime)
        try:
            said = await self._call("POST", f"{self._account}/media", form=form, upload=len(content))
        except ProviderDown as reason:
            raise ProviderDown(str(reason)) from None
        if media_id := find(said, "id", str):
            return media_id
        raise ProviderDown("WhatsApp's answer has no id of the file")

    async def _call(self, method: str, address: str, **what: Any) -> Body:
        return self._result(await self._ask(method, address, **what))

    async def _ask(self, method: str, address: str, **what: Any) -> Answer:
        answer = await self._provider.call(method, f"{self._url}/{address}", headers=self._bearer(), **what)
        return answer._replace(body=answer.body.replace(self._token.encode(), b"(the token)"))

    def _result(self, answer: Answer) -> Body:
        if 200 <= answer.status < 300:
            return answer.json()
        error = find(answer.json(), "error", dict)
        code, subcode = find(error or {}, "code", int), find(error or {}, "error_subcode", int)
        if error is not None and is_access(answer.status, code, subcode):
            logger.error(
                "whatsapp: Meta refuses our access to number %s (HTTP %s, code %s). Its messages wait until %s or the "
                "rights of its user are renewed at Meta.",
                self._account,
                answer.status,
                code,
                self._token_name,
            )
        raise refusal(answer.status, error, answer.headers.get("retry-after"))

    def _bearer(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    def _is_meta(self, url: str) -> bool:
        """Whether a file's address may be called, and with our token: the configured API's, or https at Meta's."""
        try:
            parts, api = urlsplit(url), urlsplit(self._url)
            if (parts.scheme, parts.hostname, parts.port) == (api.scheme, api.hostname, api.port):
                return True
        except ValueError:
            return False
        return parts.scheme == "https" and f".{parts.hostname}".endswith(tuple(f".{host}" for host in FILE_HOSTS))


def _no_download(status: int) -> ConnectorError:
    if status in (404, 410):
        return Gone("WhatsApp has no such file any more")
    return refusal(status, None, None)


def _mime(file: Attachment) -> str:
    mime = type_of(file)
    return mime if mime and mime.isascii() and mime.isprintable() and "/" in mime else "application/octet-stream"
