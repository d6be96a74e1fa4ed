"""One real child process: a group of its own, a log file, and an end in bounded time."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from . import ROOT
from .waiting import wait_until

TIED = ROOT / "scripts" / "tied.py"


class ChildDied(AssertionError):
    """A process that should be running has ended; the message carries the tail of its log."""


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that ended and waits to be collected doesn't."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in {"Z", "X"}


class Child:
    """A command that is started, killed, paused and started again under the same name and log.

    `Child.started` holds all that were started and not yet stopped: a failed test shows the ends of their logs. A child
    ends with the thread that started it, so start it from the test's main thread. `tied=False` is for commands
    that change their user, which `tied.py` can't follow.
    """

    started: ClassVar[list["Child"]] = []

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
        tied: bool = True,
    ) -> None:
        self.name, self.log, self.cwd = name, log, cwd
        self.command = [str(part) for part in command]
        self.env = dict(os.environ if env is None else env)
        self._tied = tied
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None, f"{self.name} was never started"
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def returncode(self) -> int | None:
        return None if self._process is None else self._process.poll()

    def start(self) -> Self:
        assert not self.running, f"{self.name} is already running"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        tie = [sys.executable, "-S", "-E", str(TIED), str(os.getpid()), str(int(signal.SIGTERM))] if self._tied else []
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*tie, *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.env,
                cwd=self.cwd,
                start_new_session=True,
            )
        if self not in Child.started:
            Child.started.append(self)
        return self

    def await_ready(self, ready: Callable[[], object], seconds: float) -> Self:
        """Wait for `ready` to be true; a process that ends first fails at once, with its log."""

        def alive_and_ready() -> object:
            if not self.running:
                raise ChildDied(f"{self.name} ended with {self.returncode} while starting:\n{self.tail()}")
            return ready()

        try:
            wait_until(alive_and_ready, seconds, f"{self.name} to be ready")
        except TimeoutError as error:
            raise TimeoutError(f"{error}\n{self.tail()}") from None
        return self

    def send(self, number: int) -> None:
        """Send a signal to the process itself."""
        if self.running:
            os.kill(self.pid, number)

    def send_group(self, number: int) -> None:
        """Send a signal to the process and all it started (those that did not leave its group)."""
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            return

    def kill(self) -> None:
        """`kill -9` of the whole group at once: nobody gets a chance to tidy up."""
        if self._process is not None:
            self.send_group(signal.SIGKILL)
            self._process.wait(10)

    def stop(self, seconds: float = 10, first: int = signal.SIGTERM) -> None:
        """Ask politely, then kill; what the process left in its group is killed too."""
        if self._process is None or self not in Child.started:
            return
        self.send(first)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        finally:
            self.kill()
            Child.started.remove(self)

    def pause(self) -> None:
        """SIGSTOP: alive for the kernel, deaf for everybody else."""
        self.send_group(signal.SIGSTOP)

    def resume(self) -> None:
        self.send_group(signal.SIGCONT)

    def tail(self, lines: int = 40) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def __enter__(self) -> Self:
        return self if self.running else self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
