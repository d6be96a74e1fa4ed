"""Work that need not be done again: a stamp in var/stamps holds the hash of what the work was done with."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from .paths import ROOT, VAR

STAMPS = VAR / "stamps"
NOT_INPUTS = {"node_modules", "dist", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".vite"}


def files_under(inputs: Iterable[Path]) -> list[Path]:
    """The files of these files and folders, without what tools leave in them, in a fixed order."""
    found: set[Path] = set()
    for path in inputs:
        if path.is_dir():
            found.update(child for child in path.rglob("*") if child.is_file() and not NOT_INPUTS & set(child.parts))
        elif path.is_file():
            found.add(path)
    return sorted(found)


def digest(inputs: Iterable[Path], *words: str) -> str:
    """The hash of some files' names and contents and of some words."""
    total = hashlib.sha256()
    for path in files_under(inputs):
        name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        total.update(f"{name}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    for word in words:
        total.update(f"\0{word}".encode())
    return total.hexdigest()


def is_done(name: str, value: str) -> bool:
    stamp = STAMPS / name
    return stamp.exists() and stamp.read_text().strip() == value


def set_done(name: str, value: str) -> None:
    STAMPS.mkdir(parents=True, exist_ok=True)
    draft = STAMPS / f".{name}"
    draft.write_text(f"{value}\n")
    draft.replace(STAMPS / name)


def forget(name: str) -> None:
    """To be called before the work begins, so that half of it never counts as done."""
    (STAMPS / name).unlink(missing_ok=True)
