"""Bodies of the bridge, `/bridge/v1`: what the Rasa side tells the service. Examples: tests/contract/."""

from typing import Annotated, Any, Literal

import msgspec

from .card import Card
from .common import (
    NO_NUL,
    NOT_BLANK,
    Availability,
    DeliveryStatus,
    EmailAddress,
    Outgoing,
    PersonName,
    PhoneNumber,
    Text,
)

ExternalId = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=NOT_BLANK)]
ChannelName = Annotated[str, msgspec.Meta(min_length=1, max_length=40, pattern=r"^[a-z][a-z0-9_]*$")]


class FromRasa(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A body written by our own code in Rasa: an unknown field means that the two sides are of different versions."""


class Profile(FromRasa, kw_only=True):
    name: str | None = None
    username: str | None = None
    phone: str | None = None
    locale: str | None = None


class InboundAttachment(FromRasa, kw_only=True):
    kind: Literal["image", "file"]
    ref: str
    name: str | None = None
    mime: str | None = None
    size: int | None = None


class Inbound(FromRasa, kw_only=True):
    """One thing a customer did on a channel. `external_id` is the provider's id of it: twice is stored once.

    `ref` is the provider's id of a message: its own, of an edit or a reaction that of the other one. A press has its
    own where it is a message of the customer, elsewhere none. `aliases` are other ids of the same customer, which may
    pass to somebody else, as a phone number does; the `external_user` beside them must not. `sent_at` is when they did
    it, ISO 8601 in UTC: a channel's window counts from there. `album` is shared by messages that were sent as one: only
    one of them is a turn of the bot.
    """

    channel: ChannelName
    account: ExternalId
    external_user: ExternalId
    external_id: ExternalId
    aliases: Annotated[list[ExternalId], msgspec.Meta(max_length=5)] = []
    kind: Literal["message", "start", "edit", "button", "reaction", "blocked", "unblocked"]
    text: Text | None = None
    attachments: list[InboundAttachment] = []
    button: str | None = None
    ref: str | None = None
    group: str | None = None
    album: ExternalId | None = None
    sent_at: str | None = None
    profile: Profile | None = None


class InboundStored(Outgoing, kw_only=True):
    conversation_id: str
    seq: int
    duplicate: bool
    answer: Literal["bot", "human"]


class BotButton(FromRasa, kw_only=True):
    title: str
    payload: str | None = None
    url: str | None = None


class BotMessage(FromRasa, kw_only=True):
    """One bubble of the bot, as `send_response` gave it to the output channel."""

    text: str | None = None
    buttons: list[BotButton] = []
    image: str | None = None
    attachment: Any = None
    custom: Any = None


class TurnMessages(FromRasa, kw_only=True):
    """Bubbles `first`, `first + 1`, … of a running turn; empty to keep the turn, `done` to end it.

    `failed` (with `done`) says that Rasa could not run the turn; the service tries again.
    """

    epoch: int
    first: Annotated[int, msgspec.Meta(ge=0)] = msgspec.field(name="from", default=0)
    messages: list[BotMessage] = []
    done: bool = False
    failed: Annotated[str, msgspec.Meta(max_length=500)] | None = None


class BotMessages(FromRasa, kw_only=True):
    """What the bot says without a turn (a reminder): accepted only while the bot holds the conversation."""

    conversation_id: str
    key: ExternalId
    messages: list[BotMessage]


class Verdict(Outgoing, kw_only=True):
    """`suppressed`: stored in the log, but a person owns the conversation, so it did not go out."""

    status: Literal["accepted", "suppressed"]


class HandoverContact(FromRasa, kw_only=True):
    """What the customer told the bot's contact form; under the same checks as that of the widget."""

    name: PersonName
    email: EmailAddress | None = None
    phone: PhoneNumber | None = None
    message: Text


class OpenHandover(FromRasa, kw_only=True):
    """`key` is the turn's id; a second call with it only adds what is missing (the card)."""

    key: ExternalId
    conversation_id: str
    trigger: Literal["words", "bot", "contact_form"]
    reason: Annotated[str, msgspec.Meta(max_length=500, pattern=NO_NUL)]
    card: Card | None = None
    contact: HandoverContact | None = None


class HandoverAnswer(Outgoing, kw_only=True):
    status: Literal["pending", "already_open", "out_of_hours", "disabled"]
    reason: Literal["plan", "off"] | None = None
    handover_id: str | None = None
    next_opening: str | None = None


class TeamAvailability(Availability, kw_only=True):
    """`opening` is the next opening in words for one customer: by the team's clock and theirs. `form`: whether their
    contact form would be taken.
    """

    opening: str | None = None
    form: bool


class Receipt(FromRasa, kw_only=True):
    """How far the provider got with a message of ours, or one part of it; `message_id` is `<conversation>:<seq>`,
    `round` that of `Deliver`.
    """

    channel: ChannelName
    account: ExternalId
    external_id: ExternalId | None = None
    message_id: str | None = None
    round: Annotated[int, msgspec.Meta(ge=0)] = 0
    part: Annotated[int, msgspec.Meta(ge=0)] | None = None
    status: DeliveryStatus
    code: str | None = None
    error: str | None = None
    at: str
