"""A customer said something: store it once, and give the bot its turn if the bot holds the conversation.

What must hold: one transaction holds the receipt, the event with its seq, and the turn; only after its commit does
anybody answer 2xx. The same thing received again, fifty times at once, is one message and one turn.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import BigInteger, RowMapping, bindparam, case, func, null
from sqlalchemy.ext.asyncio import AsyncConnection

from ..errors import Invalid, NotFound
from ..ids import ConversationId
from ..storage import conversations, events, receipts, turns
from ..storage.tables import conversations as table
from .button import FORM, HUMAN, LEAVE_DETAILS
from .context import Change, Context
from .files import attach, want

KEY = re.compile(rf"b:([0-9]{{1,15}}):({HUMAN}|{FORM}|[0-9]{{1,4}})")
"""A key of ours, and no number in it too large for a database: this comes from outside."""

ALBUM_MS = 1_000
"""The parts of an album come within a moment, several at once: so long one without words waits for one with them."""

ONE_MORE = table.c.exchanged + 1
WAITING_SINCE = case(
    (table.c.holder_kind == "bot", null()), else_=func.coalesce(table.c.waiting_since, conversations.MOMENT)
)
"""Whoever writes to the queue or to a person waits, from their first line on that nobody has answered."""

WROTE = bindparam("wrote_at", type_=BigInteger)
NEWEST = case((func.coalesce(table.c.customer_at, 0) < WROTE, WROTE), else_=table.c.customer_at)
"""A provider brings what it could not say before after it has brought what is newer."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What came in. `external_id` is unique for channel and account; `button` is a key `b:<seq>:<index>` of ours.

    `ref` is the provider's id of this message, or of the one that is edited or reacted to; `aliases` are other ids of
    the same customer there. `album` is shared by messages that were sent as one. `sent_at` is when they did it, in
    milliseconds, as far as the provider tells. `files` are uploads of the visitor, `offered` are files that are at the
    provider still.
    """

    channel: str
    account: str
    external_user: str
    external_id: str
    aliases: Sequence[str] = ()
    ref: str | None = None
    album: str | None = None
    sent_at: int | None = None
    text: str | None = None
    button: str | None = None
    files: Sequence[str] = ()
    offered: Sequence[dict[str, Any]] = ()
    client_msg_id: str | None = None
    profile: dict[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Received:
    """`asks_human`: they pressed "Talk to Human" under a message."""

    conversation: ConversationId
    seq: int
    duplicate: bool
    answer: Literal["bot", "human"]
    asks_human: bool = False


class Repeated(Exception):
    """Stored already: the transaction is rolled back and the first answer given again."""


async def receive(context: Context, said: Said) -> Received:
    """Stores a message or a pressed button. Raises `Invalid`."""
    try:
        received = await _store(context, said)
    except Repeated:
        return await stored_before(context, said)
    to_human = received.answer == "human"
    context.announce(
        Change(
            conversation=received.conversation,
            seq=received.seq,
            inbox=to_human,
            turn=not to_human and not received.asks_human,
            files=bool(said.offered),
        )
    )
    return received


async def _store(context: Context, said: Said) -> Received:
    at = context.clock()
    # Buttons stay in a chat for ever. With live chat off nobody else would answer the press, so the bot does.
    asks_human = _asks_human(said) and context.availability().off is None
    async with context.database.write() as connection:
        conversation = await find_conversation(connection, said, at)
        row = await conversations.advance(
            connection,
            conversation,
            at,
            last_customer_seq=conversations.NEXT_SEQ,
            exchanged=ONE_MORE,
            waiting_since=WAITING_SINCE,
            blocked_at=None,
            **written(said, at),
        )
        assert row is not None, "it was found in this transaction"
        seq = row["last_seq"]
        if not await note_receipt(connection, said, conversation, seq, at, said.ref):
            raise Repeated
        await conversations.describe_customer(connection, row["customer_id"], **said.profile)
        text, body = await _content(connection, conversation, said, seq, at)
        await _append(connection, row, said, text, body, at)
        to_bot = row["holder_kind"] == "bot"
        if to_bot and not asks_human:
            await _give_turn(connection, said, row, at)
    return Received(conversation, seq, False, "bot" if to_bot else "human", asks_human)


async def _give_turn(connection: AsyncConnection, said: Said, row: RowMapping, at: int) -> None:
    """The bot answers each message, and of an album one alone: the first that has words, or else the first. Words that
    come when it has begun on a part without any are answered, too: they may be what the customer asks.

    What the parts of an album know of each other is a receipt. They come in any order, and one by one: each has locked
    the conversation's row.
    """
    conversation, seq = ConversationId(row["id"]), row["last_seq"]
    if said.album is None:
        await turns.add(connection, conversation, seq, row["epoch"], at)
        return
    first = await claim_album(connection, said, conversation, seq, at)
    if first == seq:
        not_before = at + ALBUM_MS if said.text is None else 0
        await turns.add(connection, conversation, seq, row["epoch"], at, not_before)
    elif said.text is not None:
        answered = await events.find(connection, conversation, first)
        if answered is not None and answered["text"] is None:
            await _answer_words(connection, conversation, first, row, at)


async def _answer_words(
    connection: AsyncConnection, conversation: ConversationId, first: int, row: RowMapping, at: int
) -> None:
    """The words are what the album's turn is about; or a turn of their own, when that one has begun."""
    moved = await turns.move(connection, conversation, first, row["last_seq"])
    if not moved and await turns.is_about(connection, conversation, first):
        await turns.add(connection, conversation, row["last_seq"], row["epoch"], at)


