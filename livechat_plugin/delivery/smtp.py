"""One connection to the mail server, and what its answers mean for a mail.

`ServerDown`: nobody can be written to now. `NotNow`: this mail not now. `Closing`: nor any other. `NoAnswer`: perhaps
it was taken. `NeverTaken`: this mail never. What people are told of it are words, with the server's own answer where
there is one.
"""

import asyncio
import ssl
from email.message import EmailMessage
from typing import Self

import aiosmtplib
from aiosmtplib import errors

from ..domain.letter import one_line
from ..mail_server import MailServer

COMMAND_SECONDS = 8.0
CONNECT_SECONDS = 20.0
"""For connection, TLS and sign-in together."""

SEND_SECONDS = 30.0
"""A server may look through a mail before it says that it took it."""

GOODBYE_SECONDS = 2.0
ANSWER_MAX = 200
CLOSES = 421


class ServerDown(Exception):
    """`args[0]` is for people."""


class NotNow(Exception):
    """`args[0]` is for people."""


class Closing(NotNow):
    """The server closes the connection: it goes down, or has had enough of us for now."""


class NoAnswer(NotNow):
    """It may have been taken; and the server is in trouble."""


class NeverTaken(Exception):
    """`args[0]` is for people."""


class Line:
    """`async with Line(server) as line: await line.send(message)`. Raises `ServerDown` when it can't be opened."""

    def __init__(self, server: MailServer) -> None:
        self._smtp = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.tls,
            start_tls=server.start_tls,
            timeout=COMMAND_SECONDS,
            local_hostname=_own_name(server),
        )
        self._sender = server.sender

    async def __aenter__(self) -> Self:
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._smtp.connect()
        except (errors.SMTPException, OSError, TimeoutError, ValueError) as error:
            self._smtp.close()
            raise ServerDown(_why_down(error)) from error
        return self

    async def __aexit__(self, *_: object) -> None:
        try:
            async with asyncio.timeout(GOODBYE_SECONDS):
                if self._smtp.is_connected:
                    await self._smtp.quit()
        except (errors.SMTPException, OSError, TimeoutError):
            pass  # it was only a goodbye
        finally:
            self._smtp.close()

    async def send(self, message: EmailMessage, recipient: str) -> None:
        """To this recipient alone. Raises `NotNow`, `NeverTaken`."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._smtp.send_message(
                    message, sender=self._sender, recipients=[recipient], timeout=SEND_SECONDS
                )
        except errors.SMTPNotSupported as error:
            raise NeverTaken("The mail server does not take this address.") from error
        except errors.SMTPRecipientsRefused as error:
            first = error.recipients[0]
            raise _refusal(first.code, "The mail server refused the address", first.message) from error
        except errors.SMTPSenderRefused as error:
            raise _not_now(
                error.code, _words("The mail server refused our sender", error.code, error.message)
            ) from error
        except errors.SMTPDataError as error:
            raise _refusal(error.code, "The mail server refused the mail", error.message) from error
        except errors.SMTPResponseException as error:
            raise _not_now(error.code, _words("The mail server said", error.code, error.message)) from error
        except (errors.SMTPException, OSError, TimeoutError) as error:
            raise NoAnswer("The mail server gave no answer. The mail may have arrived.") from error

    @property
    def is_open(self) -> bool:
        return self._smtp.is_connected


def _own_name(server: MailServer) -> str:
    """What we call ourselves to the server; the machine's own name is nobody's business, and looking it up may hang."""
    return server.sender.rpartition("@")[2]


def _refusal(code: int, what: str, answer: str) -> NotNow | NeverTaken:
    words = _words(what, code, answer)
    return NeverTaken(words) if code >= 500 else _not_now(code, words)


def _not_now(code: int, words: str) -> NotNow:
    return Closing(words) if code == CLOSES else NotNow(words)


def _words(what: str, code: int, answer: str) -> str:
    return f"{what}: {code} {one_line(answer, ANSWER_MAX)}".rstrip()


WHY_DOWN: tuple[tuple[type[Exception], str], ...] = (
    (errors.SMTPAuthenticationError, "The mail server refused the sign-in."),
    (ssl.SSLError, "TLS does not work with this mail server (smtps is TLS from the start, smtp is STARTTLS)."),
    (TimeoutError, "The mail server does not answer."),
    (errors.SMTPServerDisconnected, "The mail server closed the connection."),
    (OSError, "The mail server can't be reached."),
)
NOT_TRUSTED = "The mail server's certificate can't be trusted: %s."
UNKNOWN_SIGNER = "it is signed by nobody whom this machine trusts (for an authority of your own see SSL_CERT_FILE)"
FLAWS = {
    9: "it is not valid yet",
    10: "it has expired",
    62: "it is for another name than the one in LIVECHAT_SMTP_URL",
    64: "it is for another address than the one in LIVECHAT_SMTP_URL",
}
"""By OpenSSL's number (x509_vfy.h); every other one is about who signed it."""

NO_TLS = "The mail server offers no TLS (STARTTLS), and without it no password is sent."
NO_SIGN_IN = "The mail server offers no way to sign in that is known here."


def _why_down(error: Exception) -> str:
    if isinstance(error.__cause__, ssl.SSLError):
        error = error.__cause__
    if isinstance(error, ssl.SSLCertVerificationError):
        return NOT_TRUSTED % FLAWS.get(error.verify_code, UNKNOWN_SIGNER)
    for kind, words in WHY_DOWN:
        if isinstance(error, kind):
            return words
    if isinstance(error, errors.SMTPResponseException):
        return _words("The mail server is not ready", error.code, error.message)
    return NO_TLS if "STARTTLS" in str(error) else NO_SIGN_IN
