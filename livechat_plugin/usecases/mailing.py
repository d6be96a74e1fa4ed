"""What becomes of a mail after a try to send it.

What must hold: a mail is sent until the server has taken it, refused it for good, or three days are over; only a try
that still holds the mail says how it ended. A mail is taken only when the server is there: that it was away is no try.
Whether it is still for this reader is asked each time it is taken, for it may have waited for days.
"""

import logging
import random
import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..domain.letter import Letter
from ..ids import ConversationId, new_id
from ..storage import mails
from . import mail_answers
from .context import Change, Context

log = logging.getLogger(__name__)

LOCK_MS = 40_000
"""Longer than the longest try."""

FIRST_RETRY_MS, LONGEST_RETRY_MS = 1_000, 300_000
GIVE_UP_MS = 72 * 3_600_000
GAVE_UP = "The mail server did not take it for three days."
LEFT = "They are no owner of the team any more."
ERROR_MAX = 500
CODE = re.compile(r": ([45]\d\d)\b")
"""The server's answer, behind our words about it."""


async def any_due(context: Context) -> bool:
    async with context.database.read() as connection:
        return await mails.any_due(connection, context.clock())


async def take(context: Context) -> RowMapping | None:
    """The next mail that this worker must send now; one that must not leave any more is dropped."""
    at = context.clock()
    async with context.database.write() as connection:
        while (row := await mails.take(connection, at, at + LOCK_MS)) is not None:
            why = await _why_not(connection, row)
            if why is None:
                return row
            await mails.settle(connection, row, state="dropped", error=why)
    return None


async def _why_not(connection: AsyncConnection, row: RowMapping) -> str | None:
    """The customer has seen the answer meanwhile, or the mail is about customers of a team that its reader has left."""
    if row["kind"] == "answer" and await mail_answers.has_arrived(connection, row):
        return mail_answers.CAME_BACK
    if row["kind"] in ("handover", "digest") and not await mails.is_to_owner(connection, row):
        return LEFT
    return None


async def note_sent(context: Context, row: RowMapping) -> None:
    """The server has taken it."""
    await _settle(context, row, state="sent", error=None, sent_at=context.clock())


async def note_refused(context: Context, row: RowMapping, why: str) -> None:
    """The server will never take it."""
    _log_failure(row, why)
    await _settle(context, row, state="failed", error=why[:ERROR_MAX])


async def note_later(context: Context, row: RowMapping, why: str) -> None:
    """The server can't take this one now, or gave no answer: again after a growing, jittered while."""
    longest = min(FIRST_RETRY_MS << min(row["attempt"] - 1, 12), LONGEST_RETRY_MS)
    wait = random.uniform(FIRST_RETRY_MS, max(longest, FIRST_RETRY_MS))
    await _settle(context, row, state="waiting", error=why[:ERROR_MAX], not_before=int(context.clock() + wait))


async def _settle(context: Context, row: RowMapping, **values: Any) -> None:
    conversation = ConversationId(row["conversation_id"] or "")
    async with context.database.write() as connection:
        settled = await mails.settle(connection, row, **values)
        told = settled and await mail_answers.tell(connection, row, values["state"], values["error"], context.clock())
    if told:
        context.announce(Change(conversation=conversation, seq=0))


async def give_up(context: Context) -> None:
    """What has waited for three days is over; the delivery log says why, and ours that it is."""
    at = context.clock()
    async with context.database.write() as connection:
        given_up = await mails.give_up(connection, at - GIVE_UP_MS, GAVE_UP)
        for row in given_up:
            await mail_answers.tell(connection, row, "failed", row["error"], at)
    for row in given_up:
        _log_failure(row, row["error"])


def _log_failure(row: RowMapping, why: str) -> None:
    """The server's words may name people: they stay in the delivery log."""
    code = CODE.search(why)
    log.warning("mail %s (%s) failed: %s", row["id"], row["kind"], code[1] if code else "no code")


async def write_test(context: Context, recipient: str, letter: Letter) -> str:
    """A mail to be sent before all others; its id."""
    at = context.clock()
    mail = new_id()
    row = {"id": mail, "kind": "test", "key": f"test:{mail}", "recipient": recipient, "created_at": at}
    async with context.database.write() as connection:
        await mails.add(connection, [{**row, **asdict(letter)}])
    return mail


async def find(context: Context, mail: str) -> RowMapping | None:
    async with context.database.read() as connection:
        return await mails.find(connection, mail)


async def newest(context: Context, before: tuple[int, str] | None, limit: int) -> Sequence[RowMapping]:
    """The delivery log, from behind `before`: when a mail was made, and its id."""
    async with context.database.read() as connection:
        return await mails.newest(connection, before, limit)
