"""Reading livechat.yml, with file, line, key and what was expected."""

import re
from datetime import datetime
from functools import reduce
from io import StringIO
from operator import getitem
from pathlib import Path
from typing import Any

import msgspec
from ruamel.yaml.error import MarkedYAMLError

from ..domain.business_hours import HORIZON_DAYS
from ..plain import explain
from .schema import Settings
from .yaml import plain, round_trip

MAX_FILE_BYTES = 256 * 1024
"""A settings file is a page long; a larger one is a mistake, or an attack by aliases."""


class SettingsError(Exception):
    """`path:line: key: what was expected`, ready to be shown."""

    def __init__(self, problem: str, *, key: str = "", line: int | None = None, path: str = "livechat.yml") -> None:
        place = f"{path}:{line}" if line is not None else path
        super().__init__(": ".join(part for part in (place, key, problem) if part))
        self.key = key
        self.problem = problem
        self.line = line


def check_document(document: Any, at: datetime | None = None) -> Settings:
    """Raises `SettingsError` (without file and line) naming the first key that is wrong.

    With `at` the hours must open at some time from then on: what is new is checked so, what is stored is not.
    """
    try:
        settings = msgspec.convert(document, Settings, strict=True)
    except msgspec.ValidationError as error:
        key, problem = explain(error, Settings)
        raise SettingsError(problem, key=_named(document, key), path="") from error
    hours = settings.business_hours
    if at is not None and hours.enabled and hours.schedule().next_opening(at) is None:
        key = "business_hours.weekly" if hours.weekly else "business_hours.exceptions"
        raise SettingsError(f"expected an opening in the next {HORIZON_DAYS} days, found none", key=key, path="")
    return settings


def _named(document: Any, key: str) -> str:
    """msgspec says only that some entry of a mapping is wrong, `a.b[...].c`; each is tried alone to say which."""
    head, among_many, rest = key.partition("[...]")
    parts = head.split(".")
    entries = reduce(getitem, parts, document).items() if among_many else ()
    for name, value in entries:
        alone = reduce(lambda inner, part: {part: inner}, reversed(parts), {name: value})
        try:
            msgspec.convert(alone, Settings, strict=True)
        except msgspec.ValidationError:
            return f"{head}.{name}{rest}"
    return head


def read_text(text: str, path: str = "livechat.yml", at: datetime | None = None) -> Settings:
    """The settings that a file's text says; an empty file says the defaults."""
    if len(text.encode()) > MAX_FILE_BYTES:
        raise SettingsError(f"expected at most {MAX_FILE_BYTES // 1024} kB", path=path)
    document = _parse(text, path)
    try:
        return check_document({} if document is None else plain(document), at)
    except SettingsError as error:
        raise SettingsError(error.problem, key=error.key, line=_line_of(document, error.key), path=path) from error


def _parse(text: str, path: str) -> Any:
    try:
        return round_trip().load(StringIO(text))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise SettingsError(f"expected YAML: {error.problem}", line=line, path=path) from error
    except Exception as error:  # the parser has more mistakes than words for them: a tag or an alias gone wrong, say
        raise SettingsError("expected YAML", path=path) from error


def _line_of(document: Any, key: str) -> int | None:
    """The line of a key, or of the nearest mapping above it that is in the file."""
    line: int | None = None
    for part in re.findall(r"\w+", key):
        if isinstance(document, dict) and part in document:
            line = _known_line(document, part) or line
            document = document[part]
        elif isinstance(document, list) and part.isdigit():
            line = _known_line(document, int(part)) or line
            document = document[int(part)]
        else:
            break
    return line


def _known_line(collection: Any, entry: str | int) -> int | None:
    """Of what came by an alias, or with a tag, no line is known."""
    place = (collection.lc.data or {}).get(entry)
    return None if place is None else int(place[0]) + 1


def read_file(path: Path, at: datetime | None = None) -> Settings:
    """The file's settings."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"can't be read ({error.strerror})", path=str(path)) from error
    return read_bytes(raw, str(path), at)


def read_bytes(raw: bytes, path: str, at: datetime | None = None) -> Settings:
    """The settings that a file's bytes say."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise SettingsError("expected text in UTF-8", path=path) from error
    return read_text(text, path, at)