async def claim_album(connection: AsyncConnection, said: Said, conversation: ConversationId, seq: int, at: int) -> int:
    """The seq of the first part of this album: this one's, if none came before."""
    album = f"album:{conversation}:{sha256((said.album or '').encode()).hexdigest()}"
    if await receipts.add(connection, said.channel, said.account, album, conversation, seq, at):
        return seq
    known = await receipts.find(connection, said.channel, said.account, album)
    assert known is not None, "it stood in the way of this one"
    return int(known["seq"])


async def find_conversation(connection: AsyncConnection, said: Said, at: int) -> ConversationId:
    """The one conversation of this customer, whichever of their ids the provider names."""
    return await conversations.find_or_make(
        connection, said.channel, said.account, said.external_user, at, aliases=said.aliases
    )


def written(said: Said, at: int) -> dict[str, Any]:
    """When the customer last wrote, and which message that was, where this is one.

    By the provider's clock, because it counts its window from there; but nobody has written in the future.
    """
    wrote = at if said.sent_at is None else min(said.sent_at, at)
    values = {"customer_at": NEWEST, "wrote_at": wrote}
    return values if said.ref is None else {**values, "customer_ref": said.ref}


async def note_receipt(
    connection: AsyncConnection, said: Said, conversation: ConversationId, seq: int, at: int, ref: str | None
) -> bool:
    """False when this very thing is stored already. `ref` is the provider's id of the message, if this is one."""
    return await receipts.add(connection, said.channel, said.account, said.external_id, conversation, seq, at, ref=ref)


def _asks_human(said: Said) -> bool:
    return said.button is not None and said.button.endswith(f":{HUMAN}")


async def _content(
    connection: AsyncConnection, conversation: ConversationId, said: Said, seq: int, at: int
) -> tuple[str | None, dict[str, Any] | None]:
    """The text of the event and what else belongs to it; a pressed button says its title and carries its payload."""
    if said.button is not None:
        pressed = await _button(connection, conversation, said.button)
        return pressed["title"], {"button": said.button, "payload": pressed.get("payload")}
    named = await attach(connection, conversation, said.files, None, seq)
    named += await want(connection, conversation, said.offered, seq, at)
    if said.text is None and not named:
        raise Invalid("There is nothing in this message.", {"text": "a text, a button or an attachment"})
    return said.text, {"attachments": named} if named else None


async def _button(connection: AsyncConnection, conversation: ConversationId, key: str) -> dict[str, Any]:
    """The button behind a key that we issued; the stored message is the proof that we did."""
    wrong = Invalid("This button is not one of this conversation's.", {"button": "a key that we sent: b:<seq>:<index>"})
    parts = KEY.fullmatch(key)
    if parts is None:
        raise wrong
    seq, index = parts.groups()
    event = await events.find(connection, conversation, int(seq))
    body = (event["body"] or {}) if event is not None and event["audience"] == "all" else {}
    if index == HUMAN and HUMAN in body:
        return {"title": body[HUMAN]}
    if index == FORM and FORM in body:
        return {"title": body[FORM], "payload": LEAVE_DETAILS}
    buttons: list[dict[str, Any]] = body.get("buttons", [])
    if index in (HUMAN, FORM) or int(index) >= len(buttons):
        raise wrong
    return buttons[int(index)]


async def _append(
    connection: AsyncConnection, row: RowMapping, said: Said, text: str | None, body: dict[str, Any] | None, at: int
) -> None:
    await events.append(
        connection,
        row["id"],
        row["last_seq"],
        actor_kind="customer",
        actor_id=row["customer_id"],
        text=text,
        body=body,
        epoch=row["epoch"],
        key=f"c:{said.client_msg_id or said.external_id}",
        at=at,
    )


async def stored_before(context: Context, said: Said) -> Received:
    """The answer that the first of several equal calls got."""
    async with context.database.read() as connection:
        receipt = await receipts.find(connection, said.channel, said.account, said.external_id)
        if receipt is None:
            raise NotFound("message")
        conversation = ConversationId(receipt["conversation_id"])
        row = await conversations.find(connection, conversation)
    to_bot = row is not None and row["holder_kind"] == "bot"
    return Received(conversation, receipt["seq"], True, "bot" if to_bot else "human", _asks_human(said))
