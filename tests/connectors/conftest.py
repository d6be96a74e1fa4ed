"""Fixtures of the connectors' tests. What needs Rasa imports it only when it is asked for."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from connectors.bridge import Bridge
from connectors.settings import BridgeSettings

from .fake_actions import FakeActions
from .fake_service import TOKEN, FakeService
from .looping import *  # noqa: F403 - fixtures are found by their names

if TYPE_CHECKING:
    from .stage import Stage

TINY_BOT = Path(__file__).parent / "tiny_bot"


@pytest.fixture
def bridge(loop: asyncio.AbstractEventLoop, service: FakeService) -> Iterator[Bridge]:
    """A client of that service, which gives up after a second."""
    client = Bridge(BridgeSettings(service.url, TOKEN), patience=1.0)
    yield client
    loop.run_until_complete(client.close())


@pytest.fixture
def action_server(loop: asyncio.AbstractEventLoop) -> Iterator[FakeActions]:
    """An action server whose actions the test writes."""
    fake = loop.run_until_complete(FakeActions().start())
    yield fake
    loop.run_until_complete(fake.stop())


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A tiny trained bot."""
    from rasa import train  # noqa: PLC0415 - takes ten seconds, and only for tests that run Rasa

    result = train(
        domain=str(TINY_BOT / "domain.yml"),
        config=str(TINY_BOT / "config.yml"),
        training_files=[str(TINY_BOT / "nlu.yml"), str(TINY_BOT / "rules.yml")],
        output=str(tmp_path_factory.mktemp("models")),
        force_training=True,
    )
    assert result.model is not None
    return str(result.model)


@pytest.fixture
def new_stage(
    model: str, tmp_path: Path, bridge: Bridge, loop: asyncio.AbstractEventLoop
) -> Iterator[Callable[..., "Stage"]]:
    """Makes Rasa servers that share one tracker store: two after each other are a restart."""
    from .stage import Stage  # noqa: PLC0415 - imports Rasa

    stages: list[Stage] = []

    def make(**settings: Any) -> Stage:
        stages.append(Stage.load(model, tmp_path / "tracker.db", bridge, **settings))
        return stages[-1]

    yield make
    for stage in stages:
        loop.run_until_complete(stage.turns.close())


@pytest.fixture
def stage(new_stage: Callable[..., "Stage"], action_server: FakeActions) -> "Stage":
    """A Rasa server with an action server."""
    return new_stage(actions_url=action_server.url)
