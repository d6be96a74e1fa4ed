"""`make test`: install what the tests need, run every suite, end with one honest summary.

Each folder of tests is a run of its own: browser tests keep an event loop running in their process, in which
asyncio tests can't start one. Three suites run at a time, the long ones first: they wait for servers and pages more
than they compute. `scripts/run test NAME…` runs the named suites alone.
"""

import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from . import bot, check, packages, results, step
from .failures import Failure, command
from .paths import FRONT_END, LOGS, RASA_ENV, RASA_PYTHON, ROOT, SERVICE_PYTHON, VAR
from .results import Result
from .setup import set_up
from .step import outcome, quote

RESULTS = VAR / "test-results"
SHOWN_LINES = 80
SUITE_SECONDS = 2400
AT_A_TIME = 3
LONG_ONES = ("tests/service", "tests/e2e", "tests/web", "tests/web/widget", "tests/web/settings", "tests/faults")
RASA_FOLDERS = ("tests/connectors", "tests/actions", "tests/rasa_bot")
SERVICE_FOLDERS = ("tests/scripts", "tests/fakes", "tests/service", "tests/web", "tests/e2e", "tests/faults")
SUITES_OF_THEIR_OWN = ("tests/web/settings", "tests/web/widget")
"""Folders within those: together they would be the last to end by far."""

RASA_PYTEST = ROOT / "tests" / "pytest-rasa.ini"


@dataclass(frozen=True)
class Suite:
    name: str
    run: Callable[[], Result]


def suites() -> list[Suite]:
    """All of them, the quick ones first."""
    return [
        Suite("checks", timed_checks),
        Suite("dashboard_app", front_end),
        Suite("rasa-data", lambda: rasa_command("rasa-data", "Checking the bot's data", DATA)),
        Suite("rasa-side", rasa_side),
        Suite("rasa-stories", rasa_stories),
        *(Suite(name, lambda name=name: service_folder(name)) for name in (*SERVICE_FOLDERS, *SUITES_OF_THEIR_OWN)),  # type: ignore[misc]
    ]


DATA = [
    *("data", "validate", "--fail-on-warnings"),
    *("--domain", "rasa_bot/domain", "--data", "rasa_bot/data", "--config", "config.yml"),
]


def timed_checks() -> Result:
    began = time.monotonic()
    result = check.run_all()
    result.seconds = time.monotonic() - began
    return result


def front_end() -> Result:
    """The front end's unit tests; its types, lint and format are among the checks."""
    report = fresh(RESULTS / "dashboard_app.json")
    words = [
        "npm",
        "run",
        "--silent",
        "test",
        "--",
        "--reporter=default",
        "--reporter=json",
        f"--outputFile.json={report}",
    ]
    code, seconds = timed("Testing dashboard_app", words, "test-dashboard_app", FRONT_END)
    return results.of_vitest("dashboard_app", report, code, seconds)


def rasa_command(name: str, title: str, words: list[str]) -> Result:
    """A `rasa …` command that has to succeed."""
    code, seconds = timed(title, [str(RASA_ENV / "bin" / "rasa"), *words], f"test-{name}")
    return results.of_command(name, code, seconds)


def rasa_stories() -> Result:
    """The conversations of rasa_bot/tests against the trained model, counted one by one."""
    told = results.stories((ROOT / "rasa_bot" / "tests").glob("test_*.yml"))
    if not told:
        return Result("rasa-stories", note=results.NOT_THERE)
    out = RESULTS / "rasa"
    failures = fresh(out / "failed_test_stories.yml")
    words = ["test", "core", "--stories", "rasa_bot/tests", "--model", str(bot.model_path()), "--no-plot"]
    words += ["--fail-on-prediction-errors", "--out", str(out)]
    result = rasa_command("rasa-stories", "Testing the bot's conversations", words)
    if failures.exists():
        result.failed = max(result.failed, results.stories([failures]))
        result.passed = told - result.failed
    return result


def rasa_side() -> Result:
    """Connectors, actions and bot, in Rasa's environment."""
    folders = [folder for folder in RASA_FOLDERS if (ROOT / folder).is_dir()]
    if not folders or not RASA_PYTEST.exists():
        return Result("rasa-side", note=results.NOT_THERE)
    return pytest("rasa-side", [str(RASA_PYTHON), "-m", "pytest", "-c", str(RASA_PYTEST), "--rootdir", ".", *folders])


def service_folder(folder: str) -> Result:
    if not any((ROOT / folder).rglob("test_*.py")):
        return Result(folder, note=results.NOT_THERE)
    ignored = [f"--ignore={inner}" for inner in SUITES_OF_THEIR_OWN if inner.startswith(f"{folder}/")]
    return pytest(folder, [str(SERVICE_PYTHON), "-m", "pytest", folder, *ignored])


def pytest(name: str, words: list[str]) -> Result:
    junit = fresh(RESULTS / f"{name.replace('/', '-')}.xml")
    log = f"test-{name.replace('/', '-')}"
    code, seconds = timed(f"Testing {name}", [*words, f"--junitxml={junit}"], log)
    return results.of_pytest(name, junit, code, seconds)


def timed(title: str, words: list[str], log: str, folder: Path = ROOT) -> tuple[int, float]:
    """Run a suite's command; its exit code (1 when it had to be stopped) and seconds. Its end is shown if it failed."""
    began = time.monotonic()
    try:
        code = outcome(title, words, log=log, cwd=folder, env=bot.QUIET, seconds=SUITE_SECONDS)
    except Failure:
        code = 1
    if code:
        print(quote(LOGS / f"{log}.log", SHOWN_LINES))
    return code, time.monotonic() - began


def fresh(report: Path) -> Path:
    """A report's path, without the report of the last run."""
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    return report


def wanted(names: list[str]) -> list[Suite]:
    """The suites of these names, and those within them; all without a name."""
    there = suites()
    unknown = set(names) - {suite.name for suite in there}
    if unknown:
        raise Failure(f"No suite {', '.join(unknown)}. There are: {', '.join(suite.name for suite in there)}")
    return [suite for suite in there if not names or any(f"{suite.name}/".startswith(f"{name}/") for name in names)]


def run_all(chosen: Sequence[Suite]) -> list[Result]:
    """The results in the order of `chosen`; ends what runs when this command is stopped."""
    longest_first = sorted(chosen, key=lambda suite: LONG_ONES.index(suite.name) if suite.name in LONG_ONES else 99)
    with ThreadPoolExecutor(AT_A_TIME) as lanes:
        try:
            running = {suite.name: lanes.submit(suite.run) for suite in longest_first}
            return [running[suite.name].result() for suite in chosen]
        except BaseException:
            step.stopping.set()
            lanes.shutdown(cancel_futures=True)
            raise


def forget_settings() -> None:
    """Tests use databases and servers of their own, whatever this shell is set up for."""
    for name in [name for name in os.environ if name.startswith("LIVECHAT_")]:
        del os.environ[name]


@command
def main() -> int:
    chosen = wanted(sys.argv[1:])
    forget_settings()
    packages.install()
    set_up(tests=True)
    done = run_all(chosen)
    bad = results.unexcused(done)
    print(f"\n{results.table(done)}\n")
    for skip in (skip for result in done for skip in result.skips):
        print(f"  skipped {'for no good reason' if skip in bad else ''} {skip}")
    print(f"\n{results.closing_line(done)}")
    return int(bool(bad) or any(result.failed for result in done))


if __name__ == "__main__":
    main()
