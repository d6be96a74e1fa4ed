"""Visitors' bearer tokens, by hash; each reaches one conversation."""

from sqlalchemy import RowMapping, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import ConversationId
from .tables import conversations, visitors

BY_TOKEN = (
    select(conversations)
    .join(visitors, visitors.c.conversation_id == conversations.c.id)
    .where(visitors.c.token_hash == bindparam("token"))
)
"""Asked with every request of a visitor, so it is built once."""


async def add(connection: AsyncConnection, token_hash: str, conversation: ConversationId, at: int) -> None:
    await connection.execute(
        visitors.insert().values(token_hash=token_hash, conversation_id=conversation, created_at=at)
    )


async def find_conversation(connection: AsyncConnection, token_hash: str) -> RowMapping | None:
    """The conversation that this token reaches."""
    return (await connection.execute(BY_TOKEN, {"token": token_hash})).mappings().first()
