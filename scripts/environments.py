"""The two Python environments: .venv for the service, .venv-rasa for Rasa's side; both exactly as uv.lock says.

Bytecode is compiled at once: where Python is told to write none, each start of Rasa would take twice as long.
"""

from collections.abc import Sequence
from pathlib import Path

from . import pythons, stamps, step, uv
from .paths import RASA_ENV, RASA_PYTHON, ROOT, SERVICE_ENV, SERVICE_PYTHON

LOCK = (ROOT / "uv.lock", ROOT / "pyproject.toml")


def install_service(*, tests: bool = False) -> None:
    """.venv with the service, and with what tests and checks need."""
    groups = ["--extra", "service", *(["--group", "dev"] if tests else ["--group", "demo", "--inexact"])]
    what = "the service's packages" + (" and what tests need" if tests else "")
    _install(SERVICE_ENV, SERVICE_PYTHON, pythons.SERVICE, groups, what, wider=tests)


def install_rasa(*, tests: bool = False) -> None:
    """.venv-rasa with Rasa, and with what its tests need."""
    groups = ["--only-group", "rasa", *(["--only-group", "rasa-dev"] if tests else ["--inexact"])]
    what = "Rasa's packages" + (" and what tests need" if tests else "") + " (about 1.5 GB the first time)"
    _install(RASA_ENV, RASA_PYTHON, pythons.RASA, groups, what, wider=tests)


def _install(
    folder: Path, program: Path, versions: Sequence[pythons.Version], groups: list[str], what: str, *, wider: bool
) -> None:
    """Install unless the stamp says that these groups, or those for tests as well, are there and the Python runs."""
    name = folder.name.lstrip(".")
    value = stamps.digest(LOCK, "compiled")
    enough = [f"{name}-tests"] if wider else [f"{name}-tests", name]
    present = pythons.probe(program)
    usable = present is not None and present.version in versions
    if usable and any(stamps.is_done(stamp, value) for stamp in enough):
        return
    program_of_uv = uv.get()
    python = program if usable else pythons.get(program_of_uv, versions, what[0].upper() + what[1:]).path
    for stamp in (name, f"{name}-tests"):
        stamps.forget(stamp)
    env = {**uv.environment(), "UV_PROJECT_ENVIRONMENT": str(folder), "UV_COMPILE_BYTECODE": "1"}
    command: list[str | Path] = [program_of_uv, "sync", "--frozen", "--no-default-groups", "--python", python, *groups]
    step.run(f"Installing {what}", command, log=name, env=env, seconds=1800)
    stamps.set_done(f"{name}-tests" if wider else name, value)
