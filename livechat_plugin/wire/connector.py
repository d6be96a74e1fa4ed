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
    """`turn` is the turn's id and the idempotency key of all it causes; `epoch` fences what it says."""

    turn: str
    account: str
    conversation_id: str
    epoch: int
    message: TurnMessage
    history: list[HistoryLine] = []
    resume: Resume | None = None


class Deliver(Outgoing, kw_only=True):
    """One message to send on the customer's channel; `from_part` is where an earlier try stopped."""

    message_id: str
    account: str
    conversation_id: str
    external_user: str
    from_part: int = 0
    text: str | None = None
    attachments: list[Attachment] = []
    buttons: list[Button] = []
    typing: bool = False


class Delivered(Outgoing, kw_only=True):
    external_ids: list[str]
    parts_done: int
    complete: bool


class DeliveryRefused(Outgoing, kw_only=True):
    code: str
    message: str
    parts_done: int = 0


class DeliverLater(Outgoing, kw_only=True):
    retry_after: float
    parts_done: int = 0


class CardRequest(Outgoing, kw_only=True):
    conversation_id: str
    account: str


class CardAnswer(Outgoing, kw_only=True):
    card: Card | None
