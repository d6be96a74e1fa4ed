"""The examples in tests/contract/."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "contract"


def example(name: str) -> Any:
    """The body of one example."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))["body"]


def examples(struct: str) -> list[str]:
    """The names of all examples of a struct."""
    return sorted(path.stem for path in FOLDER.glob("*.json") if json.loads(path.read_text())["struct"] == struct)
