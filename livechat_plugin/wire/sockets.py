"""Frames of `/api/v1/socket` (dashboard) and `/widget/v1/socket` (widget). The client speaks first, with `hello`."""

from typing import Annotated, Any, Literal

import msgspec

from .common import Actor, Availability, ClientMsgId, Epoch, Event, FileRefs, Seq, Text, Timezone
from .dashboard import Agent, Counts, InboxRow, PartState
from .widget import ButtonKey, Page, WidgetConfig


class FromClient(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """A frame of a browser."""


class FromServer(msgspec.Struct, kw_only=True, tag_field="type"):
    """A frame of ours."""


class Ping(FromClient, kw_only=True, tag="ping"):
    """A browser asks for a sign of life: it never sees the protocol's own pings."""


class AgentHello(FromClient, kw_only=True, tag="hello"):
    """The cookie says who it is. With `conversation_id` it also subscribes to it from `after`."""

    conversation_id: str | None = None
    after: Seq = 0


class Subscribe(FromClient, kw_only=True, tag="subscribe"):
    conversation_id: str
    after: Seq = 0


class Unsubscribe(FromClient, kw_only=True, tag="unsubscribe"):
    conversation_id: str


class AgentSend(FromClient, kw_only=True, tag="send"):
    conversation_id: str
    client_msg_id: ClientMsgId
    epoch: Epoch
    text: Text | None = None
    attachments: FileRefs = []


class AgentTyping(FromClient, kw_only=True, tag="typing"):
    conversation_id: str


class AgentRead(FromClient, kw_only=True, tag="read"):
    """Everything up to `upto` has been on the agent's screen."""

    conversation_id: str
    upto: Seq


class Watch(FromClient, kw_only=True, tag="watch"):
    """Whether the list "With the bot" is open: only then `inbox` frames carry bot-held conversations."""

    bot: bool


DashboardFrame = AgentHello | Subscribe | Unsubscribe | AgentSend | AgentTyping | AgentRead | Watch | Ping


class VisitorHello(FromClient, kw_only=True, tag="hello"):
    """Opens the socket and subscribes to the visitor's conversation from `after`."""

    token: Annotated[str, msgspec.Meta(max_length=200)]
    conversation_id: str | None = None
    after: Seq = 0
    page: Page | None = None
    timezone: Timezone | None = None


class VisitorSend(FromClient, kw_only=True, tag="send"):
    client_msg_id: ClientMsgId
    text: Text | None = None
    button: ButtonKey | None = None
    attachments: FileRefs = []


class VisitorTyping(FromClient, kw_only=True, tag="typing"):
    pass


class VisitorSeen(FromClient, kw_only=True, tag="seen"):
    delivered_upto: Seq = 0
    read_upto: Seq = 0


class VisitorRequestHuman(FromClient, kw_only=True, tag="request_human"):
    client_msg_id: ClientMsgId | None = None


class VisitorContact(FromClient, kw_only=True, tag="contact"):
    client_msg_id: ClientMsgId | None = None
    name: str
    email: str | None = None
    phone: str | None = None
    message: Text
    timezone: str | None = None


WidgetFrame = VisitorHello | VisitorSend | VisitorTyping | VisitorSeen | VisitorRequestHuman | VisitorContact | Ping


class Pong(FromServer, kw_only=True, tag="pong"):
    """The answer to `ping`, at once."""

    server_time: str


class AgentReady(FromServer, kw_only=True, tag="ready"):
    agent: Agent
    server_time: str
    lease_seconds: int
    availability: Availability
    last_seq: int = 0


class VisitorReady(FromServer, kw_only=True, tag="ready"):
    conversation_id: str
    last_seq: int
    server_time: str
    config: WidgetConfig
    availability: Availability
    button: bool
    form: bool


class Live(FromServer, kw_only=True, tag="live"):
    """The replay is over; from here on events come as they happen."""

    conversation_id: str
    last_seq: int


class Ack(FromServer, kw_only=True, tag="ack"):
    client_msg_id: str
    seq: int


class Refused(FromServer, kw_only=True, tag="error"):
    """A frame could not be carried out; the connection goes on. `client_msg_id` names the send that was refused."""

    code: str
    message: str
    data: dict[str, Any] = {}
    client_msg_id: str | None = None
    conversation_id: str | None = None


class NewEvent(FromServer, kw_only=True, tag="event"):
    conversation_id: str
    event: Event


class Watermark(FromServer, kw_only=True, tag="watermark"):
    """How far the channel has taken our messages, and how far the customer has received and read them."""

    conversation_id: str
    sent_upto: int
    delivered_upto: int
    read_upto: int


class InboxChange(FromServer, kw_only=True, tag="inbox"):
    """Changed rows, each as in `GET /handovers`; a row whose status changed has left its old tab."""

    items: list[InboxRow]
    counts: Counts


class SettingsChange(FromServer, kw_only=True, tag="settings"):
    """To a widget: what it shows now. To a dashboard: `version` and `availability`."""

    availability: Availability
    version: int | None = None
    config: WidgetConfig | None = None
    button: bool | None = None
    form: bool | None = None


class Typing(FromServer, kw_only=True, tag="typing"):
    conversation_id: str
    actor: Actor
    for_ms: int


class Reset(FromServer, kw_only=True, tag="reset"):
    """Too far behind (more than 500 events): drop what you hold and take a fresh snapshot."""

    conversation_id: str
    last_seq: int


class Health(FromServer, kw_only=True, tag="health"):
    """Parts the service leans on; a part that is not ok deserves a banner."""

    parts: dict[str, PartState]


class HandoverStatusFrame(FromServer, kw_only=True, tag="handover"):
    """The answer to `request_human` and `contact`."""

    status: Literal["pending", "already_open", "out_of_hours", "disabled"]
    reason: Literal["plan", "off"] | None = None
    next_opening: str | None = None


ToDashboard = (
    AgentReady
    | Live
    | Ack
    | Refused
    | NewEvent
    | Watermark
    | InboxChange
    | SettingsChange
    | Typing
    | Reset
    | Health
    | Pong
)
ToWidget = (
    VisitorReady
    | Live
    | Ack
    | Refused
    | NewEvent
    | Watermark
    | SettingsChange
    | Typing
    | Reset
    | HandoverStatusFrame
    | Pong
)
