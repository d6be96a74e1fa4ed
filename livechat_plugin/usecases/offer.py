"""The words that live chat is closed, with the offer to leave one's details.

What must hold: the offer stands under the message itself, so that a customer has it on every channel, and an old one
can still be pressed.
"""

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..storage import events
from .button import FORM
from .context import Context
from .say import SYSTEM, deliver


async def say_closed(
    context: Context, connection: AsyncConnection, row: RowMapping, seq: int, at: int, key: str
) -> None:
    """The out-of-hours message as the event `seq`, once for each key; `row` is the conversation after the change."""
    messages = context.settings.messages
    await events.append(
        connection,
        row["id"],
        seq,
        text=messages.out_of_hours,
        body={FORM: messages.leave_details},
        epoch=row["epoch"],
        verdict="sent",
        key=key,
        at=at,
        **SYSTEM,
    )
    await deliver(connection, row, seq, at)
