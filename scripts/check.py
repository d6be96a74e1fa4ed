"""`make check`: format, lint, types once per environment, layering. Fast, and needs nothing but the environments."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import environments, frontend
from .failures import command
from .paths import FRONT_END, LOGS, RASA_ENV, ROOT, SERVICE_ENV, SERVICE_PYTHON
from .results import Result
from .step import outcome, quote

SHOWN_LINES = 60
LAYERING = ROOT / "tests" / "service" / "test_layering.py"
RASA_TYPES = ROOT / "mypy-rasa.ini"


@dataclass(frozen=True)
class Check:
    name: str
    command: list[str]
    folder: Path = ROOT

    @property
    def log(self) -> str:
        return "check-" + self.name.lower().replace(" ", "-").replace(",", "")


def checks() -> Iterator[Check]:
    ruff, mypy = str(SERVICE_ENV / "bin" / "ruff"), "bin/mypy"
    yield Check("Format", [ruff, "format", "--check", "."])
    yield Check("Lint", [ruff, "check", "."])
    yield Check("Types, service", [str(SERVICE_ENV / mypy)])
    if RASA_TYPES.exists():
        yield Check("Types, Rasa side", [str(RASA_ENV / mypy), "--config-file", RASA_TYPES.name])
    yield Check("Front end", ["npm", "run", "--silent", "check"], FRONT_END)
    if LAYERING.exists():
        yield Check("Layering", [str(SERVICE_PYTHON), "-m", "pytest", "-q", str(LAYERING)])


def install() -> None:
    """The tools that the checks are made with."""
    environments.install_service(tests=True)
    environments.install_rasa(tests=True)
    frontend.install()


def run_all() -> Result:
    """Run every check, also after one that failed; show the end of each failure."""
    result = Result("checks")
    for check in checks():
        if outcome(check.name, check.command, log=check.log, cwd=check.folder, seconds=600):
            result.failed += 1
            print(quote(LOGS / f"{check.log}.log", SHOWN_LINES))
        else:
            result.passed += 1
    return result


@command
def main() -> int:
    install()
    result = run_all()
    print(f"\n{result.passed} of {result.passed + result.failed} checks passed.")
    return int(result.failed > 0)


if __name__ == "__main__":
    main()
