"""A port in use is named, with who has it and how to choose another."""

import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import port_check
from scripts.demo import chosen_ports
from scripts.failures import Failure
from tests.harness.waiting import free_port
from tests.scripts.parts import stand_in


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which this process listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_in_use_is_named_with_its_holder(taken: int, tmp_path: Path) -> None:
    """Port, part, process and the variable are in the message; the free part is not."""
    parts = [stand_in(tmp_path, "rasa", port=taken), stand_in(tmp_path, "service")]
    with pytest.raises(Failure) as caught:
        port_check.require_free(parts)
    message = str(caught.value)
    assert f"Port {taken}, wanted by the rasa, is in use by process {os.getpid()} (" in message
    assert re.search(r"LIVECHAT_RASA_PORT=\d+ make demo", message)
    assert "service" not in message


def test_free_ports_pass(tmp_path: Path) -> None:
    """Nothing is said when nothing is in the way."""
    port_check.require_free([stand_in(tmp_path, "service")])


def test_a_port_that_was_just_left_is_free() -> None:
    """Connections of an ended server that linger in TIME_WAIT don't stop the next start."""
    with socket.create_server(("127.0.0.1", free_port())) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port), timeout=3):
            server.accept()[0].close()
    assert port_check.is_free(port)


def test_ports_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chosen port is taken, a senseless one refused with an example."""
    monkeypatch.setenv("LIVECHAT_PORT", "9090")
    assert chosen_ports().service == 9090
    monkeypatch.setenv("LIVECHAT_RASA_PORT", "rasa")
    with pytest.raises(Failure, match=r"LIVECHAT_RASA_PORT=rasa is not a port\. Example"):
        chosen_ports()
