"""Run one long command: say what it does and how far it is, keep its output, show the end of it on failure."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from .failures import Failure
from .paths import LOGS, ROOT, relative

TAIL_LINES = 25
TERMINAL_EVERY = 0.3
PLAIN_EVERY = 20.0
STOP_SECONDS = 10.0
stopping = threading.Event()
"""Set when the whole command ends early: the steps that its other threads run are stopped then."""

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|[\x00-\x08\x0b-\x1f]")


def tail(log: Path, lines: int = TAIL_LINES) -> list[str]:
    """The last non-empty lines of a log, without colours; of a long one only the end is read."""
    if not log.exists():
        return []
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 200 * lines))
        text = file.read().decode(errors="replace")
    plain = (ESCAPES.sub("", line).rstrip() for line in re.split(r"[\r\n]+", text))
    return [line for line in plain if line][-lines:]


def quote(log: Path, lines: int = TAIL_LINES) -> str:
    """The end of a log, set in, with its name."""
    quoted = "\n".join(f"    {line}" for line in tail(log, lines))
    return f"{quoted}\n  (all of it: {relative(log)})"


class Progress:
    """One line that lives while a step runs: redrawn on a terminal, now and then a new one elsewhere."""

    def __init__(self, title: str) -> None:
        self.title, self.began = title, time.monotonic()
        self.terminal = sys.stdout.isatty()
        self._next = self.began
        if not self.terminal:
            print(f"  {title} …")
            self._next += PLAIN_EVERY

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def show(self, detail: str = "") -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + (TERMINAL_EVERY if self.terminal else PLAIN_EVERY)
        line = f"  {self.title} … {self.seconds:.0f} s  {detail}"
        width = shutil.get_terminal_size().columns - 1
        print(
            f"\r\x1b[2K{line[:width]}" if self.terminal else line[:width], end="" if self.terminal else "\n", flush=True
        )

    def end(self, mark: str, note: str = "") -> None:
        start = "\r\x1b[2K" if self.terminal else ""
        print(f"{start}{mark} {self.title} ({self.seconds:.0f} s){note}")


@contextlib.contextmanager
def ended(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Whatever happens inside, the process and all its group have ended afterwards."""
    try:
        yield
    finally:
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def run(
    title: str,
    command: Sequence[str | Path],
    *,
    log: str,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    seconds: float = 1800,
) -> None:
    """Run `command` to its end; raises Failure with the end of var/log/<log>.log when it fails or takes too long."""
    if code := outcome(title, command, log=log, env=env, cwd=cwd, seconds=seconds):
        raise Failure(f"{title}: failed with exit code {code}.\n{quote(LOGS / f'{log}.log')}")


def outcome(
    title: str,
    command: Sequence[str | Path],
    *,
    log: str,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    seconds: float = 1800,
) -> int:
    """As `run`, but the exit code is the answer."""
    path = LOGS / f"{log}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    progress = Progress(title)
    with path.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(env or {})},
            cwd=cwd,
            start_new_session=True,
        )
        with ended(process):
            code = _watch(process, progress, path, seconds)
    progress.end("✓" if code == 0 else "✗")
    return code


def _watch(process: "subprocess.Popen[bytes]", progress: Progress, log: Path, seconds: float) -> int:
    while progress.seconds < seconds:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(TERMINAL_EVERY)
        if stopping.is_set():
            raise Failure(f"{progress.title}: stopped.")
        progress.show(next(iter(tail(log, 1)), ""))
    progress.end("✗", note=f": not done after {seconds:.0f} s, stopped")
    raise Failure(f"{progress.title}: not done after {seconds:.0f} s.\n{quote(log)}")
