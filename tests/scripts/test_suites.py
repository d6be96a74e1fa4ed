"""Suites run side by side, are told in the order in which they were asked for, and end together."""

import threading
from pathlib import Path

import pytest

from scripts import step
from scripts.failures import Failure
from scripts.results import Result
from scripts.test import Suite, run_all, wanted


@pytest.fixture(autouse=True)
def own_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Logs in a folder of their own; nothing is left stopping."""
    monkeypatch.setattr(step, "LOGS", tmp_path / "log")
    monkeypatch.setattr(step, "stopping", threading.Event())


def test_two_suites_run_side_by_side() -> None:
    """Each waits for the other, which would never come if they ran one after the other."""
    met = threading.Barrier(2, timeout=10)

    def meet(name: str) -> Result:
        met.wait()
        return Result(name, passed=1)

    done = run_all([Suite("checks", lambda: meet("checks")), Suite("tests/web", lambda: meet("tests/web"))])
    assert [result.name for result in done] == ["checks", "tests/web"]


def test_a_name_means_what_is_within_it() -> None:
    """A folder of a folder is a suite of its own, and runs with it."""
    assert [suite.name for suite in wanted(["tests/web"])] == ["tests/web", "tests/web/settings", "tests/web/widget"]
    assert [suite.name for suite in wanted(["tests/web/widget"])] == ["tests/web/widget"]
    assert len(wanted([])) > 10
    with pytest.raises(Failure, match="No suite tests/wep"):
        wanted(["tests/wep"])


def test_a_stop_ends_what_runs() -> None:
    """Ctrl-C while another suite sleeps: its command is ended, and the whole ends at once."""
    started = threading.Event()

    def sleep() -> Result:
        started.set()
        step.outcome("Sleeping", ["sleep", "300"], log="sleep", seconds=300)
        return Result("tests/web")

    def stop() -> Result:
        started.wait(10)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_all([Suite("checks", stop), Suite("tests/web", sleep)])
    assert step.stopping.is_set()
