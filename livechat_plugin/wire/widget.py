"""Bodies of the widget API, `/widget/v1`. The visitor's bearer token reaches exactly one conversation."""

from typing import Annotated, Literal

import msgspec

from .common import (
    NO_NUL,
    Availability,
    ClientMsgId,
    EmailAddress,
    FileRefs,
    Incoming,
    Outgoing,
    PersonName,
    PhoneNumber,
    Text,
    Timezone,
)

ButtonKey = Annotated[str, msgspec.Meta(pattern=r"^b:\d{1,12}:(\d{1,3}|form)$")]
Page = Annotated[str, msgspec.Meta(max_length=500, pattern=NO_NUL)]


class NewSession(Incoming, kw_only=True):
    """An empty body, or the page on which the widget was opened and what the browser tells of its visitor."""

    page: Page | None = None
    locale: Annotated[str, msgspec.Meta(max_length=35, pattern=NO_NUL)] | None = None
    timezone: Timezone | None = None


class WidgetTexts(Outgoing, kw_only=True):
    """The team's texts that the widget itself shows; system messages come through the log instead."""

    out_of_hours: str
    talk_to_human: str | None
    """What stands on the button that asks for a person; null: the widget's own words."""
    leave_details: str
    """What stands on the button that opens the contact form."""


class WidgetConfig(Outgoing, kw_only=True):
    show_button: bool
    message_threshold: int
    texts: WidgetTexts
    max_file_bytes: int
    """The largest file that a visitor may send; 0 when files are switched off."""


class VisitorSession(Outgoing, kw_only=True):
    """`button` says whether "Talk to Human" is offered in this conversation now; the server counts. `form` says that
    the contact form stands in its place.
    """

    token: str
    conversation_id: str
    last_seq: int
    config: WidgetConfig
    availability: Availability
    button: bool
    form: bool


class VisitorMessage(Incoming, kw_only=True):
    """A line the visitor wrote, with or without files, or `button`, the key of a button they pressed (its title is then
    the text).
    """

    client_msg_id: ClientMsgId
    text: Text | None = None
    button: ButtonKey | None = None
    attachments: FileRefs = []


class RequestHuman(Incoming, kw_only=True):
    client_msg_id: ClientMsgId | None = None


class HandoverOpened(Outgoing, kw_only=True):
    status: Literal["pending", "already_open", "out_of_hours", "disabled"]
    reason: Literal["plan", "off"] | None = None
    next_opening: str | None = None


class ContactForm(Incoming, kw_only=True):
    """`email` or `phone` is needed."""

    client_msg_id: ClientMsgId | None = None
    name: PersonName
    email: EmailAddress | None = None
    phone: PhoneNumber | None = None
    message: Text
    timezone: Timezone | None = None


class Seen(Incoming, kw_only=True):
    """How far the widget has received the log, and how far it was on the visitor's screen."""

    delivered_upto: Annotated[int, msgspec.Meta(ge=0)] = 0
    read_upto: Annotated[int, msgspec.Meta(ge=0)] = 0


class VisitorState(Outgoing, kw_only=True):
    """What the widget shows around the log; the answer of `GET /state`."""

    config: WidgetConfig
    availability: Availability
    button: bool
    form: bool
