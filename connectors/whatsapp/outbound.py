"""What we send, as Meta's requests. One message of ours becomes one or more, in an order that reads well.

- Files first, then words, and what can be pressed at the end. Words that fit are the caption of the first file when
  nothing can be pressed and the file is one of ours: whether Meta takes one from a public address shows only later, and
  then its words would be lost with it.
- A file that WhatsApp does not take is a part of its own, ahead of all others, that nobody sends.
- 1 to 3 buttons become reply buttons, 4 to 10 a list, more a numbered text; one link alone a link button, links beside
  other buttons become lines of the text.
- The parts of a message are the same each time, so that a repeat can begin behind those that were taken.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..model import Attachment, Body, Button, Outbound
from ..split import shorten, size, split
from .customers import address
from .files import way_of, why_not
from .statuses import tag

TEXT = 4096
CAPTION = 1024
BODY = 1024
REPLY_BUTTONS, REPLY_TITLE = 3, 20
ROWS, ROW_TITLE, ROW_DESCRIPTION = 10, 24, 72

NO_WORDS = "👇"
"""Above buttons that came without a text: Meta wants one, and we don't know the customer's language."""

OPEN_LIST = "☰"
"""On the button that opens a list."""


Content = tuple[str, Body, Attachment | None]
"""A `Part` without its number."""


@dataclass(frozen=True)
class Part:
    """One request: `content` is the object that Meta wants under the name `kind`. `upload` is a file of ours that Meta
    must have first; its id there goes into `content`. `refused` says why there is no request: the file is left out.
    """

    number: int
    kind: str
    content: Body
    upload: Attachment | None = None
    refused: str | None = None


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
    refused = [why for file in message.attachments if (why := why_not(file))]
    files = [file for file in message.attachments if not why_not(file)]
    caption = text if files and not buttons and not alone and _takes_words(files[0], text) else ""
    contents = [*_files(files, caption)]
    if alone or buttons:
        contents += _pressable(text, _link(alone) if alone else _choices(buttons))
    elif not caption:
        contents += [_text(piece) for piece in split(text, TEXT)]
    left_out = [Part(number, "document", {}, refused=why) for number, why in enumerate(refused)]
    return left_out + [Part(number, *content) for number, content in enumerate(contents, len(left_out))]


def without_file(part: Part) -> Part | None:
    """What is left when Meta refuses the file of `part`: the words under it, or nothing. A part without one stays."""
    if part.kind in ("text", "interactive"):
        return part
    caption = part.content.get("caption")
    return Part(part.number, *_text(caption)) if caption else None


def request_for(message: Outbound, part: Part, media_id: str | None = None) -> Body:
    """The body of POST /messages for one part; `media_id` is that of its `upload`."""
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **address(message.external_user),
        "type": part.kind,
        part.kind: {"id": media_id, **part.content} if media_id else part.content,
        "biz_opaque_callback_data": tag(message, part.number, without_file(part) is None),
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


def _files(files: Sequence[Attachment], caption: str) -> Iterator[Content]:
    for file in files:
        way = way_of(file)
        assert way is not None, "a file that is refused is left out before"
        content: Body = {} if file.is_ours else {"link": file.url}
        if way.kind == "document":
            content["filename"] = file.name or "file"
        if caption:
            content["caption"], caption = caption, ""
        yield way.kind, content, file if file.is_ours else None


def _takes_words(file: Attachment, text: str) -> bool:
    way = way_of(file)
    return file.is_ours and way is not None and way.takes_words and size(text) <= CAPTION


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
