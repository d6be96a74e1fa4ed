"""Rows of the database as what goes over the wire. What a customer must not see is left out here, in one place."""

import mimetypes
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import pytz
from sqlalchemy import RowMapping

from .clock import iso, iso_or_none
from .domain import window
from .domain.availability import Verdict
from .links import Links
from .settings.differences import Change
from .settings.texts import Messages
from .storage.events import VISIBLE, Reader
from .usecases import wording
from .usecases.button import FORM, HUMAN
from .usecases.context import Context
from .usecases.foresee import Foresight
from .usecases.read_settings import Version
from .wire.common import Actor, Attachment, Availability, Button, Customer, DeliveryStatus, Event, Person
from .wire.dashboard import Agent, Counts, Holder, InboxRow, Preview
from .wire.settings import ChangedKey, OpenSpan, PreviewDay, SettingsPreview, SettingsVersion, SpecialDate
from .wire.widget import WidgetConfig, WidgetTexts

PREVIEW_LENGTH = 140


def event(row: RowMapping, prev: int, reader: Reader, links: Links) -> Event:
    """One event as `reader` sees it; `prev` is the seq of the one before it for the same reader."""
    body: dict[str, Any] = row["body"] or {}
    made = Event(
        seq=row["seq"],
        prev=prev,
        kind=row["kind"],
        actor=Actor(kind=row["actor_kind"], id=row["actor_id"], name=row["actor_name"]),
        at=iso(row["at"]),
        text=row["text"],
        buttons=buttons(row["seq"], body),
        attachments=attachments(body, links.for_team if reader == "team" else links.for_customer),
        client_msg_id=_client_msg_id(row["key"]),
        target=body.get("target"),
        state=body.get("state"),
    )
    if reader == "team":
        made.handover_id = body.get("handover_id")
        made.epoch = row["epoch"]
        made.data = body.get("data")
        made.status = body["status"] if row["kind"] == "delivery" else _delivery(row)
    return made


def _delivery(row: RowMapping) -> DeliveryStatus | None:
    """How far a message to an outside channel is; None on the web, where the event itself is the delivery."""
    if row["outbox_state"] is None:
        return None
    status: DeliveryStatus = row["outbox_status"] or "queued"
    return status


def events(rows: Iterable[RowMapping], prev: int, reader: Reader, links: Links) -> list[Event]:
    """The visible ones of `rows`, chained from `prev` on."""
    made = []
    for row in rows:
        if row["audience"] in VISIBLE[reader]:
            made.append(event(row, prev, reader, links))
            prev = row["seq"]
    return made


def buttons(seq: int, body: dict[str, Any], *, for_channel: bool = False) -> list[Button]:
    """The bot's choices, and the one that opens the contact form; for an outside channel also the one that asks for a
    person, which the widget has by itself.
    """
    made = [
        Button(key=f"b:{seq}:{n}", title=button["title"], url=_web_address(button.get("url")))
        for n, button in enumerate(body.get("buttons", []))
    ]
    if for_channel and HUMAN in body:
        made.append(Button(key=f"b:{seq}:{HUMAN}", title=body[HUMAN]))
    if isinstance(body.get(FORM), str):  # the forms of older logs stand under the same name
        made.append(Button(key=f"b:{seq}:{FORM}", title=body[FORM]))
    return made


def _web_address(url: Any) -> str | None:
    """Nothing but http and https is a link, whatever the bot's author wrote."""
    return url if isinstance(url, str) and url.startswith(("https://", "http://")) else None


def attachments(body: dict[str, Any], link: Callable[[str], str]) -> list[Attachment]:
    """Files of ours by the reader's own addresses; pictures of the bot by their public one, if it is http(s)."""
    made = [Attachment(url=link(one["id"]), **one) for one in body.get("attachments", ())]
    image = body.get("image")
    if isinstance(image, str) and image.startswith(("https://", "http://", "/")):
        made.append(Attachment(kind="image", url=image, mime=mimetypes.guess_type(image)[0]))
    return made


def _client_msg_id(key: str | None) -> str | None:
    """The author's own id of a message, from keys `c:<id>`, `a:<agent>:<id>` and, of a note, `n:<agent>:<id>`."""
    if key is None:
        return None
    if key.startswith("c:"):
        return key[2:]
    return key.split(":", 2)[2] if key.startswith(("a:", "n:")) else None


def customer(row: RowMapping) -> Customer:
    return Customer(
        id=row["customer_id"],
        name=row["customer_name"],
        username=row["customer_username"],
        email=row["customer_email"],
        phone=row["customer_phone"],
        locale=row["customer_locale"],
        page=row["customer_page"],
    )


