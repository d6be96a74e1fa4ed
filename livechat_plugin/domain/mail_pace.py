"""How many mails about new handovers the owners get: each by itself while they are few, else one that names them all.

What must hold: a single handover is mailed at once; however many there are, nobody gets more than `SINGLES` mails in
`WINDOW_MS`, and one more in each `DIGEST_MS`; none is left out.
"""

from collections.abc import Sequence
from typing import TypeVar

SINGLES = 5
WINDOW_MS = 60_000
DIGEST_MS = 30_000
"""So long a handover that is one too many waits for others at most."""

T = TypeVar("T")


def batches(waiting: Sequence[tuple[T, int]], mailed: int, at: int) -> list[list[T]]:
    """What to mail now, a mail for each list. `waiting` are handovers and when they were opened, the oldest first;
    `mailed` is how many mails about one each went out in the last `WINDOW_MS`.
    """
    free = max(SINGLES - mailed, 0)
    made = [[one] for one, _ in waiting[:free]]
    rest = waiting[free:]
    if rest and at - rest[0][1] >= DIGEST_MS:
        made.append([one for one, _ in rest])
    return made
