"""Writes up what the owners and visitors are to be told by mail, and sends what is in the mail outbox.

What must hold: no transaction is open during a send, and nobody but the mailer waits for the mail server. While it
can't be reached only one probe goes out in each pause, however many mails wait. Several mails leave by one connection.
"""

import logging
import random
import time

from ..loop import Loop
from ..mail_server import MailServer
from ..usecases import mail_answers, mailing, notify
from ..usecases.context import Context
from .mime import BadAddress, message_of
from .smtp import Closing, Line, NeverTaken, NoAnswer, NotNow, ServerDown

log = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds between two probes of a server that can't be reached: doubled each time, with jitter."""

NO_ANSWER = "The mail server takes connections, but gives no answer."
CLOSED = "The mail server takes no mails from us now, and closes the connection (421)."
"""Its own words may name people, and these are logged."""

UNSET = "No mail server is set up (LIVECHAT_SMTP_URL): mails wait."


class Breaker:
    """Whether the server may be asked now; `trouble` says in words why not."""

    def __init__(self) -> None:
        self.trouble: str | None = None
        self.failures = 0  # in all
        self._in_a_row = 0
        self._until = 0.0

    @property
    def is_open(self) -> bool:
        return time.monotonic() < self._until

    def fail(self, why: str) -> None:
        if self.trouble is None:
            log.warning("mail: %s", why)
        self.trouble = why
        longest = min(FIRST_PAUSE * 2 ** min(self._in_a_row, 10), LONGEST_PAUSE)
        self.failures += 1
        self._in_a_row += 1
        self._until = time.monotonic() + random.uniform(longest / 2, longest)

    def succeed(self) -> None:
        if self.trouble is not None:
            log.info("mail: the server is back")
        self.trouble, self._in_a_row, self._until = None, 0, 0.0

    def try_now(self) -> None:
        """Somebody asks for it: the next probe doesn't wait."""
        self._until = 0.0


class Mailer:
    def __init__(self, context: Context, server: MailServer | None, public_url: str) -> None:
        self._context = context
        self._server = server
        self._public_url = public_url
        self.breaker = Breaker()
        self.writing = Loop("mail, writing", BEAT_SECONDS, self.write_up)
        self.sending = Loop("mail, sending", BEAT_SECONDS, self.send_due)

    @property
    def is_set_up(self) -> bool:
        return self._server is not None

    @property
    def trouble(self) -> str | None:
        """Why mails wait, in words; None while they go out."""
        return UNSET if self._server is None else self.breaker.trouble

    def poke(self) -> None:
        """There may be something to write up."""
        self.writing.poke()

    def try_now(self) -> None:
        """Sends what is due without waiting for the next beat or probe."""
        self.breaker.try_now()
        self.sending.poke()

    async def write_up(self) -> None:
        """One round: what is to be written now, and is then sent."""
        written = await notify.write_up(self._context, self._public_url)
        written += await mail_answers.write_up(self._context, self._public_url)
        if written:
            self.sending.poke()

    async def send_due(self) -> None:
        """Everything that is due, over as few connections as the server allows; or one probe of a server in trouble."""
        if self._server is None or self.breaker.is_open:
            return
        while self.breaker.trouble is not None or await mailing.any_due(self._context):
            try:
                async with Line(self._server) as line:
                    await self._send_by(line, self._server)
                self.breaker.succeed()
            except ServerDown as down:
                self.breaker.fail(str(down))
                return

    async def _send_by(self, line: Line, server: MailServer) -> None:
        while line.is_open and (row := await mailing.take(self._context)) is not None:
            try:
                await line.send(message_of(row, server), row["recipient"])
            except BadAddress:
                await mailing.note_refused(self._context, row, "This is no mail address.")
            except NeverTaken as refusal:
                await mailing.note_refused(self._context, row, str(refusal))
            except NotNow as refusal:
                await mailing.note_later(self._context, row, str(refusal))
                if isinstance(refusal, NoAnswer):
                    raise ServerDown(NO_ANSWER) from refusal
                if isinstance(refusal, Closing):
                    raise ServerDown(CLOSED) from refusal
            else:
                await mailing.note_sent(self._context, row)
