"""What the Bot API refuses, in its words: its error bodies and the checks of a call before it is accepted.

The words are those of https://github.com/tdlib/telegram-bot-api, the limits of https://core.telegram.org/bots/api.
Characters are counted as UTF-16 units: nothing passes here that Telegram might refuse.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from .ledger import Button

TEXT, CAPTION, BUTTON_BYTES, MOST_BUTTONS = 4096, 1024, 64, 100
PHOTO_BYTES, UPLOAD_BYTES, DOWNLOAD_BYTES = 10 * 1024 * 1024, 50 * 1024 * 1024, 20 * 1024 * 1024
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF")
LONGEST_SECRET, SECRET = 256, re.compile(r"[A-Za-z0-9_-]*")
LOOPBACK = ("127.0.0.1", "localhost")
CHAT_ACTIONS = {
    "typing",
    *("record_video", "record_voice", "record_audio", "record_video_note", "choose_sticker", "find_location"),
    *("upload_photo", "upload_video", "upload_voice", "upload_audio", "upload_document", "upload_video_note"),
}


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.parameters = parameters

    def answer(self) -> web.Response:
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": str(self)}
        if self.parameters:
            body["parameters"] = self.parameters
        return web.json_response(body, status=self.code)


def bad_request(description: str) -> Refused:
    return Refused(400, f"Bad Request: {description}")


def check_text(text: str) -> None:
    if not text.strip():
        raise bad_request("message text is empty")
    if _size(text) > TEXT:
        raise bad_request("message is too long")


def check_caption(caption: str) -> None:
    if _size(caption) > CAPTION:
        raise bad_request("message caption is too long")


def check_upload(kind: str, content: bytes) -> None:
    """`kind`: photo or document."""
    if not content:
        raise bad_request("file must be non-empty")
    if len(content) > UPLOAD_BYTES:
        raise Refused(413, "Request Entity Too Large")
    if kind == "photo" and len(content) > PHOTO_BYTES:
        raise bad_request(
            f"file of size {len(content)} bytes is too big for a photo; the maximum size is {PHOTO_BYTES} bytes"
        )


def check_picture(content: bytes) -> None:
    if not content.startswith(PICTURES):
        raise bad_request("IMAGE_PROCESS_FAILED")


def check_action(action: object) -> None:
    if action not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")


def check_webhook(url: str, secret: str) -> None:
    """Telegram wants https; http passes to this machine alone, as with a Bot API server of one's own."""
    found = urlsplit(url)
    if url and found.scheme != "https" and (found.scheme != "http" or found.hostname not in LOOPBACK):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if len(secret) > LONGEST_SECRET:
        raise bad_request("secret token is too long")
    if SECRET.fullmatch(secret) is None:
        raise bad_request("secret token contains unallowed characters")


def read_keyboard(markup: Any) -> list[list[Mapping[str, Any]]]:
    """The rows of an inline keyboard; it may come as JSON or as JSON in a string."""
    if isinstance(markup, str) and markup:
        try:
            markup = json.loads(markup)
        except ValueError:
            raise bad_request("can't parse reply keyboard markup JSON object") from None
    if markup in (None, ""):
        return []
    if not isinstance(markup, Mapping):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard") or []
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return rows


def read_button(entry: Any) -> Button:
    """One that opens an address or that comes back as a callback query; the other kinds are not played."""
    unreadable = "can't parse inline keyboard button: "
    if not isinstance(entry, Mapping):
        raise bad_request(f"{unreadable}InlineKeyboardButton must be an Object")
    if "text" not in entry:
        raise bad_request(f'{unreadable}Can\'t find field "text"')
    title, key, url = (str(entry.get(name) or "") for name in ("text", "callback_data", "url"))
    if not key and not url:
        raise bad_request(f"{unreadable}Text buttons are unallowed in the inline keyboard")
    if not title:
        raise bad_request("inline keyboard button text must be non-empty")
    if url and (urlsplit(url).scheme not in ("http", "https", "tg", "ton") or not urlsplit(url).netloc):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    if len(key.encode()) > BUTTON_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    return Button(title, "" if url else key, url)


def _size(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
