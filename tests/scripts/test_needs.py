"""What only a person can install is asked for in one clear line."""

import os
from pathlib import Path

import pytest

from scripts import frontend, packages
from scripts.failures import Failure


def program(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.fixture
def only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one folder on PATH, empty."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_without_node_the_line_says_what_to_install(only: Path) -> None:
    """Name, version, where from."""
    assert not any(only.iterdir())
    with pytest.raises(
        Failure, match=r"need Node\.js 20\.19 or newer with npm, and Node\.js is missing\. Install it from"
    ):
        frontend.node_version()


def test_an_old_node_is_named(only: Path) -> None:
    """With its version."""
    program(only, "node", "echo v18.19.0")
    program(only, "npm", "echo 9")
    with pytest.raises(Failure, match=r"this is v18\.19\.0\."):
        frontend.node_version()


def test_a_newer_node_will_do(only: Path) -> None:
    """Nothing is said."""
    program(only, "node", "echo v24.1.0")
    program(only, "npm", "echo 11")
    assert frontend.node_version() == (24, 1)


def test_without_root_the_missing_servers_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is installed; the line has the command for somebody who may."""
    absent = packages.Need("redis-server", "Redis", lambda: False)
    monkeypatch.setattr(packages, "NEEDS", [absent, packages.Need("bash", "a shell", lambda: True)])
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    packages.install()
    said = capsys.readouterr().out
    assert "Missing: Redis (redis-server)." in said
    assert "sudo apt-get install redis-server\n" in said
