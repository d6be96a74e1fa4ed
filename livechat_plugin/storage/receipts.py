"""Receipts: what providers and widgets sent us, each stored once whatever they repeat."""

from sqlalchemy import RowMapping, delete, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import receipts

# As text, which both databases understand: SQLAlchemy compiles an INSERT with ON CONFLICT anew each time, which takes
# longer than running it.
ADD = text(
    "INSERT INTO receipts (channel, account, external_id, conversation_id, seq, ref, at)"
    " VALUES (:channel, :account, :external_id, :conversation_id, :seq, :ref, :at)"
    " ON CONFLICT DO NOTHING RETURNING external_id"
)


async def add(
    connection: AsyncConnection,
    channel: str,
    account: str,
    external_id: str,
    conversation: str,
    seq: int,
    at: int,
    ref: str | None = None,
) -> bool:
    """False when this very thing is stored already: the caller's transaction must then be rolled back."""
    row = {"channel": channel, "account": account, "external_id": external_id, "conversation_id": conversation}
    return await connection.scalar(ADD, {**row, "seq": seq, "at": at, "ref": ref}) is not None


async def find(connection: AsyncConnection, channel: str, account: str, external_id: str) -> RowMapping | None:
    query = select(receipts).where(
        receipts.c.channel == channel, receipts.c.account == account, receipts.c.external_id == external_id
    )
    return (await connection.execute(query)).mappings().first()


async def find_seq(connection: AsyncConnection, conversation: str, ref: str) -> int | None:
    """The seq of the customer's message with this id at the provider."""
    query = (
        select(receipts.c.seq)
        .where(receipts.c.conversation_id == conversation, receipts.c.ref == ref)
        .order_by(receipts.c.seq)
        .limit(1)
    )
    return (await connection.execute(query)).scalar()


async def forget(connection: AsyncConnection, before: int) -> int:
    """Drops receipts that no provider will repeat any more."""
    return (await connection.execute(delete(receipts).where(receipts.c.at < before))).rowcount
