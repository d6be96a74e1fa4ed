"""A Python is what runs and says so, whatever its name."""

import sys
from pathlib import Path

import pytest

from scripts import pythons
from scripts.failures import Failure

HERE = sys.version_info[:2]


def program(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_a_stand_in_that_exits_127_is_passed_over(tmp_path: Path) -> None:
    """As a version manager's shim does for a version that it doesn't have active."""
    shim = program(tmp_path / "python3.10", "echo 'command not found' >&2; exit 127")
    found = pythons.find([HERE], [shim, tmp_path / "absent", sys.executable])
    assert found is not None
    assert found.version == HERE
    assert found.path.is_absolute()


def test_another_version_is_passed_over(tmp_path: Path) -> None:
    """The first python3 may be newer or older than wanted."""
    other = program(tmp_path / "python3", "echo 3 8 /usr/bin/python3.8")
    assert pythons.find([HERE], [other]) is None


def test_versions_of_pyenv_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """$PYENV_ROOT/versions/3.10.*/bin/python is a candidate, by its full path."""
    place = tmp_path / "versions" / "3.10.13" / "bin"
    place.mkdir(parents=True)
    hidden = program(place / "python", "echo 3 10 $0")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert hidden in list(pythons.candidates(pythons.RASA))


def test_none_found_says_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line, no stack trace."""
    monkeypatch.setattr(pythons, "candidates", lambda _: [tmp_path / "absent"])
    uv = program(tmp_path / "uv", "exit 1")
    with pytest.raises(
        Failure, match=r"needs Python 3\.10, and none was found\. Get one with `uv python install 3\.10`"
    ):
        pythons.get(uv, pythons.RASA, "Rasa")
