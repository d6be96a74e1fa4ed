"""Reads Telegram's updates. Pure: one update is one thing that a customer did, or of no use.

A chat with the bot is one customer, whose id is the chat's. A group is one customer, too, and is only read where the
account says so. Fields: https://core.telegram.org/bots/api#update
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from ..bodies import mapping, required
from ..errors import Malformed, UnsupportedUpdate
from ..model import Inbound, Profile
from .content import read_content

CHANNEL = "telegram"

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "message_reaction")
"""The kinds of updates that are read, for setWebhook. Telegram leaves out reactions unless it is asked for them."""

START = re.compile(r"/start(@\w+)?\s*$")
"""What Telegram writes for a customer who presses Start; with a parameter it is the link's, and for the bot."""

Update = Mapping[str, Any]


def parse(body: bytes, account: str, groups: bool) -> Inbound:
    """The update in `body`; raises Malformed, or UnsupportedUpdate for one of no use."""
    try:
        update = mapping(json.loads(body), "body")
    except (ValueError, RecursionError) as reason:
        raise Malformed("body: expected JSON") from reason
    reading = _Reading(str(required(update, "update_id", int)), account, groups)
    for kind, read in (
        ("message", reading.message),
        ("edited_message", reading.edit),
        ("callback_query", reading.button),
        ("my_chat_member", reading.membership),
        ("message_reaction", reading.reaction),
    ):
        if kind in update:
            return read(mapping(update[kind], kind))
    raise UnsupportedUpdate(", ".join(sorted(set(update) - {"update_id"})) or "an empty update")


class _Reading:
    """One update of one account."""

    def __init__(self, update_id: str, account: str, groups: bool) -> None:
        self._update_id = update_id
        self._account = account
        self._groups = groups

    def message(self, message: Update, kind: str = "message") -> Inbound:
        """A message of a customer, or with `kind` edit its new wording."""
        sender = _sender(message)
        content = read_content(message)
        if kind == "message" and START.match(content.text or ""):
            kind = "start"
        if kind == "edit" and "location" in message:
            raise UnsupportedUpdate("a live location that moves")  # every few seconds
        at = message.get("edit_date") if kind == "edit" else message.get("date")
        return self._inbound(
            kind,
            _chat(message),
            sender,
            ref=str(required(message, "message_id", int)),
            text=content.text,
            attachments=content.attachments,
            album=_text(message, "media_group_id"),
            sent_at=_time(at),
            phone=_own_phone(message, sender),
        )

    def edit(self, message: Update) -> Inbound:
        """A message that the customer changed."""
        return self.message(message, "edit")

    def button(self, query: Update) -> Inbound:
        """A button under a message of ours was pressed; Telegram waits to hear that we know."""
        if "message" not in query or "data" not in query:
            raise UnsupportedUpdate("a button of an inline message or game")
        message = mapping(query["message"], "callback_query.message")
        return self._inbound(
            "button",
            _chat(message),
            _sender(query),
            button=required(query, "data", str),
            answer_to=required(query, "id", str),
        )

    def membership(self, change: Update) -> Inbound:
        """The customer blocked the bot, or let it in again."""
        chat = _chat(change)
        if chat.get("type") != "private":
            raise UnsupportedUpdate("the bot's membership of a group")
        status = required(mapping(change.get("new_chat_member"), "new_chat_member"), "status", str)
        kind = "blocked" if status == "kicked" else "unblocked"
        return self._inbound(kind, chat, _sender(change), sent_at=_time(change.get("date")))

    def reaction(self, change: Update) -> Inbound:
        """The customer's emoji on a message, without text when it was taken back."""
        if "user" not in change:
            raise UnsupportedUpdate("an anonymous reaction")
        now = change.get("new_reaction")
        emoji = [entry.get("emoji") for entry in now if isinstance(entry, dict)] if isinstance(now, list) else []
        if emoji and not isinstance(emoji[0], str):
            raise UnsupportedUpdate("a reaction without an emoji")
        return self._inbound(
            "reaction",
            _chat(change),
            mapping(change["user"], "user"),
            ref=str(required(change, "message_id", int)),
            text=emoji[0] if emoji else None,
            sent_at=_time(change.get("date")),
        )

    def _inbound(self, kind: str, chat: Update, sender: Update, phone: str | None = None, **more: Any) -> Inbound:
        chat_id = str(required(chat, "id", int))
        is_group = chat.get("type") != "private"
        if is_group and not self._groups:
            raise UnsupportedUpdate(f"{kind} in a group")
        return Inbound(
            CHANNEL,
            self._account,
            chat_id,
            self._update_id,
            kind,
            group=chat_id if is_group else None,
            profile=Profile(name=_text(chat, "title")) if is_group else _profile(sender, phone),
            **more,
        )


def _chat(entry: Update) -> Update:
    return mapping(entry.get("chat"), "chat")


def _sender(entry: Update) -> Update:
    if "from" not in entry:
        raise UnsupportedUpdate("a message that nobody sent")
    sender = mapping(entry["from"], "from")
    if sender.get("is_bot") is True:
        raise UnsupportedUpdate("a message of a bot")
    return sender


def _profile(sender: Update, phone: str | None) -> Profile:
    name = " ".join(part for part in (_text(sender, "first_name"), _text(sender, "last_name")) if part)
    return Profile(name or None, _text(sender, "username"), phone, _text(sender, "language_code"))


def _own_phone(message: Update, sender: Update) -> str | None:
    """The customer's number, when the contact that they shared is their own."""
    contact = message.get("contact")
    own = isinstance(contact, dict) and contact.get("user_id") is not None and contact["user_id"] == sender.get("id")
    return _text(contact, "phone_number") if own and isinstance(contact, dict) else None


def _text(entry: Update, name: str) -> str | None:
    value = entry.get(name)
    return value[:200] if isinstance(value, str) and value else None


def _time(seconds: Any) -> str | None:
    """Unix time as ISO 8601; Telegram writes 0 for what it no longer knows."""
    if not isinstance(seconds, int) or not 0 < seconds < 2**34:
        return None
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
