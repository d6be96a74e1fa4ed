"""A bot at the fake Telegram and the customers who write to it, in the shapes of the Bot API.

https://core.telegram.org/bots/api#update
"""

import itertools
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .customer import Customer
from .ledger import Ledger, Sent
from .server import Delivery, Pusher, Target

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
ONLY_WHEN_ASKED = ("message_reaction", "message_reaction_count", "chat_member")
"""Kinds of updates that Telegram sends only if `allowed_updates` names them."""

Update = dict[str, Any]


class Files:
    """What Telegram keeps, by file_id."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._kept: dict[str, tuple[str, bytes]] = {}

    def keep(self, content: bytes, folder: str, suffix: str) -> str:
        number = next(self._numbers)
        file_id = f"AgACAgQAAx{number:06}"
        self._kept[file_id] = (f"{folder}/file_{number}{suffix}", content)
        return file_id

    def find(self, file_id: str) -> tuple[str, bytes] | None:
        """The path for downloads, and the bytes."""
        return self._kept.get(file_id)

    def at(self, path: str) -> bytes | None:
        return next((content for kept, content in self._kept.values() if kept == path), None)


class Bot:
    """`webhook_url` and `secret` are what setWebhook said."""

    def __init__(self, token: str, username: str, pusher: Pusher, ledger: Ledger) -> None:
        self.token = token
        self.account = token.partition(":")[0]
        self.username = username
        self.webhook_url = ""
        self.secret = ""
        self.allowed_updates: Sequence[str] = ()
        self.files = Files()
        self.queries: dict[str, TelegramCustomer] = {}
        """Presses that wait to be answered."""
        first = int(time.time()) % 1_000_000_000  # a restarted fake must not repeat the ids of its last life
        self.message_ids = itertools.count(first)
        self._update_ids = itertools.count(first)
        self._pusher = pusher
        self._ledger = ledger
        self._customers: dict[str, TelegramCustomer] = {}
        self._lock = threading.Lock()

    def customer(
        self, user_id: int, first_name: str = "Ana", username: str | None = None, language_code: str = "en"
    ) -> "TelegramCustomer":
        """This customer; the same one each time."""
        with self._lock:
            if str(user_id) not in self._customers:
                person = {"first_name": first_name, "username": username, "language_code": language_code}
                self._customers[str(user_id)] = TelegramCustomer(self, user_id, person, self._ledger)
            return self._customers[str(user_id)]

    def find(self, chat_id: object) -> "TelegramCustomer | None":
        return self._customers.get(str(chat_id))

    def person(self) -> Update:
        return {"id": int(self.account), "is_bot": True, "first_name": self.username, "username": self.username}

    def send(self, kind: str, content: Update, lane: str, then: Callable[[], object] = lambda: None) -> None:
        """Post an update until it is taken, if its kind is wanted."""
        if kind not in self.allowed_updates if self.allowed_updates else kind in ONLY_WHEN_ASKED:
            return
        body = json.dumps({"update_id": next(self._update_ids), kind: content}).encode()
        self._pusher.push(Delivery(body, self.target, f"{self.account}/{lane}", then))

    def push(
        self, update: Update | bytes, times: int = 1, at_once: bool = False, secret: str | None = None
    ) -> list[int]:
        """Post an update as it is and don't repeat what is refused; the statuses. `secret` replaces the real one."""
        if isinstance(update, dict):
            self._meet(update)
            update = json.dumps({"update_id": next(self._update_ids), **update}).encode()
        return self._pusher.push_now(Delivery(update, lambda: self.target(secret)), times, at_once)

    def target(self, secret: str | None = None) -> Target | None:
        proof = self.secret if secret is None else secret
        return Target(self.webhook_url, {SECRET_HEADER: proof} if proof else {}) if self.webhook_url else None

    def _meet(self, update: Update) -> None:
        """Whoever stands in an update may be written to."""
        for entry in update.values():
            chat = entry.get("chat") if isinstance(entry, dict) else None
            if isinstance(chat, dict) and isinstance(chat.get("id"), int):
                self.customer(chat["id"], str(chat.get("first_name", "Ana")))


