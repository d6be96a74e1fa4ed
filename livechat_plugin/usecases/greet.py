"""A customer opens the chat on an outside channel (Start on Telegram) and is greeted, as on the website.

What must hold: one greeting for each press; it is no turn of the bot and does not count for the message threshold.
Where nobody is to be greeted (a person or the queue holds the conversation, or the team's greeting is empty) the press
is a message as any other.
"""

from sqlalchemy.ext.asyncio import AsyncConnection

from ..storage import conversations
from .context import Change, Context
from .receive import Received, Repeated, Said, find_conversation, note_receipt, receive, stored_before, written
from .say import BOT, say
from .wording import words_for


async def greet(context: Context, said: Said) -> Received:
    """`said.text` is what the press is as a message."""
    at = context.clock()
    try:
        async with context.database.write() as connection:
            received = await _greet(context, connection, said, at)
    except Repeated:
        return await stored_before(context, said)
    if received is None:
        return await receive(context, said)
    context.announce(Change(conversation=received.conversation, seq=received.seq, outbox=True))
    return received


async def _greet(context: Context, connection: AsyncConnection, said: Said, at: int) -> Received | None:
    conversation = await find_conversation(connection, said, at)
    row = await conversations.advance(connection, conversation, at, events=0)  # takes the row's lock
    assert row is not None, "it was found in this transaction"
    await conversations.describe_customer(connection, row["customer_id"], **said.profile)
    greeting = await words_for(context, connection, row, "greeting")
    if row["holder_kind"] != "bot" or not greeting:
        return None
    row = await conversations.advance(connection, conversation, at, blocked_at=None, **written(said, at))
    assert row is not None, "the row is locked by this transaction"
    seq: int = row["last_seq"]
    if not await note_receipt(connection, said, conversation, seq, at, said.ref):
        raise Repeated
    await say(connection, row, seq, at, greeting, f"greeting:{said.external_id}", actor=BOT)
    return Received(conversation, seq, False, "bot")
