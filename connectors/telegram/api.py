"""The calls of the Bot API, with its errors as ours. https://core.telegram.org/bots/api#making-requests

The token is part of every URL, so no URL appears in an error or a log.
"""

import json
import logging
import mimetypes
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from ..base import Files, Media
from ..errors import ConnectorError, Gone, ProviderDown, Rejected, RetryLater, TooLarge
from ..provider import Answer, Provider, pieces
from .parts import UPLOADED_FILE_BYTES, UPLOADED_PHOTO_BYTES, Part, as_document, as_text

logger = logging.getLogger(__name__)

DEFAULT_URL = "https://api.telegram.org"
DEFAULT_PAUSE = 5.0
"""Seconds to wait where Telegram doesn't say for how long."""

UNKNOWN_TOKEN = (401, 404)
"""Revoked, or never one: the token is part of every address."""

CANT_FETCH = ("failed to get http url content", "wrong file identifier", "wrong type of the web page content")
"""How Telegram says that it got nothing of use from an address."""


CANT_SHOW = ("photo_invalid_dimensions", "image_process_failed", "photo_ext_invalid", "photo_save_file_invalid")
"""How Telegram says that a picture is none that it shows; it takes it as a document."""


class BotApi:
    """The Bot API as one bot sees it. `token_name` is how an admin knows its token: the variable, or its place in
    credentials.yml. Raises RetryLater, Rejected and ProviderDown.
    """

    def __init__(self, provider: Provider, url: str, token: str, token_name: str) -> None:
        self._provider = provider
        self._url = url
        self._token = token
        self._token_name = token_name
        self._known = True

    async def send(self, part: Part, files: Files) -> str:
        """Send one part; gives the id of the message in its chat."""
        if part.file is None:
            result = await self.call(part.method, part.fields)
        elif part.file.is_ours:
            result = await self._upload(part, files)
        else:
            result = await self._pass_address(part)
        return str(result.get("message_id", ""))

    async def call(self, method: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """Call a method; gives its result where that is an object."""
        return self._result(await self._provider.call("POST", self._address(method), body=dict(fields)))

    @asynccontextmanager
    async def open(self, file_id: str) -> AsyncIterator[Media]:
        """Download a customer's file; Telegram gives at most 20 MB. Raises Gone and TooLarge, too."""
        try:
            found = await self.call("getFile", {"file_id": file_id})
        except Rejected as reason:
            raise _no_file(reason) from None
        path = str(found.get("file_path") or "")
        if not path:
            raise Gone("Telegram has no such file any more")
        async with self._provider.open(f"{self._url}/file/bot{self._token}/{path}") as response:
            if response.status != 200:
                raise _no_download(response.status)
            mime = mimetypes.guess_type(path)[0] or "application/octet-stream"
            yield Media(mime, response.content_length, pieces(response))

    async def _upload(self, part: Part, files: Files) -> Mapping[str, Any]:
        assert part.file is not None
        most = UPLOADED_PHOTO_BYTES if part.field == "photo" else UPLOADED_FILE_BYTES
        content = await files.read_file(part.file.url, most)
        try:
            return await self._post_file(part, content)
        except Rejected as reason:
            if not _says(reason, CANT_SHOW):
                raise
        return await self._post_file(as_document(part), content)

    async def _post_file(self, part: Part, content: bytes) -> Mapping[str, Any]:
        form = aiohttp.FormData(quote_fields=False)
        for name, value in part.fields.items():
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
        form.add_field(part.field, content, filename=_file_name(part), content_type=_mime(part))
        address = self._address(part.method)
        return self._result(await self._provider.call("POST", address, form=form, upload=len(content)))

    async def _pass_address(self, part: Part) -> Mapping[str, Any]:
        """Let Telegram fetch a public file; where it can't, the customer gets the words and the address."""
        assert part.file is not None
        try:
            return await self.call(part.method, {**part.fields, part.field: part.file.url})
        except Rejected as reason:
            if not _says(reason, CANT_FETCH):
                raise
        instead = as_text(part)
        return await self.call(instead.method, instead.fields)

    def _address(self, method: str) -> str:
        return f"{self._url}/bot{self._token}/{method}"

    def _result(self, answer: Answer) -> Mapping[str, Any]:
        self._note_access(answer.status)
        said = answer.json()
        if answer.status == 200 and said.get("ok") is True:
            result = said.get("result")
            return result if isinstance(result, dict) else {}
        raise _refusal(answer.status, said)

    def _note_access(self, status: int) -> None:
        """Said when it is lost, not for each message that waits for it."""
        known, self._known = self._known, status not in UNKNOWN_TOKEN
        if known and not self._known:
            logger.error(
                "telegram: Telegram does not know the token of bot %s (HTTP %s). Its messages wait until %s is "
                "renewed.",
                self._token.partition(":")[0],
                status,
                self._token_name,
            )


def _refusal(status: int, said: Mapping[str, Any]) -> ConnectorError:
    description = str(said.get("description") or f"HTTP {status}")[:200]
    if status == 429:
        return RetryLater(_pause(said), "Telegram wants fewer messages for a while.")
    if status == 403:
        return Rejected("blocked", _why_blocked(description))
    if status in UNKNOWN_TOKEN:  # put right in credentials.yml, so nothing is given up for it
        return ProviderDown(f"Telegram does not know this bot's token ({description}). An admin must renew it.")
    if 400 <= status < 500:
        return Rejected("rejected", f"Telegram refused the message: {description}")
    if status == 200:
        return ProviderDown("Telegram's answer can't be read", sent=None)
    return ProviderDown(f"Telegram has a fault of its own ({description})")


def _says(reason: Rejected, words: tuple[str, ...]) -> bool:
    return any(word in str(reason).lower() for word in words)


def _pause(said: Mapping[str, Any]) -> float:
    parameters = said.get("parameters")
    pause = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return float(pause) if isinstance(pause, (int, float)) else DEFAULT_PAUSE


def _why_blocked(description: str) -> str:
    words = description.lower()
    if "deactivated" in words:
        return "The customer's Telegram account no longer exists."
    if "initiate" in words:
        return "The customer must write to the bot on Telegram first."
    if "kicked" in words or "not a member" in words:
        return "The bot was removed from this Telegram group."
    return "The customer has blocked the bot on Telegram."


def _no_file(reason: Rejected) -> ConnectorError:
    if "too big" in str(reason).lower():
        return TooLarge("Telegram gives bots files of at most 20 MB")
    return Gone("Telegram has no such file any more")


def _no_download(status: int) -> ConnectorError:
    return Gone("Telegram has no such file any more") if status == 404 else ProviderDown(f"Telegram said HTTP {status}")


def _file_name(part: Part) -> str:
    """The file's name without what would break a header."""
    name = (part.file.name if part.file else None) or "file"
    return "".join(char for char in name if char.isprintable() and char not in '"\\/')[:100] or "file"


def _mime(part: Part) -> str:
    mime = part.file.mime if part.file else None
    return mime if mime and mime.isascii() and mime.isprintable() and "/" in mime else "application/octet-stream"
