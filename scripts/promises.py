"""The promises of a part, and what a run of their tests says about each.

A promise is kept only if every test that shows it ran and passed. One that nothing has run is NOT RUN, which is as
bad as FAILED: nobody knows.
"""

import json
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .failures import Failure
from .paths import ROOT, SERVICE_PYTHON
from .results import Case

OK, FAILED, NOT_RUN = "ok", "FAILED", "NOT RUN"
READ_TOML = "import json, sys, tomllib; print(json.dumps(tomllib.load(open(sys.argv[1], 'rb'))))"


@dataclass
class Promise:
    """One line: what is promised, and what its tests showed."""

    id: str
    text: str
    command: Sequence[str] = ()
    passed: int = 0
    figures: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    skips: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        if self.failures:
            return FAILED
        return OK if self.passed and not self.skips else NOT_RUN

    @property
    def figure(self) -> str:
        return "; ".join(dict.fromkeys(self.failures or self.skips or self.figures)) or (
            "" if self.passed else "nothing ran"
        )


def read(folder: Path, part: str) -> list[Promise]:
    """The promises of a part, in their order. (The TOML is read by .venv: Python 3.10 has no reader.)"""
    file = folder / f"{part}.toml"
    if not file.exists():
        there = ", ".join(sorted(other.stem for other in folder.glob("*.toml")))
        raise Failure(f"There is no part {part!r}: make prove PART=… one of {there}")
    text = subprocess.run([SERVICE_PYTHON, "-c", READ_TOML, file], capture_output=True, text=True, check=True).stdout
    return [Promise(**promise) for promise in json.loads(text)["promise"]]


def apply(promises: Iterable[Promise], part: str, cases: Iterable[Case]) -> None:
    """Enter what the tests showed."""
    by_name = {f"{part} {promise.id}": promise for promise in promises}
    for case in cases:
        for name in case.properties.get("promise", []):
            if name in by_name:
                _enter(by_name[name], case)


def _enter(promise: Promise, case: Case) -> None:
    if case.failure is not None:
        promise.failures.append(f"{case.name.rpartition('::')[2]}: {first_line(case.failure)}")
    elif case.skip is not None:
        promise.skips.append(first_line(case.skip))
    else:
        promise.passed += 1
        promise.figures += case.properties.get("figure", [])


def apply_command(promise: Promise, code: int, log: Path) -> None:
    """Enter what a promise's own program said: its exit code, and its figures."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    promise.figures += [line.partition(":")[2].strip() for line in lines if line.startswith("figure:")]
    if code:
        promise.failures.append(f"exit code {code}: {lines[-1] if lines else 'no output'}")
    else:
        promise.passed += 1


def first_line(text: str) -> str:
    return text.strip().partition("\n")[0][:160]


def lines(promises: Sequence[Promise]) -> str:
    """One line for each promise: verdict, id, text, figure."""
    width = max(len(promise.id) for promise in promises)
    return "\n".join(
        f"{promise.verdict:<7}  {promise.id:<{width}}  {promise.text}{f' — {promise.figure}' if promise.figure else ''}"
        for promise in promises
    )


def default_folder() -> Path:
    return ROOT / "tests" / "promises"
