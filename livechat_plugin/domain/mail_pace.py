"""How many mails about new handovers the owners get: each by itself while they are few, else one that names them all.

What must hold: a single handover is mailed at once; however many there are, nobody gets more than `SINGLES` mails in
`WINDOW_MS`, and one more in each `DIGEST_MS`; none is left out. While mails reach no owner, next to none is written:
what is opened meanwhile is in one digest when they are through.
"""

from collections.abc import Sequence
from typing import TypeVar

SINGLES = 5
WINDOW_MS = 60_000
DIGEST_MS = 30_000
"""So long a handover that is one too many waits for others at most."""

STUCK_MS = 30_000
"""A mail that has not gone out for so long shows that mails do not get through."""

TRY_ANOTHER_MS = 4 * 3_600_000
"""It may be that one mail alone which the server does not take: after so long another is written all the same."""

T = TypeVar("T")


def holds_back(stuck: int | None, at: int) -> bool:
    """Whether nothing is to be mailed now. `stuck` is when the newest mail was written, if mails do not get through."""
    return stuck is not None and at - stuck < TRY_ANOTHER_MS


def batches(waiting: Sequence[tuple[T, int]], mailed: int, at: int) -> list[list[T]]:
    """What to mail now, a mail for each list. `waiting` are handovers and when they were opened, the oldest first;
    `mailed` is how many mails about one each went out in the last `WINDOW_MS`.
    """
    if waiting and at - waiting[0][1] >= DIGEST_MS:
        return [[one for one, _ in waiting]]
    return [[one] for one, _ in waiting[: max(SINGLES - mailed, 0)]]
