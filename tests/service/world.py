"""What the service's tests stand on: a clock that is set, changes that are written down, and a few people."""

import asyncio
from collections.abc import Awaitable, Sequence
from itertools import count
from typing import Any

from sqlalchemy import RowMapping, select, text as sql

from livechat_plugin.errors import LiveChatError
from livechat_plugin.ids import AgentId, ConversationId, TurnId
from livechat_plugin.storage import agents, conversations
from livechat_plugin.storage.tables import audit, events, handovers, outbox
from livechat_plugin.usecases.bot_turn import take_due, take_in
from livechat_plugin.usecases.context import Change, Context
from livechat_plugin.usecases.open_handover import Answer, Request, open_handover
from livechat_plugin.usecases.receive import Received, Said, receive

NOON = 1_764_072_000_000
"""A Tuesday at 12:00 UTC; no test looks at the real time of day."""

_numbers = count(1)


class SettableClock:
    """The moment in milliseconds since 1970 that a test has set."""

    def __init__(self, at: int = NOON) -> None:
        self.at = at

    def __call__(self) -> int:
        return self.at

    def shift(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Forwards, or backwards when negative."""
        self.at += int((hours * 3600 + minutes * 60 + seconds) * 1000)


class Recorder:
    """An `announce` that keeps what was announced."""

    def __init__(self) -> None:
        self.changes: list[Change] = []

    def __call__(self, change: Change) -> None:
        self.changes.append(change)

    def take(self) -> list[Change]:
        """What came since the last look."""
        taken, self.changes = self.changes, []
        return taken


async def new_agent(context: Context, name: str = "Priya", role: str = "agent") -> RowMapping:
    """A member of the team, unseen so far."""
    async with context.database.write() as connection:
        email = f"{name.lower()}.{next(_numbers)}@example.com"
        agent = await agents.add(connection, email, name, role, "no password", context.clock())
        assert agent is not None, "the address is new"
        row = await agents.find(connection, agent)
        assert row is not None, "it was just added"
        return row


async def says(
    context: Context, user: str, text: str = "Hello", *, channel: str = "web", account: str = "shop", key: str = ""
) -> Received:
    """A customer writes; `user` names the conversation, `key` repeats a message."""
    said = Said(
        channel=channel, account=account, external_user=user, external_id=key or f"m{next(_numbers)}", text=text
    )
    return await receive(context, said)


async def new_conversation(context: Context, *, channel: str = "web", account: str = "shop") -> ConversationId:
    """A customer has said one thing, and the bot holds the conversation."""
    return (await says(context, f"user-{next(_numbers)}", channel=channel, account=account)).conversation


async def ask(context: Context, conversation: ConversationId, key: str = "", **options: Any) -> Answer:
    """The customer asks for a person."""
    options.setdefault("trigger", "button")
    return await open_handover(
        context, Request(key=key or f"click-{next(_numbers)}", conversation=conversation, **options)
    )


async def pending(context: Context, *, channel: str = "web") -> ConversationId:
    """A conversation that waits for a person."""
    conversation = await new_conversation(context, channel=channel)
    await ask(context, conversation)
    return conversation


async def state(context: Context, conversation: ConversationId) -> RowMapping:
    async with context.database.read() as connection:
        row = await conversations.find(connection, conversation)
    assert row is not None, "no test asks for a conversation that does not exist"
    return row


async def log_of(context: Context, conversation: ConversationId) -> Sequence[RowMapping]:
    """Every event, whoever may see it."""
    query = select(events).where(events.c.conversation_id == conversation).order_by(events.c.seq)
    async with context.database.read() as connection:
        return (await connection.execute(query)).mappings().all()


async def outbox_of(context: Context, conversation: ConversationId) -> Sequence[RowMapping]:
    """What is or was in line for an outside channel, in order."""
    query = select(outbox).where(outbox.c.conversation_id == conversation).order_by(outbox.c.seq)
    async with context.database.read() as connection:
        return (await connection.execute(query)).mappings().all()


async def handovers_of(context: Context, conversation: ConversationId) -> Sequence[RowMapping]:
    """Oldest first."""
    query = select(handovers).where(handovers.c.conversation_id == conversation).order_by(handovers.c.requested_at)
    async with context.database.read() as connection:
        return (await connection.execute(query)).mappings().all()


async def audited(context: Context, conversation: ConversationId) -> list[str]:
    """The actions in the audit, in order."""
    query = select(audit.c.action).where(audit.c.conversation_id == conversation).order_by(audit.c.id)
    async with context.database.read() as connection:
        return list((await connection.execute(query)).scalars())


async def present_until(context: Context, agent: RowMapping) -> int:
    async with context.database.read() as connection:
        row = await agents.find(connection, AgentId(agent["id"]))
    assert row is not None, "agents stay"
    return int(row["present_until"])


async def bot_answers(context: Context, conversation: ConversationId, text: str = "Certainly.") -> bool:
    """The bot takes the turn that is due here and answers it; whether its words went out."""
    (started,) = [turn for turn in await take_due(context) if turn.body.conversation_id == conversation]
    return await take_in(
        context, TurnId(started.row["id"]), started.body.epoch, 0, [{"text": text}], done=True, failed=None
    )


async def refused(call: Awaitable[Any]) -> LiveChatError:
    """What a call that must not work was refused with."""
    try:
        answer = await call
    except LiveChatError as error:
        return error
    raise AssertionError(f"expected a refusal, got {answer!r}")


async def lock_is_waited_for(context: Context) -> bool:
    """Whether a transaction stands behind another; on SQLite it does as soon as it begins."""
    if context.database.is_sqlite:
        return True
    async with context.database.read() as connection:
        return bool(await connection.scalar(sql("SELECT count(*) FROM pg_locks WHERE NOT granted")))


async def meanwhile(context: Context, other: asyncio.Task[Any]) -> None:
    """Lets the other task come as far as the lock that this transaction holds."""
    for _ in range(500):
        await asyncio.sleep(0.01)
        if await lock_is_waited_for(context) or other.done():
            return
