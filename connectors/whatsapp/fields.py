"""Reads fields of Meta's JSON by dotted paths. What is missing or of the wrong type is named by its path."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any, TypeVar

from ..errors import Malformed

T = TypeVar("T")

NAMES = {str: "a text", int: "a number", float: "a number", list: "a list", dict: "an object"}


def field(body: Mapping[str, Any], path: str, kind: type[T]) -> T:
    """The value at `path`, which must be there and of type `kind`; a text must not be empty."""
    value = find(body, path, kind)
    if value is None or value == "":
        raise Malformed(f"{path}: expected {NAMES[kind]}")
    return value


def find(body: Mapping[str, Any], path: str, kind: type[T]) -> T | None:
    """The value at `path`, None when it isn't there or of another type."""
    value: Any = body
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)  # type: ignore[return-value]
    return value if isinstance(value, kind) and not isinstance(value, bool) else None


def objects(body: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The objects of the list at `path`, none when it isn't there, each with its own path for messages."""
    value = find(body, path, object)
    if value is not None and not isinstance(value, list):
        raise Malformed(f"{path}: expected a list")
    for at, entry in enumerate(value or []):
        yield f"{path}[{at}]", entry if isinstance(entry, Mapping) else {}


def read_time(thing: Mapping[str, Any]) -> str:
    """`timestamp`, seconds since 1970 as a text, as ISO 8601 in UTC."""
    try:
        at = datetime.fromtimestamp(int(field(thing, "timestamp", str)), tz=timezone.utc)
    except (ValueError, OverflowError, OSError):
        raise Malformed("timestamp: expected seconds since 1970") from None
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
