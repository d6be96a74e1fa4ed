"""Reading one conversation's present state: who holds it, the handover, the card."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import RowMapping

from ..errors import NotFound
from ..ids import ConversationId
from ..storage import agents, conversations, handovers, inbox
from .context import Context


@dataclass(frozen=True)
class Snapshot:
    """`row` is the conversation, `line` its row of a list, `handover` the latest one, `names` of agents by id."""

    row: RowMapping
    line: RowMapping
    handover: RowMapping | None
    names: dict[str, str]


async def read_conversation(context: Context, conversation: ConversationId) -> Snapshot:
    async with context.database.read() as connection:
        row = await conversations.find(connection, conversation)
        if row is None:
            raise NotFound("conversation")
        (line,) = await inbox.changed(connection, [conversation])
        handover = await handovers.latest(connection, conversation)
        names = await agents.names(connection, [row["holder_id"]]) if row["holder_id"] else {}
    return Snapshot(row, line, handover, names)


async def last_seqs(context: Context, ids: list[ConversationId]) -> dict[ConversationId, int]:
    """How far these logs are."""
    async with context.database.read() as connection:
        return await conversations.last_seqs(connection, ids)


async def find(context: Context, conversation: ConversationId) -> RowMapping:
    """The conversation's row. Raises `NotFound`."""
    async with context.database.read() as connection:
        row = await conversations.find(connection, conversation)
    if row is None:
        raise NotFound("conversation")
    return row


async def find_all(context: Context, ids: list[ConversationId]) -> Sequence[RowMapping]:
    """The rows of these conversations."""
    async with context.database.read() as connection:
        return await conversations.find_all(connection, ids)
