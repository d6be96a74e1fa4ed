"""What the tests need from the system: a browser and real servers. Installed with apt-get where that is allowed."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import step


@dataclass(frozen=True)
class Need:
    """A Debian package, and how to see that what it brings is there already."""

    package: str
    what: str
    is_here: Callable[[], bool]


def on_path(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def at(*patterns: str) -> Callable[[], bool]:
    return lambda: any(next(Path("/").glob(pattern), None) for pattern in patterns)


NEEDS = (
    Need("chromium", "a browser", on_path("chromium")),
    Need("fonts-liberation", "fonts for its pages", at("usr/share/fonts/truetype/liberation*")),
    Need("redis-server", "Redis", on_path("redis-server")),
    Need("postgresql", "PostgreSQL", at("usr/lib/postgresql/*/bin/initdb")),
    Need("faketime", "a clock that can be shifted", at("usr/lib/*/faketime/libfaketimeMT.so.1")),
)

# Tests start their own servers; the packages' own must not be started on the usual ports.
QUIET = {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}


def missing() -> list[Need]:
    return [need for need in NEEDS if not need.is_here()]


def install() -> None:
    """Install what is missing, or say in one line what that is: its tests are then skipped and named."""
    wanted = missing()
    if not wanted:
        return
    packages = [need.package for need in wanted]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        named = ", ".join(f"{need.what} ({need.package})" for need in wanted)
        print(f"  Missing: {named}. Tests that need one are skipped. Debian: sudo apt-get install {' '.join(packages)}")
        return
    step.run("Looking up Debian's packages", ["apt-get", "update"], log="apt", env=QUIET, seconds=300)
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    step.run(f"Installing {', '.join(packages)}", command, log="apt", env=QUIET, seconds=1200)
