"""An agent answers somebody who left their details on the website and has gone: by mail.

What must hold: a message is mailed once at most, and only if the visitor's screen has not shown it meanwhile; the row
that will carry it is written with it. The conversation's lock decides which mail carries a message: one that is stored
before the mail is written belongs to that mail, a later one begins the next.
"""

import logging
from collections.abc import Sequence
from dataclasses import asdict
from urllib.parse import urlsplit

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..domain.letter import Letter
from ..errors import LiveChatError
from ..ids import ConversationId
from ..storage import conversations, events, mails
from .answer_letters import Answer, answer_letter
from .context import Context
from .say import WEB, tell_team

log = logging.getLogger(__name__)

AT_ONCE = 20
AGAIN_MS = 60_000
"""An answer that could not be written lets the others go first for so long."""

CAME_BACK = "The visitor came back and has seen it."
NOT_WRITTEN = "It could not be written; the service's log says why."


async def note(context: Context, connection: AsyncConnection, row: RowMapping, at: int) -> None:
    """In the transaction of an agent's message; `row` is the conversation after it."""
    if row["channel"] != WEB or row["handover_id"] is None:
        return
    address = await mails.form_address(connection, row["handover_id"])
    if address is None or await mails.open_answer(connection, row["id"]) is not None:
        return
    mail = {
        "kind": "answer",
        "key": f"answer:{row['id']}:{row['last_seq']}",
        "recipient": address,
        "conversation_id": row["id"],
        "seq": row["last_seq"],
        "created_at": at,
        "not_before": at + context.settings.contact_form.mail_answer_after_seconds * 1000,
    }
    await mails.add(connection, [mail])


async def write_up(context: Context, public_url: str) -> int:
    """Writes the answers whose time has come, or drops them; how many there were. One that fails stops no other."""
    async with context.database.read() as connection:
        due = await mails.unwritten(connection, context.clock(), AT_ONCE)
    for row in due:
        try:
            await _write(context, row, public_url)
        except LiveChatError:
            raise
        except Exception:
            log.exception("mail %s (answer) could not be written", row["id"])
            await _put_off(context, row)
    return len(due)


async def _put_off(context: Context, row: RowMapping) -> None:
    async with context.database.write() as connection:
        await mails.write(connection, row["id"], not_before=context.clock() + AGAIN_MS, error=NOT_WRITTEN)


async def _write(context: Context, row: RowMapping, public_url: str) -> None:
    async with context.database.write() as connection:
        conversation = await conversations.advance(connection, row["conversation_id"], context.clock(), events=0)
        assert conversation is not None, "a mail belongs to a conversation"
        seen = max(row["seq"] - 1, conversation["read_upto"])
        said = await events.said_by_team(connection, conversation["id"], seen)
        if not said:
            await mails.write(connection, row["id"], state="dropped", error=CAME_BACK)
            return
        letter = await _letter(context, connection, conversation, said, public_url)
        await mails.write(connection, row["id"], upto=said[-1]["seq"], **asdict(letter))


async def _letter(
    context: Context, connection: AsyncConnection, conversation: RowMapping, said: Sequence[RowMapping], public_url: str
) -> Letter:
    customer = await conversations.find_customer(connection, conversation["customer_id"])
    form = await events.latest_form(connection, conversation["id"])
    answers = [
        Answer(
            name=row["actor_name"],
            text=row["text"] or "",
            files=[
                (one.get("name") or one["kind"], public_url + context.links.for_customer(one["id"]))
                for one in (row["body"] or {}).get("attachments", ())
            ],
        )
        for row in said
    ]
    page = customer["page"] if is_our_page(context, customer["page"], public_url) else None
    locales = customer["locale"], context.settings.messages.language
    return answer_letter(answers, form["text"] if form else None, page, locales)


def is_our_page(context: Context, page: str | None, public_url: str) -> bool:
    """Whether it may be a link in a mail of ours: what a visitor says about their page proves nothing."""
    if not page or not page.isprintable() or " " in page:
        return False  # `urlsplit` drops line breaks; the mail would show them
    try:
        parts = urlsplit(page)
    except ValueError:
        return False
    origin, own = f"{parts.scheme}://{parts.netloc}", urlsplit(public_url)
    return origin in {f"{own.scheme}://{own.netloc}", *context.settings.widget.sites}


async def has_arrived(connection: AsyncConnection, mail: RowMapping) -> bool:
    """Whether the visitor's screen has shown meanwhile what this mail carries."""
    conversation = await conversations.find(connection, mail["conversation_id"])
    return conversation is not None and conversation["read_upto"] >= (mail["upto"] or 0)


async def tell(connection: AsyncConnection, mail: RowMapping, state: str, error: str | None, at: int) -> bool:
    """Tells the team in the log how an answer went out, or that it did not; whether there was anything to tell."""
    if mail["kind"] != "answer" or state not in ("sent", "failed"):
        return False
    conversation, key = ConversationId(mail["conversation_id"]), f"mailed:{mail['id']}"
    upto = mail["upto"] or mail["seq"]  # one that was never written is about its first message
    if state == "sent":
        to = masked(mail["recipient"])
        await tell_team(connection, conversation, upto, "sent", None, at, key=key, mailed_to=to)
    else:
        why = f"It could not be sent by mail: {error}"
        await tell_team(connection, conversation, upto, None, why, at, key=key)
    return True


def masked(address: str) -> str:
    """`a…@example.org`: enough to recognise it."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"
