"""Run a command that ends with its parent: `python tied.py PARENT_PID SIGNAL COMMAND…`.

Linux sends SIGNAL to the command when the process that started it is gone, however that ended. Elsewhere the
command simply runs. This is a program of its own, not a `preexec_fn`, so that a threaded parent may use it.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def end_with_parent(number: int) -> None:
    """Ask the kernel to send this process `number` when its parent is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)


def main() -> None:
    parent, number, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    end_with_parent(number)
    if os.getppid() != parent:  # it was gone before the kernel knew
        os.kill(os.getpid(), number)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        os.execvp(command[0], command)  # noqa: S606 - the caller's own command, no shell
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


if __name__ == "__main__":
    main()
