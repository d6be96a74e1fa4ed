"""How many messages a second the bot answers on each channel, and how long a customer waits, 1, 8 and 32 at once.

The rounds of the channels follow one another (A B C D E, A B C D E, …), so that whatever else the machine does hits all
alike; each figure is the median of its rounds. Every conversation has the same number of lines on all channels: Rasa
grows slower with the length of a conversation.
"""

import asyncio
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .channel_stand import Stand
from .measure import Latency, Rate, percentiles, processor_seconds
from .peers import Peer

LINES = 4
"""Lines in a conversation."""

ROUND_SECONDS = 120.0


@dataclass(frozen=True)
class ChannelSize:
    """`conversations`: for each number at once, how many a customer holds in a round, one after the other."""

    rounds: int
    conversations: Mapping[int, int]


FULL = ChannelSize(rounds=3, conversations={1: 5, 8: 2, 32: 1})
QUICK = ChannelSize(rounds=1, conversations={1: 2, 8: 1, 32: 1})
WARM_UP = 8, 1
"""Customers and conversations before the measurement, on each channel."""


@dataclass(frozen=True)
class Costs:
    """Milliseconds of processor time for one message, in each process."""

    rasa: float
    service: float
    asking: float

    def __str__(self) -> str:
        return f"{self.rasa:.1f} / {self.service:.1f} / {self.asking:.1f} ms"


@dataclass(frozen=True)
class Figure:
    """One channel with so many customers at once."""

    rate: Rate
    latency: Latency
    costs: Costs


Figures = Mapping[tuple[str, int], Figure]


def measure(stand: Stand, size: ChannelSize) -> Figures:
    """All channels, all numbers at once."""
    for peer in stand.peers:
        one_round(stand, peer, *WARM_UP)
    taken: dict[tuple[str, int], list[Figure]] = defaultdict(list)
    for at_once, conversations in size.conversations.items():
        for _ in range(size.rounds):
            for peer in stand.peers:
                taken[peer.name, at_once].append(one_round(stand, peer, at_once, conversations))
    return {key: middle(figures) for key, figures in taken.items()}


def one_round(stand: Stand, peer: Peer, at_once: int, conversations: int) -> Figure:
    pids = stand.rasa.pid, stand.service.pid, os.getpid()
    before = [processor_seconds(pids[0]), processor_seconds(pids[1]), time.process_time()]
    began = time.perf_counter()
    taken = stand.server.run(talk(stand, peer, at_once, conversations), ROUND_SECONDS)
    seconds = time.perf_counter() - began
    after = [processor_seconds(pids[0]), processor_seconds(pids[1]), time.process_time()]
    costs = [(end - start) * 1000 / len(taken) for start, end in zip(before, after, strict=True)]
    return Figure(Rate(len(taken) / seconds), percentiles(taken), Costs(*costs))


async def talk(stand: Stand, peer: Peer, at_once: int, conversations: int) -> list[float]:
    """Each customer's waits, in seconds."""
    taken: list[float] = []

    async def customer() -> None:
        for _ in range(conversations):
            user = next(stand.users)
            for _ in range(LINES):
                said_at = time.perf_counter()
                taken.append(await peer.ask(user) - said_at)

    await asyncio.gather(*(customer() for _ in range(at_once)))
    return taken


def middle(figures: Sequence[Figure]) -> Figure:
    """The median of each part of the figures."""

    def of(*parts: Any) -> float:
        return statistics.median(parts)

    return Figure(
        Rate(of(*(one.rate.per_second for one in figures))),
        Latency(of(*(one.latency.p50 for one in figures)), of(*(one.latency.p99 for one in figures))),
        Costs(
            of(*(one.costs.rasa for one in figures)),
            of(*(one.costs.service for one in figures)),
            of(*(one.costs.asking for one in figures)),
        ),
    )
