"""What a suite of tests came to, read from what its runner wrote down, and the table of all of them.

Honest means: a runner that wrote nothing, or ended badly without a failed test, counts as a failure; a skipped test is
named, and is a failure of the run unless the machine really lacks something that nobody here may install.
"""

import json
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

NOT_HERE = "not on this machine: "  # as tests/harness/missing.py says it
NOT_THERE = "not there"


@dataclass
class Result:
    """One row of the summary."""

    name: str
    passed: int = 0
    failed: int = 0
    seconds: float = 0.0
    skips: list[str] = field(default_factory=list)
    note: str = ""

    def broken(self, why: str) -> "Result":
        """The same, with one more failure that no test reported."""
        self.failed += 1
        self.note = why
        return self


@dataclass
class Case:
    """One test of a junit file."""

    name: str
    properties: dict[str, list[str]]
    failure: str | None
    skip: str | None


def read_junit(path: Path) -> list[Case]:
    """The tests in a junit file that pytest wrote; none when it is missing or cut off."""
    try:
        root = ET.parse(path).getroot()  # noqa: S314 - written by our own test run
    except (OSError, ET.ParseError):
        return []
    return [_case(node) for node in root.iter("testcase")]


def _case(node: ET.Element) -> Case:
    properties: dict[str, list[str]] = {}
    for prop in node.iter("property"):
        properties.setdefault(prop.get("name", ""), []).append(prop.get("value", ""))
    bad = node.find("failure") if node.find("failure") is not None else node.find("error")
    skipped = node.find("skipped")
    return Case(
        name=f"{node.get('classname', '')}::{node.get('name', '')}",
        properties=properties,
        failure=None if bad is None else bad.get("message", "failed"),
        skip=None if skipped is None or bad is not None else skipped.get("message", "no reason given"),
    )


def of_pytest(name: str, junit: Path, code: int, seconds: float) -> Result:
    """A pytest run's row."""
    cases = read_junit(junit)
    result = Result(name, seconds=seconds)
    result.failed = sum(case.failure is not None for case in cases)
    result.skips = [f"{case.name}: {case.skip}" for case in cases if case.skip is not None]
    result.passed = len(cases) - result.failed - len(result.skips)
    if not cases:
        return result.broken(f"no tests ran (exit code {code})")
    if code and not result.failed:
        return result.broken(f"exit code {code}")
    return result


def of_vitest(name: str, report: Path, code: int, seconds: float) -> Result:
    """A vitest run's row."""
    result = Result(name, seconds=seconds)
    try:
        found = json.loads(report.read_text())
    except (OSError, ValueError):
        return result.broken(f"no report (exit code {code})")
    result.passed, result.failed = found["numPassedTests"], found["numFailedTests"]
    waiting = [case for file in found["testResults"] for case in file["assertionResults"] if is_skipped(case["status"])]
    result.skips = [f"{case['fullName']}: {case['status']}" for case in waiting]
    if code and not result.failed:
        return result.broken(f"exit code {code}")
    if not result.passed + result.failed:
        return result.broken("no tests ran")
    return result


def is_skipped(status: str) -> bool:
    return status not in {"passed", "failed"}


def stories(files: Iterable[Path]) -> int:
    """How many conversations Rasa's story files tell."""
    return sum(len(re.findall(r"^\s*- story:", file.read_text(), re.MULTILINE)) for file in files)


def of_command(name: str, code: int, seconds: float) -> Result:
    """A command that is one test: it works or it doesn't."""
    return Result(name, passed=int(code == 0), failed=int(code != 0), seconds=seconds)


def may_skip(skip: str) -> bool:
    """Only for a program that is missing where nobody may install it: no root, and not CI."""
    return f": {NOT_HERE}" in skip and os.geteuid() != 0 and not os.environ.get("CI")


def unexcused(results: Iterable[Result]) -> list[str]:
    return [skip for result in results for skip in result.skips if not may_skip(skip)]


def table(results: Iterable[Result]) -> str:
    """The summary, a row for each suite."""
    rows = list(results)
    width = max(len("suite"), *(len(row.name) for row in rows))
    lines = [f"  {'suite':<{width}}  passed  failed  skipped  seconds"]
    for row in rows:
        if row.note == NOT_THERE:
            lines.append(f"  {row.name:<{width}}  {NOT_THERE}")
            continue
        note = f"  {row.note}" if row.note else ""
        numbers = f"{row.passed:>6}  {row.failed:>6}  {len(row.skips):>7}  {row.seconds:>7.0f}"
        lines.append(f"  {row.name:<{width}}  {numbers}{note}")
    return "\n".join(lines)


def closing_line(results: Iterable[Result]) -> str:
    """ "N passed, N failed", and what was skipped if anything was."""
    rows = list(results)
    skipped = sum(len(row.skips) for row in rows)
    told = f"{sum(row.passed for row in rows)} passed, {sum(row.failed for row in rows)} failed"
    return f"{told}, {skipped} skipped" if skipped else told
