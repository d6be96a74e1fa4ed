"""The handover card of a handover that was opened without one: whether it is missing, and adding it."""

from dataclasses import dataclass
from typing import Any

from ..ids import ConversationId, HandoverId
from ..storage import conversations, handovers
from .context import Change, Context


@dataclass(frozen=True)
class Missing:
    handover: HandoverId
    channel: str
    account: str


async def missing(context: Context, conversation: ConversationId) -> Missing | None:
    """The conversation's handover if it has no card yet."""
    async with context.database.read() as connection:
        row = await conversations.find(connection, conversation)
        handover = await handovers.latest(connection, conversation)
    if row is None or handover is None or handover["card"] is not None:
        return None
    return Missing(HandoverId(handover["id"]), row["channel"], row["account"])


async def add(context: Context, conversation: ConversationId, handover: HandoverId, card: dict[str, Any]) -> None:
    at = context.clock()
    async with context.database.write() as connection:
        await handovers.add_card(connection, handover, card, at)
    context.announce(Change(conversation=conversation, seq=0, inbox=True))
