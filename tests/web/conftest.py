"""Browsers for the pages' tests, one real service for most of them, and a stand-in with a busy morning for looks."""

import json
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.harness import ROOT
from tests.harness.browser import *  # noqa: F403 - fixtures are found by their names
from tests.harness.child import Child
from tests.harness.client import AgentClient, VisitorClient, body
from tests.harness.running import Service, new_stack
from tests.harness.waiting import free_port


@dataclass
class Team:
    """A service with three people at work, for the whole run; tests bring visitors of their own."""

    service: Service
    priya: AgentClient
    sam: AgentClient
    lena: AgentClient

    @property
    def url(self) -> str:
        return self.service.url

    def waiting(self, text: str = "Hello?") -> VisitorClient:
        """A new customer who wrote something and asked for a person."""
        visitor = self.service.visitor()
        body(visitor.send(text))
        body(visitor.ask_for_person())
        return visitor


@pytest.fixture(scope="session")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    service = Service(new_stack(tmp_path_factory.mktemp("team")), alone=True).launch()
    try:
        priya = service.add_agent("Priya Raman", "owner")
        yield Team(service, priya, service.add_agent("Sam Ortega"), service.add_agent("Lena Vogt"))
    finally:
        service.stop()


class StandIn(Child):
    """`tests.fakes.dashboard_server`: the dashboard's side of the service, with conversations made to be looked at."""

    def __init__(self, log: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "tests.fakes.dashboard_server", "--port", str(self.port)]
        super().__init__("stand-in", command, log=log, cwd=ROOT)

    def is_ready(self) -> bool:
        try:
            self.conversations()
        except OSError:
            return False
        return True

    def conversations(self) -> dict[str, str]:
        """The ids by the customers' names."""
        with urllib.request.urlopen(f"{self.url}/fake/conversations", timeout=30) as answer:
            found: dict[str, str] = json.load(answer)
            return found

    def tell(self, verb: str, **said: Any) -> Any:
        request = urllib.request.Request(f"{self.url}/fake/{verb}", data=json.dumps(said).encode(), method="POST")
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)


@pytest.fixture(scope="session")
def shared_stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """One for the whole run; take `stand_in`, which fills it anew."""
    server = StandIn(tmp_path_factory.mktemp("stand-in") / "log")
    server.start()
    try:
        yield server.await_ready(server.is_ready, 30)
    finally:
        server.stop()


@pytest.fixture
def stand_in(shared_stand_in: StandIn) -> Callable[[str], StandIn]:
    """`stand_in("busy")` or `stand_in("empty")`: the stand-in with these conversations."""

    def fill(seed: str) -> StandIn:
        shared_stand_in.tell("seed", name=seed)
        return shared_stand_in

    return fill