def inbox_row(row: RowMapping) -> InboxRow:
    claimed_by = row["claimed_by"]
    return InboxRow(
        conversation_id=row["conversation_id"],
        handover_id=row["handover_id"],
        status=row["status"],
        outcome=row["outcome"],
        trigger=row["trigger"],
        reason=row["reason"],
        channel=row["channel"],
        account=row["account"],
        customer=customer(row),
        preview=_preview(row),
        requested_at=iso_or_none(row["requested_at"]),
        waiting_since=iso_or_none(row["waiting_since"] if row["status"] != "resolved" else None),
        claimed_by=Person(id=claimed_by, name=row["claimed_by_name"]) if claimed_by else None,
        claimed_at=iso_or_none(row["claimed_at"]),
        resolved_at=iso_or_none(row["resolved_at"]),
        unread=row["unread"],
        priority=row["priority"] or 0,
        away=row["away_at"] is not None,
        offered=row["status"] == "pending" and row["offered_at"] is not None,
        failed=row["failed"],
        window_until=window_until(row),
        holder=row["holder_kind"],
        epoch=row["epoch"],
        last_seq=row["last_seq"],
    )


def window_until(row: RowMapping) -> str | None:
    """Until when the channel takes messages to this customer; None: always."""
    until = window.open_until(row["channel"], row["customer_at"])
    return None if until is None else iso(until)


def _preview(row: RowMapping) -> Preview | None:
    if row["line_actor"] is None:
        return None
    text = " ".join((row["line_text"] or "").split()) or _named(row["line_body"] or {})
    short = text if len(text) <= PREVIEW_LENGTH else f"{text[: PREVIEW_LENGTH - 1]}…"
    return Preview(actor=row["line_actor"], name=row["line_name"], text=short, at=iso(row["line_at"]))


def _named(body: dict[str, Any]) -> str:
    """A message without words, by what is in it."""
    files: list[dict[str, Any]] = body.get("attachments", [])
    return ", ".join("Picture" if one["kind"] == "image" else one["name"] for one in files) or (
        "Picture" if "image" in body else ""
    )


def counts(numbers: dict[str, int]) -> Counts:
    return Counts(**numbers)


def agent(row: RowMapping) -> Agent:
    return Agent(id=row["id"], name=row["name"], email=row["email"], role=row["role"])


def holder(row: RowMapping, names: dict[str, str]) -> Holder:
    return Holder(kind=row["holder_kind"], id=row["holder_id"], name=names.get(row["holder_id"] or ""))


def availability(context: Context, waiting: int = 0) -> Availability:
    """Whether live chat is open, as everybody is told it; `next_opening` in UTC."""
    return judged(context.availability(), waiting)


def judged(verdict: Verdict, waiting: int = 0) -> Availability:
    opening = verdict.next_opening
    return Availability(
        open=verdict.open,
        reason=verdict.reason,
        next_opening=iso(int(opening.timestamp() * 1000)) if opening else None,
        waiting=waiting,
    )


def widget_config(context: Context, reader: wording.Reader) -> WidgetConfig:
    """`reader` is who looks at the widget."""
    settings = context.settings
    return WidgetConfig(
        show_button=settings.live_chat.show_button,
        message_threshold=settings.live_chat.message_threshold,
        texts=_widget_texts(context, reader),
        max_file_bytes=settings.attachments.max_bytes if settings.attachments.enabled else 0,
    )


def _widget_texts(context: Context, reader: wording.Reader) -> WidgetTexts:
    opening = context.availability().next_opening
    closed, button, form = (wording.word(context.settings, name, reader, opening) for name in wording.IN_THE_WIDGET)
    own = button == Messages().talk_to_human
    return WidgetTexts(out_of_hours=closed, talk_to_human=None if own else button, leave_details=form)


def foresight(seen: Foresight) -> SettingsPreview:
    days = [
        PreviewDay(
            date=day.date.isoformat(),
            name=day.name,
            spans=[OpenSpan(start=_zoned(start), end=_zoned(end)) for start, end in day.spans],
        )
        for day in seen.days
    ]
    special = seen.next_special
    return SettingsPreview(
        availability=judged(seen.verdict),
        at=_zoned(seen.at.astimezone(pytz.timezone(seen.zone))),
        timezone=seen.zone,
        offers=seen.offer,
        title=seen.title,
        says=seen.says,
        days=days,
        next_special=SpecialDate(date=special.date.isoformat(), name=special.name) if special else None,
    )


def _zoned(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat()


def author(who: tuple[str, str] | None) -> Person | None:
    return Person(id=who[0], name=who[1]) if who else None


def changed_keys(changes: Iterable[Change]) -> list[ChangedKey]:
    return [ChangedKey(key=one.key, before=one.before, after=one.after) for one in changes]


def settings_version(version: Version) -> SettingsVersion:
    return SettingsVersion(
        version=version.number,
        at=iso(version.at),
        author=author(version.author),
        changes=changed_keys(version.changes),
    )


def inbox_rows(rows: Sequence[RowMapping]) -> list[InboxRow]:
    return [inbox_row(row) for row in rows]
