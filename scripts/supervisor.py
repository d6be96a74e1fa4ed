"""Start several processes, watch them, and leave none behind.

Each part runs in a session of its own, so that Ctrl-C reaches only the supervisor, which then ends all of them: asked
first, killed after a while. A part that ends by itself ends the others. What a part left running (a daemon it
started) is adopted by the supervisor, a "subreaper", and ended too. Should the supervisor itself be killed, the
kernel sends each part SIGTERM (`tied.py`); should `make` be killed, it sends it to the supervisor.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from . import step, tied
from .failures import Failure
from .parts import Part
from .paths import ROOT

PR_SET_CHILD_SUBREAPER = 36
ASK_SECONDS = 10.0
LOOK_EVERY = 0.2
TIED = Path(tied.__file__)


def is_ready(url: str) -> bool:
    """Whether the part answers 200. No proxy is asked, whatever the environment says."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError, ValueError):
        return False


class Supervisor:
    """`with Supervisor() as supervisor: supervisor.launch(part); …; supervisor.await_ready(); supervisor.watch()`."""

    def __init__(self, ask_seconds: float = ASK_SECONDS) -> None:
        self.ask_seconds = ask_seconds
        self._running: list[tuple[Part, subprocess.Popen[bytes]]] = []

    def __enter__(self) -> "Supervisor":  # noqa: PYI034 - typing.Self came with Python 3.11
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        return self

    def __exit__(self, *_: object) -> None:
        with _no_more_signals():
            self.stop()

    def launch(self, part: Part) -> None:
        """Start a part, without waiting for it."""
        self._running.append((part, _spawn(part)))

    def await_ready(self) -> None:
        """Wait until each part is ready; one that ends meanwhile is a Failure."""
        for part, _ in self._running:
            self._await(part)

    def watch(self) -> None:
        """Returns never: raises Failure when a part ends, or whatever a signal handler raises."""
        while True:
            self._check()
            time.sleep(LOOK_EVERY)

    def _await(self, part: Part) -> None:
        progress = step.Progress(f"Waiting for the {part.name} on port {part.port}")
        while not is_ready(part.ready_url):
            self._check()
            if progress.seconds > part.ready_seconds:
                progress.end("✗")
                raise Failure(
                    f"The {part.name} was not ready after {part.ready_seconds:.0f} s.\n{step.quote(part.log)}"
                )
            progress.show(next(iter(step.tail(part.log, 1)), ""))
            time.sleep(LOOK_EVERY)
        progress.end("✓")

    def _check(self) -> None:
        for part, process in self._running:
            code = process.poll()
            if code is not None:
                raise Failure(
                    f"The {part.name} has stopped ({_why(code)}), so everything is stopped. The end of its log:\n"
                    f"{step.quote(part.log)}"
                )

    def stop(self) -> None:
        """End all parts and what they left, in at most twice `ask_seconds`."""
        for _, process in self._running:
            _send(process.pid, signal.SIGTERM)
        self._wait(lambda: all(process.poll() is not None for _, process in self._running))
        for _, process in self._running:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._running.clear()
        self._end_adopted()

    def _end_adopted(self) -> None:
        for number in (signal.SIGTERM, signal.SIGKILL):
            left = descendants(os.getpid())
            for pid in left:
                _send(pid, number)
            if self._wait(lambda: not _collect(descendants(os.getpid()))):
                return

    def _wait(self, done: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + self.ask_seconds
        while not done():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True


def _spawn(part: Part) -> "subprocess.Popen[bytes]":
    part.log.parent.mkdir(parents=True, exist_ok=True)
    tie = [sys.executable, "-S", "-E", str(TIED), str(os.getpid()), str(int(signal.SIGTERM))]
    with part.log.open("wb") as log:
        return subprocess.Popen(
            [*tie, *part.command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, **part.env},
            cwd=ROOT,
            start_new_session=True,
        )


def descendants(pid: int) -> list[int]:
    """The processes below `pid`, those that wait to be collected too (Linux; elsewhere none)."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found: list[int] = []
    frontier = [pid]
    while frontier:
        below = parents.get(frontier.pop(), [])
        found += below
        frontier += below
    return found


def _collect(pids: Sequence[int]) -> list[int]:
    """Take the exit codes of ended children; the pids that still run."""
    left = []
    for pid in pids:
        with contextlib.suppress(ChildProcessError, ProcessLookupError):
            if os.waitpid(pid, os.WNOHANG)[0] == 0:
                left.append(pid)
            continue
        if Path(f"/proc/{pid}").exists():  # a grandchild: not ours to collect until it is adopted
            left.append(pid)
    return left


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _why(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


@contextlib.contextmanager
def _no_more_signals() -> Iterator[None]:
    """A second Ctrl-C doesn't interrupt the stopping, which ends in bounded time anyway."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
