"""What this process does by the clock: leases, the requeue sweep, lost hints, settings and hours, the parts' health."""

import asyncio
import logging
from typing import TYPE_CHECKING

from .. import render
from ..errors import LiveChatError
from ..loop import Loop
from ..usecases import bot_turn, close_down, keep_settings, presence, read_inbox, sign_in, tidy
from ..wire.sockets import Health, SettingsChange
from .hub import frame_of

if TYPE_CHECKING:
    from ..services import Services

log = logging.getLogger(__name__)

SETTINGS_SECONDS = 1.0
"""How often the file, the version in SQL and the opening hours are looked at: well within the 5 s we promise."""

SWEEP_SECONDS = 5.0
"""The longest that a lost hint can delay anything."""

REQUEUE_SECONDS = 1.0
CLOSE_SECONDS = 1.0
HEALTH_SECONDS = 3.0
TIDY_SECONDS = 3_600.0
RENEWALS = 3
"""An agent's lease is renewed so many times in its length."""


class Upkeep:
    def __init__(self, services: "Services") -> None:
        self._services = services
        self._context = services.context
        self._shown: tuple[int, str, str | None] | None = None
        self._parts: dict[str, bool] = {}
        self._rasa_down_at: int | None = None
        self._swept_at = services.context.clock()
        self.loops = [
            Loop("requeue", REQUEUE_SECONDS, self._requeue),
            Loop("close", CLOSE_SECONDS, lambda: close_down.sweep(self._context)),
            Loop("settings", SETTINGS_SECONDS, self.look_at_settings),
            Loop("sweep", SWEEP_SECONDS, self._sweep),
            Loop("health", HEALTH_SECONDS, self._look_at_parts),
            Loop("tidy", TIDY_SECONDS, lambda: tidy.tidy(self._context)),
        ]

    async def renew_leases(self) -> None:
        """Runs for as long as the process: pings the agents' sockets, and renews the leases of those who answered."""
        while True:
            interval = self._context.settings.claims.lease_seconds / RENEWALS
            for seat in self._services.desk.seats:
                seat.ask_whether_here()
            await asyncio.sleep(min(interval / 2, 1.0))
            await self._renew(interval)
            await asyncio.sleep(max(interval / 2, interval - 1.0))

    async def _renew(self, interval: float) -> None:
        desk = self._services.desk
        try:
            for token in await sign_in.ended(self._context, {seat.token: seat.agent["role"] for seat in desk.seats}):
                desk.end_session(token)
            await presence.renew(self._context, desk.present(interval + 1.0))
        except LiveChatError as error:
            log.warning("leases: %s", error.code)

    async def _requeue(self) -> None:
        await presence.sweep(self._context)

    async def _sweep(self) -> None:
        """Looks for what lost hints meant: logs that moved on, lines of lists that changed."""
        since, self._swept_at = self._swept_at, self._context.clock()
        await self._services.hub.sweep()
        await self._services.desk.sweep(since - int(SWEEP_SECONDS * 1000))
        await self._services.lobby.refresh()

    async def look_at_settings(self) -> None:
        """Imports a changed file, follows the version in force, and tells every page what changed for it."""
        await self._import_file()
        if await keep_settings.catch_up(self._context, self._services.settings_file):
            self._services.hints.settings_changed()
        await presence.note_somebody_here(self._context)
        availability = render.availability(self._context, await read_inbox.waiting(self._context))
        shown = (self._context.version, availability.reason, availability.next_opening)
        if shown != self._shown:
            self._shown = shown
            frame = SettingsChange(availability=availability, version=self._context.version)
            self._services.desk.broadcast(frame_of(frame))
            await self._services.lobby.refresh()

    async def _import_file(self) -> None:
        """A failure is logged: the version in force is followed all the same."""
        try:
            await keep_settings.import_file(self._context, self._services.settings_file)
        except LiveChatError as error:
            log.warning("settings: the file is not imported yet (%s)", error.code)
        except Exception:
            log.exception("settings: the file is not imported")

    async def _look_at_parts(self) -> None:
        """Pings each part, and tells the dashboards when one has gone or come back."""
        parts = await self._services.parts()
        self._services.health = frame_of(Health(parts=parts))
        now = {name: part.ok for name, part in parts.items()}
        await self._follow_rasa(now["rasa"])
        if now != self._parts:
            self._parts = now
            self._services.desk.broadcast(self._services.health)

    async def _follow_rasa(self, up: bool) -> None:
        """What Rasa was doing when it went down is asked for again as soon as it is back."""
        if not up:
            self._rasa_down_at = self._rasa_down_at or self._context.clock()
        elif self._rasa_down_at is not None:
            await bot_turn.take_again(self._context, self._rasa_down_at)
            self._rasa_down_at = None
