"""Fixtures of the actions' tests."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.fake_service import FakeService
from tests.connectors.looping import fresh_loop, run_on


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run async tests on the session's loop."""
    return run_on(pyfuncitem.funcargs["loop"], pyfuncitem)


@pytest.fixture(scope="session", autouse=True)
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """The session's event loop."""
    yield from fresh_loop()


@pytest.fixture
def service(loop: asyncio.AbstractEventLoop) -> Iterator[FakeService]:
    """A live chat service that does what it is asked."""
    fake = loop.run_until_complete(FakeService().start())
    yield fake
    loop.run_until_complete(fake.stop())


@pytest.fixture
def sample() -> dict[str, Any]:
    """A tracker in the middle of a return, after a request for a person, and the domain."""
    loaded: dict[str, Any] = json.loads((Path(__file__).parent / "tracker.json").read_text())
    return loaded
