"""Cuts one message into calls of the Bot API that keep within its limits. Pure.

Words go first: as the caption of the first file where they fit, else as messages of their own. Buttons stand under the
last part. No markup is used, so nothing that an agent writes can break it.

Limits: https://core.telegram.org/bots/api#sending-files, #sendmessage. They are in "characters"; counted here as UTF-16
units, which are never fewer than what Telegram counts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from ..model import Attachment, Button, Outbound
from ..split import size, split

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
MOST_BUTTONS = 100

PHOTO_TYPES = {None, "image/jpeg", "image/png", "image/webp"}
UPLOADED_PHOTO_BYTES = 10_000_000
UPLOADED_FILE_BYTES = 50_000_000
FETCHED_FILES = {".pdf", ".zip", ".gif"}
"""Documents that Telegram fetches from an address; of all others it wants the bytes."""

NO_WORDS = "…"
"""What stands above buttons alone: Telegram wants a text."""


@dataclass(frozen=True)
class Part:
    """One call: `method` with `fields`, and the file that goes into the field `field`."""

    method: str
    fields: Mapping[str, Any]
    field: str = ""
    file: Attachment | None = None


def parts(message: Outbound) -> list[Part]:
    """The calls for one message, in order."""
    made = list(_parts(message))
    if message.buttons:
        made = made or [_text(message, NO_WORDS)]
        keyboard = {"inline_keyboard": [[_button(button)] for button in message.buttons[:MOST_BUTTONS]]}
        made[-1] = replace(made[-1], fields={**made[-1].fields, "reply_markup": keyboard})
    return made


def as_text(part: Part) -> Part:
    """A file that Telegram could not fetch from its address: the words of its part, and the address."""
    address = part.file.url if part.file else ""
    words = "\n".join(line for line in (part.fields.get("caption"), address) if line)
    kept = {name: part.fields[name] for name in ("chat_id", "reply_markup") if name in part.fields}
    return Part("sendMessage", {**kept, "text": words})


def without_file(part: Part) -> Part | None:
    """What is left when Telegram refuses the file of `part`: its words and buttons. One without a file is whole."""
    if part.file is None:
        return part
    kept = {name: part.fields[name] for name in ("chat_id", "reply_markup") if name in part.fields}
    caption = part.fields.get("caption")
    if caption is None and "reply_markup" not in kept:
        return None
    return Part("sendMessage", {**kept, "text": caption or NO_WORDS})


def as_document(part: Part) -> Part:
    """A picture that Telegram does not show: the same file to download."""
    return replace(part, method="sendDocument", field="document")


def _parts(message: Outbound) -> Iterator[Part]:
    text = (message.text or "").strip()
    fits = bool(message.attachments) and 0 < size(text) <= CAPTION_LIMIT
    if not fits:
        yield from (_text(message, piece) for piece in split(text, TEXT_LIMIT))
    for at, attachment in enumerate(message.attachments):
        yield _file(message, attachment, text if fits and at == 0 else "")


def _text(message: Outbound, text: str) -> Part:
    return Part("sendMessage", {"chat_id": message.external_user, "text": text})


def _file(message: Outbound, attachment: Attachment, caption: str) -> Part:
    fields = {"chat_id": message.external_user, **({"caption": caption} if caption else {})}
    if _is_photo(attachment):
        return Part("sendPhoto", fields, "photo", attachment)
    part = Part("sendDocument", fields, "document", attachment)
    return part if attachment.is_ours or _suffix(attachment) in FETCHED_FILES else as_text(part)


def _is_photo(attachment: Attachment) -> bool:
    small = attachment.size is None or attachment.size <= UPLOADED_PHOTO_BYTES
    return attachment.kind == "image" and attachment.mime in PHOTO_TYPES and small


def _suffix(attachment: Attachment) -> str:
    return PurePosixPath(urlsplit(attachment.url).path).suffix.lower()


def _button(button: Button) -> dict[str, str]:
    action = {"url": button.url} if button.url else {"callback_data": button.key}
    return {"text": button.title, **action}
