"""How fast one caller may go: a token bucket each, in this process. Generous for people, a wall for loops."""

import time
from collections import OrderedDict
from dataclasses import dataclass

from ..errors import TooManyRequests

REMEMBERED = 20_000
"""Callers whose buckets are kept; the longest unseen is forgotten first (its bucket would be full again anyway)."""


@dataclass(frozen=True)
class Rate:
    """`burst` at once, then `per_second`."""

    burst: int
    per_second: float


SESSIONS = Rate(burst=300, per_second=5)
"""New visitors from one address: an office behind one address, not a loop."""

MESSAGES = Rate(burst=120, per_second=20)
"""Messages of one visitor."""

HANDOVERS = Rate(burst=20, per_second=0.5)
"""Requests for a person by one visitor."""

FILES = Rate(burst=20, per_second=0.5)
"""Uploads of one visitor."""

TEST_MAILS = Rate(burst=5, per_second=0.1)
"""Test mails of one admin."""

SIGNS = Rate(burst=30, per_second=3)
"""Signs of life of one visitor (typing, seen); what is beyond is dropped without a word."""


class Pace:
    def __init__(self) -> None:
        self._buckets: OrderedDict[tuple[Rate, str], tuple[float, float]] = OrderedDict()

    def check(self, rate: Rate, caller: str) -> None:
        """Takes one token, or raises `TooManyRequests` with the seconds until the next."""
        missing = self._take(rate, caller)
        if missing > 0:
            wait = max(1, round(missing / rate.per_second))
            raise TooManyRequests("That was a lot at once. Please wait a moment.", wait)

    def allows(self, rate: Rate, caller: str) -> bool:
        """Takes one token if there is one."""
        return self._take(rate, caller) <= 0

    def _take(self, rate: Rate, caller: str) -> float:
        """How much of a token is missing; 0 when one was taken."""
        now = time.monotonic()
        tokens, at = self._buckets.pop((rate, caller), (float(rate.burst), now))
        tokens = min(rate.burst, tokens + (now - at) * rate.per_second)
        allowed = tokens >= 1
        self._buckets[(rate, caller)] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else 1 - tokens
