"""Bounded waits and free ports."""

import random
import socket
import time
from collections import deque
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 60.0
"""Seconds for what must come in the end: so many that a busy machine fails no test."""

PORTS = range(12_000, 32_000)
"""Below those that the kernel gives to outgoing connections: one of these would have the port before its server, which
may take half a minute to start.
"""

KEPT_PORTS = 64
_kept: deque[socket.socket] = deque()
"""UDP sockets on the newest ports, so that no other process is given them by `free_port` before their servers start."""


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on, and that nobody else is given meanwhile."""
    for port in random.sample(PORTS, 1_000):
        place = socket.socket(type=socket.SOCK_DGRAM)
        try:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
            place.bind(("127.0.0.1", port))
        except OSError:
            place.close()
            continue
        _kept.append(place)
        if len(_kept) > KEPT_PORTS:
            _kept.popleft().close()
        return port
    raise OSError("none of 1,000 ports is free")


def can_connect(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(predicate: Callable[[], T], seconds: float, what: str, *, every: float = 0.05) -> T:
    """The first truthy answer of `predicate`; raises TimeoutError naming `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        answer = predicate()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:g} s in vain for {what} (last answer: {answer!r})")
        time.sleep(every)
