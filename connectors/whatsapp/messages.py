"""One message of a customer. Everything that people can read becomes text, every medium an attachment.

Of a kind that live chat has no use for (a number changed, a message taken back), `UnsupportedUpdate`. What WhatsApp
itself can't pass on (a poll, say) still shows that the customer sent something.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ..errors import UnsupportedUpdate
from ..model import Inbound, InboundAttachment
from .customers import read_customer
from .fields import field, find, objects, read_time

OUR_KEY = re.compile(r"b:\d+:(\d+|human|form)", re.ASCII)
"""The key of a button of ours; those of templates carry what their author wrote."""

Message = Mapping[str, Any]


class Content(NamedTuple):
    """What a message says, in the words of `Inbound`. `ref` is that of the other message, if it is about one."""

    kind: str = "message"
    text: str | None = None
    attachments: tuple[InboundAttachment, ...] = ()
    button: str | None = None
    ref: str | None = None


def read_message(message: Message, contacts: Sequence[Mapping[str, Any]], account: str) -> Inbound:
    """One of Meta's `messages` on the number `account`; raises UnsupportedUpdate or Malformed."""
    message_id, kind = field(message, "id", str), field(message, "type", str)
    if find(message, "group_id", str):
        raise UnsupportedUpdate("a group message")
    content = _content(kind, message)
    customer = read_customer(message, contacts)
    return Inbound(
        channel="whatsapp",
        account=account,
        external_user=customer.external_user,
        external_id=message_id,
        kind=content.kind,
        text=content.text,
        attachments=content.attachments,
        button=content.button,
        ref=content.ref or message_id,
        sent_at=read_time(message),
        profile=customer.profile,
        aliases=customer.aliases,
    )


def _content(kind: str, message: Message) -> Content:
    if kind == "unsupported" or next(objects(message, "errors"), None):
        return _not_passed_on(message)
    reader = READERS.get(kind)
    if reader is None:
        raise UnsupportedUpdate(f"a message of the kind {kind[:40]!r}")
    return reader(message)


def _not_passed_on(message: Message) -> Content:
    kind = find(message, "unsupported.type", str)
    return Content(text=f"(A message that WhatsApp does not pass on{f': {kind}' if kind else ''})")


def _text(message: Message) -> Content:
    return Content(text=field(message, "text.body", str))


def _medium(kind: str, as_kind: str) -> Callable[[Message], Content]:
    def read(message: Message) -> Content:
        return Content(
            text=find(message, f"{kind}.caption", str) or None, attachments=(_attachment(message, kind, as_kind),)
        )

    return read


def _sticker(message: Message) -> Content:
    moves = message["sticker"].get("animated") is True if find(message, "sticker", dict) else False
    return Content(attachments=(_attachment(message, "sticker", "file" if moves else "image"),))


def _attachment(message: Message, kind: str, as_kind: str) -> InboundAttachment:
    mime = find(message, f"{kind}.mime_type", str) or ""
    return InboundAttachment(
        kind=as_kind,
        ref=field(message, f"{kind}.id", str),
        name=find(message, f"{kind}.filename", str) or None,
        mime=mime.split(";")[0].strip() or None,
    )


def _location(message: Message) -> Content:
    place = f"{field(message, 'location.latitude', float):.4f}, {field(message, 'location.longitude', float):.4f}"
    called = [find(message, f"location.{name}", str) for name in ("name", "address")]
    return Content(text=", ".join([f"Location: {place}", *(each for each in called if each)]))


def _contacts(message: Message) -> Content:
    field(message, "contacts", list)
    lines = []
    for path, contact in objects(message, "contacts"):
        phones = [find(phone, "phone", str) for _, phone in objects(contact, "phones")]
        mails = [find(mail, "email", str) for _, mail in objects(contact, "emails")]
        name = find(contact, "name.formatted_name", str)
        known = [each for each in (name, *phones, *mails) if each]
        lines.append("Contact: " + (", ".join(known) or field(contact, f"{path}.name", str)))
    return Content(text="\n".join(lines))


def _interactive(message: Message) -> Content:
    if "interactive" not in message:  # then `errors` stand beside the messages
        return _not_passed_on(message)
    kind = field(message, "interactive.type", str)
    if kind not in ("button_reply", "list_reply"):
        raise UnsupportedUpdate(f"a reply of the kind {kind[:40]!r}")
    reply = f"interactive.{kind}"
    return _pressed(field(message, f"{reply}.id", str), field(message, f"{reply}.title", str))


def _button(message: Message) -> Content:
    return _pressed(find(message, "button.payload", str) or "", field(message, "button.text", str))


def _pressed(key: str, title: str) -> Content:
    """A button of ours, else the customer said what was on it."""
    if OUR_KEY.fullmatch(key) is None:
        return Content(text=title)
    return Content(kind="button", text=title, button=key)


def _reaction(message: Message) -> Content:
    emoji = find(message, "reaction.emoji", str) or None
    return Content(kind="reaction", text=emoji, ref=field(message, "reaction.message_id", str))


def _order(message: Message) -> Content:
    field(message, "order.product_items", list)
    lines = ["Order:"]
    for _, item in objects(message, "order.product_items"):
        price = f"{find(item, 'item_price', float) or 0:g} {find(item, 'currency', str) or ''}".strip()
        lines.append(f"{find(item, 'quantity', int) or 1} × {field(item, 'product_retailer_id', str)} at {price}")
    return Content(text="\n".join([*lines, find(message, "order.text", str) or ""]).strip())


def _edit(message: Message) -> Content:
    now = field(message, "edit.message", dict)
    kind = field(now, "type", str)
    text = find(now, "text.body", str) or find(now, f"{kind}.caption", str)
    if not text:
        raise UnsupportedUpdate(f"an edited {kind[:40]!r} without words")
    return Content(kind="edit", text=text, ref=field(message, "edit.original_message_id", str))


READERS: Mapping[str, Callable[[Message], Content]] = {
    "text": _text,
    "image": _medium("image", "image"),
    "document": _medium("document", "file"),
    "audio": _medium("audio", "file"),
    "video": _medium("video", "file"),
    "sticker": _sticker,
    "location": _location,
    "contacts": _contacts,
    "interactive": _interactive,
    "button": _button,
    "reaction": _reaction,
    "order": _order,
    "edit": _edit,
}
