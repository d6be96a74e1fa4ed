"""Bodies of the dashboard API, `/api/v1`."""

from typing import Annotated, Literal

import msgspec

from .card import Card
from .common import (
    ActorKind,
    ClientMsgId,
    Customer,
    Epoch,
    FileRefs,
    HandoverStatus,
    HolderKind,
    Incoming,
    Outcome,
    Outgoing,
    Person,
    Role,
    Seq,
    ShortText,
    Text,
    Trigger,
)


class SignIn(Incoming, kw_only=True):
    email: Annotated[str, msgspec.Meta(min_length=3, max_length=254)]
    password: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


class Agent(Outgoing, kw_only=True):
    id: str
    name: str
    email: str
    role: Role


class SignedIn(Outgoing, kw_only=True):
    agent: Agent


class Preview(Outgoing, kw_only=True):
    """The last line that anybody said, shortened."""

    actor: ActorKind
    name: str | None
    text: str
    at: str


class InboxRow(Outgoing, kw_only=True):
    """One handover as a line of a tab; for "With the bot" a conversation without one (`handover_id` null).

    `waiting_since` is when the customer began to wait: the request while pending, the oldest unanswered line while
    claimed, null when nobody waits. `away` means that the agent's lease is over. `offered`: live chat closed while they
    waited; they were told and offered the contact form, and the bot answers them meanwhile.
    """

    conversation_id: str
    handover_id: str | None
    status: HandoverStatus | None
    outcome: Outcome | None
    trigger: Trigger | None
    reason: str | None
    channel: str
    account: str
    customer: Customer
    preview: Preview | None
    requested_at: str | None
    waiting_since: str | None
    claimed_by: Person | None
    claimed_at: str | None
    resolved_at: str | None
    unread: int
    priority: int
    away: bool
    offered: bool
    failed: int
    """Messages of this conversation that could not be delivered and that nobody has dealt with."""
    window_until: str | None
    holder: HolderKind
    epoch: int
    last_seq: int


class Counts(Outgoing, kw_only=True):
    """How many handovers each tab holds, for the whole team."""

    pending: int
    claimed: int
    resolved: int


class Inbox(Outgoing, kw_only=True):
    """`version` changes when the answer would: send it back as `since` with `wait` to be told of the next change.

    `server_time` is the time by which all others are to be read: the clock of an agent's computer may be wrong.
    """

    items: list[InboxRow]
    counts: Counts
    next: str | None
    version: str
    server_time: str


class Holder(Outgoing, kw_only=True):
    kind: HolderKind
    id: str | None = None
    name: str | None = None


class Conversation(Outgoing, kw_only=True):
    """A conversation's present state. `card` is the latest handover's; null until Rasa answered."""

    id: str
    channel: str
    account: str
    holder: Holder
    since: str | None
    epoch: int
    last_seq: int
    customer: Customer
    handover: InboxRow | None
    card: Card | None
    sent_upto: int
    delivered_upto: int
    read_upto: int
    team_read_upto: int
    window_until: str | None = None
    """Until when the channel takes messages to this customer (24 hours after their last one); null: always."""
    blocked: bool = False
    """The customer has blocked us on their channel."""


class Claim(Incoming, kw_only=True):
    """An empty body."""


class Claimed(Outgoing, kw_only=True):
    """The claim is yours under `epoch`; claiming again answers the same epoch."""

    epoch: int
    last_seq: int


class SendMessage(Incoming, kw_only=True):
    """A text, files, or both."""

    client_msg_id: ClientMsgId
    epoch: Epoch
    text: Text | None = None
    attachments: FileRefs = []


class Redeliver(Incoming, kw_only=True):
    """Send a message again that failed, or give up one that can't get through; under the agent's claim."""

    epoch: Epoch


class AddNote(Incoming, kw_only=True):
    client_msg_id: ClientMsgId
    text: Text


class Resolve(Incoming, kw_only=True):
    """`seen` is the last seq on the agent's screen; an unseen customer line stops it unless `force`."""

    epoch: Epoch
    seen: Seq | None = None
    force: bool = False
    mode: Literal["fresh", "continue"] = "fresh"
    """How the bot goes on: from a fresh start, or where it stopped."""


class Reopen(Incoming, kw_only=True):
    epoch: Epoch


class Release(Incoming, kw_only=True):
    epoch: Epoch
    note: ShortText | None = None


class Transfer(Incoming, kw_only=True):
    epoch: Epoch
    to: str
    note: ShortText | None = None


class MarkRead(Incoming, kw_only=True):
    """Everything up to `upto` has been on this agent's screen."""

    upto: Seq


class NewEpoch(Outgoing, kw_only=True):
    epoch: int


class AgentRow(Outgoing, kw_only=True):
    id: str
    name: str
    email: str
    role: Role
    present: bool
    disabled: bool


class Agents(Outgoing, kw_only=True):
    items: list[AgentRow]


class PartState(Outgoing, kw_only=True):
    """One part that the service leans on, as its last ping found it."""

    ok: bool
    note: str | None = None
