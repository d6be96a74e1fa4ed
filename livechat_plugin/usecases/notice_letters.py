"""What a mail about new handovers says: who, where, why, the last lines, and the way to the conversation.

What must hold: only what the customer saw is quoted. Private notes and words that were held back are not even read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytz
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..domain.letter import Block, Facts, Letter, Link, Paragraph, Quote, compose, one_line
from ..ids import ConversationId
from ..storage import events

LINES = 8
LOOKED_AT = 40
"""Events among which the last lines are looked for: there are states and edits between them."""

LINE_MAX = 400
CHANNELS = {"web": "website", "telegram": "Telegram", "whatsapp": "WhatsApp"}
TRIGGERS = {
    "button": "They pressed “Talk to Human”.",
    "words": "They asked for a person.",
    "bot": "The assistant could not help.",
    "contact_form": "They left a message with the contact form.",
}
SPEAKERS = {"customer": "Customer", "bot": "Assistant", "agent": "Colleague"}
TAKEN = {"claimed": "somebody has taken it already", "resolved": "it is resolved already"}
WHY_YOU = "You get these mails because you are an owner of the team. They can be switched off in Live Chat → Settings."


@dataclass(frozen=True, kw_only=True)
class MailedHandover:
    """One handover in words."""

    conversation_id: str
    who: str
    contact: str | None
    channel: str
    form: bool
    why: str
    page: str | None
    at: str
    taken: str | None
    url: str

    @classmethod
    def of(cls, row: RowMapping, public_url: str, timezone: str) -> "MailedHandover":
        """`row` is one of `notices.about`."""
        return cls(
            conversation_id=row["conversation_id"],
            who=_who(row),
            contact=_contact(row),
            channel=channel_name(row["channel"]),
            form=row["trigger"] == "contact_form",
            why=_why(row["trigger"], row["reason"]),
            page=row["page"],
            at=moment(row["requested_at"], timezone),
            taken=TAKEN.get(row["status"]),
            url=f"{public_url}/live-chat/pending/c/{row['conversation_id']}",
        )


def _who(row: RowMapping) -> str:
    """As the dashboard names them, so that they are found there."""
    username = row["username"] and f"@{row['username']}"
    known = row["name"] or username or row["email"] or row["phone"] or ""
    return one_line(known, 80) or f"Visitor {row['customer_id'][-4:]}"


def channel_name(channel: str) -> str:
    return CHANNELS.get(channel, channel.replace("_", " ").title())


def moment(at: int, timezone: str) -> str:
    """`Mon 5 January 2026, 10:42 (Europe/Berlin)`."""
    local = datetime.fromtimestamp(at / 1000, UTC).astimezone(pytz.timezone(timezone))
    return f"{local:%a} {local.day} {local:%B %Y, %H:%M} ({timezone})"


def _why(trigger: str, reason: str | None) -> str:
    """The trigger, in words; the bot's reason says more, that of a customer's words says it better."""
    known = TRIGGERS.get(trigger, "")
    if trigger == "words":
        return reason or known
    return f"{known} {reason}" if trigger == "bot" and reason else known


def _contact(row: RowMapping) -> str | None:
    username = row["username"] if row["name"] else None
    known = [value for value in (username, row["email"], row["phone"]) if value]
    return ", ".join(one_line(value, 254) for value in known) or None


def about_one(handover: MailedHandover, lines: Sequence[tuple[str, str]]) -> Letter:
    subject = f"{handover.who} left a message" if handover.form else f"{handover.who} waits for a person"
    taken = f" ({handover.taken})" if handover.taken else ""
    facts = Facts(
        [
            ("Who", handover.who),
            ("Contact", handover.contact),
            ("Channel", handover.channel),
            ("Why", handover.why),
            ("When", handover.at),
            ("Page", one_line(handover.page or "", 500)),
        ]
    )
    said: list[Block] = [Paragraph("The last lines:"), Quote(lines)] if lines else []
    way = Link("Open the conversation", handover.url)
    title = f"{subject} ({handover.channel})"
    return compose(title, [Paragraph(f"{subject}{taken}."), facts, *said, way, Paragraph(WHY_YOU, small=True)])


def about_many(handovers: Sequence[MailedHandover]) -> Letter:
    """A digest: every one of them, shortly."""
    title = f"{len(handovers)} customers wait for a person"
    blocks: list[Block] = [Paragraph(f"{title}. The one who has waited longest comes first.")]
    for number, one in enumerate(handovers, 1):
        taken = f" ({one.taken})" if one.taken else ""
        facts = [
            (f"{number}. {one.who}", f"{one.channel}, {one.at}{taken}"),
            ("Contact", one.contact),
            ("Why", one.why),
        ]
        blocks += [Facts(facts), Link("Open the conversation", one.url)]
    return compose(title, [*blocks, Paragraph(WHY_YOU, small=True)])


async def last_lines(connection: AsyncConnection, conversation: str) -> list[tuple[str, str]]:
    """Who said what last, as the customer saw it; an edit counts, what the system said by itself does not."""
    rows = await events.newest(connection, ConversationId(conversation), "customer", LOOKED_AT)
    edited = {(row["body"] or {}).get("target"): row["text"] for row in rows if row["kind"] == "edit"}
    said = [row for row in rows if row["kind"] == "message" and row["actor_kind"] in SPEAKERS][-LINES:]
    return [(speaker(row), words(row, edited.get(row["seq"]))) for row in said]


def speaker(row: RowMapping) -> str:
    return one_line(row["actor_name"] or "", 80) or SPEAKERS[row["actor_kind"]]


def words(row: RowMapping, newer: str | None = None) -> str:
    """A message's words, shortened, with what was attached."""
    body: dict[str, Any] = row["body"] or {}
    files = [f"[{one_line(one.get('name') or one['kind'], 80)}]" for one in body.get("attachments", ())]
    files += ["[picture]"] if "image" in body else []
    text = newer or row["text"] or ""
    shown = text if len(text) <= LINE_MAX else f"{text[: LINE_MAX - 1]}…"
    return " ".join(filter(None, (shown, *files)))
