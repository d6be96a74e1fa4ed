"""An agent writes: to the customer (`send`), or to the team alone (`add_note`).

What must hold: a message is stored only under the epoch that its author holds; known `client_msg_id`s get the stored
answer, so that a repeat after a lost claim is no false refusal. They are looked up behind the row's lock: of a message
that comes twice at once the second finds the first. A note never reaches a customer: its audience is the team.
"""

from collections.abc import Sequence

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..domain import window
from ..errors import ClaimLost, Invalid, NotFound, WindowClosed
from ..ids import AgentId, ConversationId
from ..storage import agents, conversations, events
from . import mail_answers
from .context import Change, Context
from .files import attach
from .say import agent_actor, deliver


class _Repeated(Exception):
    """Stored already, as `seq`: the transaction is rolled back."""

    def __init__(self, seq: int) -> None:
        self.seq = seq


async def send(
    context: Context,
    agent: RowMapping,
    conversation: ConversationId,
    client_msg_id: str,
    epoch: int,
    text: str | None,
    files: Sequence[str] = (),
) -> tuple[int, bool]:
    """The message's seq, and whether it is new. `files` are the agent's uploads. Raises `ClaimLost`, `WindowClosed`."""
    if text is None and not files:
        raise Invalid("There is nothing in this message.", {"text": "a text or an attachment"})
    try:
        row = await _send(context, agent, conversation, _key(agent, client_msg_id), epoch, text, files)
    except _Repeated as repeated:
        return repeated.seq, False
    seq: int = row["last_seq"]
    context.announce(Change(conversation=conversation, seq=seq, inbox=True, outbox=row["channel"] != "web"))
    return seq, True


async def _send(
    context: Context,
    agent: RowMapping,
    conversation: ConversationId,
    key: str,
    epoch: int,
    text: str | None,
    files: Sequence[str],
) -> RowMapping:
    at = context.clock()
    fence = conversations.held_by_agent(AgentId(agent["id"]), epoch)
    async with context.database.write() as connection:
        row = await conversations.advance(connection, conversation, at, fence=fence, waiting_since=None)
        await _check_new(connection, conversation, key)
        if row is None:
            raise await claim_lost(connection, conversation)
        if not window.is_open(row["channel"], row["customer_at"], at):
            raise WindowClosed(window.CLOSED)
        seq: int = row["last_seq"]
        attached = await attach(connection, conversation, files, agent["id"], seq)
        await events.append(
            connection,
            conversation,
            seq,
            text=text,
            body={"attachments": attached} if attached else None,
            epoch=epoch,
            verdict="sent",
            key=key,
            at=at,
            **agent_actor(agent),
        )
        await deliver(connection, row, seq, at)
        await mail_answers.note(context, connection, row, at)
    return row


async def add_note(
    context: Context, agent: RowMapping, conversation: ConversationId, client_msg_id: str, text: str
) -> tuple[int, bool]:
    """The note's seq, and whether it is new."""
    try:
        seq = await _add_note(context, agent, conversation, _key(agent, client_msg_id, "n"), text)
    except _Repeated as repeated:
        return repeated.seq, False
    context.announce(Change(conversation=conversation, seq=seq))
    return seq, True


async def _add_note(context: Context, agent: RowMapping, conversation: ConversationId, key: str, text: str) -> int:
    at = context.clock()
    async with context.database.write() as connection:
        row = await conversations.advance(connection, conversation, at)
        if row is None:
            raise NotFound("conversation")
        await _check_new(connection, conversation, key)
        seq: int = row["last_seq"]
        await events.append(
            connection,
            conversation,
            seq,
            kind="note",
            audience="team",
            text=text,
            epoch=row["epoch"],
            key=key,
            at=at,
            **agent_actor(agent),
        )
    return seq


async def _check_new(connection: AsyncConnection, conversation: ConversationId, key: str) -> None:
    known = await events.find_by_key(connection, conversation, key)
    if known is not None:
        raise _Repeated(known["seq"])


async def claim_lost(connection: AsyncConnection, conversation: ConversationId) -> ClaimLost | NotFound:
    """The refusal for somebody whose epoch is over, naming who has the conversation now."""
    row = await conversations.find(connection, conversation)
    if row is None:
        return NotFound("conversation")
    holder = await agents.find(connection, row["holder_id"]) if row["holder_id"] else None
    return ClaimLost(holder["id"], holder["name"]) if holder else ClaimLost()


def _key(agent: RowMapping, client_msg_id: str, kind: str = "a") -> str:
    """Messages and notes have ids of their own, even where a client gives both the same."""
    return f"{kind}:{agent['id']}:{client_msg_id}"
