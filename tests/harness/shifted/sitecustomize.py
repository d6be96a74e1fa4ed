"""Read at start by every Python under a shifted clock (`tests.harness.clock` puts this folder on PYTHONPATH).

Since Python 3.11 `time.sleep` waits for an absolute monotonic time, which libfaketime answers with EINVAL when it
leaves the monotonic clock alone. Waiting with `select` is what Python 3.10 did.
"""

import select
import time
from typing import SupportsFloat, SupportsIndex


def sleep(seconds: SupportsFloat | SupportsIndex, /) -> None:
    span = float(seconds)
    if span < 0:
        raise ValueError("sleep length must be non-negative")
    select.select([], [], [], span)


time.sleep = sleep
