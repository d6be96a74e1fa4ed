"""Install and build dashboard_app/: the dashboard, the widget and the shop page of the demo."""

import shutil
import subprocess
from pathlib import Path

from . import stamps, step
from .failures import Failure
from .paths import FRONT_END

OLDEST_NODE = (20, 19)
PACKAGES = tuple(FRONT_END / name for name in ("package.json", "package-lock.json", ".npmrc"))


def node_version() -> tuple[int, ...]:
    """Node's version; raises Failure with what to install when there is none or it is too old."""
    wanted = f"Node.js {OLDEST_NODE[0]}.{OLDEST_NODE[1]} or newer with npm"
    hint = "Install it from nodejs.org, with your system's packages or a version manager, then run the command again."
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        raise Failure(
            f"The dashboard and the widget need {wanted}, and {'npm' if node else 'Node.js'} is missing. {hint}"
        )
    said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout.strip()
    try:
        version = tuple(int(part) for part in said.lstrip("v").split(".")[:2])
    except ValueError:
        version = ()
    if version < OLDEST_NODE:
        raise Failure(
            f"The dashboard and the widget need {wanted}; this is {said or node + ', which does not run'}. {hint}"
        )
    return version


def install() -> None:
    """`npm ci`, when package.json, its lock or Node changed, or node_modules is gone."""
    value = stamps.digest(PACKAGES, str(node_version()))
    if stamps.is_done("npm", value) and (FRONT_END / "node_modules").is_dir():
        return
    stamps.forget("npm")
    command = ["npm", "ci", "--no-audit", "--no-fund"]
    step.run("Installing the front end's packages", command, log="npm", cwd=FRONT_END, seconds=900)
    stamps.set_done("npm", value)


def build() -> None:
    """`npm run build`, when a source changed or the built files are gone."""
    install()
    value = stamps.digest([FRONT_END])
    if stamps.is_done("front-end", value) and is_built(FRONT_END / "dist"):
        return
    stamps.forget("front-end")
    step.run(
        "Building the dashboard and the widget", ["npm", "run", "build"], log="front-end", cwd=FRONT_END, seconds=600
    )
    stamps.set_done("front-end", value)


def is_built(dist: Path) -> bool:
    return dist.is_dir() and any(dist.iterdir())
