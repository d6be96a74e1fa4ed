"""Shapes that several neighbours share: actors, events, customers, availability, errors."""

from typing import Annotated, Any, Literal

import msgspec

MAX_TEXT = 8000
"""Characters in one message. Longer ones are refused, never cut."""

ActorKind = Literal["customer", "bot", "agent", "system"]
EventKind = Literal["message", "note", "state", "delivery", "edit", "delete", "reaction"]
HandoverStatus = Literal["pending", "claimed", "resolved"]
Outcome = Literal["resolved", "customer_left", "returned_to_bot", "expired"]
Trigger = Literal["button", "words", "bot", "contact_form", "agent"]
HolderKind = Literal["bot", "queue", "agent"]
Role = Literal["owner", "admin", "agent"]
State = Literal[
    "requested",
    "claimed",
    "away",
    "back",
    "requeued",
    "released",
    "transferred",
    "resolved",
    "reopened",
    "offered",
    "ended",
    "blocked",
    "unblocked",
]
DeliveryStatus = Literal["queued", "sent", "delivered", "read", "failed", "unknown", "skipped"]
"""`unknown`: the channel gave no answer, so the message may have arrived. `skipped`: the team gave it up."""

NO_NUL = r"^[^\x00]*$"
"""No database column holds a NUL character, and nobody means one."""

NOT_BLANK = r"^[^\x00]*[^\s\x00][^\x00]*$"

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TEXT, pattern=NOT_BLANK)]
ClientMsgId = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")]
Seq = Annotated[int, msgspec.Meta(ge=0)]
Epoch = Annotated[int, msgspec.Meta(ge=0)]
ShortText = Annotated[str, msgspec.Meta(max_length=200, pattern=NO_NUL)]

# What a contact form takes, in the widget and in the bot. Examples: tests/contract/forms/contact_details.json.
PersonName = Annotated[str, msgspec.Meta(min_length=1, max_length=120, pattern=NOT_BLANK)]
_WORD = r"[^@\s,;:<>()\[\]\\\"\x00-\x1f\x7f]+"
EmailAddress = Annotated[str, msgspec.Meta(max_length=254, pattern=rf"^{_WORD}@{_WORD}\.{_WORD}(?!\s)$")]
PhoneNumber = Annotated[str, msgspec.Meta(max_length=40, pattern=r"^\+?([ ()/.-]*[0-9]){5,}[ ()/.-]*(?!\s)$")]
Timezone = Annotated[str, msgspec.Meta(max_length=64, pattern=NO_NUL)]
"""An IANA name, as a browser tells it; one that we don't know is as good as none."""


class Incoming(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A body or frame that people send us: a field we don't know is a mistake worth naming."""


class Outgoing(msgspec.Struct, kw_only=True):
    """A body or frame that we send; absent values are sent as null."""


class Person(Outgoing, kw_only=True):
    """Somebody of the team, as others see them."""

    id: str
    name: str


class Actor(Outgoing, kw_only=True):
    kind: ActorKind
    id: str | None = None
    name: str | None = None


class Button(Outgoing, kw_only=True):
    """A choice under a bot message. `key` is `b:<seq>:<index>`; the payload behind it stays in the service.

    One with a `url` (http or https) is a link: it opens a page and says nothing to the bot.
    """

    key: str
    title: str
    url: str | None = None


class FileRef(Incoming, kw_only=True):
    """A file that was uploaded for this conversation."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{24}$")]


FileRefs = Annotated[list[FileRef], msgspec.Meta(max_length=10)]


class Attachment(Outgoing, kw_only=True):
    """A picture or file of a message. `url` is a path of ours (it begins with "/" and stands on the service's own
    address) or the bot's own public address, never a provider's.

    A file of ours may still be on its way from the provider: its `url` answers when it is here, or says why it can't.
    """

    kind: Literal["image", "file"]
    url: str
    id: str | None = None
    name: str | None = None
    mime: str | None = None
    size: int | None = None


class Event(Outgoing, kw_only=True):
    """One entry of a conversation's log as one reader sees it.

    `prev` is the seq of the entry before it *for this reader* (0 at the start): a gap exists only when `prev` is not
    the last seq held. `state`, `handover_id`, `epoch` and `data` belong to kind `state`; a customer sees only `state`.
    `target` is the seq that an `edit`, a `delete`, a `reaction` or a `delivery` is about. `status` is how far a message
    to an outside channel was when this was read; what happens later comes as watermarks and `delivery` events, whose
    `status` and `text` (why) replace it. A `delivery` without a `status` adds in `text` what the channel did not take;
    one that is `queued` says why the message waits, or without a `text` that it was sent again.
    """

    seq: int
    prev: int
    kind: EventKind
    actor: Actor
    at: str
    text: str | None = None
    buttons: list[Button] = []
    attachments: list[Attachment] = []
    status: DeliveryStatus | None = None
    client_msg_id: str | None = None
    target: int | None = None
    state: State | None = None
    handover_id: str | None = None
    epoch: int | None = None
    data: dict[str, Any] | None = None


class Events(Outgoing, kw_only=True):
    """A range of a conversation's log. `reset` means that the reader is too far behind: drop what you hold, take
    these.
    """

    events: list[Event]
    last_seq: int
    reset: bool = False


class Customer(Outgoing, kw_only=True):
    id: str
    name: str | None = None
    username: str | None = None
    email: str | None = None
    phone: str | None = None
    locale: str | None = None
    page: str | None = None
    """The page of the shop on which the customer is, for the web channel."""


class Availability(Outgoing, kw_only=True):
    """Whether a live handover can be opened now. `reason` says why not: the plan, switched off, out of hours, or no
    agent signed in where the settings ask for one.
    """

    open: bool
    reason: Literal["open", "plan", "off", "hours", "nobody"]
    next_opening: str | None = None
    waiting: int = 0


class Accepted(Outgoing, kw_only=True):
    """A message is stored; `seq` is its place in the log. The same `client_msg_id` again answers the same."""

    seq: int


class Uploaded(Outgoing, kw_only=True):
    """A file is stored, to be sent with a message of this conversation; unsent it is dropped after a day."""

    id: str
    kind: Literal["image", "file"]
    name: str
    mime: str
    size: int
    url: str


class ErrorBody(Outgoing, kw_only=True):
    """Every refusal: clients switch on `code`, people read `message`."""

    code: str
    message: str
    data: dict[str, Any] = {}


class Stored(Outgoing, kw_only=True):
    """Done; there is nothing more to say."""

    ok: bool = True
