"""One event loop for all async tests of a run: Rasa's scheduler and sessions belong to the loop that made them.

A conftest imports it, with the service on that loop: `from tests.connectors.looping import *`.
"""

import asyncio
import inspect
from collections.abc import Iterator
from typing import Any

import pytest

from .fake_service import FakeService

__all__ = ["loop", "pytest_pyfunc_call", "service"]

SECONDS = 60.0
"""The longest that one test may take."""


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run an `async def` test on the loop; None leaves all others to pytest."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    arguments: dict[str, Any] = {name: pyfuncitem.funcargs[name] for name in names}
    call = asyncio.wait_for(pyfuncitem.obj(**arguments), SECONDS)
    pyfuncitem.funcargs["loop"].run_until_complete(call)
    return True


@pytest.fixture(scope="session", autouse=True)
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """The session's event loop, closed with everything that still runs on it."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield loop
    loop.run_until_complete(_stop_all())
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()


@pytest.fixture
def service(loop: asyncio.AbstractEventLoop) -> Iterator[FakeService]:
    """A live chat service that does what it is asked."""
    fake = loop.run_until_complete(FakeService().start())
    yield fake
    loop.run_until_complete(fake.stop())


async def _stop_all() -> None:
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
