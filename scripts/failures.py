"""What stops a command, said in words: no stack trace reaches a person for what they can put right."""

import functools
import signal
import sys
from collections.abc import Callable
from types import FrameType

from .tied import end_with_parent

END_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


class Failure(Exception):
    """Something a person has to do or to know; the message is all they need."""


class StoppedBySignal(BaseException):
    """SIGTERM or SIGHUP arrived: clean up and end."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(signal.Signals(number).name)


def _raise_stopped(number: int, _frame: FrameType | None) -> None:
    raise StoppedBySignal(number)


def command(main: Callable[[], int]) -> Callable[[], None]:
    """Make a function the main program: its answer is the exit code; a failure is printed, signals clean up."""

    @functools.wraps(main)
    def run() -> None:
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(errors="replace", line_buffering=True)  # type: ignore[union-attr]
        for number in END_SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
                signal.signal(number, _raise_stopped)
        end_with_parent(signal.SIGTERM)
        try:
            code = main()
        except Failure as failure:
            print(f"\n{failure}", file=sys.stderr)
            code = 1
        except KeyboardInterrupt:
            code = 130
        except StoppedBySignal as stopped:
            code = 128 + stopped.number
        sys.exit(code)

    return run
