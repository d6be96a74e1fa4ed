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


class Pace:
    def __init__(self) -> None:
        self._buckets: OrderedDict[tuple[Rate, str], tuple[float, float]] = OrderedDict()

    def check(self, rate: Rate, caller: str) -> None:
        """Takes one token, or raises `TooManyRequests` with the seconds until the next."""
        now = time.monotonic()
        tokens, at = self._buckets.pop((rate, caller), (float(rate.burst), now))
        tokens = min(rate.burst, tokens + (now - at) * rate.per_second)
        allowed = tokens >= 1
        self._buckets[(rate, caller)] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        if not allowed:
            wait = max(1, round((1 - tokens) / rate.per_second))
            raise TooManyRequests("That was a lot at once. Please wait a moment.", wait)
