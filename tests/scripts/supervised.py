"""A program that supervises stand-ins, as the demo supervises its parts: `python supervised.py FOLDER OPTIONS…`.

Options: `crash` (one part ends after a second), `deaf` (one ignores SIGTERM), `daemon` (one leaves a daemon).
"""

import os
import sys
from pathlib import Path

from scripts.failures import StoppedBySignal, command
from scripts.supervisor import Supervisor, descendants
from tests.scripts.parts import stand_in


@command
def main() -> int:
    folder, options = Path(sys.argv[1]), set(sys.argv[2:])
    parts = [
        stand_in(folder, "one", ends_after=1.5 if "crash" in options else 120, daemon="daemon" in options),
        stand_in(folder, "two", deaf="deaf" in options),
    ]
    with Supervisor(ask_seconds=1) as supervisor:
        try:
            for part in parts:
                supervisor.launch(part)
            supervisor.await_ready()
            print("all ready", *descendants(os.getpid()), flush=True)
            supervisor.watch()
        except (KeyboardInterrupt, StoppedBySignal):
            print("stopping", flush=True)
    return 0


if __name__ == "__main__":
    main()
