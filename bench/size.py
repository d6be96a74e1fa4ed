"""How much is measured: enough for a p99, bounded in time and count."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """`at_once` requests are in flight where a rate is measured; latencies are measured one at a time."""

    claims: int
    messages: int
    samples: int
    commits: int
    sockets: int
    at_once: int = 16


FULL = Size(claims=1_000, messages=2_000, samples=500, commits=1_000, sockets=1_000)
QUICK = Size(claims=200, messages=300, samples=100, commits=200, sockets=200)
