"""Find uv, which installs both environments from uv.lock, or install the pinned one into .tools/."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import step
from .failures import Failure
from .paths import TOOLS

PINNED = "0.13.9"
OLDEST = (0, 8)  # reads this lock file: groups, conflicts, environments


def version(program: str | Path) -> tuple[int, ...] | None:
    """The version that this uv says it has, or None when it doesn't run (a stand-in of a version manager doesn't)."""
    try:
        done = subprocess.run([str(program), "--version"], capture_output=True, text=True, timeout=20, check=False)
        return tuple(int(part) for part in done.stdout.split()[1].split(".")[:2])
    except (OSError, ValueError, IndexError, subprocess.TimeoutExpired):
        return None


def find() -> Path | None:
    """A uv that runs and is new enough, as an absolute path."""
    own = TOOLS / "uv" / "bin" / "uv"
    on_path = shutil.which("uv")
    for program in (own, on_path):
        if program and (version(program) or (0,)) >= OLDEST:
            return Path(program).absolute()
    return None


def get() -> Path:
    """uv, installed into .tools/uv if need be."""
    found = find()
    if found:
        return found
    home = TOOLS / "uv"
    shutil.rmtree(home, ignore_errors=True)
    if subprocess.run([sys.executable, "-c", "import ensurepip"], capture_output=True, check=False).returncode:
        raise Failure("Installing uv needs Python's venv. Debian and Ubuntu: apt-get install python3-venv")
    step.run("Making a place for uv", [sys.executable, "-m", "venv", home], log="uv", seconds=120)
    command: list[str | Path] = [home / "bin" / "python", "-m", "pip", "install", "--quiet", f"uv=={PINNED}"]
    step.run(f"Installing uv {PINNED}, which installs the rest", command, log="uv", seconds=600)
    return home / "bin" / "uv"


def environment() -> dict[str, str]:
    """For every call of uv: it uses the Python it is given, and no environment that happens to be active."""
    chosen = {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "0" if sys.stdout.isatty() else "1", "VIRTUAL_ENV": ""}
    return {**chosen, **{key: value for key, value in os.environ.items() if key == "UV_LINK_MODE"}}
