"""One event loop for all async tests of a run: Rasa's scheduler and sessions belong to the loop that made them."""

import asyncio
import inspect
from collections.abc import Iterator
from typing import Any

import pytest

SECONDS = 60.0
"""The longest that one test may take."""


def run_on(loop: asyncio.AbstractEventLoop, item: pytest.Function) -> bool | None:
    """Run an `async def` test; None leaves all others to pytest."""
    if not inspect.iscoroutinefunction(item.obj):
        return None
    names = item._fixtureinfo.argnames
    arguments: dict[str, Any] = {name: item.funcargs[name] for name in names}
    loop.run_until_complete(asyncio.wait_for(item.obj(**arguments), SECONDS))
    return True


def fresh_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop that is closed with everything that still runs on it."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield loop
    loop.run_until_complete(_stop_all())
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()


async def _stop_all() -> None:
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
