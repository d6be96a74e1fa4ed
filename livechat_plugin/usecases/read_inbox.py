"""Reading the team's lists, with the counts of the tabs beside them."""

from collections.abc import Sequence

from sqlalchemy import RowMapping

from ..ids import ConversationId
from ..storage import inbox
from ..storage.inbox import Filter, Page
from .context import Context

CHANGED_LIMIT = 200


async def list_handovers(context: Context, status: str, wanted: Filter) -> tuple[Page, dict[str, int]]:
    async with context.database.read() as connection:
        return await inbox.list_handovers(connection, status, wanted), await inbox.counts(connection)


async def list_with_bot(context: Context, wanted: Filter) -> tuple[Page, dict[str, int]]:
    async with context.database.read() as connection:
        return await inbox.list_with_bot(connection, wanted), await inbox.counts(connection)


async def changed_rows(
    context: Context, changed: Sequence[ConversationId]
) -> tuple[Sequence[RowMapping], dict[str, int]]:
    """The present rows of these conversations."""
    async with context.database.read() as connection:
        return await inbox.changed(connection, changed), await inbox.counts(connection)


async def changed_since(context: Context, moment: int) -> Sequence[ConversationId]:
    """What moved since then, for those who may have lost a hint."""
    async with context.database.read() as connection:
        return await inbox.changed_since(connection, moment, CHANGED_LIMIT)


async def waiting(context: Context) -> int:
    """How many customers wait for a person."""
    async with context.database.read() as connection:
        return await inbox.waiting(connection)
