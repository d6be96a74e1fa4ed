"""A mail server on loopback that keeps what it is given, and fails by plan; its inbox can be read in a browser.

    python -m tests.fakes.mailbox --port 8025 --smtp-port 1025

The ledger holds an envelope for each mail that was accepted. `faults` says what goes wrong from now on:

    refuse     nobody listens
    hang       connections are taken, no command is answered
    421        each sender is told that the server closes the connection
    451        "try again" after DATA
    drop       the connection is cut after DATA, the mail is not kept
    drop_kept  the connection is cut after DATA, the mail is kept: an answer that got lost

and `refused` are addresses that get a 550. With a `certificate` it speaks TLS, from the start or by STARTTLS; with an
`account` only that may send. For programs: `GET /_control/mails`, and `POST /_control/fault` with the fault's name (or
nothing) as the body, which needs the header X-Mailbox.
"""

import argparse
import asyncio
import signal
import ssl
import threading
import time
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Literal, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from .server import HOST, Server

Fault = Literal["refuse", "hang", "421", "451", "drop", "drop_kept"]
TAKEN = "250 2.0.0 Ok"
CLOSING = "421 4.3.2 Too much at once, closing"
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Kept:
    """One accepted mail: its envelope and its content."""

    number: int
    sender: str
    recipients: tuple[str, ...]
    content: bytes = field(repr=False)
    at: float

    @property
    def message(self) -> EmailMessage:
        parsed = message_from_bytes(self.content, policy=default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        body = self.message.get_body((kind,))
        return str(body.get_content()).replace("\r\n", "\n") if body is not None else ""


class Mailbox:
    """`with Mailbox() as mailbox: …`, or on a server that is started by somebody else. Every method may be called from
    any thread but the server's own.
    """

    def __init__(self, server: Server | None = None, smtp_port: int = 0) -> None:
        self.smtp_port = smtp_port
        self.mails: list[Kept] = []
        self.refused: set[str] = set()
        self.fault: Fault | None = None
        self.certificate: ssl.SSLContext | None = None
        self.tls_from_the_start = False
        self.account: LoginPassword | None = None
        self.connections = 0
        self._server = server or Server()
        self._listening: asyncio.Server | None = None
        self._talking: set[SMTP] = set()

    @property
    def url(self) -> str:
        """For LIVECHAT_SMTP_URL."""
        return f"smtp://{HOST}:{self.smtp_port}?from=Rasa%20Live%20Chat%20%3Clivechat@example.org%3E"

    def fail(self, fault: Fault | None) -> None:
        """From now on; None ends it. Connections that are open are cut."""
        self.fault = fault
        self._server.run(self.close())
        if fault != "refuse":
            self._server.run(self.listen())

    def to(self, recipient: str) -> list[Kept]:
        return [mail for mail in list(self.mails) if recipient in mail.recipients]

    def wait_for(self, number: int, seconds: float = PATIENCE_SECONDS) -> list[Kept]:
        """Until so many mails are here."""
        deadline = time.monotonic() + seconds
        while len(self.mails) < number:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(self.mails)} mails instead of {number} after {seconds:g} s")
            time.sleep(0.02)
        return list(self.mails)

    def __enter__(self) -> Self:
        self._server.start()
        self._server.run(self.listen())
        return self

    def __exit__(self, *_: object) -> None:
        self._server.run(self.close())
        self._server.stop()

    async def listen(self) -> None:
        """In the server's thread."""
        loop = asyncio.get_running_loop()
        at_once = self.certificate if self.tls_from_the_start else None
        self._listening = await loop.create_server(self._take, HOST, self.smtp_port, ssl=at_once)
        self.smtp_port = self._listening.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._listening is not None:
            self._listening.close()
            self._listening = None
        for talk in self._talking:
            if talk.transport is not None:
                talk.transport.abort()
        self._talking.clear()

    def _take(self) -> SMTP:
        self.connections += 1
        talk = SMTP(
            Keeper(self),
            hostname="mailbox.example.org",
            enable_SMTPUTF8=True,
            tls_context=None if self.tls_from_the_start else self.certificate,
            auth_require_tls=not self.tls_from_the_start,  # it knows only of TLS that it began itself
            authenticator=self._sign_in,
            loop=asyncio.get_running_loop(),
        )
        self._talking.add(talk)
        return talk

    def _sign_in(self, *words: object) -> AuthResult:
        return AuthResult(success=words[-1] == self.account, handled=False)


class Keeper:
    """What the server does with each command."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_EHLO(  # noqa: N802 - aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        await self._hang()
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._mailbox.account is not None and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if self._mailbox.fault == "421":
            return CLOSING
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return TAKEN

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self._hang()
        if address in self._mailbox.refused:
            return "550 5.1.1 There is nobody of this name here"
        envelope.rcpt_tos.append(address)
        return TAKEN

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await self._hang()
        fault = self._mailbox.fault
        if fault == "451":
            return "451 4.3.0 Try again later"
        if fault != "drop":
            self._keep(envelope)
        if fault in ("drop", "drop_kept"):
            assert server.transport is not None, "it is connected"
            server.transport.abort()
        return TAKEN

    def _keep(self, envelope: Envelope) -> None:
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        mails = self._mailbox.mails
        mails.append(
            Kept(len(mails), str(envelope.mail_from), tuple(map(str, envelope.rcpt_tos)), content, time.time())
        )

    async def _hang(self) -> None:
        if self._mailbox.fault == "hang":
            await asyncio.Event().wait()  # until the connection is cut


def main() -> None:
    from .mailbox_page import MailboxPage  # noqa: PLC0415 - it needs the mailbox

    parser = argparse.ArgumentParser(prog="python -m tests.fakes.mailbox", description="A mail server to look into.")
    parser.add_argument("--port", type=int, required=True, help="of the page")
    parser.add_argument("--smtp-port", type=int, required=True)
    words = parser.parse_args()
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    server = Server(words.port)
    mailbox = Mailbox(server, words.smtp_port)
    MailboxPage(server, mailbox)
    with mailbox:
        print(f"{mailbox.url}, read on {server.url}/", flush=True)
        stopped.wait()


if __name__ == "__main__":
    main()
