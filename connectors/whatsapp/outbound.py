"""What we send, as Meta's requests. One message of ours becomes one or more, in an order that reads well.

- Files first, then words, and what can be pressed at the end. Words that fit are the caption of the first file when
  nothing can be pressed.
- 1 to 3 buttons become reply buttons, 4 to 10 a list, more a numbered text; one link alone a link button, links beside
  other buttons become lines of the text.
- The parts of a message are the same each time, so that a repeat can begin behind those that were taken.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..model import Attachment, Body, Button, Outbound
from ..split import shorten, size, split
from .customers import address
from .statuses import tag

TEXT = 4096
CAPTION = 1024
BODY = 1024
REPLY_BUTTONS, REPLY_TITLE = 3, 20
ROWS, ROW_TITLE, ROW_DESCRIPTION = 10, 24, 72
PICTURE_BYTES = 5 * 1024 * 1024
PICTURES = ("image/jpeg", "image/png")

NO_WORDS = "👇"
"""Above buttons that came without a text: Meta wants one, and we don't know the customer's language."""

OPEN_LIST = "☰"
"""On the button that opens a list."""


Content = tuple[str, Body, Attachment | None]
"""A `Part` without its number."""


@dataclass(frozen=True)
class Part:
    """One request: `content` is the object that Meta wants under the name `kind`. `upload` is a file of ours that Meta
    must have first; its id there goes into `content`.
    """

    number: int
    kind: str
    content: Body
    upload: Attachment | None = None


def parts_of(message: Outbound) -> list[Part]:
    """The requests for a message, within Meta's limits."""
    buttons = [button for button in message.buttons if not button.url]
    links = [button for button in message.buttons if button.url]
    alone = links[0] if len(links) == 1 and not buttons and _is_web(links[0]) else None
    text = "\n".join(
        [message.text or "", *(f"{link.title}: {link.url}" for link in links if link is not alone)]
    ).strip()
    if len(buttons) > ROWS:
        text, buttons = _numbered(text, buttons), []
    caption = text if message.attachments and not buttons and not alone and size(text) <= CAPTION else ""
    contents = [*_files(message.attachments, caption)]
    if alone or buttons:
        contents += _pressable(text, _link(alone) if alone else _choices(buttons))
    elif not caption:
        contents += [_text(piece) for piece in split(text, TEXT)]
    return [Part(number, *content) for number, content in enumerate(contents)]


def request_for(message: Outbound, part: Part, media_id: str | None = None) -> Body:
    """The body of POST /messages for one part; `media_id` is that of its `upload`."""
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **address(message.external_user),
        "type": part.kind,
        part.kind: {"id": media_id, **part.content} if media_id else part.content,
        "biz_opaque_callback_data": tag(message.message_id, part.number),
    }


def typing_request(reply_ref: str) -> Body:
    """Marks the customer's message as read and shows for 25 s, or until we answer, that somebody writes."""
    return {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": reply_ref,
        "typing_indicator": {"type": "text"},
    }


def _is_web(link: Button) -> bool:
    return (link.url or "").startswith(("https://", "http://"))


def _text(text: str) -> Content:
    return "text", {"body": text, "preview_url": "https://" in text or "http://" in text}, None


def _numbered(text: str, buttons: Sequence[Button]) -> str:
    lines = [f"{number}. {button.title}" for number, button in enumerate(buttons, 1)]
    return "\n".join([text, "", *lines] if text else lines)


def _files(attachments: Sequence[Attachment], caption: str) -> Iterator[Content]:
    for attachment in attachments:
        kind = "image" if _is_picture(attachment) else "document"
        content = {} if attachment.is_ours else {"link": attachment.url}
        if kind == "document":
            content["filename"] = attachment.name or "file"
        if caption:
            content["caption"], caption = caption, ""
        yield kind, content, attachment if attachment.is_ours else None


def _is_picture(attachment: Attachment) -> bool:
    """Whether WhatsApp shows it; other pictures go as files."""
    known = attachment.mime is None or attachment.mime in PICTURES
    return attachment.kind == "image" and known and (attachment.size or 0) <= PICTURE_BYTES


def _pressable(text: str, interactive: Body) -> Iterator[Content]:
    """Words that are too long for the body go ahead of it; their end is the body."""
    body = (split(text, BODY) or [NO_WORDS])[-1]
    for piece in split(text.removesuffix(body), TEXT):
        yield _text(piece)
    yield "interactive", {**interactive, "body": {"text": body}}, None


def _link(button: Button) -> Body:
    parameters = {"display_text": shorten(button.title, REPLY_TITLE), "url": button.url}
    return {"type": "cta_url", "action": {"name": "cta_url", "parameters": parameters}}


def _choices(buttons: Sequence[Button]) -> Body:
    if len(buttons) <= REPLY_BUTTONS:
        replies = [{"id": button.key, "title": title} for button, title in _titled(buttons, REPLY_TITLE)]
        return {"type": "button", "action": {"buttons": [{"type": "reply", "reply": reply} for reply in replies]}}
    rows = [_row(button, title) for button, title in _titled(buttons, ROW_TITLE)]
    return {"type": "list", "action": {"button": OPEN_LIST, "sections": [{"rows": rows}]}}


def _row(button: Button, title: str) -> Body:
    row = {"id": button.key, "title": title}
    if title != button.title:
        row["description"] = shorten(button.title, ROW_DESCRIPTION)
    return row


def _titled(buttons: Sequence[Button], limit: int) -> list[tuple[Button, str]]:
    """With titles that fit and differ: Meta refuses the same one twice."""
    titles = [shorten(button.title, limit) for button in buttons]
    if len(set(titles)) < len(titles):
        titles = [shorten(f"{number}. {button.title}", limit) for number, button in enumerate(buttons, 1)]
    return list(zip(buttons, titles, strict=True))
