"""Business hours: the same interval every day, in one time zone. Pure.

What must hold: opening is inclusive, closing exclusive; an end before the start runs past midnight; a moment is
compared by the wall clock of the zone, so a day with a clock change opens and closes when the clock on the wall says
so.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

import pytz

DAY = timedelta(days=1)
SEARCH_DAYS = 3
"""An interval that comes every day begins again within two days, however the clocks are changed."""


@dataclass(frozen=True)
class Hours:
    """`end` None means midnight at the day's end (24:00)."""

    zone: str
    start: time
    end: time | None

    def is_open(self, at: datetime) -> bool:
        clock = at.astimezone(pytz.timezone(self.zone)).time()
        if self.end is None:
            return clock >= self.start
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def next_opening(self, at: datetime) -> datetime:
        """The first moment from `at` on that is open, in the hours' own zone; `at` itself when it is open."""
        zone = pytz.timezone(self.zone)
        local = at.astimezone(zone)
        if self.is_open(at):
            return local
        for days in range(SEARCH_DAYS):
            opening = self._opening_on(local, days)
            if opening >= at and self.is_open(opening):
                return opening
        raise ValueError(f"{self.start}-{self.end} never opens")

    def _opening_on(self, local: datetime, days: int) -> datetime:
        """When the clock on the wall passes `start` on that day; after a gap, its first moment behind the gap."""
        zone = pytz.timezone(self.zone)
        wall = datetime.combine(local.date() + days * DAY, self.start)
        try:
            return zone.localize(wall, is_dst=None)
        except pytz.AmbiguousTimeError:
            return zone.localize(wall, is_dst=True)
        except pytz.NonExistentTimeError:
            return self._behind_gap(zone.normalize(zone.localize(wall, is_dst=False)))

    def _behind_gap(self, opening: datetime) -> datetime:
        """Steps back to the gap's end: the clock jumps over `start`, so it opens with the first minute behind it."""
        for minutes in range(1, 24 * 60):
            earlier = opening.tzinfo.normalize(opening - timedelta(minutes=minutes))  # type: ignore[union-attr]
            if not self.is_open(earlier):
                return opening.tzinfo.normalize(earlier + timedelta(minutes=1))  # type: ignore[union-attr, no-any-return]
        return opening
