"""A running clock that a test can shift under a real process, with Debian's libfaketime.

Only the wall clock moves: the monotonic clock stays true, so timers, polls and socket time-outs go on as usual.
The offset is read from a file at every look at the clock, so a running process follows at once.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from . import ROOT
from .missing import MissingServer

SHIFTED = ROOT / "tests" / "harness" / "shifted"
PLACES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/local/lib/faketime/libfaketimeMT.so.1")


def find_library() -> Path:
    for pattern in PLACES:
        for found in sorted(Path("/").glob(pattern.lstrip("/"))):
            return found
    raise MissingServer("libfaketime", "faketime")


class ShiftedClock:
    """`env = clock.env(); …start a process with it…; clock.shift(minutes=61)`."""

    def __init__(self, directory: Path) -> None:
        self.library = find_library()
        self.file = directory / "faketime"
        self.offset = 0.0
        self._write()

    def env(self) -> Mapping[str, str]:
        """What the environment of the process needs."""
        return {
            "LD_PRELOAD": str(self.library),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DONT_RESET": "1",
            "PYTHONPATH": os.pathsep.join(filter(None, [str(SHIFTED), os.environ.get("PYTHONPATH")])),
        }

    def shift(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Move the clock on (or back) from where it is."""
        self.offset += hours * 3600 + minutes * 60 + seconds
        self._write()

    def reset(self) -> None:
        self.shift(seconds=-self.offset)

    def _write(self) -> None:
        draft = self.file.with_suffix(".draft")
        draft.write_text(f"{self.offset:+.3f}\n")
        draft.replace(self.file)
