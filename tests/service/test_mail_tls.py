"""Mail over TLS with a certificate: it is sent to the server that the URL means, and to nobody who only says so.

The server stands behind a line on which every byte is read along.
"""

import datetime as dt
import re
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import LoginPassword
from trustme import CA

from livechat_plugin.delivery.mail import Mailer
from livechat_plugin.delivery.smtp import NO_TLS, UNKNOWN_SIGNER
from livechat_plugin.mail_server import read_mail_server
from livechat_plugin.usecases.context import Context
from tests.fakes.mailbox import Mailbox
from tests.harness.proxy import FaultProxy

from .test_mailer import URL, mails_of, run
from .world import new_agent, pending

HOST = "mail.example.org"
PASSWORD = "s3cret-of-ana"
ACCOUNT = LoginPassword(b"ana", PASSWORD.encode())
SCHEMES = ["smtps", "smtp"]
"""TLS from the start, and STARTTLS, which a password demands."""

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What goes over the line has nothing to do with the kind of database."""


class Tap(FaultProxy):
    """Keeps what goes over the line, both ways."""

    def __init__(self, target_port: int) -> None:
        super().__init__(target_port)
        self.overheard = b""

    async def _carry(self, line: Any, chunk: bytes, *where: Any) -> None:
        self.overheard += chunk
        await super()._carry(line, chunk, *where)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> CA:
    """The team's own."""
    return CA()


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail server's name leads to this machine, though it is not called localhost."""
    look_up = socket.getaddrinfo

    def here(host: Any, *rest: Any, **more: Any) -> Any:
        return look_up("127.0.0.1" if host == HOST else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", here)


def certificate(authority: CA, name: str = HOST, **validity: dt.datetime) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, **validity).configure_cert(context)
    return context


def past(days: int) -> dt.datetime:
    return dt.datetime.now(dt.UTC) - dt.timedelta(days=days)


@dataclass
class Office:
    """A mail that waits, and the server that it should go to, which wants to see the account's password."""

    context: Context
    mailbox: Mailbox
    tap: Tap

    def mailer(self, scheme: str, account: str = f"ana:{PASSWORD}@") -> Mailer:
        url = f"{scheme}://{account}{HOST}:{self.tap.port}?from=livechat@example.org"
        return Mailer(self.context, read_mail_server(url), URL)

    def serve(self, scheme: str, certificate: ssl.SSLContext | None) -> None:
        self.mailbox.tls_from_the_start = scheme == "smtps"
        self.mailbox.certificate = certificate
        self.mailbox.fail(None)


@pytest.fixture
async def office(context: Context, mailbox: Mailbox) -> AsyncIterator[Office]:
    mailbox.account = ACCOUNT
    await new_agent(context, "Olivia", "owner")
    await pending(context)
    with Tap(mailbox.smtp_port) as tap:
        yield Office(context, mailbox, tap)


