"""What every use case is given: database, gate, the settings in force, a clock, and where changes are announced."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from ..clock import Clock, now_ms
from ..domain import availability
from ..domain.business_hours import Hours, Remembered
from ..ids import ConversationId
from ..links import Links
from ..settings import Settings
from ..storage.database import Database
from ..storage.file_store import FileStore, Folder
from ..storage.gate import Gate


@dataclass(frozen=True, kw_only=True)
class Change:
    """A committed change of one conversation: a hint, never the truth.

    `inbox`: a line of a tab looks different now. `marks`: how far the customer has read. `turn`, `outbox`, `card`,
    `files`, `mail`: there is work of that kind.
    """

    conversation: ConversationId
    seq: int
    inbox: bool = False
    marks: bool = False
    turn: bool = False
    outbox: bool = False
    card: bool = False
    files: bool = False
    mail: bool = False


def announce_nothing(change: Change) -> None:
    """For use cases that run outside a server."""


@dataclass(kw_only=True)
class Context:
    """One for each process. `settings` is replaced as a whole when a new version comes into force."""

    database: Database
    gate: Gate
    settings: Settings = field(default_factory=Settings)
    version: int = 0
    clock: Clock = now_ms
    store: FileStore = field(default_factory=lambda: Folder(Path("var/files")))
    links: Links = field(default_factory=lambda: Links(key=secrets.token_bytes(32)))
    announce: Callable[[Change], None] = announce_nothing
    somebody_here: bool = True
    """Whether an agent is signed in anywhere; kept up to date while the settings ask for it (`presence`)."""
    _hours: tuple[Settings | None, Hours | None] = (None, None)

    @property
    def lease_ms(self) -> int:
        return self.settings.claims.lease_seconds * 1000

    def availability(self) -> availability.Verdict:
        """May a live handover be opened now?"""
        moment = datetime.fromtimestamp(self.clock() / 1000, UTC)
        return judged(self.settings, self._schedule(), moment, somebody_here=self.somebody_here)

    def _schedule(self) -> Hours | None:
        """Made once for each version of the settings."""
        made_for, schedule = self._hours
        if made_for is not self.settings:
            hours = self.settings.business_hours
            schedule = Remembered(hours.schedule()) if hours.enabled else None
            self._hours = (self.settings, schedule)
        return schedule


def judged(settings: Settings, hours: Hours | None, at: datetime, *, somebody_here: bool) -> availability.Verdict:
    """What these settings say of a moment; `hours` is their schedule, None when it is switched off."""
    here = somebody_here or not settings.live_chat.only_when_agents_are_here
    return availability.judge(settings.plan, settings.live_chat.enabled, hours, at, here)
