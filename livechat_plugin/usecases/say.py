"""What the system says and notes inside other use cases' transactions: its messages and the state changes of a log."""

from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..storage import events, outbox
from ..storage.events import Audience
from ..wire.common import State

WEB = "web"
"""The channel whose delivery is the pushed event itself; every other one has an outbox."""

SYSTEM = {"actor_kind": "system"}


def agent_actor(agent: RowMapping) -> dict[str, Any]:
    return {"actor_kind": "agent", "actor_id": agent["id"], "actor_name": agent["name"]}


async def note_state(
    connection: AsyncConnection,
    row: RowMapping,
    seq: int,
    at: int,
    state: State,
    *,
    actor: dict[str, Any],
    handover_id: str | None,
    audience: Audience = "all",
    **data: Any,
) -> None:
    """A change of state as an event; `row` is the conversation after the change."""
    body = {"state": state, "handover_id": handover_id, "data": data or None}
    await events.append(
        connection, row["id"], seq, kind="state", audience=audience, body=body, epoch=row["epoch"], at=at, **actor
    )


async def say(connection: AsyncConnection, row: RowMapping, seq: int, at: int, text: str, key: str) -> None:
    """A message of the system to the customer, once for each key."""
    await events.append(
        connection, row["id"], seq, text=text, epoch=row["epoch"], verdict="sent", key=key, at=at, **SYSTEM
    )
    await deliver(connection, row, seq, at)


async def deliver(connection: AsyncConnection, row: RowMapping, seq: int, at: int) -> None:
    """Puts a message into the outbox when the channel needs one."""
    if row["channel"] != WEB:
        await outbox.add(connection, row["id"], seq, row["channel"], row["account"], at)
