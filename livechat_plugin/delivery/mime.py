"""A row of the mail outbox as the message that leaves: headers, plain text and HTML.

What must hold: nothing that people typed makes a header, or another recipient; the same row makes the same message, so
that one that is sent again after an unclear answer is known by its Message-ID.
"""

import hashlib
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

from sqlalchemy import RowMapping

from ..domain.letter import SUBJECT_MAX, one_line
from ..mail_server import MailServer


class BadAddress(ValueError):
    """Nobody can be written to at this address."""


def message_of(row: RowMapping, server: MailServer) -> EmailMessage:
    """Raises `BadAddress`."""
    recipient = address_of(row["recipient"])
    message = EmailMessage(policy=SMTP if row["recipient"].isascii() else SMTPUTF8)
    message["From"] = server.sender_address
    message["To"] = recipient
    if row["kind"] == "answer":
        message["Reply-To"] = server.sender_address
    else:
        message["Auto-Submitted"] = "auto-generated"
    message["Subject"] = one_line(row["subject"] or "", SUBJECT_MAX)
    message["Date"] = datetime.fromtimestamp(row["created_at"] // 1000, UTC)
    name = hashlib.sha256(row["key"].encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{name}@{server.sender.rpartition('@')[2]}>"
    message.set_content(row["text"] or "", cte="quoted-printable")
    message.add_alternative(row["html"] or "", subtype="html", cte="quoted-printable")
    message.set_boundary(f"=_{name}")
    return message


def address_of(text: str) -> Address:
    try:
        address = Address(addr_spec=text)
    except (MessageError, ValueError, IndexError) as error:
        raise BadAddress from error
    if not address.domain or not text.isprintable() or " " in text:
        raise BadAddress
    return address
