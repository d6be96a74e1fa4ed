"""A request for a person: what is asked, what is answered, and the handover that it opens."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import ConversationId, HandoverId
from ..storage import audit, handovers
from ..wire.common import Trigger

Status = Literal["pending", "already_open", "out_of_hours", "disabled"]


@dataclass(frozen=True, kw_only=True)
class Request:
    """`key` names this very request: the turn's id, or the widget's click.

    `contact` is what a contact form holds: name, email, phone, message, timezone. `told_bot`: the customer has said it
    to the bot line by line, so that it stands in the log already.
    """

    key: str
    conversation: ConversationId
    trigger: Trigger
    reason: str | None = None
    card: dict[str, Any] | None = None
    contact: dict[str, Any] = field(default_factory=dict)
    told_bot: bool = False

    @property
    def why(self) -> dict[str, Any]:
        """As it stands in the log, for the team."""
        return {"trigger": self.trigger, "reason": self.reason}


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: Status
    reason: Literal["plan", "off"] | None = None
    handover_id: HandoverId | None = None
    next_opening: datetime | None = None


async def add(connection: AsyncConnection, request: Request, at: int) -> HandoverId:
    """Opens the handover, within the caller's transaction."""
    handover = await handovers.add(
        connection,
        request.conversation,
        request.key,
        at,
        status="pending",
        trigger=request.trigger,
        reason=request.reason,
        card=request.card,
    )
    assert handover is not None, "the key was looked up under the row's lock"
    await audit.note(
        connection,
        at,
        "handover.opened",
        actor_kind="customer" if request.trigger in ("button", "contact_form") else "bot",
        conversation_id=request.conversation,
        data={"handover_id": handover, "trigger": request.trigger},
    )
    return handover


def next_opening_iso(answer: Answer) -> str | None:
    """When live chat opens again, in UTC."""
    if answer.next_opening is None:
        return None
    return answer.next_opening.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
