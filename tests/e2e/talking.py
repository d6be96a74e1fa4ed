"""A customer who talks to the real bot over HTTP, and what the two databases hold about the conversation.

The databases are only read, for what no interface shows: turns, suppressed lines, Rasa's tracker.
"""

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.harness.client import body
from tests.harness.running import LiveStack
from tests.harness.waiting import PATIENCE, wait_until

HANDOVER = "A team member will be with you shortly."
OUT_OF_HOURS = "We are away right now. Leave your details and we will get back to you."
FORM_RECEIVED = "Thank you. We will get back to you."

Line = tuple[str, str]
"""Who, and what they said."""


class Customer:
    """Somebody new on the website."""

    def __init__(self, stack: LiveStack) -> None:
        self.visitor = stack.service.visitor()
        self.id = self.visitor.conversation
        self._service_db = stack.stack.data / "livechat.db"
        self._tracker_db = stack.stack.data / "rasa-tracker.db"

    # What the customer does and sees

    def say(self, text: str) -> int:
        """Write a line; its seq."""
        return int(body(self.visitor.send(text))["seq"])

    def ask(self, text: str) -> list[Line]:
        """Write a line and wait until the bot's turn is over; what was answered."""
        return self.answers(self.say(text))

    def answers(self, seq: int, seconds: float = PATIENCE) -> list[Line]:
        """What the customer got for the line `seq`, once the bot's turn for it is over."""
        wait_until(lambda: self.turn(seq)["state"] in {"done", "dropped"}, seconds, "the end of the bot's turn")
        return self.log(seq)

    def log(self, after: int = 0) -> list[Line]:
        """What the customer sees of the conversation beyond `after`."""
        return [
            (event["actor"]["kind"], event["text"])
            for event in self.visitor.events(after)
            if event["kind"] == "message"
        ]

    def stays_quiet(self, after: int, seconds: float = 3) -> bool:
        """Whether nothing reaches the customer beyond `after` for a while."""
        time.sleep(seconds)
        return self.log(after) == []

    # What is kept about the conversation

    def turn(self, seq: int) -> dict[str, Any]:
        """The bot's turn for the line `seq`; raises IndexError when the bot never got one."""
        return self._read("SELECT * FROM turns WHERE conversation_id = ? AND seq = ?", self.id, seq)[0]

    def turns(self) -> int:
        """How many turns the bot got so far."""
        return len(self._read("SELECT id FROM turns WHERE conversation_id = ?", self.id))

    def suppressed(self) -> list[dict[str, Any]]:
        """Lines of the bot that were stored and went out to nobody."""
        return self._read("SELECT * FROM events WHERE conversation_id = ? AND verdict = 'suppressed'", self.id)

    def handovers(self) -> list[dict[str, Any]]:
        return self._read("SELECT * FROM handovers WHERE conversation_id = ?", self.id)

    def tracker(self, kind: str = "") -> list[dict[str, Any]]:
        """Rasa's events, all or of one kind."""
        found = self._read("SELECT data FROM events WHERE sender_id = ? ORDER BY id", self.id, file=self._tracker_db)
        events = [json.loads(row["data"]) for row in found]
        return [event for event in events if kind in ("", event["event"])]

    def is_in_tracker(self, seq: int) -> bool:
        """Whether Rasa has saved the turn for the line `seq`."""
        turn = self.turn(seq)["id"]
        return any(event.get("message_id") == turn for event in self.tracker("user"))

    def _read(self, query: str, *values: object, file: Path | None = None) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(f"file:{file or self._service_db}?mode=ro", uri=True, timeout=10)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query, values)]


def said_once(log: list[Line], text: str) -> bool:
    """Whether exactly one line of the log says this."""
    return [words for _, words in log].count(text) == 1
