"""The mail server that LIVECHAT_SMTP_URL names, and in whose name mails leave.

What must hold: a password never travels in the clear to another machine; no message about a mistake repeats the URL.
"""

import ipaddress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import parseaddr
from urllib.parse import SplitResult, unquote, urlsplit

EXAMPLE = "smtp://user:password@mail.example.org:587?from=Shop%20%3Chelp@example.org%3E"
EXPECTED = f"expected smtp[s]://user:password@host:port?from=address, such as {EXAMPLE}"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SUBMISSION, SUBMISSION_TLS, RELAY = 587, 465, 25
"""The usual ports: with a sign-in, with TLS from the start, and of a relay that asks for neither."""


class MailServerError(ValueError):
    """Ready to be shown; never holds any part of the URL."""


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """`tls`: from the start (smtps). `sender` is the address that mails come from, `sender_name` what stands before
    it.
    """

    host: str
    port: int
    tls: bool = False
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    sender: str
    sender_name: str = ""

    @property
    def start_tls(self) -> bool | None:
        """True: no mail without it. None: where the server offers it. False: TLS is there already."""
        if self.tls:
            return False
        return True if self.password is not None and self.host not in LOOPBACK else None

    @property
    def sender_address(self) -> Address:
        return Address(self.sender_name, addr_spec=self.sender)


def read_mail_server(url: str) -> MailServer:
    """The server behind a URL. Raises `MailServerError`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise MailServerError(EXPECTED) from error
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path not in ("", "/") or parts.fragment:
        raise MailServerError(EXPECTED)
    user = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    if (user is None) != (password is None):
        raise MailServerError(f"a user and a password belong together; {EXPECTED}")
    tls = parts.scheme == "smtps"
    name, address = _sender(parts, user)
    return MailServer(
        host=parts.hostname,
        port=port or (SUBMISSION_TLS if tls else SUBMISSION if user else RELAY),
        tls=tls,
        user=user,
        password=password,
        sender=address,
        sender_name=name,
    )


def _sender(parts: SplitResult, user: str | None) -> tuple[str, str]:
    """Name and address of `from`; without one the user's address, or one of the server's."""
    name, given = "", ""
    for word in filter(None, parts.query.split("&")):
        key, _, value = word.partition("=")
        if key != "from" or given:
            raise MailServerError(f"only from= may stand behind the question mark, once; {EXPECTED}")
        name, given = parseaddr(unquote(value))
        if not _is_address(given) or not unquote(value).isprintable():
            raise MailServerError(f"from= is no address; {EXPECTED}")
    if given:
        return name, given
    if user is not None and _is_address(user):
        return "", user
    host = parts.hostname or ""
    if host in LOOPBACK:
        return "", "livechat@localhost"
    if _is_number(host):
        raise MailServerError(f"from= is needed, the address that mails come from; {EXPECTED}")
    return "", f"livechat@{host}"


def _is_address(text: str) -> bool:
    """Whether it can stand in a header and in an envelope."""
    try:
        address = Address(addr_spec=text)
    except (MessageError, ValueError, IndexError):
        return False
    return bool(address.username and address.domain) and text.isascii() and text.isprintable() and " " not in text


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
