"""What the service posts to `{rasa}/webhooks/<channel>/…`: a turn to run, a message to deliver, a card to draw."""

from typing import Any, Literal

from .card import Card
from .common import Attachment, Button, Outgoing


class TurnMessage(Outgoing, kw_only=True):
    """What the customer said. `payload` is the bot's own payload behind a button that they pressed."""

    text: str | None = None
    payload: str | None = None
    attachments: list[Attachment] = []


class HistoryLine(Outgoing, kw_only=True):
    """Something said since the bot's last turn that its tracker doesn't know. `id` is `<conversation>:<seq>`."""

    id: str
    actor: Literal["customer", "agent", "system"]
    name: str | None
    text: str
    at: str


class Resume(Outgoing, kw_only=True):
    """How the bot goes on after people talked: `id` makes a repeat skip it, `slots` overwrite the tracker's."""

    id: str
    mode: Literal["fresh", "continue"]
    slots: dict[str, Any] = {}


class Turn(Outgoing, kw_only=True):
    """`turn` is the turn's id and the idempotency key of all it causes; `epoch` fences what it says.

    `attempt` counts from 1 how often it is posted: before the second time nobody can have run it.
    """

    turn: str
    account: str
    conversation_id: str
    epoch: int
    message: TurnMessage
    history: list[HistoryLine] = []
    resume: Resume | None = None
    attempt: int


class Deliver(Outgoing, kw_only=True):
    """One message to send on the customer's channel; `from_part` is where an earlier try stopped.

    `round` grows when an agent sends a failed message again: what was kept of an earlier round is no answer to it.
    `reply_ref` is the provider's id of the customer's newest message. `typing` alone shows that somebody writes.
    """

    message_id: str
    account: str
    conversation_id: str
    external_user: str
    round: int = 0
    from_part: int = 0
    text: str | None = None
    attachments: list[Attachment] = []
    buttons: list[Button] = []
    typing: bool = False
    reply_ref: str | None = None


class Delivered(Outgoing, kw_only=True):
    """All parts are out. In each answer `external_ids` are those of the parts from `from_part` up to `parts_done`, and
    `left_out` says for the agent why files among these were not sent.
    """

    external_ids: list[str]
    parts_done: int
    complete: bool
    left_out: list[str] = []


class DeliveryGoing(Outgoing, kw_only=True):
    """202: it is being sent, which takes long. Who asks again joins that send, and hears how it ends."""

    external_ids: list[str]
    parts_done: int
    complete: bool
    left_out: list[str] = []


class DeliveryRefused(Outgoing, kw_only=True):
    """422: the provider will never take part `parts_done`; `message` is for the agent."""

    code: str
    message: str
    parts_done: int = 0
    external_ids: list[str] = []
    left_out: list[str] = []


class DeliverLater(Outgoing, kw_only=True):
    """429: the account, or else only this customer, takes nothing for `retry_after` seconds."""

    code: str = "too_many_requests"
    message: str = ""
    retry_after: float
    whole_account: bool = True
    parts_done: int = 0
    external_ids: list[str] = []
    left_out: list[str] = []


class DeliveryFailed(Outgoing, kw_only=True):
    """503: part `parts_done` was not taken. 504 (`unknown`): nobody knows whether it was."""

    code: str
    message: str
    parts_done: int = 0
    external_ids: list[str] = []
    left_out: list[str] = []


class CardRequest(Outgoing, kw_only=True):
    conversation_id: str
    account: str


class CardAnswer(Outgoing, kw_only=True):
    card: Card | None


class MediaRequest(Outgoing, kw_only=True):
    """The bytes of a customer's file, by the provider's `ref` of it. The answer is the bytes."""

    account: str
    ref: str
    max_bytes: int
