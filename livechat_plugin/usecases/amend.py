"""What customers of outside channels do beside writing: they edit, react, block us and come back.

What must hold: each is stored once, in the order of the log; none of it is a turn of the bot, and none changes who
holds the conversation. An edit of a line that we don't know is a new line, and a file that an edit puts in the place of
another is one behind it: nothing that somebody said is lost.
"""

from typing import Any, Literal

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import ConversationId
from ..storage import conversations, events, outbox, receipts
from ..storage.tables import conversations as table
from ..wire.common import State
from .context import Change, Context
from .files import want
from .receive import (
    WAITING_SINCE,
    Received,
    Repeated,
    Said,
    claim_album,
    find_conversation,
    note_receipt,
    receive,
    stored_before,
)
from .say import note_state

A_LINE_BEHIND = {"last_customer_seq": table.c.last_seq + 2, "waiting_since": WAITING_SINCE}
"""An edit with a new file is two events, of which the second is a line for the team to see and answer."""

Kind = Literal["edit", "reaction", "blocked", "unblocked"]


async def amend(context: Context, kind: Kind, said: Said) -> Received:
    """`said.ref` names the message that is edited or reacted to."""
    try:
        received = await _amend(context, kind, said)
    except Repeated:
        return await stored_before(context, said)
    if received is None:
        return await receive(context, said)
    context.announce(Change(conversation=received.conversation, seq=received.seq, inbox=True, files=bool(said.offered)))
    return received


async def _amend(context: Context, kind: Kind, said: Said) -> Received | None:
    """None when an edit is about no line that we know."""
    at = context.clock()
    async with context.database.write() as connection:
        conversation = await find_conversation(connection, said, at)
        # Locks the row: what is edited, or another edit of it, may be on its way to its commit.
        await conversations.advance(connection, conversation, at, events=0)
        target = await _target(connection, conversation, said.ref)
        if kind == "edit" and target is None:
            return None
        new = await _replacing(connection, conversation, said, target)
        more = A_LINE_BEHIND if new else _blocking(kind, at)
        row = await conversations.advance(connection, conversation, at, events=2 if new else 1, **more)
        assert row is not None, "it was found in this transaction"
        seq: int = row["last_seq"]
        if not await note_receipt(connection, said, conversation, seq, at, ref=None):
            raise Repeated
        if said.album is not None:
            await claim_album(connection, said, conversation, seq, at)
        await _append(connection, kind, row, seq - 1 if new else seq, said, target, at)
        if new:
            await _show(connection, row, said, target, new, at)
    return Received(conversation, seq, False, "bot" if row["holder_kind"] == "bot" else "human")


def _blocking(kind: Kind, at: int) -> dict[str, Any]:
    """Whether the customer can be reached, where this is about that."""
    if kind in ("blocked", "unblocked"):
        return {"blocked_at": at if kind == "blocked" else None}
    return {}


async def _target(connection: AsyncConnection, conversation: ConversationId, ref: str | None) -> int | None:
    """The seq of the message with this id at the provider: the customer's, or one of ours."""
    if ref is None:
        return None
    return await receipts.find_seq(connection, conversation, ref) or await outbox.find_seq(
        connection, conversation, ref
    )


async def _replacing(
    connection: AsyncConnection, conversation: ConversationId, said: Said, target: int | None
) -> list[dict[str, Any]]:
    """Files of an edit that its line doesn't have: the provider names all of them, whatever was edited."""
    if target is None or not said.offered:
        return []
    known = await events.files_last_put(connection, conversation, target)
    return [one for one in said.offered if one["ref"] not in known]


async def _show(
    connection: AsyncConnection,
    row: RowMapping,
    said: Said,
    target: int | None,
    new: list[dict[str, Any]],
    at: int,
) -> None:
    """The new files of an edit, as a line behind it."""
    named = await want(connection, row["id"], new, row["last_seq"], at)
    await events.append(
        connection,
        row["id"],
        row["last_seq"],
        actor_kind="customer",
        actor_id=row["customer_id"],
        body={"target": target, "attachments": named},
        epoch=row["epoch"],
        key=f"c:{said.external_id}:files",
        at=at,
    )


async def _append(
    connection: AsyncConnection, kind: Kind, row: RowMapping, seq: int, said: Said, target: int | None, at: int
) -> None:
    actor: dict[str, Any] = {"actor_kind": "customer", "actor_id": row["customer_id"]}
    if kind in ("blocked", "unblocked"):
        state: State = "blocked" if kind == "blocked" else "unblocked"
        handover = row["handover_id"]
        await note_state(connection, row, seq, at, state, actor=actor, handover_id=handover, audience="team")
        return
    await events.append(
        connection,
        row["id"],
        seq,
        kind=kind,
        audience="all" if kind == "edit" else "team",
        text=said.text,
        body={"target": target},
        epoch=row["epoch"],
        key=f"c:{said.external_id}",
        at=at,
        **actor,
    )
