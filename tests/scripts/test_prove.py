"""`make prove` says ok only for what ran and passed."""

from pathlib import Path

import pytest

from scripts import promises, prove
from scripts.failures import Failure

PROMISED = """
[[promise]]
id = "1"
text = "Nothing is lost"
[[promise]]
id = "2"
text = "Nothing is doubled"
[[promise]]
id = "3"
text = "It is fast"
command = ["sh", "-c", "echo figure: 7 ms"]
"""

# The product here is `deliver`: what goes in comes out once.
TESTS = """
import pytest

def deliver(lines):
    return {product}

@pytest.mark.promise("demo", "1")
def test_nothing_is_lost(figure):
    figure(f"{{len(deliver([1, 2, 3]))}} of 3 delivered")
    assert set(deliver([1, 2, 3])) == {{1, 2, 3}}

@pytest.mark.promise("demo", "2")
def test_nothing_is_doubled():
    {before}
    assert len(deliver([1, 2, 3])) <= 3

def test_of_something_else():
    raise AssertionError("runs only outside prove")
"""


@pytest.fixture
def shown(tmp_path: Path) -> "Shown":
    return Shown(tmp_path)


class Shown:
    """Runs prove over a small product and its tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "promises").mkdir()
        (folder / "promises" / "demo.toml").write_text(PROMISED)
        (folder / "suite").mkdir()

    def run(self, product: str = "list(lines)", before: str = "pass", tests: str = TESTS) -> list[str]:
        """The verdicts, in order."""
        (self.folder / "suite" / "test_product.py").write_text(tests.format(product=product, before=before))
        self.found = prove.prove("demo", [self.folder / "suite"], self.folder / "promises")
        self.text = promises.lines(self.found)
        return [promise.verdict for promise in self.found]


def test_kept_promises_are_ok_with_their_figures(shown: Shown) -> None:
    """Each line has the verdict, the promise and what was measured."""
    assert shown.run() == ["ok", "ok", "ok"]
    assert shown.text.splitlines()[0] == "ok       1  Nothing is lost — 3 of 3 delivered"
    assert shown.text.splitlines()[2].endswith("It is fast — 7 ms")


def test_a_broken_promise_is_failed(shown: Shown) -> None:
    """The product loses a line: that promise, and only that one, is FAILED, with why."""
    assert shown.run(product="lines[1:]") == ["FAILED", "ok", "ok"]
    assert "test_nothing_is_lost: AssertionError" in shown.text or "test_nothing_is_lost: assert" in shown.text


def test_a_skipped_promise_is_not_run(shown: Shown) -> None:
    """A skip is no proof; its reason is given."""
    assert shown.run(before="pytest.skip('no server here')") == ["ok", "NOT RUN", "ok"]
    assert "no server here" in shown.text


def test_a_promise_that_no_test_shows_is_not_run(shown: Shown) -> None:
    """Declared is not shown."""
    assert shown.run(tests="import pytest\n") == ["NOT RUN", "NOT RUN", "ok"]
    assert "nothing ran" in shown.text


def test_a_folder_with_nothing_of_the_part_is_no_failure(shown: Shown, capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing of it ran, so nothing of it went wrong."""
    shown.run(tests="def test_of_something_else():\n    pass\n")
    assert "✓ Running the promises in suite" in capfd.readouterr().out


def test_a_marker_without_a_promise_stops_the_run(shown: Shown) -> None:
    """A misspelled id would otherwise be shown for nothing."""
    assert shown.run(tests=TESTS.replace('"demo", "2"', '"demo", "22"')) == ["NOT RUN", "NOT RUN", "ok"]


def test_an_unknown_part_is_refused(tmp_path: Path) -> None:
    """With the parts there are."""
    (tmp_path / "main.toml").write_text(PROMISED)
    with pytest.raises(Failure, match=r"no part 'man'.* one of main"):
        promises.read(tmp_path, "man")
