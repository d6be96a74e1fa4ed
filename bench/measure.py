"""Clocks and percentiles: a rate of many at once, and the latencies of one after the other."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class Unexpected(Exception):
    """What is being measured answered something else than it should."""


@dataclass(frozen=True)
class Latency:
    """In milliseconds."""

    p50: float
    p99: float

    def __str__(self) -> str:
        return f"{self.p50:.1f} / {self.p99:.1f} ms"


@dataclass(frozen=True)
class Rate:
    per_second: float

    def __str__(self) -> str:
        return f"{self.per_second:,.0f}/s"


@dataclass(frozen=True)
class Memory:
    """Resident, in MB."""

    megabytes: float

    def __str__(self) -> str:
        return f"{self.megabytes:.0f} MB"


Value = Latency | Rate | Memory


def percentiles(seconds: Sequence[float]) -> Latency:
    ranked = sorted(seconds)
    return Latency(*(ranked[min(len(ranked) - 1, int(len(ranked) * part))] * 1000 for part in (0.50, 0.99)))


async def rate(jobs: Sequence[Callable[[], Awaitable[Any]]], at_once: int) -> Rate:
    """How many of these jobs are done in a second, `at_once` in flight."""
    waiting = iter(jobs)

    async def work() -> None:
        for job in waiting:
            await job()

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(at_once)))
    return Rate(len(jobs) / (time.perf_counter() - began))


async def latency(jobs: Sequence[Callable[[], Awaitable[Any]]]) -> Latency:
    """One after the other, each with the machine to itself."""
    taken = []
    for job in jobs:
        began = time.perf_counter()
        await job()
        taken.append(time.perf_counter() - began)
    return percentiles(taken)


def memory(pid: int) -> Memory:
    """Of a process and all that it started."""
    return Memory(sum(_resident_kb(one) for one in family(pid)) / 1024)


def processor_seconds(pid: int) -> float:
    """What a process and all that it started have used of the processor so far, in steps of 10 ms."""
    return sum(_ticks(one) for one in family(pid)) / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(other for child in children for other in family(int(child)))]


def _resident_kb(pid: int) -> int:
    """The process's share: pages that several processes hold count once (Pss)."""
    rows = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    return int(rows["Pss"].split()[0])
