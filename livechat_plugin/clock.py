"""Time as the service uses it: milliseconds since 1970 in UTC in memory and tables, ISO 8601 on the wire."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], int]
"""Answers the present moment in milliseconds since 1970, UTC."""


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def iso(at: int) -> str:
    """`2026-11-23T10:42:00.123Z` for a moment in milliseconds."""
    moment = datetime.fromtimestamp(at // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{moment}.{at % 1000:03d}Z"


def milliseconds(moment: datetime) -> int:
    """A moment, taken as UTC where it names no zone, as we count; 0 for what was before."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0, int(aware.timestamp() * 1000))


def iso_or_none(at: int | None) -> str | None:
    return None if at is None else iso(at)
