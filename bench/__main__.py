"""Measures the floors, the service on SQLite and on PostgreSQL, then the channels, and prints one table for each.

`python -m bench service` and `python -m bench channels` measure one of the two. Exit code 1 if anything could not be
measured: a table with holes proves nothing. With `--hold` also if our channels are slower beside Rasa's than promised.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

import aiohttp

from scripts.failures import Failure
from tests.harness.missing import MissingServer
from tests.harness.postgres import PostgresCluster
from tests.harness.redis_server import RedisServer

from . import channel_stand, channel_table, channels, floors, ours, stand
from .channels import ChannelSize
from .measure import Latency, Rate, Unexpected
from .ours import Figures
from .size import FULL, QUICK, Size
from .table import Floors, render, rows


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("all", "service", "channels"), default="all")
    parser.add_argument("--quick", action="store_true", help="fewer of everything: an impression within a minute")
    parser.add_argument("--hold", action="store_true", help="fail if the channels are slower than promised")
    return parser.parse_args()


def say(what: str) -> None:
    print(f"· {what}", file=sys.stderr, flush=True)


async def measure_floors(folder: Path, redis_url: str, commits: tuple[Rate, Latency], size: Size) -> Floors:
    """Those of the network and of Redis, beside a database's commits."""
    redis = await floors.redis_set(redis_url, size)
    async with floors.bare_server(folder) as (child, url):
        idle, with_sockets = await floors.sockets(child, url, size)
        http, answer = await floors.http(url, size)
        echo = await floors.echo(url, size)
    return Floors(redis, *commits, http, answer, echo, idle, with_sockets)


def on_sqlite(folder: Path, redis: RedisServer, size: Size) -> tuple[Figures, Floors]:
    say("floors: Redis, SQLite, bare Sanic")
    beside = asyncio.run(measure_floors(folder, redis.url, floors.sqlite_commits(folder, size), size))
    say("the service on SQLite")
    redis.flush()
    url = f"sqlite+aiosqlite:///{folder / 'livechat.db'}"
    with stand.service(folder / "sqlite", url, redis.url, workers=1) as service:
        return asyncio.run(ours.measure(service, size)), beside


def on_postgres(folder: Path, redis: RedisServer, cluster: PostgresCluster, size: Size) -> tuple[Figures, Floors]:
    say("floors: Redis, PostgreSQL, bare Sanic")
    redis.flush()
    commits = asyncio.run(floors.postgres_commits(cluster.create_database(), size))
    beside = asyncio.run(measure_floors(folder, redis.url, commits, size))
    say("the service on PostgreSQL, two workers")
    redis.flush()
    with stand.service(folder / "postgres", cluster.create_database(), redis.url, workers=2) as service:
        return asyncio.run(ours.measure(service, size)), beside


def main() -> int:
    given = arguments()
    try:
        if given.what != "channels":
            of_service(QUICK if given.quick else FULL)
        late = [] if given.what == "service" else of_channels(channels.QUICK if given.quick else channels.FULL)
    except (MissingServer, Unexpected, Failure, aiohttp.ClientError, OSError, AssertionError) as error:
        print(f"not measured: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    if late:
        print(f"not held: {'; '.join(late)}")
    return int(given.hold and bool(late))


def of_service(size: Size) -> None:
    with tempfile.TemporaryDirectory(prefix="livechat-bench-") as name, RedisServer() as redis:
        folder = Path(name)
        small, small_floors = on_sqlite(folder, redis, size)
        with PostgresCluster() as cluster:
            large, large_floors = on_postgres(folder, redis, cluster, size)
    print(render("SQLite, one worker", rows(small, small_floors, size.sockets)), end="\n\n")
    print(render("PostgreSQL, two workers", rows(large, large_floors, size.sockets)), end="\n\n")
    print(f"figure: {summary(small)}")


def of_channels(size: ChannelSize) -> list[str]:
    """What was promised and did not hold."""
    say("service, Rasa and all channels, on SQLite")
    with tempfile.TemporaryDirectory(prefix="livechat-bench-") as name, channel_stand.stand(Path(name)) as stand:
        figures = channels.measure(stand, size)
    print(channel_table.render("Webhook → bot reply", figures), end="\n\n")
    print(f"figure: {channel_table.summary(figures)}")
    return channel_table.missed(figures)


def summary(figures: Figures) -> str:
    return (
        f"SQLite, one worker: {figures.claims} claims, click p99 {figures.click.p99:.0f} ms, "
        f"messages {figures.agent_messages} and {figures.customer_messages}, "
        f"customer → agent {figures.to_agent}, agent → customer {figures.to_customer}, "
        f"{figures.idle} idle, {figures.with_sockets} with sockets"
    )


if __name__ == "__main__":
    sys.exit(main())