class TelegramCustomer(Customer):
    """Somebody in a private chat with the bot."""

    def __init__(self, bot: Bot, user_id: int, person: Mapping[str, Any], ledger: Ledger) -> None:
        super().__init__(str(user_id), bot.account, person["first_name"], ledger)
        self.answered_presses = 0
        self._bot = bot
        known = {name: value for name, value in person.items() if value is not None}
        self._person = {"id": user_id, "is_bot": False, **known}
        self._written: dict[str, Update] = {}
        self._reactions: dict[str, list[Update]] = {}

    @property
    def chat(self) -> Update:
        kept: Update = {name: self._person[name] for name in ("id", "first_name", "username") if name in self._person}
        return {**kept, "type": "private"}

    def says(self, text: str) -> str:
        return self._write({"text": text})

    def edits(self, message_id: str, text: str) -> None:
        field = "text" if "text" in self._written[message_id] else "caption"
        edited = {**self._written[message_id], "edit_date": int(time.time()), field: text}
        self._written[message_id] = edited
        self._bot.send("edited_message", edited, self.user)

    def presses(self, title: str, seconds: float = 10, message_id: str = "") -> None:
        sent, button = self._button(title, seconds, message_id)
        query = f"{int(self.user) * 1000003 + time.time_ns()}"
        self._bot.queries[query] = self
        content = {
            "id": query,
            "from": self._person,
            "message": dict(sent.raw),
            "chat_instance": "-4512341234",
            "data": button.key,
        }
        self._bot.send("callback_query", content, self.user, lambda: self.delivered.add(query))

    def sends_photo(self, content: bytes, caption: str | None = None) -> str:
        sizes = [(90, 67), (1280, 960)]
        photo = [self._file(content, "photos", ".jpg") | {"width": width, "height": height} for width, height in sizes]
        return self._write({"photo": photo, **_caption(caption)})

    def sends_document(self, content: bytes, name: str, mime: str, caption: str | None = None) -> str:
        suffix = "." + name.rpartition(".")[2] if "." in name else ""
        document = {"file_name": name, "mime_type": mime, **self._file(content, "documents", suffix)}
        return self._write({"document": document, **_caption(caption)})

    def reacts(self, message_id: str, emoji: str | None) -> None:
        now: list[Update] = [{"type": "emoji", "emoji": emoji}] if emoji else []
        content = {
            "chat": self.chat,
            "message_id": int(message_id),
            "user": self._person,
            "date": int(time.time()),
            "old_reaction": self._reactions.get(message_id, []),
            "new_reaction": now,
        }
        self._reactions[message_id] = now
        self._bot.send("message_reaction", content, self.user)

    def blocks(self) -> None:
        super().blocks()
        self._change("member", "kicked")

    def unblocks(self) -> None:
        super().unblocks()
        self._change("kicked", "member")

    def gets(self, content: Update, sent: Callable[[str, Update], Sent]) -> Update:
        """A message of the bot arrives; gives it as Telegram describes it."""
        number = next(self._bot.message_ids)
        message = {
            "message_id": number,
            "from": self._bot.person(),
            "chat": self.chat,
            "date": int(time.time()),
            **content,
        }
        self._ledger.add(sent(str(number), message))
        self.typing_at = 0.0
        return message

    def _write(self, content: Update) -> str:
        number = next(self._bot.message_ids)
        who = {"message_id": number, "from": self._person, "chat": self.chat, "date": int(time.time())}
        self._written[str(number)] = {**who, **content}
        self._bot.send("message", {**who, **content}, self.user, lambda: self.delivered.add(str(number)))
        return str(number)

    def _file(self, content: bytes, folder: str, suffix: str) -> Update:
        file_id = self._bot.files.keep(content, folder, suffix)
        return {"file_id": file_id, "file_unique_id": f"AQAD{file_id[-6:]}", "file_size": len(content)}

    def _change(self, old: str, new: str) -> None:
        def member(status: str) -> Update:
            return {"user": self._bot.person(), "status": status, **({"until_date": 0} if status == "kicked" else {})}

        content = {
            "chat": self.chat,
            "from": self._person,
            "date": int(time.time()),
            "old_chat_member": member(old),
            "new_chat_member": member(new),
        }
        self._bot.send("my_chat_member", content, self.user)


def _caption(caption: str | None) -> Update:
    return {"caption": caption} if caption else {}
