"""What the bot says, fenced like everybody else's words: in a turn under its epoch, or without one (a reminder).

What must hold: a bubble is stored once for each key. It goes out only if the bot holds the conversation, under the
turn's epoch, at this commit; otherwise it is stored as suppressed, for nobody's eyes but the audit's.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..errors import NotFound
from ..ids import ConversationId
from ..storage import conversations, events
from ..storage.tables import conversations as table
from .button import HUMAN, may_ask
from .context import Change, Context
from .say import WEB, deliver
from .wording import words_for

ONE_MORE, AS_MANY = table.c.exchanged + 1, table.c.exchanged + 0


@dataclass(frozen=True)
class Speech:
    """Bubbles `key:first`, `key:first + 1`, …; `epoch` None means that nothing of it may go out. `counts`: the first
    one is an answer of the bot for the message threshold.
    """

    conversation: ConversationId
    epoch: int | None
    key: str
    first: int
    messages: list[dict[str, Any]]
    counts: bool


@dataclass(frozen=True)
class Spoken:
    stored: bool
    suppressed: bool
    last_seq: int


async def speak(context: Context, connection: AsyncConnection, speech: Speech, at: int) -> Spoken:
    """Stores the bubbles that are not known yet, within the caller's transaction."""
    stored, suppressed, last_seq = False, False, 0
    for number, message in enumerate(speech.messages, start=speech.first):
        key = f"{speech.key}:{number}"
        known = await events.find_by_key(connection, speech.conversation, key)
        if known is not None:
            suppressed |= known["verdict"] == "suppressed"
            continue
        seq = await _say_one(context, connection, speech, key, message, at, counts=speech.counts and not stored)
        stored |= seq is not None
        suppressed |= seq is None
        last_seq = seq or last_seq
    return Spoken(stored, suppressed, last_seq)


def _offers(context: Context, row: RowMapping) -> bool:
    """Outside channels have no button of their own: it stands under the bot's answers, from the threshold on."""
    return row["channel"] != WEB and may_ask(context, row)


async def _say_one(
    context: Context,
    connection: AsyncConnection,
    speech: Speech,
    key: str,
    message: dict[str, Any],
    at: int,
    *,
    counts: bool,
) -> int | None:
    """The bubble's seq, or None when it was suppressed."""
    fence = conversations.CLOSED if speech.epoch is None else conversations.held_by_bot(speech.epoch)
    row = await conversations.advance(
        connection,
        speech.conversation,
        at,
        fence=fence,
        last_bot_seq=conversations.NEXT_SEQ,
        exchanged=ONE_MORE if counts else AS_MANY,
    )
    accepted = row is not None
    offer = {}
    if counts and row and _offers(context, row):
        offer = {HUMAN: await words_for(context, connection, row, "talk_to_human")}
    row = row or await conversations.advance(connection, speech.conversation, at)
    if row is None:
        raise NotFound("conversation")
    await events.append(
        connection,
        speech.conversation,
        row["last_seq"],
        audience="all" if accepted else "log",
        actor_kind="bot",
        text=(message.get("text") or "").replace("\x00", "") or None,
        body={name: value for name, value in message.items() if name != "text" and value} | offer or None,
        epoch=row["epoch"] if speech.epoch is None else speech.epoch,
        verdict="sent" if accepted else "suppressed",
        key=key,
        at=at,
    )
    if not accepted:
        return None
    await deliver(connection, row, row["last_seq"], at)
    return int(row["last_seq"])


async def speak_unasked(
    context: Context, conversation: ConversationId, key: str, messages: list[dict[str, Any]]
) -> bool:
    """A reminder or another word outside any turn. True when it goes out."""
    at = context.clock()
    async with context.database.write() as connection:
        row = await conversations.advance(connection, conversation, at, events=0)
        if row is None:
            raise NotFound("conversation")
        epoch = row["epoch"] if row["holder_kind"] == "bot" else None
        spoken = await speak(context, connection, Speech(conversation, epoch, key, 0, messages, counts=False), at)
    context.announce(Change(conversation=conversation, seq=spoken.last_seq, outbox=row["channel"] != "web"))
    return not spoken.suppressed
