"""`make prove PART=main`: run what shows each promise of a part, and print a line for each.

Exit code 0 only if all are ok.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import bot, packages, promises
from .failures import Failure, command
from .paths import LOGS, RASA_PYTHON, ROOT, SERVICE_PYTHON
from .promises import Promise
from .results import Case, read_junit
from .setup import set_up
from .step import outcome
from .test import RASA_FOLDERS, RASA_PYTEST, RESULTS, SERVICE_FOLDERS, forget_settings, fresh

PROVE_SECONDS = 3600


SERVICE_PYTEST = (str(SERVICE_PYTHON), "-m", "pytest", "-c", str(ROOT / "pyproject.toml"))
RASA_SIDE_PYTEST = (str(RASA_PYTHON), "-m", "pytest", "-c", str(RASA_PYTEST))


def cases(part: str, folders: Sequence[Path], promised: Path) -> Iterator[Case]:
    """Run the tests of a part, each folder by itself; what every one of them came to."""
    for folder in folders:
        name = f"prove-{part}-{folder.name}"
        junit = fresh(RESULTS / f"{name}.xml")
        in_rasa = folder in [ROOT / side for side in RASA_FOLDERS]
        words = [*(RASA_SIDE_PYTEST if in_rasa else SERVICE_PYTEST), str(folder)]
        words += ["--promises", part, "--promises-from", str(promised)]
        words += ["--rootdir", str(ROOT), f"--junitxml={junit}"]
        code = outcome(f"Running the promises in {folder.name}", words, log=name, env=bot.QUIET, seconds=PROVE_SECONDS)
        yield from read_junit(junit)
        if code not in {0, 1}:
            print(f"  pytest ended with {code}; see var/log/{name}.log")


def prove(part: str, folders: Sequence[Path], promised: Path) -> list[Promise]:
    """Every promise of the part with what was shown for it."""
    found = promises.read(promised, part)
    for folder in folders:
        if not folder.is_dir():
            raise Failure(f"{folder} is not there.")
    promises.apply(found, part, list(cases(part, folders, promised)))
    for promise in found:
        if promise.command:
            log = f"prove-{part}-{promise.id}"
            code = outcome(promise.text, promise.command, log=log, env=bot.QUIET, seconds=PROVE_SECONDS)
            promises.apply_command(promise, code, LOGS / f"{log}.log")
    return found


@command
def main() -> int:
    part = sys.argv[1] if len(sys.argv) > 1 else "main"
    forget_settings()
    packages.install()
    set_up(tests=True)
    there = [ROOT / folder for folder in (*RASA_FOLDERS, *SERVICE_FOLDERS) if (ROOT / folder).is_dir()]
    found = prove(part, there, promises.default_folder())
    kept = sum(promise.verdict == promises.OK for promise in found)
    print(f"\n{promises.lines(found)}\n\n{kept} of {len(found)} promises kept.")
    return int(kept < len(found))


if __name__ == "__main__":
    main()
