"""A running service without Rasa, shared by the tests of this folder: each takes new visitors."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.harness.client import AgentClient
from tests.harness.running import Service, new_stack

from .sockets import Socket


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(new_stack(tmp_path_factory.mktemp("http")), settings="bot:\n  answer_within_seconds: 600\n")
    try:
        yield service.launch()
    finally:
        service.stop()


@pytest.fixture(scope="session")
def agent(service: Service) -> AgentClient:
    """An agent, signed in; a test that signs out takes one of its own."""
    return service.add_agent("Priya")


@pytest.fixture
async def closed_sockets() -> AsyncIterator[None]:
    """Every socket of a test is closed in its own event loop; one that is left over would fail the next test."""
    yield
    for connection in Socket.made:
        await connection.close()
    Socket.made.clear()
