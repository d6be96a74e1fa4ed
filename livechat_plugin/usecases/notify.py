"""The owners are told by mail of new handovers: noted with the handover, written up in batches a moment later.

What must hold: what is noted is in one batch, and each owner gets one mail for it, whoever writes it up and whatever is
killed in between. Nobody waits for a mail: writing up is the mailer's, sending comes after it.
"""

from dataclasses import asdict

from sqlalchemy.ext.asyncio import AsyncConnection

from ..domain import mail_pace
from ..domain.letter import Letter
from ..ids import ConversationId, new_id
from ..storage import mails, notices
from .context import Context
from .notice_letters import MailedHandover, about_many, about_one, last_lines

MOST_AT_ONCE = 1_000
"""Handovers that one mail names at most."""


async def note(context: Context, connection: AsyncConnection, handover_id: str, at: int) -> None:
    """In the transaction that opens a handover, whatever asked for it; an agent who steps in needs no mail."""
    if context.settings.notifications.email.enabled:
        await notices.add(connection, handover_id, at)


async def write_up(context: Context, public_url: str) -> int:
    """Writes the mails that are to be written now; how many handovers they name."""
    at = context.clock()
    async with context.database.read() as connection:
        if not await notices.any_waiting(connection) or await _holds_back(context, connection, at):
            return 0
    async with context.database.write() as connection:
        waiting = await notices.take_waiting(connection, MOST_AT_ONCE)
        mailed = await mails.singles_since(connection, at - mail_pace.WINDOW_MS)
        made = mail_pace.batches(waiting, mailed, at)
        for ids in made:
            await _write(context, connection, ids, public_url, at)
    return sum(len(ids) for ids in made)


async def _holds_back(context: Context, connection: AsyncConnection, at: int) -> bool:
    if not context.settings.notifications.email.enabled:
        return False
    return mail_pace.holds_back(await mails.stuck_since(connection, at - mail_pace.STUCK_MS), at)


async def _write(context: Context, connection: AsyncConnection, ids: list[str], public_url: str, at: int) -> None:
    batch = new_id()
    await notices.put_into(connection, batch, ids)
    owners = await mails.owners(connection) if context.settings.notifications.email.enabled else ()
    if not owners:
        return
    rows = await notices.about(connection, ids)
    zone = context.settings.business_hours.timezone
    named = [MailedHandover.of(row, public_url, zone) for row in rows]
    letter = await _letter(connection, named)
    about = ConversationId(named[0].conversation_id) if len(named) == 1 else None
    await mails.add(
        connection,
        (
            {
                "kind": "handover" if len(named) == 1 else "digest",
                "key": f"{batch}:{owner['id']}",
                "recipient": owner["email"],
                "conversation_id": about,
                "not_before": at,
                "created_at": at,
                **asdict(letter),
            }
            for owner in owners
        ),
    )


async def _letter(connection: AsyncConnection, named: list[MailedHandover]) -> Letter:
    if len(named) > 1:
        return about_many(named)
    return about_one(named[0], await last_lines(connection, named[0].conversation_id))
