"""The words of this side: what a provider tells us, what we send, and the turn that the service asks for.

The bodies that cross to the service are written down in tests/contract/; `as_body` makes ours, `read_turn` takes its.
"""

from dataclasses import asdict, dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Tuple

from .errors import Malformed

Body = Dict[str, Any]


def as_body(thing: Any) -> Body:
    """One of the dataclasses below as JSON for the bridge, without what is not known."""
    return {key: value for key, value in asdict(thing).items() if value not in (None, [], ())}


@dataclass(frozen=True)
class Profile:
    """What the provider says about a customer."""

    name: Optional[str] = None
    username: Optional[str] = None
    phone: Optional[str] = None
    locale: Optional[str] = None


@dataclass(frozen=True)
class InboundAttachment:
    """A picture or file of a customer; `ref` is the provider's id of it, never a URL that carries a secret."""

    kind: str
    ref: str
    name: Optional[str] = None
    mime: Optional[str] = None
    size: Optional[int] = None


@dataclass(frozen=True)
class Inbound:
    """One thing a customer did. `external_id` is the provider's id of it: the same twice is stored once."""

    channel: str
    account: str
    external_user: str
    external_id: str
    kind: str
    text: Optional[str] = None
    attachments: Tuple[InboundAttachment, ...] = ()
    button: Optional[str] = None
    ref: Optional[str] = None
    group: Optional[str] = None
    sent_at: Optional[str] = None
    profile: Optional[Profile] = None


@dataclass(frozen=True)
class Receipt:
    """How far the provider got with a message of ours; `message_id` is `<conversation>:<seq>`."""

    channel: str
    account: str
    status: str
    at: str
    external_id: Optional[str] = None
    message_id: Optional[str] = None
    error: Optional[str] = None


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
    name: Optional[str] = None
    mime: Optional[str] = None
    size: Optional[int] = None


@dataclass(frozen=True)
class Outbound:
    """One message for a customer on the provider's channel."""

    message_id: str
    account: str
    external_user: str
    text: Optional[str] = None
    attachments: Tuple[Attachment, ...] = ()
    buttons: Tuple[Button, ...] = ()


@dataclass(frozen=True)
class HistoryLine:
    """Something said since the bot's last turn. `actor`: customer, agent or system; `id` makes a repeat skip it."""

    id: str
    actor: str
    name: Optional[str]
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
    text: Optional[str] = None
    payload: Optional[str] = None
    attachments: Tuple[Attachment, ...] = ()
    history: Tuple[HistoryLine, ...] = ()
    resume: Optional[Resume] = None


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


def _list(body: Mapping[str, Any], name: str) -> List[Any]:
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
        text=required(entry, "text", str),
        at=required(entry, "at", str),
    )


def _resume(entry: Mapping[str, Any]) -> Resume:
    mode = required(entry, "mode", str)
    if mode not in ("fresh", "continue"):
        raise Malformed("resume.mode: expected fresh or continue")
    return Resume(id=required(entry, "id", str), mode=mode, slots=mapping(entry.get("slots") or {}, "resume.slots"))
