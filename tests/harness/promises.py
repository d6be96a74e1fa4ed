"""Tests that show a promise: `@pytest.mark.promise("main", "1a")`, and `figure("…")` for what they measured.

pytest writes both into its junit file, from which `make prove` makes a line. `--promises main` runs the tests of one
part alone. A marker that names no promise of tests/promises/<part>.toml stops the run.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from . import ROOT

TOML = import_module("tomllib" if find_spec("tomllib") else "tomli")
"""Rasa's Python 3.10 has none of its own; there pytest brings one along."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("promises")
    group.addoption("--promises", metavar="PART", help="run only the tests that show a promise of this part")
    group.addoption("--promises-from", metavar="FOLDER", default=str(ROOT / "tests" / "promises"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    part = config.getoption("--promises")
    folder = Path(config.getoption("--promises-from"))
    known: dict[str, set[str]] = {}
    chosen: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        parts = [_note(item, marker, folder, known) for marker in item.iter_markers("promise")]
        (chosen if part is None or part in parts else left).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = chosen


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A folder that has nothing of the part to show has not failed."""
    if session.config.getoption("--promises") and exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK


def _note(item: pytest.Item, marker: pytest.Mark, folder: Path, known: dict[str, set[str]]) -> str:
    """Write the promise into the test's junit properties; the part it belongs to."""
    part, name = marker.args
    if name not in known.setdefault(part, promised(folder, part)):
        raise pytest.UsageError(f"{item.nodeid}: {folder}/{part}.toml has no promise {name!r}")
    item.user_properties.append(("promise", f"{part} {name}"))
    return str(part)


def promised(folder: Path, part: str) -> set[str]:
    """The ids of a part's promises."""
    try:
        return {promise["id"] for promise in TOML.loads((folder / f"{part}.toml").read_text())["promise"]}
    except FileNotFoundError:
        return set()


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """`figure("6400 claims, 100 winners")`: what the test measured, for the line of its promise."""
    return lambda text: record_property("figure", text)
