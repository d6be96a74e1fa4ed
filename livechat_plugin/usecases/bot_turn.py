"""The bot's turns as the service runs them: hand one out, take in what the bot says, and give up honestly.

What must hold: one turn runs for each conversation, lowest seq first; a turn of an old epoch never starts, and what it
still says is stored as suppressed; a message of a turn (`<turn>:<n>`) is stored once however often it is posted. The
third failure, or no word within `bot.answer_within_seconds`, ends in an honest text and the queue, never in silence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..clock import iso
from ..errors import NotFound
from ..ids import ConversationId, TurnId
from ..storage import conversations, events, turns
from ..wire.common import Attachment
from ..wire.connector import HistoryLine, Resume, Turn, TurnMessage
from .bot_says import Speech, speak
from .context import Change, Context
from .open_handover import Request, open_live
from .say import WEB, say
from .wording import words_for

LOCK_MS = 30_000
"""A running turn is taken up again when its connector has been silent for so long (it posts every 10 s)."""

RETRY_MS = 1_000
FAILURES_MAX = 3
BATCH = 16


@dataclass(frozen=True)
class Started:
    """A turn that this worker has taken and must post to its channel's connector."""

    row: RowMapping
    conversation: RowMapping
    body: Turn


async def take_due(context: Context) -> list[Started]:
    """Takes turns that may run now and drops those that nobody waits for."""
    at = context.clock()
    started, left = await _take_waiting(context, at)
    for turn in left:
        try:
            async with context.database.write() as connection:
                taken = await _take(context, connection, turn, at)
        except turns.Occupied:  # another worker has just taken one of the same conversation
            continue
        if taken is not None:
            started.append(taken)
        elif turn["state"] == "running":  # its lock lapsed, and perhaps the service gave up
            conversation = ConversationId(turn["conversation_id"])
            context.announce(Change(conversation=conversation, seq=0, inbox=True, card=True, turn=True, outbox=True))
    return started


async def _take_waiting(context: Context, at: int) -> tuple[list[Started], Sequence[RowMapping]]:
    """Takes all that wait in one transaction. Beside them what must be taken one by one: turns whose lock lapsed, and
    all of them when another worker was in between.
    """
    due: Sequence[RowMapping] = ()
    try:
        async with context.database.write() as connection:
            due = await turns.due(connection, at, BATCH)
            taken = [await _take(context, connection, turn, at) for turn in due if turn["state"] == "waiting"]
    except turns.Occupied:
        return [], due
    return [one for one in taken if one is not None], [turn for turn in due if turn["state"] == "running"]


async def _take(context: Context, connection: AsyncConnection, turn: RowMapping, at: int) -> Started | None:
    taken = await turns.take(connection, turn, at + LOCK_MS)
    if taken is None:
        return None
    row = await conversations.find(connection, taken["conversation_id"])
    if row is None or row["holder_kind"] != "bot" or row["epoch"] != taken["epoch"]:
        await turns.finish(connection, taken, at, "dropped")
        return None
    if turn["state"] == "running" and not await _count_failure(context, connection, taken, at):
        return None
    return Started(taken, row, await _body(context, connection, row, taken))


async def _body(context: Context, connection: AsyncConnection, row: RowMapping, turn: RowMapping) -> Turn:
    """What the connector needs: the message, what was said since the bot's last turn, and how to go on."""
    found = await events.find_as_last_put(connection, row["id"], turn["seq"])
    assert found is not None, "a turn is stored with its message"
    message, newest = found
    said = await events.said_between(connection, row["id"], row["bot_read_seq"], turn["seq"])
    body = message["body"] or {}
    text = message["text"] if row["channel"] == WEB else newest
    return Turn(
        turn=turn["id"],
        account=row["account"],
        conversation_id=row["id"],
        epoch=turn["epoch"],
        message=TurnMessage(text=text, payload=body.get("payload"), attachments=_attachments(context, body)),
        history=[_line(line) for line in said],
        resume=Resume(**row["resume"]) if row["resume"] else None,
        attempt=turn["attempt"],
    )


def _attachments(context: Context, body: dict[str, Any]) -> list[Attachment]:
    return [Attachment(url=context.links.for_rasa(one["id"]), **one) for one in body.get("attachments", ())]


def _line(event: RowMapping) -> HistoryLine:
    return HistoryLine(
        id=f"{event['conversation_id']}:{event['seq']}",
        actor=event["actor_kind"],
        name=event["actor_name"],
        text=event["text"] or "",
        at=iso(event["at"]),
    )


async def postpone(context: Context, turn: RowMapping) -> None:
    """Rasa could not be reached or is not ready: the turn waits a moment; that is not its failure."""
    async with context.database.write() as connection:
        await turns.change(
            connection,
            turn["id"],
            attempt=turn["attempt"],
            state="waiting",
            locked_until=None,
            not_before=context.clock() + RETRY_MS,
        )


async def still_silent(context: Context, ids: Sequence[TurnId]) -> Sequence[TurnId]:
    """Those of these turns that run, and of whose answer nothing has come yet."""
    async with context.database.read() as connection:
        return await turns.silent(connection, ids)


