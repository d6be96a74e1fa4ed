"""`/api/v1/mails`, the delivery log; and the test mail of the Settings page."""

from typing import Annotated

import msgspec
from sqlalchemy import RowMapping

from ..clock import iso, iso_or_none
from ..delivery.send_test_mail import send_test
from ..usecases import mailing
from ..wire.mails import Mail, Mails, SendTestMail, SentTestMail
from .call import Call
from .lists import Limit
from .pace import TEST_MAILS
from .routing import Routes

routes = Routes("/api/v1", "agent")


class MailsQuery(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`cursor` is the `next` of the page before."""

    cursor: Annotated[str, msgspec.Meta(pattern=r"^\d{1,15}:[0-9a-f]{24}$")] | None = None
    limit: Limit = 50


@routes("GET", "/mails", Mails, action="see_mails", query=MailsQuery)
async def show(call: Call) -> Mails:
    """What was sent by mail and to whom, what waits and why, newest first."""
    query: MailsQuery = call.query
    at, _, mail = (query.cursor or "").partition(":")
    rows = await mailing.newest(call.services.context, (int(at), mail) if mail else None, query.limit)
    last = rows[-1] if len(rows) == query.limit else None
    return Mails(
        items=[_line(row, call.services.mailer.trouble) for row in rows],
        next=f"{last['created_at']}:{last['id']}" if last is not None else None,
    )


def _line(row: RowMapping, trouble: str | None) -> Mail:
    """What waits does so because of the server's trouble, if there is some."""
    return Mail(
        id=row["id"],
        kind=row["kind"],
        to=row["recipient"],
        subject=row["subject"],
        state=row["state"],
        attempts=row["attempt"],
        error=trouble or row["error"] if row["state"] == "waiting" else row["error"],
        created_at=iso(row["created_at"]),
        sent_at=iso_or_none(row["sent_at"]),
    )


@routes("POST", "/settings/test-mail", SentTestMail, action="change_settings", body=SendTestMail)
async def test(call: Call) -> SentTestMail:
    """Sends a mail to the caller's own address, at once, and waits a few seconds for what becomes of it."""
    call.services.pace.check(TEST_MAILS, call.agent["id"])
    return await send_test(call.services.context, call.services.mailer, call.agent)
