"""The summary of `make test` is honest: nothing counts as passed that was not run and seen to pass."""

import json
from pathlib import Path

import pytest

from scripts import results
from scripts.results import Result

JUNIT = """<testsuites><testsuite>
<testcase classname="tests.a" name="test_passes"/>
<testcase classname="tests.a" name="test_fails"><failure message="AssertionError: 1 != 2">trace</failure></testcase>
<testcase classname="tests.a" name="test_breaks"><error message="fixture failed">trace</error></testcase>
<testcase classname="tests.a" name="test_waits"><skipped message="{why}" type="pytest.skip">where</skipped></testcase>
</testsuite></testsuites>"""


@pytest.fixture
def junit(tmp_path: Path) -> Path:
    path = tmp_path / "junit.xml"
    path.write_text(JUNIT.format(why="not today"))
    return path


def test_failures_errors_and_skips_are_counted_apart(junit: Path) -> None:
    """An error of a fixture is a failure; a skip is neither."""
    result = results.of_pytest("suite", junit, 1, 3.0)
    assert (result.passed, result.failed, result.skips) == (1, 2, ["tests.a::test_waits: not today"])


def test_a_run_that_wrote_nothing_has_failed(tmp_path: Path) -> None:
    """As when it crashed, or collected no tests."""
    result = results.of_pytest("suite", tmp_path / "absent.xml", 5, 1.0)
    assert (result.failed, result.note) == (1, "no tests ran (exit code 5)")


def test_a_bad_exit_code_without_a_failed_test_is_a_failure(tmp_path: Path) -> None:
    """A runner that died at the end has not passed."""
    path = tmp_path / "junit.xml"
    path.write_text('<testsuite><testcase classname="a" name="b"/></testsuite>')
    assert results.of_pytest("suite", path, 0, 1.0).failed == 0
    assert results.of_pytest("suite", path, 3, 1.0).note == "exit code 3"


def test_a_skip_without_a_good_reason_is_not_excused(junit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a program that is missing where nobody may install it excuses a skip, and never on CI."""
    missing = Result("suite", skips=[f"tests.a::test_b: {results.NOT_HERE}Redis"])
    lazy = Result("suite", skips=["tests.a::test_b: flaky"])
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert results.unexcused([missing, lazy]) == lazy.skips
    monkeypatch.setenv("CI", "true")
    assert results.unexcused([missing]) == missing.skips


def test_vitest_report(tmp_path: Path) -> None:
    """Tests that were skipped or left to do are named."""
    path = tmp_path / "report.json"
    cases = [{"fullName": "claims", "status": "passed"}, {"fullName": "sends", "status": "todo"}]
    path.write_text(
        json.dumps({"numPassedTests": 1, "numFailedTests": 0, "testResults": [{"assertionResults": cases}]})
    )
    result = results.of_vitest("dashboard_app", path, 0, 2.0)
    assert (result.passed, result.failed, result.skips) == (1, 0, ["sends: todo"])


def test_the_summary_ends_in_the_plain_form() -> None:
    """One row for each suite; a missing one is named; the last line counts everything."""
    rows = [
        Result("a", passed=3, seconds=1),
        Result("b", failed=1, note="exit code 3"),
        Result("c", note=results.NOT_THERE),
    ]
    assert results.closing_line(rows) == "3 passed, 1 failed"
    assert results.closing_line([*rows, Result("d", skips=["x: y"])]) == "3 passed, 1 failed, 1 skipped"
    assert "c      not there" in results.table(rows)


def test_stories_are_counted(tmp_path: Path) -> None:
    """Rasa's file of failed stories holds each with its name, or a comment."""
    told = tmp_path / "test_stories.yml"
    told.write_text('version: "3.1"\nstories:\n- story: one\n  steps: []\n- story: two\n  steps: []\n')
    none = tmp_path / "failed.yml"
    none.write_text("# None of the test stories failed - all good!")
    assert results.stories([told]) == 2
    assert results.stories([none]) == 0