async def take_again(context: Context, down_at: int) -> None:
    """Rasa is back: turns that nobody has kept since it was found down are lost there, and don't wait for their lock.

    A server that still runs one of them joins it when it is posted again.
    """
    async with context.database.write() as connection:
        await turns.unlock(connection, down_at + LOCK_MS, context.clock())


async def take_in(
    context: Context,
    turn_id: TurnId,
    epoch: int,
    first: int,
    messages: list[dict[str, Any]],
    *,
    done: bool,
    failed: str | None,
) -> bool:
    """Stores bubbles of a turn, prolongs or ends it. True when the bot's words (would) go out."""
    at = context.clock()
    async with context.database.write() as connection:
        turn = await turns.find(connection, turn_id)
        if turn is None:
            raise NotFound("turn")
        conversation = ConversationId(turn["conversation_id"])
        # Locks the row, so that what follows is one step for everybody else. On SQLite it was alone before.
        row = await conversations.advance(connection, conversation, at, events=0)
        assert row is not None, "a turn belongs to a conversation"
        if not context.database.is_sqlite:
            turn = await turns.find(connection, turn_id) or turn
        live = turn["state"] != "dropped" and epoch == turn["epoch"]
        speech = Speech(conversation, epoch if live else None, turn_id, first, messages, counts=not turn["spoke"])
        spoken = await speak(context, connection, speech, at)
        spoke = turn["spoke"] or spoken.stored
        if not done or failed is not None:
            await turns.change(connection, turn_id, locked_until=at + LOCK_MS, spoke=spoke)
        more = done and await _end(context, connection, turn, row, at, failed, spoke=spoke)
    context.announce(
        Change(
            conversation=conversation,
            seq=spoken.last_seq or row["last_seq"],
            turn=more,
            outbox=spoken.stored and row["channel"] != "web",
            inbox=done,
        )
    )
    return live and not spoken.suppressed and row["holder_kind"] == "bot" and row["epoch"] == epoch


async def _end(
    context: Context,
    connection: AsyncConnection,
    turn: RowMapping,
    row: RowMapping,
    at: int,
    failed: str | None,
    *,
    spoke: bool,
) -> bool:
    """The turn is over: Rasa's tracker now knows the log up to its message. A failed one is tried again. False when no
    turn of the conversation waits to be run.
    """
    if turn["state"] != "running":
        return True
    if failed is not None:
        if await _count_failure(context, connection, turn, at):
            await turns.change(connection, turn["id"], state="waiting", locked_until=None, not_before=at + RETRY_MS)
        return True
    more = await turns.finish(connection, turn, at, "done", spoke=spoke)
    same = conversations.held_by_bot(turn["epoch"])
    await conversations.raise_bot_mark(connection, turn["conversation_id"], turn["seq"])
    if row["resume"] is not None:
        await conversations.change(connection, turn["conversation_id"], same, resume=None)
    return more


async def _count_failure(context: Context, connection: AsyncConnection, turn: RowMapping, at: int) -> bool:
    """One more; False when it was the last one and the service has given up."""
    if turn["failures"] + 1 >= FAILURES_MAX:
        await give_up(context, connection, turn, at, "The assistant failed three times to answer.")
        return False
    await turns.change(connection, turn["id"], failures=turn["failures"] + 1)
    return True


async def give_up(context: Context, connection: AsyncConnection, turn: RowMapping, at: int, reason: str) -> None:
    """An honest text and the queue; when live chat is closed the text alone, and the bot keeps the floor."""
    conversation = ConversationId(turn["conversation_id"])
    row = await conversations.advance(connection, conversation, at, events=0)
    assert row is not None, "a turn belongs to a conversation"
    await turns.drop(connection, turn, at)
    if row["holder_kind"] != "bot" or row["epoch"] != turn["epoch"]:
        return
    if context.availability().open:
        request = Request(key=turn["id"], conversation=conversation, trigger="bot", reason=reason)
        await open_live(context, connection, request, row, at, says="bot_silent")
    else:
        row = await conversations.advance(connection, conversation, at)
        assert row is not None, "the row is locked by this transaction"
        text = await words_for(context, connection, row, "bot_silent_alone")
        await say(connection, row, row["last_seq"], at, text, key=f"silent:{turn['id']}")


async def give_up_unanswered(context: Context) -> None:
    """The watch over silence: turns without a word of the bot for longer than the settings allow."""
    at = context.clock()
    since = at - context.settings.bot.answer_within_seconds * 1000
    async with context.database.read() as connection:
        owed = await turns.unanswered(connection, since, BATCH)
    for turn in owed:
        conversation = ConversationId(turn["conversation_id"])
        async with context.database.write() as connection:
            # Locks the row first: the bot's words may be on their way to their commit at this very moment.
            await conversations.advance(connection, conversation, at, events=0)
            now = await turns.find(connection, turn["id"])
            if now is None or now["spoke"] or now["state"] not in ("waiting", "running"):
                continue
            await give_up(context, connection, now, at, "The assistant did not answer in time.")
            seq = (await conversations.last_seqs(connection, [conversation]))[conversation]
        context.announce(Change(conversation=conversation, seq=seq, inbox=True, card=True, turn=True, outbox=True))
