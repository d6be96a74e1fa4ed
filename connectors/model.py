"""The words of this side: what a provider tells us, what we send, and the turn that the service asks for.

The bodies that cross to the service are written down in tests/contract/; `as_body` makes ours, bodies.py takes its.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from .split import split

Body = dict[str, Any]

STAYS_HERE = "answer_to"
"""The field of `Inbound` that the service has no use for."""


LONGEST_TEXT = 8000
"""Characters of one message; the service refuses a longer one."""


def as_body(thing: Any) -> Body:
    """One of the dataclasses below as JSON for the bridge, without what is not known."""
    return asdict(thing, dict_factory=_known)


def _known(pairs: list[tuple[str, Any]]) -> Body:
    known = {key: _storable(value) if isinstance(value, str) else value for key, value in pairs if key != STAYS_HERE}
    return {key: value for key, value in known.items() if value not in (None, [], ())}


def _storable(text: str) -> str | None:
    """What a database can hold: no NUL, no half of a character. None when nobody could see anything in it."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")
    return whole if whole.strip() else None


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
    """One thing a customer did. `external_id` is the provider's id of the update: the same twice is stored once.

    `kind`: message, start (the chat was opened; its text is what that is as a message), edit, button, reaction, blocked
    or unblocked. `ref` is the provider's id of a message: its own, also for a press where that is a message of the
    customer (elsewhere a press has none); else the one that was edited or reacted to. `button` is the key that we sent;
    a reaction's text is its emoji, none when it was taken back. `aliases` are other ids of this customer, which may
    pass to somebody else, as a phone number does; the `external_user` beside them must not: replies go there. `sent_at`
    is ISO 8601 in UTC. `album` is shared by messages that were sent as one, which the bot answers once. `answer_to` is
    what `acknowledge` needs.
    """

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
    album: str | None = None
    sent_at: str | None = None
    profile: Profile | None = None
    aliases: tuple[str, ...] = ()
    answer_to: str | None = None


def pieces_of(inbound: Inbound) -> list[Inbound]:
    """What the service takes: a text that is too long becomes several messages, in order, which the bot answers once.

    A provider that hears of no error does not bring it again, so what is not taken would be lost.
    """
    text = inbound.text or ""
    if len(text) <= LONGEST_TEXT:
        return [inbound]
    first, *rest = split(text, LONGEST_TEXT) or [""]
    whole = replace(inbound, text=first, album=inbound.album or inbound.external_id)
    more = [
        replace(whole, kind="message", external_id=f"{inbound.external_id}:{number}", text=piece, attachments=())
        for number, piece in enumerate(rest, 2)
    ]
    return [whole, *more]


@dataclass(frozen=True)
class Receipt:
    """How far the provider got with a message of ours; `message_id` is `<conversation>:<seq>`, `part` counts from 0.
    `round` is that in which it was sent, as in `Outbound`.

    `status`: sent, delivered, read or failed; then `error` is for the agent and `code` as in `Rejected`,
    or `file`: the part was a file without words, which does not touch the rest of the message.
    """

    channel: str
    account: str
    status: str
    at: str
    external_id: str | None = None
    message_id: str | None = None
    round: int = 0
    part: int | None = None
    error: str | None = None
    code: str | None = None


@dataclass(frozen=True)
class Button:
    """A choice under a message; `key` comes back when it is pressed. One with a `url` opens a page instead."""

    key: str
    title: str
    url: str | None = None


@dataclass(frozen=True)
class Attachment:
    """A picture or file that goes out; `kind` is image or file."""

    kind: str
    url: str
    name: str | None = None
    mime: str | None = None
    size: int | None = None

    @property
    def is_ours(self) -> bool:
        """Whether `url` is a path of the live chat service, which only we can read; else anybody can."""
        return self.url.startswith("/")


@dataclass(frozen=True)
class Outbound:
    """One message for a customer on the provider's channel; `message_id` is `<conversation>:<seq>`.

    `reply_ref` is the provider's id of the customer's newest message. `round` grows when somebody sends a failed
    message again: what went out in an earlier one, and what the provider says of it, does not count.
    """

    message_id: str
    account: str
    external_user: str
    text: str | None = None
    attachments: tuple[Attachment, ...] = ()
    buttons: tuple[Button, ...] = ()
    reply_ref: str | None = None
    round: int = 0


@dataclass(frozen=True)
class Delivery:
    """What the service wants to be sent: `message` from part `from_part` on, or only a sign that somebody writes."""

    message: Outbound
    from_part: int = 0
    typing: bool = False


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
    """One customer message that the bot must answer. `id` is the idempotency key of all it causes.

    `attempt` counts how often the service has posted it; 0 from a service that doesn't say.
    """

    id: str
    account: str
    conversation_id: str
    epoch: int
    text: str | None = None
    payload: str | None = None
    attachments: tuple[Attachment, ...] = ()
    history: tuple[HistoryLine, ...] = ()
    resume: Resume | None = None
    attempt: int = 0
