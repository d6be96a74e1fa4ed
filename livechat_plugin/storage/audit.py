"""The audit table: who did what; rows are only ever added."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import audit

INSERT = audit.insert()


async def note(
    connection: AsyncConnection,
    at: int,
    action: str,
    *,
    actor_kind: str,
    actor_id: str | None = None,
    conversation_id: str | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    row = {
        "at": at,
        "actor_kind": actor_kind,
        "actor_id": actor_id,
        "action": action,
        "conversation_id": conversation_id,
        "data": data,
    }
    await connection.execute(INSERT, row)
