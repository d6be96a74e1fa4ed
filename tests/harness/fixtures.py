"""The harness as pytest fixtures; pyproject.toml loads this file as a plugin for the service's environment.

Session-wide servers are shared and emptied between tests; a test that breaks a server takes its own
(`redis_server`, `postgres_server`). A missing server skips its tests by name, and on CI it fails them.
"""

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from scripts import bot
from scripts.parts import Ports
from tests.fakes.mailbox import Mailbox

from .child import Child
from .client import Client
from .clock import ShiftedClock
from .guard import guard
from .missing import MissingServer
from .postgres import PostgresCluster
from .proxy import FaultProxy
from .redis_server import RedisServer
from .running import DEFAULT_SETTINGS, LiveStack, Service, new_stack


def pytest_configure() -> None:
    guard.install()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test shows the ends of the logs of what is running."""
    report = yield
    if report.failed:
        report.sections += [(f"log of {child.name}", child.tail(60)) for child in Child.started if child.log.exists()]
    return report


@pytest.fixture(autouse=True)
def loopback_only() -> Iterator[None]:
    """Fails a test that tried to reach another machine, even if the code swallowed the refusal."""
    guard.reset()
    yield
    refused = list(guard.refused)
    guard.reset()
    assert not refused, f"the test tried to leave loopback: {refused}"


@pytest.fixture(autouse=True)
def closed_clients() -> Iterator[None]:
    """No connection of a test's clients outlives the test."""
    yield
    for client in Client.made:
        client.close()
    Client.made.clear()


def not_here(missing: MissingServer) -> NoReturn:
    """A laptop may lack a server; CI may not."""
    if os.environ.get("CI"):
        pytest.fail(str(missing))
    pytest.skip(str(missing))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresCluster]:
    """One PostgreSQL for the whole run; don't break it."""
    try:
        cluster = PostgresCluster(durable=False)
    except MissingServer as missing:
        not_here(missing)
    with cluster:
        yield cluster


@pytest.fixture
def postgres_server() -> Iterator[PostgresCluster]:
    """A PostgreSQL of this test alone, with fsync on: restart it, crash it."""
    try:
        cluster = PostgresCluster()
    except MissingServer as missing:
        not_here(missing)
    with cluster:
        yield cluster


@pytest.fixture
def postgres_url(postgres: PostgresCluster) -> Iterator[str]:
    """An empty database's SQLAlchemy URL, dropped afterwards."""
    url = postgres.create_database()
    yield url
    postgres.drop_database(url.rsplit("/", 1)[1])


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file's SQLAlchemy URL; the file does not exist yet."""
    return f"sqlite+aiosqlite:///{tmp_path / 'livechat.db'}"


@pytest.fixture(scope="session")
def shared_redis() -> Iterator[RedisServer]:
    """One Redis for the whole run; take `redis_url`, which empties it first."""
    try:
        server = RedisServer()
    except MissingServer as missing:
        not_here(missing)
    with server:
        yield server


@pytest.fixture
def redis_url(shared_redis: RedisServer) -> str:
    """The URL of an empty Redis."""
    shared_redis.flush()
    return shared_redis.url


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """A Redis of this test alone: kill it, pause it, flush it."""
    try:
        server = RedisServer()
    except MissingServer as missing:
        not_here(missing)
    with server:
        yield server


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server that keeps what it takes, and fails on request."""
    with Mailbox() as made:
        yield made


@pytest.fixture
def make_proxy() -> Iterator[Callable[[int], FaultProxy]]:
    """`proxy = make_proxy(port)`: a fault proxy in front of a port, stopped afterwards."""
    started: list[FaultProxy] = []

    def make(target_port: int) -> FaultProxy:
        started.append(FaultProxy(target_port).start())
        return started[-1]

    yield make
    for proxy in started:
        proxy.stop()


@pytest.fixture
def shifted_clock(tmp_path: Path) -> ShiftedClock:
    """A clock for processes started with `env=shifted_clock.env()`."""
    try:
        return ShiftedClock(tmp_path)
    except MissingServer as missing:
        not_here(missing)


@pytest.fixture
def make_service(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """`make_service(database_url=…, redis_url=…, workers=…, settings=…, env=…)`: a service alone, without Rasa.

    It is alive when it is returned; call it again for a second one with data of its own.
    """
    started: list[Service] = []

    def make(
        *,
        database_url: str = "",
        redis_url: str = "",
        workers: int = 1,
        settings: str = DEFAULT_SETTINGS,
        env: dict[str, str] | None = None,
        ports: Ports | None = None,
    ) -> Service:
        folder = tmp_path / f"service-{len(started) + 1}"
        folder.mkdir()
        stack = new_stack(folder, database_url=database_url, redis_url=redis_url, ports=ports)
        service = Service(stack, workers=workers, settings=settings, env=env, alone=True)
        started.append(service)
        return service.launch()

    yield make
    for service in started:
        service.stop()


@pytest.fixture(scope="session")
def model() -> Path:
    """The trained bot; trained once per state of its data and kept in var/models."""
    return bot.train()


@pytest.fixture(scope="session")
def live(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveStack]:
    """Service, Rasa and action server, started once for the run (about 20 s). Leave it as it was; use new visitors."""
    with LiveStack(tmp_path_factory.mktemp("live"), model=model) as stack:
        yield stack


@pytest.fixture
def make_live(model: Path, tmp_path: Path) -> Iterator[Callable[..., LiveStack]]:
    """`make_live(settings=…, rasa_env=…)`: a whole stack of this test alone, to be broken; the options of LiveStack."""
    started: list[LiveStack] = []

    def make(**options: Any) -> LiveStack:
        folder = tmp_path / f"live-{len(started) + 1}"
        folder.mkdir()
        started.append(LiveStack(folder, model=model, **options))
        return started[-1].launch()

    yield make
    for stack in started:
        stack.stop()
