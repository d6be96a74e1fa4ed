"""Find a Python of a wanted version by running each candidate.

A name on PATH proves nothing: a version manager's stand-in may answer "not found" for a version that is installed
elsewhere. So each candidate is run, and its own word for version and path counts.
"""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .failures import Failure

Version = tuple[int, int]

# Says the version and the real program, if what the environments need is compiled in.
PROBE = "import sys, ssl, sqlite3, ctypes, zlib; print(*sys.version_info[:2], sys.executable)"
PROBE_SECONDS = 20

RASA: Sequence[Version] = ((3, 10),)
SERVICE: Sequence[Version] = ((3, 13), (3, 12), (3, 11), (3, 14))


@dataclass(frozen=True)
class Python:
    version: Version
    path: Path


def probe(candidate: str | Path) -> Python | None:
    """What `candidate` says of itself, or None when it doesn't run."""
    try:
        done = subprocess.run(
            [str(candidate), "-c", PROBE], capture_output=True, text=True, timeout=PROBE_SECONDS, check=False
        )
        major, minor, path = done.stdout.strip().split(" ", 2)
        return Python((int(major), int(minor)), Path(path))
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


def candidates(versions: Sequence[Version]) -> Iterator[str | Path]:
    """Names and places where one of these versions may be, the likeliest first."""
    names = [f"python{major}.{minor}" for major, minor in versions]
    yield sys.executable
    yield from ("python3", *names)
    roots = [os.environ.get("PYENV_ROOT"), Path.home() / ".pyenv"]
    for root in dict.fromkeys(Path(root) for root in roots if root):
        for major, minor in versions:
            yield from sorted(root.glob(f"versions/{major}.{minor}.*/bin/python"), reverse=True)
    for place in ("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", Path.home() / ".local" / "bin"):
        yield from (Path(place) / name for name in names)


def find(versions: Sequence[Version], places: Iterable[str | Path] | None = None) -> Python | None:
    """The first candidate that runs and has one of these versions."""
    for candidate in dict.fromkeys(str(place) for place in (candidates(versions) if places is None else places)):
        found = probe(candidate)
        if found and found.version in versions:
            return found
    return None


def find_with_uv(uv: Path, versions: Sequence[Version], *, download: bool) -> Python | None:
    """What uv knows of; with `download` it may fetch a build of its own, which needs a network."""
    env = {**os.environ, "UV_PYTHON_DOWNLOADS": "manual" if download else "never"}
    for major, minor in versions:
        wanted = f"{major}.{minor}"
        if download:
            print(f"  No Python {wanted} found here; trying `uv python install {wanted}` …")
            _quietly([str(uv), "python", "install", wanted], env)
        found = find([(major, minor)], [_quietly([str(uv), "python", "find", wanted], env)])
        if found:
            return found
        if download:
            return None
    return None


def _quietly(command: list[str], env: dict[str, str]) -> str:
    """The command's answer, or an empty one."""
    try:
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=300, check=False).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def get(uv: Path, versions: Sequence[Version], what_for: str) -> Python:
    """A Python of one of these versions; raises Failure with how to get one."""
    found = find(versions) or find_with_uv(uv, versions, download=False) or find_with_uv(uv, versions, download=True)
    if found:
        return found
    wanted = " or ".join(f"{major}.{minor}" for major, minor in sorted(versions))
    first = f"{versions[0][0]}.{versions[0][1]}"
    raise Failure(
        f"{what_for} needs Python {wanted}, and none was found. Get one with `uv python install {first}`, "
        f"`pyenv install {first}` or your system's packages, then run the command again."
    )
