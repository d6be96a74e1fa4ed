"""Reads what the service posts to Rasa's side. Whatever a newer service adds is left; what is wrong is named."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from .errors import Malformed
from .model import Attachment, Button, Delivery, HistoryLine, Outbound, Resume, Turn


class MediaRequest(NamedTuple):
    """A customer's file that the service wants: `ref` is the provider's id of it."""

    account: str
    ref: str
    max_bytes: int


def read_turn(body: Any) -> Turn:
    """The turn in a body of the service; raises Malformed naming the field. What a newer service adds is left."""
    body = mapping(body, "body")
    message = mapping(body.get("message"), "message")
    resume = body.get("resume")
    return Turn(
        id=required(body, "turn", str),
        account=required(body, "account", str),
        conversation_id=required(body, "conversation_id", str),
        epoch=required(body, "epoch", int),
        text=message.get("text"),
        payload=message.get("payload"),
        attachments=tuple(_attachment(entry) for entry in _list(message, "attachments")),
        history=tuple(_line(entry) for entry in _list(body, "history")),
        resume=None if resume is None else _resume(mapping(resume, "resume")),
        attempt=_count(body, "attempt"),
    )


def read_delivery(body: Any) -> Delivery:
    """The message in a body of the service; raises Malformed naming the field."""
    body = mapping(body, "body")
    message = Outbound(
        message_id=required(body, "message_id", str),
        account=required(body, "account", str),
        external_user=required(body, "external_user", str),
        text=_optional(body, "text"),
        attachments=tuple(_attachment(entry) for entry in _list(body, "attachments")),
        buttons=tuple(_button(entry) for entry in _list(body, "buttons")),
        reply_ref=_optional(body, "reply_ref"),
        round=_count(body, "round"),
    )
    return Delivery(message, _count(body, "from_part"), typing=body.get("typing") is True)


def read_media_request(body: Any) -> MediaRequest:
    """Which file the service wants; raises Malformed naming the field."""
    body = mapping(body, "body")
    return MediaRequest(required(body, "account", str), required(body, "ref", str), required(body, "max_bytes", int))


def required(body: Mapping[str, Any], name: str, kind: type) -> Any:
    """The field `name`, which must be there and of type `kind`."""
    value = body.get(name)
    if not isinstance(value, kind) or isinstance(value, bool) or value == "":
        raise Malformed(f"{name}: expected {'a number' if kind is int else 'a text'}")
    return value


def mapping(value: Any, name: str) -> Mapping[str, Any]:
    """`value`, which must be an object; `name` is for the message."""
    if not isinstance(value, dict):
        raise Malformed(f"{name}: expected an object")
    return value


def _optional(body: Mapping[str, Any], name: str) -> str | None:
    return None if body.get(name) in (None, "") else str(required(body, name, str))


def _count(body: Mapping[str, Any], name: str) -> int:
    value: int = 0 if body.get(name) is None else required(body, name, int)
    if value < 0:
        raise Malformed(f"{name}: expected a number from 0")
    return value


def _list(body: Mapping[str, Any], name: str) -> list[Any]:
    value = body.get(name) or []
    if not isinstance(value, list):
        raise Malformed(f"{name}: expected a list")
    return value


def _attachment(value: Any) -> Attachment:
    entry = mapping(value, "attachments")
    return Attachment(
        kind=required(entry, "kind", str),
        url=required(entry, "url", str),
        name=entry.get("name"),
        mime=entry.get("mime"),
        size=entry.get("size"),
    )


def _button(value: Any) -> Button:
    entry = mapping(value, "buttons")
    return Button(required(entry, "key", str), _optional(entry, "title") or "…", _optional(entry, "url"))


def _line(value: Any) -> HistoryLine:
    entry = mapping(value, "history")
    return HistoryLine(
        id=required(entry, "id", str),
        actor=required(entry, "actor", str),
        name=entry.get("name"),
        text=str(entry.get("text") or ""),
        at=required(entry, "at", str),
    )


def _resume(entry: Mapping[str, Any]) -> Resume:
    mode = required(entry, "mode", str)
    if mode not in ("fresh", "continue"):
        raise Malformed("resume.mode: expected fresh or continue")
    slots = entry.get("slots")
    return Resume(
        id=required(entry, "id", str), mode=mode, slots=mapping({} if slots is None else slots, "resume.slots")
    )
