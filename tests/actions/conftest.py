"""Fixtures of the actions' tests."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.looping import *  # noqa: F403 - fixtures are found by their names


@pytest.fixture
def sample() -> dict[str, Any]:
    """A tracker in the middle of a return, after a request for a person, and the domain."""
    loaded: dict[str, Any] = json.loads((Path(__file__).parent / "tracker.json").read_text())
    return loaded
