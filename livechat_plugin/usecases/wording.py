"""The team's texts as one customer reads them: in their language if there is a translation, with the next opening.

What must hold: a customer never reads a placeholder; a sentence whose value is not known is left out. Who the customer
is, is looked up only when a text depends on it, so that a team with one language pays nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..domain.texts import fill, placeholders
from ..ids import ConversationId
from ..settings import Settings
from ..settings.texts import Name
from ..storage import conversations
from .context import Context
from .moments import in_words


@dataclass(frozen=True)
class Reader:
    """What is known of a customer: `de-AT`, and an IANA zone."""

    locale: str | None = None
    timezone: str | None = None


ANYBODY = Reader()

IN_THE_WIDGET: tuple[Name, Name, Name] = ("out_of_hours", "talk_to_human", "leave_details")
"""The texts that the widget shows by itself."""


def word(settings: Settings, name: Name, reader: Reader, opening: datetime | None) -> str:
    """This text for this customer; `opening` is when live chat opens next, if that is known."""
    text, language = settings.messages.say(name, reader.locale)
    if "{" not in text:
        return text
    zone = settings.business_hours.timezone
    said = in_words(opening, zone, language, reader.locale, reader.timezone) if opening is not None else None
    return fill(text, {"next_opening": said})


def depends(settings: Settings, *names: Name) -> bool:
    """Whether one of these texts is not the same for everybody."""
    messages = settings.messages
    return bool(messages.translations) or any(placeholders(getattr(messages, name)) for name in names)


async def reader_of(context: Context, connection: AsyncConnection, row: RowMapping, *names: Name) -> Reader:
    """Who reads these texts in this conversation."""
    if not depends(context.settings, *names):
        return ANYBODY
    customer = await conversations.find_customer(connection, row["customer_id"])
    return Reader(customer["locale"], customer["timezone"])


async def readers_of(context: Context, ids: list[ConversationId], *names: Name) -> dict[ConversationId, Reader]:
    """Who reads these texts in each of these conversations."""
    if not depends(context.settings, *names):
        return dict.fromkeys(ids, ANYBODY)
    async with context.database.read() as connection:
        rows = await conversations.customers_of(connection, ids)
    return {ConversationId(row["id"]): Reader(row["locale"], row["timezone"]) for row in rows}


async def words_for(context: Context, connection: AsyncConnection, row: RowMapping, name: Name) -> str:
    """This text for the customer of this conversation, now."""
    reader = await reader_of(context, connection, row, name)
    return word(context.settings, name, reader, context.availability().next_opening)


async def opening_for(context: Context, conversation: str | None) -> str | None:
    """The next opening in words, for the bot to say; None if there is none to be named."""
    opening = context.availability().next_opening
    if opening is None:
        return None
    reader = ANYBODY
    if conversation is not None:
        async with context.database.read() as connection:
            rows = await conversations.customers_of(connection, [ConversationId(conversation)])
        reader = Reader(rows[0]["locale"], rows[0]["timezone"]) if rows else ANYBODY
    settings = context.settings
    return in_words(
        opening, settings.business_hours.timezone, settings.messages.language, reader.locale, reader.timezone
    )
