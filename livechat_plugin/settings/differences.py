"""What changed between two documents of settings, key by key. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any


@dataclass(frozen=True)
class Change:
    """A key as in livechat.yml, `business_hours.weekly.mon[0]`; None where there was, or is, none."""

    key: str
    before: Any
    after: Any


def differences(before: Any, after: Any, key: str = "") -> Iterator[Change]:
    """Every value that differs, in the document's order.

    Lists are compared place by place. What stands on one side only is one change, with all that is in it; the keys of a
    mapping are told one by one all the same.
    """
    if _is_mapping(before) and _is_mapping(after) and (before or after):
        before, after = before or {}, after or {}
        for name in dict.fromkeys([*before, *after]):
            yield from differences(before.get(name), after.get(name), f"{key}.{name}" if key else str(name))
    elif isinstance(before, list) and isinstance(after, list):
        for n, (one, other) in enumerate(zip_longest(before, after)):
            yield from _in_list(one, other, f"{key}[{n}]")
    elif before != after or type(before) is not type(after):
        yield Change(key, before, after)


def _in_list(before: Any, after: Any, key: str) -> Iterator[Change]:
    if before is None or after is None:
        yield Change(key, before, after)
    else:
        yield from differences(before, after, key)


def _is_mapping(value: Any) -> bool:
    """Something that is not there has no keys."""
    return value is None or isinstance(value, dict)
