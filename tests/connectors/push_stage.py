"""The fake channel behind Rasa's web server."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from connectors.settings import BridgeSettings

from .fake_channel import FakeChannel, FakeConnector
from .fake_service import TOKEN
from .rasa_server import RasaServer, rasa_server


class PushStage:
    """What a test of the routes needs: the server and the connector behind it."""

    def __init__(self, server: RasaServer, connector: FakeConnector) -> None:
        self.server = server
        self.connector = connector
        self.post = server.post
        self.get = server.get


@contextmanager
def push_stage(loop: asyncio.AbstractEventLoop, service_url: str) -> Iterator[PushStage]:
    """Serve the fake channel, whose live chat service is at `service_url`."""
    connector = FakeConnector()
    with rasa_server(loop, FakeChannel(connector, BridgeSettings(service_url, TOKEN))) as server:
        yield PushStage(server, connector)
