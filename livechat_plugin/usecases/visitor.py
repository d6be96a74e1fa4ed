"""A visitor of the website: gets a token that reaches one conversation; how far they and the team have read it."""

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..errors import NotSignedIn
from ..ids import ConversationId, new_id, new_token, token_hash
from ..storage import conversations, visitors
from .context import Change, Context
from .say import BOT, say
from .wording import Reader, word

CHANNEL = "web"
ACCOUNT = "default"


async def begin(context: Context, **known: str | None) -> tuple[str, ConversationId]:
    """A new visitor: their token and their conversation, with the greeting in it. `known` are columns of customers."""
    at = context.clock()
    token = new_token()
    async with context.database.write() as connection:
        conversation = await conversations.find_or_make(connection, CHANNEL, ACCOUNT, new_id(), at)
        await visitors.add(connection, token_hash(token), conversation, at)
        row = await conversations.find(connection, conversation)
        assert row is not None, "it was made in this transaction"
        await conversations.describe_customer(connection, row["customer_id"], **known)
        greeting = word(context.settings, "greeting", Reader(known.get("locale"), known.get("timezone")), None)
        if greeting:
            await _greet(connection, conversation, greeting, at)
    return token, conversation


async def _greet(connection: AsyncConnection, conversation: ConversationId, greeting: str, at: int) -> None:
    row = await conversations.advance(connection, conversation, at)
    assert row is not None, "it was made in this transaction"
    await say(connection, row, row["last_seq"], at, greeting, "greeting", actor=BOT)


async def find(context: Context, token: str) -> RowMapping:
    """The conversation that a visitor's token reaches. Raises `NotSignedIn`."""
    async with context.database.read() as connection:
        row = await visitors.find_conversation(connection, token_hash(token))
    if row is None:
        raise NotSignedIn("This chat session is over. A new one begins when the page is loaded again.")
    return row


async def describe(context: Context, conversation: RowMapping, **known: str | None) -> None:
    """What the browser tells of the visitor now: the page, for the agent, and the zone, for times that they read."""
    if any(known.values()):
        async with context.database.write() as connection:
            await conversations.describe_customer(connection, conversation["customer_id"], **known)


async def note_seen(context: Context, conversation: ConversationId, delivered_upto: int, read_upto: int) -> None:
    """How far the customer's screen is; a mark never goes back, nor beyond the log."""
    async with context.database.write() as connection:
        moved = await conversations.raise_marks(connection, conversation, delivered_upto, read_upto)
    if moved:
        context.announce(Change(conversation=conversation, seq=0, marks=True))


async def note_team_read(context: Context, conversation: ConversationId, upto: int) -> None:
    """How far the agent who holds the conversation has read it."""
    async with context.database.write() as connection:
        moved = await conversations.raise_team_mark(connection, conversation, upto)
    if moved:
        context.announce(Change(conversation=conversation, seq=0, inbox=True))
