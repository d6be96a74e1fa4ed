"""Where things are. Everything that is made at run time is under var/, the environments and front end apart."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VAR = ROOT / "var"
LOGS = VAR / "log"
SERVICE_ENV = ROOT / ".venv"
RASA_ENV = ROOT / ".venv-rasa"
TOOLS = ROOT / ".tools"
FRONT_END = ROOT / "dashboard_app"
SERVICE_PYTHON = SERVICE_ENV / "bin" / "python"
RASA_PYTHON = RASA_ENV / "bin" / "python"


def relative(path: Path) -> str:
    """A path as a person in the repository would type it."""
    return os.path.relpath(path, ROOT)