@pytest.fixture
def trusted(authority: CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The admin has named their own authority, as docs/operations.md says."""
    file = tmp_path / "our-authority.pem"
    authority.cert_pem.write_to_path(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))


def is_secret(overheard: bytes) -> bool:
    """Whether nobody on the line could read of whom, to whom or about what, or as whom one signed in."""
    plain = re.search(rb"AUTH [PLC]|MAIL FROM|RCPT TO|Subject:|olivia|Olivia", overheard)
    return plain is None and PASSWORD.encode() not in overheard


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("scheme", SCHEMES)
async def test_mail_goes_to_a_server_whose_certificate_is_trusted(office: Office, authority: CA, scheme: str) -> None:
    """Signed in, and nobody on the line can read it."""
    office.serve(scheme, certificate(authority))
    mailer = office.mailer(scheme)
    await run(mailer)
    (mail,) = await mails_of(office.context)
    assert (mail["state"], mailer.trouble) == ("sent", None)
    assert "/live-chat/pending/c/" in office.mailbox.mails[0].text
    assert is_secret(office.tap.overheard)


@pytest.mark.usefixtures("trusted")
async def test_starttls_is_taken_where_it_is_offered_also_without_a_password(office: Office, authority: CA) -> None:
    """A relay that asks for no sign-in."""
    office.mailbox.account = None
    office.serve("smtp", certificate(authority))
    await run(office.mailer("smtp", account=""))
    assert len(office.mailbox.mails) == 1
    assert is_secret(office.tap.overheard)


async def test_line_without_tls_can_be_read(office: Office) -> None:
    """A relay without TLS and without a password gets its mail all the same; and the tap hears what there is."""
    office.mailbox.account = None
    office.serve("smtp", None)
    await run(office.mailer("smtp", account=""))
    assert len(office.mailbox.mails) == 1
    assert not is_secret(office.tap.overheard)


BAD: dict[str, tuple[Callable[[CA], ssl.SSLContext], str]] = {
    "an unknown authority": (lambda _: certificate(CA()), UNKNOWN_SIGNER),
    "another host": (lambda ours: certificate(ours, "other.example.org"), "it is for another name"),
    "expired": (lambda ours: certificate(ours, not_before=past(9), not_after=past(1)), "it has expired"),
    "not valid yet": (lambda ours: certificate(ours, not_before=past(-1)), "it is not valid yet"),
}


async def assert_waits(office: Office, mailer: Mailer, why: str, log: pytest.LogCaptureFixture) -> None:
    """Nothing was told to the server, the mail is as if nobody had tried, and an admin reads why."""
    assert mailer.trouble is not None
    assert why in mailer.trouble
    ours = [record for record in log.records if record.name.startswith("livechat_plugin")]
    assert [(record.getMessage(), record.exc_info) for record in ours] == [(f"mail: {mailer.trouble}", None)]
    (mail,) = await mails_of(office.context)
    assert (mail["state"], office.mailbox.mails) == ("waiting", [])
    assert is_secret(office.tap.overheard)


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("bad", BAD)
async def test_no_mail_goes_to_a_server_whose_certificate_is_bad(
    office: Office, authority: CA, scheme: str, bad: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It waits, says what is wrong with it, and goes out once when that is mended."""
    make, why = BAD[bad]
    office.serve(scheme, make(authority))
    mailer = office.mailer(scheme)
    await run(mailer)
    await assert_waits(office, mailer, why, caplog)
    office.serve(scheme, certificate(authority))
    await run(mailer)
    assert (mailer.trouble, len(office.mailbox.mails)) == (None, 1)


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_own_authority_is_unknown_until_it_is_named(
    office: Office, authority: CA, scheme: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Without SSL_CERT_FILE the system's authorities decide."""
    office.serve(scheme, certificate(authority))
    mailer = office.mailer(scheme)
    await run(mailer)
    await assert_waits(office, mailer, "SSL_CERT_FILE", caplog)


async def test_password_is_not_sent_where_no_starttls_is_offered(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """The same when somebody on the line takes the offer out."""
    office.serve("smtp", None)
    mailer = office.mailer("smtp")
    await run(mailer)
    await assert_waits(office, mailer, NO_TLS, caplog)


@pytest.mark.usefixtures("trusted")
async def test_wrong_password_over_tls_is_said_without_it(
    office: Office, authority: CA, caplog: pytest.LogCaptureFixture
) -> None:
    """And it is read by nobody on the line."""
    office.mailbox.account = LoginPassword(b"ana", b"another")
    office.serve("smtps", certificate(authority))
    mailer = office.mailer("smtps")
    await run(mailer)
    await assert_waits(office, mailer, "refused the sign-in", caplog)


async def test_tls_from_the_start_with_a_server_that_has_none(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    """The port of STARTTLS with smtps, say."""
    office.serve("smtp", None)
    mailer = office.mailer("smtps")
    await run(mailer)
    await assert_waits(office, mailer, "smtps is TLS from the start", caplog)
