"""A PostgreSQL cluster of the tests' own: made by `initdb`, on loopback, thrown away at the end."""

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Self

from .child import Child
from .missing import MissingServer
from .waiting import can_connect, free_port

USER = "livechat"
STOP_SECONDS = 15

# What the service relies on (docs/operations.md), and room for a few workers with a pool each.
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "log_min_messages": "warning",
    "synchronous_commit": "on",
}


def find_bin_directory() -> Path:
    """The newest installed server's programs (Debian keeps them off PATH)."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name.split(".")[0]))
    on_path = shutil.which("initdb")
    places = [*reversed(versions), *([Path(on_path).resolve().parent] if on_path else [])]
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise MissingServer("PostgreSQL", "postgresql")


def as_server_user(command: list[str], end_signal: str = "INT") -> list[str]:
    """PostgreSQL refuses to run as root, so root runs it as `postgres` (or `nobody`)."""
    tied = ["--pdeathsig", end_signal]
    if os.geteuid() != 0:
        return ["setpriv", *tied, "--", *command]
    user = server_user()
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", *tied, "--", *command]


def server_user() -> pwd.struct_passwd:
    names = {user.pw_name: user for user in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


class PostgresCluster:
    """`with PostgresCluster() as cluster: url = cluster.create_database()`.

    `durable=False` leaves out fsync, for tests that only want SQL; faults want it on.
    """

    def __init__(self, *, durable: bool = True, port: int | None = None) -> None:
        self.bin = find_bin_directory()
        self.port = port or free_port()
        self.directory = Path(tempfile.mkdtemp(prefix="livechat-pg-"))
        self.data = self.directory / "data"
        self._names = (f"livechat_{number}" for number in itertools.count(1))
        options = {**OPTIONS, "port": str(self.port), "fsync": "on" if durable else "off"}
        flags = [flag for key, value in options.items() for flag in ("-c", f"{key}={value}")]
        self.server = Child(
            "PostgreSQL",
            as_server_user([str(self.bin / "postgres"), "-D", str(self.data), *flags]),
            log=self.directory / "postgres.log",
            cwd=self.directory,
            tied=False,
        )

    def init(self) -> None:
        """Make the cluster's files; once."""
        if os.geteuid() == 0:
            user = server_user()
            os.chown(self.directory, user.pw_uid, user.pw_gid)
        command = [str(self.bin / "initdb"), "-D", str(self.data), "-U", USER, "--auth=trust", "--no-sync"]
        command += ["--encoding=UTF8", "--locale=C.UTF-8"]
        subprocess.run(as_server_user(command), check=True, cwd=self.directory, capture_output=True, timeout=60)

    def start(self) -> Self:
        if not self.data.exists():
            self.init()
        self.server.start().await_ready(self.is_ready, 30)
        return self

    def is_ready(self) -> bool:
        """Accepting connections, not merely listening: during recovery it refuses them."""
        if not can_connect(self.port):
            return False
        command = [
            str(self.bin / "pg_isready"),
            "-q",
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
            "-U",
            USER,
            "-d",
            "postgres",
        ]
        return subprocess.run(command, check=False, timeout=10).returncode == 0

    def stop(self, *, immediate: bool = False) -> None:
        """`fast` ends the sessions and writes a checkpoint; `immediate` is a crash that needs recovery."""
        self.server.stop(STOP_SECONDS, signal.SIGQUIT if immediate else signal.SIGINT)

    def restart(self, *, immediate: bool = True) -> None:
        self.stop(immediate=immediate)
        self.start()

    def create_database(self, name: str | None = None, template: str | None = None) -> str:
        """A new database's SQLAlchemy URL. A `template` (its name) is copied, which is faster than migrating again."""
        name = name or next(self._names)
        copy = f' TEMPLATE "{template}"' if template else ""
        self.execute(f'CREATE DATABASE "{name}"{copy}')
        return self.url(name)

    def drop_database(self, name: str) -> None:
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://{USER}@127.0.0.1:{self.port}/{name}"

    def execute(self, sql: str, database: str = "postgres") -> list[list[str]]:
        """Run one statement with psql: the rows, each value as text."""
        command = [str(self.bin / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-F", "\x1f", "-c", sql]
        command += ["-h", "127.0.0.1", "-p", str(self.port), "-U", USER, "-d", database]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise RuntimeError(f"{sql}: {done.stderr.strip()}")
        return [line.split("\x1f") for line in done.stdout.splitlines()]

    def end_sessions(self, database: str) -> None:
        """Cut every client's connection to `database`, as a restart of a proxy in between would."""
        self.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")

    def destroy(self) -> None:
        self.stop(immediate=True)
        shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.destroy()
