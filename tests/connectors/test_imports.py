"""What may be imported where: most of this side runs and is tested without Rasa."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAY_IMPORT_RASA = {"channel.py", "turn.py", "push.py", "bearer.py", "any_channel.py"}
FOLDERS = ("connectors", "actions", "rasa_bot")


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Level and module of each import outside of `if TYPE_CHECKING`."""
    tree = ast.parse(path.read_text())
    hidden = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            yield from ((0, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.level, node.module or ""


@pytest.mark.parametrize("path", modules("connectors"), ids=str)
def test_connectors_import_rasa_in_few_places(path: Path) -> None:
    """Only the channel and the turn know Rasa and its web server, and nobody the database."""
    names = {name.split(".")[0] for level, name in imported(path) if level == 0}
    assert "sqlalchemy" not in names
    if path.name not in MAY_IMPORT_RASA:
        assert not names & {"rasa", "sanic"}


@pytest.mark.parametrize("path", [path for folder in FOLDERS for path in modules(folder)], ids=str)
def test_the_folders_import_each_other_by_no_name(path: Path) -> None:
    """They may be shipped under other names, and nothing comes from the service."""
    names = {name.split(".")[0] for level, name in imported(path) if level == 0}
    assert not names & {*FOLDERS, "livechat_plugin"}
