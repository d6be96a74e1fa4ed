"""Forgetting, once an hour, what nobody needs any more."""

from ..storage import mails, receipts, sign_ins
from . import mailing
from .context import Context
from .files import forget_unsent
from .sign_in import ABSOLUTE_MS, FORGET_MS, IDLE_MS

RECEIPTS_MS = 30 * 24 * 3_600_000
"""Providers repeat a webhook for a week at most; a replay is stopped for longer."""

MAIL_WORDS_MS = 30 * 24 * 3_600_000
"""What a mail said is forgotten when everybody has it; that it was sent stays for a year."""

MAILS_MS = 365 * 24 * 3_600_000


async def tidy(context: Context) -> None:
    at = context.clock()
    async with context.database.write() as connection:
        await receipts.forget(connection, at - RECEIPTS_MS)
        await sign_ins.forget(connection, at - IDLE_MS, at - ABSOLUTE_MS)
        await sign_ins.forget_failures(connection, at - FORGET_MS)
        await mails.forget_words(connection, at - MAIL_WORDS_MS)
        await mails.forget(connection, at - MAILS_MS)
    await mailing.give_up(context)
    await forget_unsent(context)
