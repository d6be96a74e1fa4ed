"""The words of this side: what a provider tells us, what we send, and the turn that the service asks for.

The bodies that cross to the service are written down in tests/contract/; `as_body` makes ours, `read_turn` takes its.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from .errors import Malformed

Body = dict[str, Any]


def as_body(thing: Any) -> Body:
    """One of the dataclasses below as JSON for the bridge, without what is not known."""
    return asdict(thing, dict_factory=lambda pairs: {key: value for key, value in pairs if value not in (None, [], ())})


@dataclass(frozen=True)
class Profile:
    """What the provider says about a customer."""

    name: str | None = None
    username: str | None = None
    phone: str | None = None
    locale: str | None = None


@dataclass(frozen=True)
class InboundAttachment:
    """A picture or file of a customer; `ref` is the provider's id of it, never a URL that carries a secret."""

    kind: str
    ref: str
    name: str | None = None
    mime: str | None = None
    size: int | None = None


@dataclass(frozen=True)
class Inbound:
    """One thing a customer did. `external_id` is the provider's id of it: the same twice is stored once."""

    channel: str
    account: str
    external_user: str
    external_id: str
    kind: str
    text: str | None = None
    attachments: tuple[InboundAttachment, ...] = ()
    button: str | None = None
    ref: str | None = None
    group: str | None = None
    sent_at: str | None = None
    profile: Profile | None = None


@dataclass(frozen=True)
class Receipt:
    """How far the provider got with a message of ours; `message_id` is `<conversation>:<seq>`."""

    channel: str
    account: str
    status: str
    at: str
    external_id: str | None = None
    message_id: str | None = None
    error: str | None = None


@dataclass(frozen=True)
class Button:
    """A choice under a message; `key` comes back when it is pressed."""

    key: str
    title: str


@dataclass(frozen=True)
class Attachment:
    """A picture or file that goes out."""

    kind: str
    url: str
    name: str | None = None
    mime: str | None = None
    size: int | None = None


@dataclass(frozen=True)
class Outbound:
    """One message for a customer on the provider's channel."""

    message_id: str
    account: str
    external_user: str
    text: str | None = None
    attachments: tuple[Attachment, ...] = ()
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class HistoryLine:
    """Something said since the bot's last turn. `actor`: customer, agent or system; `id` makes a repeat skip it."""

    id: str
    actor: str
    name: str | None
    text: str
    at: str


@dataclass(frozen=True)
class Resume:
    """How the bot goes on after people talked. `mode`: fresh or continue; `slots` overwrite the tracker's."""

    id: str
    mode: str
    slots: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Turn:
    """One customer message that the bot must answer. `id` is the idempotency key of all it causes."""

    id: str
    account: str
    conversation_id: str
    epoch: int
    text: str | None = None
    payload: str | None = None
    attachments: tuple[Attachment, ...] = ()
    history: tuple[HistoryLine, ...] = ()
    resume: Resume | None = None


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
    )


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
