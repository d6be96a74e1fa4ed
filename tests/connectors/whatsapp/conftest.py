"""Fixtures of the WhatsApp tests."""

import asyncio
from collections.abc import Iterator

import pytest

from connectors.whatsapp.connector import WhatsAppConnector

from ..scripted_server import ScriptedServer, scripted_server
from .two_numbers import SENT, credentials


@pytest.fixture
def graph(loop: asyncio.AbstractEventLoop) -> Iterator[ScriptedServer]:
    """A Graph API that takes every message."""
    with scripted_server(loop, (200, SENT)) as server:
        yield server


@pytest.fixture
def connector(loop: asyncio.AbstractEventLoop, graph: ScriptedServer) -> Iterator[WhatsAppConnector]:
    """Two numbers on that API."""
    made = WhatsAppConnector.from_credentials(credentials(graph.url))
    yield made
    loop.run_until_complete(made.close())
