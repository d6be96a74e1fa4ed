"""What the system says and notes inside other use cases' transactions: its messages and the state changes of a log."""

from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..domain import window
from ..ids import ConversationId
from ..storage import conversations, events, outbox
from ..storage.events import Audience
from ..wire.common import State

WEB = "web"
"""The channel whose delivery is the pushed event itself; every other one has an outbox."""

SYSTEM = {"actor_kind": "system"}
BOT = {"actor_kind": "bot"}


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


async def say(
    connection: AsyncConnection,
    row: RowMapping,
    seq: int,
    at: int,
    text: str,
    key: str,
    *,
    actor: dict[str, Any] = SYSTEM,
    body: dict[str, Any] | None = None,
) -> None:
    """A message of the system to the customer, or of `actor`, once for each key."""
    await events.append(
        connection, row["id"], seq, text=text, body=body, epoch=row["epoch"], verdict="sent", key=key, at=at, **actor
    )
    await deliver(connection, row, seq, at)


async def deliver(connection: AsyncConnection, row: RowMapping, seq: int, at: int) -> None:
    """Puts a message into the outbox when the channel needs one; one that the channel takes no more has failed."""
    if row["channel"] == WEB:
        return
    if window.is_open(row["channel"], row["customer_at"], at):
        await outbox.add(connection, row["id"], seq, row["channel"], row["account"], at)
        return
    closed = {"state": "failed", "status": "failed", "error": window.CLOSED}
    await outbox.add(connection, row["id"], seq, row["channel"], row["account"], at, **closed)
    await tell_team(connection, row["id"], seq, "failed", window.CLOSED, at)


async def tell_team(
    connection: AsyncConnection,
    conversation: ConversationId,
    seq: int,
    status: str | None,
    why: str | None,
    at: int,
    *,
    key: str | None = None,
    **data: Any,
) -> None:
    """An event about the message `seq`, which did not, or may not, or after all did arrive; without a `status` only
    something that is to be known about it. `data` is what else the event tells.
    """
    moved = await conversations.advance(connection, conversation, at)
    assert moved is not None, "a message belongs to a conversation"
    await events.append(
        connection,
        conversation,
        moved["last_seq"],
        kind="delivery",
        audience="team",
        text=why,
        body={"target": seq, "status": status, **({"data": data} if data else {})},
        epoch=moved["epoch"],
        key=key,
        at=at,
        **SYSTEM,
    )
