"""The table: each figure beside a floor of the same run, and how many times the floor it costs."""

from collections.abc import Sequence
from dataclasses import dataclass

from .measure import Latency, Memory, Rate, Value
from .ours import Figures


@dataclass(frozen=True)
class Floors:
    """`commits` and `commit` belong to the database of the figures beside them."""

    redis: Rate
    commits: Rate
    commit: Latency
    http: Rate
    answer: Latency
    echo: Latency
    idle: Memory
    with_sockets: Memory


@dataclass(frozen=True)
class Row:
    what: str
    ours: Value
    floor_name: str
    floor: Value
    target: str = ""

    @property
    def ratio(self) -> str:
        """How many floors fit in: for rates and memory one number, for latencies p50 and p99."""
        match self.ours, self.floor:
            case Rate(ours), Rate(floor):
                return f"1/{floor / ours:.1f}"
            case Memory(ours), Memory(floor):
                return f"{ours / floor:.1f}"
            case Latency() as ours, Latency() as floor:
                return f"{ours.p50 / floor.p50:.1f} / {ours.p99 / floor.p99:.1f}"
        raise AssertionError(f"{self.what}: a {type(self.floor).__name__} is no floor for it")

    def cells(self) -> tuple[str, ...]:
        return self.what, str(self.ours), f"{self.floor_name}: {self.floor}", self.ratio, self.target


HEADINGS = ("what", "measured", "floor of the same run", "ratio", "target")


def rows(figures: Figures, floors: Floors, sockets: int) -> list[Row]:
    return [
        Row("claims, 16 at once, each won", figures.claims, "commits", floors.commits, "≥ 200/s"),
        Row("… the same", figures.claims, "SET NX", floors.redis),
        Row("claims, 64 on one conversation", figures.races, "bare HTTP", floors.http),
        Row("claim click, p50 / p99", figures.click, "bare HTTP", floors.answer, "p99 ≤ 50 ms"),
        Row("… the same", figures.click, "one commit", floors.commit),
        Row("agents' messages, 16 at once", figures.agent_messages, "commits", floors.commits),
        Row("customers' messages, 16 at once", figures.customer_messages, "commits", floors.commits),
        Row("customer → agent, p50 / p99", figures.to_agent, "WebSocket echo", floors.echo, "5 / 50 ms"),
        Row("… the same", figures.to_agent, "one commit", floors.commit),
        Row("agent → customer, p50 / p99", figures.to_customer, "WebSocket echo", floors.echo, "5 / 50 ms"),
        Row("… the same", figures.to_customer, "one commit", floors.commit),
        Row("memory, idle", figures.idle, "bare Sanic", floors.idle),
        Row(f"memory, {sockets} widget sockets", figures.with_sockets, "bare Sanic", floors.with_sockets),
    ]


def render(title: str, lines: list[Row]) -> str:
    """As Markdown, so that RESULTS.md can take it as it is."""
    return lines_of(title, [HEADINGS, *(line.cells() for line in lines)])


def lines_of(title: str, cells: Sequence[Sequence[str]]) -> str:
    """A table with its title; the first row holds the headings."""
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]

    def line(row: Sequence[str]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"

    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([f"## {title}", "", line(cells[0]), rule, *(line(row) for row in cells[1:])])
