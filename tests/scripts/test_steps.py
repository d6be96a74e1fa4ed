"""Steps tell what they do, keep their output, and are not repeated without need."""

import sys
import time
from pathlib import Path

import pytest

from scripts import parts, stamps, step
from scripts.failures import Failure


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Logs and stamps of these tests go to a folder of their own."""
    monkeypatch.setattr(step, "LOGS", tmp_path / "log")
    monkeypatch.setattr(stamps, "STAMPS", tmp_path / "stamps")


def test_a_failed_step_shows_the_end_of_its_log(capsys: pytest.CaptureFixture[str]) -> None:
    """The exit code and the last lines, in plain text."""
    code = "print('\\x1b[31mno space left\\x1b[0m'); raise SystemExit(4)"
    with pytest.raises(Failure, match=r"Copying: failed with exit code 4\.\n +no space left"):
        step.run("Copying", [sys.executable, "-c", code], log="copy")
    assert "✗ Copying" in capsys.readouterr().out


def test_a_step_that_takes_too_long_is_stopped() -> None:
    """Bounded: the command and its children are ended."""
    before = time.monotonic()
    with pytest.raises(Failure, match="not done after 1 s"):
        step.run("Sleeping", ["sleep", "60"], log="sleep", seconds=1)
    assert time.monotonic() - before < 30


def test_a_changed_new_or_renamed_file_changes_the_digest(tmp_path: Path) -> None:
    """Content and names count; what tools leave behind doesn't."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.txt").write_text("one")
    seen = [stamps.digest([source])]
    (source / "a.txt").write_text("two")
    seen.append(stamps.digest([source]))
    (source / "a.txt").rename(source / "b.txt")
    seen.append(stamps.digest([source]))
    seen.append(stamps.digest([source], "node 20"))
    assert len(set(seen)) == 4
    (source / "__pycache__").mkdir()
    (source / "__pycache__" / "x.pyc").write_text("left behind")
    assert stamps.digest([source], "node 20") == seen[-1]


def test_work_is_done_until_its_inputs_change_or_it_begins_again() -> None:
    """A stamp holds for one digest, and not while the work is under way."""
    assert not stamps.is_done("build", "abc")
    stamps.set_done("build", "abc")
    assert stamps.is_done("build", "abc")
    assert not stamps.is_done("build", "def")
    stamps.forget("build")
    assert not stamps.is_done("build", "abc")


def test_the_bridge_token_is_kept_and_private(tmp_path: Path) -> None:
    """Made once, the same afterwards, mode 0600."""
    path = tmp_path / "var" / "token"
    token = parts.kept_token(path)
    assert len(token) >= 32
    assert parts.kept_token(path) == token
    assert path.stat().st_mode & 0o777 == 0o600
