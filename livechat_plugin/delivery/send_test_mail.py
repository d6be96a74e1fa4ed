"""A mail to oneself, to see whether mail works: by the same outbox and sender as every other."""

import asyncio
import time

from sqlalchemy import RowMapping

from ..domain.letter import Letter, Paragraph, compose
from ..usecases import mailing
from ..usecases.context import Context
from ..wire.mails import SentTestMail
from .mail import UNSET, Mailer

PATIENCE_SECONDS = 9.5
LOOK_SECONDS = 0.1
SILENT = "The mail server has not answered yet."
LETTER: Letter = compose(
    "Test mail of Rasa Live Chat",
    [
        Paragraph("This is the test mail that you asked for in Live Chat → Settings."),
        Paragraph("Mails about new handovers come the same way."),
    ],
)


async def send_test(context: Context, mailer: Mailer, agent: RowMapping) -> SentTestMail:
    """Without a mail server there is nothing to wait for, and nothing is kept."""
    to: str = agent["email"]
    if not mailer.is_set_up:
        return SentTestMail(to=to, state="failed", error=UNSET)
    failures = mailer.breaker.failures
    mail = await mailing.write_test(context, to, LETTER)
    mailer.try_now()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        await asyncio.sleep(LOOK_SECONDS)
        row = await mailing.find(context, mail)
        assert row is not None, "it is kept for longer"
        if row["state"] in ("sent", "failed"):
            return SentTestMail(to=to, state=row["state"], error=row["error"])
        error = row["error"] or (mailer.trouble if mailer.breaker.failures > failures else None)
        if error and row["state"] == "waiting":
            return SentTestMail(to=to, state="waiting", error=error)
    return SentTestMail(to=to, state="waiting", error=mailer.trouble or SILENT)
