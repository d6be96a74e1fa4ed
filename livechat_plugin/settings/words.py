"""Values as they are written into YAML: in the style that stood there, else as the shipped livechat.yml writes them."""

import json
import re
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from ruamel.yaml.error import YAMLError

from .yaml import round_trip

PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_/+-]*|\d{4}-\d\d-\d\d")
"""A name, a zone or a date; what may be more than a word is quoted."""

MISREAD = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""Other readers of YAML take these for something else."""

UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def scalar(value: Any, style: str | None = None) -> str:
    """One value; a text in this style (`"`, `'`, or "" for none) if it can be."""
    if not isinstance(value, str):
        return json.dumps(value)
    return next(words for words in _candidates(value, style) if _reads_as(words, value))


def _candidates(text: str, style: str | None) -> list[str]:
    single, double = "'" + text.replace("'", "''") + "'", _double_quoted(text)
    if style == "'":
        return [single, double]
    if style == "" or (style is None and PLAIN.fullmatch(text) and text.lower() not in MISREAD):
        return [text, double]
    return [double]


def _double_quoted(text: str) -> str:
    return UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def _reads_as(words: str, text: str) -> bool:
    """Whether a reader finds this very text, within brackets, too."""
    try:
        return bool(words.strip() == words and round_trip().load(StringIO(f"[{words}]")) == [text])
    except (YAMLError, ValueError):
        return False


def flow(value: Any) -> str:
    """On one line; what is empty in an entry of a list is left out."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(name)}: {flow(one)}" for name, one in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(item(one) for one in value) + "]"
    return scalar(value)


def item(value: Any) -> str:
    """An entry of a list."""
    if isinstance(value, Mapping):
        value = {name: one for name, one in value.items() if one not in (None, "")}
    return flow(value)


def block(mapping: Mapping[str, Any], indent: int, step: int) -> list[str]:
    """A mapping in lines, with a list of mappings in lines of its own."""
    lines = []
    for name, value in mapping.items():
        head = " " * indent + scalar(name)
        below = below_key(value, indent, step)
        lines += [f"{head}:", *below] if below else [f"{head}: {flow(value)}"]
    return lines


def below_key(value: Any, indent: int, step: int) -> list[str]:
    """The lines of a value that stands below its key, which is indented so far; none if it stands beside it."""
    if isinstance(value, Mapping) and value:
        return block(value, indent + step, step)
    if isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        return [" " * (indent + step) + f"- {item(one)}" for one in value]
    return []
