"""The demo's supervisor starts everything, says what went wrong, and leaves nothing behind."""

import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.harness.child import Child, is_alive
from tests.harness.waiting import PATIENCE, wait_until

Start = Callable[..., tuple[Child, list[int]]]


@pytest.fixture(autouse=True)
def default_hang_up() -> Iterator[None]:
    """A run under nohup ignores SIGHUP, and its children would, too."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts the supervising program with some options and waits until its parts are ready: it and their pids."""
    started: list[Child] = []

    def begin(*options: str) -> tuple[Child, list[int]]:
        command = [sys.executable, "-m", "tests.scripts.supervised", tmp_path, *options]
        child = Child("supervisor", command, log=tmp_path / "supervisor.log", tied=False).start()
        started.append(child)
        said = wait_until(lambda: re.search(r"all ready([ \d]+)", child.log.read_text()), PATIENCE, "the parts")
        return child, [int(word) for word in said[1].split()]

    yield begin
    for child in started:
        child.kill()


def assert_all_end(pids: list[int]) -> None:
    wait_until(lambda: not [pid for pid in pids if is_alive(pid)], PATIENCE, f"{pids} to end")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_all_parts(start: Start, number: signal.Signals) -> None:
    """Ctrl-C, SIGTERM and SIGHUP end every part and the program itself, with exit code 0."""
    supervisor, pids = start()
    assert len(pids) == 2
    supervisor.send(number)
    wait_until(lambda: not supervisor.running, PATIENCE, "the supervisor to end")
    assert supervisor.returncode == 0
    assert_all_end(pids)


def test_a_crash_of_one_part_stops_all_and_is_told(start: Start) -> None:
    """The part that ended is named with its exit code and the end of its log; the exit code is 1."""
    supervisor, pids = start("crash")
    wait_until(lambda: not supervisor.running, PATIENCE, "the supervisor to end")
    assert supervisor.returncode == 1
    assert "The one has stopped (exit code 3)" in supervisor.tail()
    assert "out of memory" in supervisor.tail()
    assert_all_end(pids)


def test_a_part_that_ignores_sigterm_is_killed_in_bounded_time(start: Start) -> None:
    """Asked for a second, then killed."""
    supervisor, pids = start("deaf")
    supervisor.send(signal.SIGTERM)
    assert_all_end(pids)


def test_a_daemon_that_left_its_session_is_ended_too(start: Start) -> None:
    """What a part put into a session of its own (an embedded server) doesn't stay behind."""
    supervisor, pids = start("daemon")
    assert len(pids) == 3
    supervisor.send(signal.SIGINT)
    wait_until(lambda: not supervisor.running, PATIENCE, "the supervisor to end")
    assert_all_end(pids)


def test_the_parts_end_when_the_supervisor_is_killed(start: Start) -> None:
    """`kill -9` of the supervisor: the kernel tells the parts."""
    supervisor, pids = start()
    os.kill(supervisor.pid, signal.SIGKILL)
    assert_all_end(pids)


def test_everything_ends_when_make_is_killed(tmp_path: Path) -> None:
    """`kill -9` of what started the supervisor reaches it and its parts."""
    makefile = tmp_path / "Makefile"
    makefile.write_text(f"demo:\n\t@{sys.executable} -m tests.scripts.supervised {tmp_path}\n")
    make = Child("make", ["make", "-f", makefile, "demo"], log=tmp_path / "make.log", tied=False).start()
    try:
        said = wait_until(lambda: re.search(r"all ready([ \d]+)", make.log.read_text()), PATIENCE, "the parts")
        os.kill(make.pid, signal.SIGKILL)
        assert_all_end([int(word) for word in said[1].split()])
    finally:
        make.kill()
