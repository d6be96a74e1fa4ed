"""The words that live chat is closed, with the offer to leave one's details.

What must hold: the offer stands under the message itself, so that a customer has it on every channel, and an old one
can still be pressed.
"""

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from .button import FORM
from .context import Context
from .say import say
from .wording import reader_of, word


async def say_closed(
    context: Context, connection: AsyncConnection, row: RowMapping, seq: int, at: int, key: str
) -> None:
    """The out-of-hours message as the event `seq`, once for each key; `row` is the conversation after the change."""
    reader = await reader_of(context, connection, row, "out_of_hours", "leave_details")
    opening = context.availability().next_opening
    text = word(context.settings, "out_of_hours", reader, opening)
    offer = {FORM: word(context.settings, "leave_details", reader, opening)}
    await say(connection, row, seq, at, text, key, body=offer)
