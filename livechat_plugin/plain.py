"""What is wrong with a document or body, in plain words: msgspec's findings for people who have never seen Python."""

import re
from typing import Any

import msgspec
from msgspec import inspect

WORDS = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "object": "a mapping",
    "array": "a list",
    "null": "nothing",
}
FORMS = {
    r"\S": "a text that is not blank",
    r"^[^\x00]*[^\s\x00][^\x00]*$": "a text that is not blank, without NUL characters",
    r"^[^\x00]*$": "a text without NUL characters",
    r"^https?://[a-z0-9.:\[\]-]+$": "an origin such as https://shop.example",
    r"^[A-Za-z0-9_.:-]+$": "letters, digits and _ . : - only",
    r"^b:\d{1,12}:\d{1,3}$": "the key of a button, b:<seq>:<index>",
    r"^[^@\s]+@[^@\s]+\.[^@\s]+$": "an address such as ana@example.org",
    r"^\+?[0-9 ()/.-]{5,}$": "a phone number such as +49 40 123456",
    r"^[a-z][a-z0-9_]*$": "a channel's name such as telegram",
}


def explain(error: msgspec.ValidationError, root: Any) -> tuple[str, str]:
    """The key (`a.b[0]`, empty for the whole) and what was expected there. `root` is the type that was asked for."""
    problem, _, place = str(error).partition(" - at `")
    key = place.removeprefix("key` in `").rstrip("`").removeprefix("$").lstrip(".")
    missing = re.match(r"Object missing required field `(.+)`", problem)
    if missing:
        return _join(key, missing[1]), "is missing"
    unknown = re.match(r"Object contains unknown field `(.+)`", problem)
    if unknown:
        return _join(key, unknown[1]), "expected no such key; is it misspelled?"
    own = re.match(r"([\w.\[\]-]+): (.+)", problem, re.DOTALL)  # a struct's own check names its field first
    if own:
        return _join(key, own[1]), own[2]
    return key, _in_words(problem, key, root)


def _join(*parts: str) -> str:
    return ".".join(part for part in parts if part)


def _in_words(problem: str, key: str, root: Any) -> str:
    choices = _choices(root, key) if problem.startswith("Invalid enum value") else []
    if choices:
        found = problem.removeprefix("Invalid enum value ").strip("'")
        return f"expected {', '.join(choices[:-1])} or {choices[-1]}, found {found}"
    if problem == "Invalid RFC3339 encoded date":
        return "expected a date such as 2026-12-24"
    form = re.search(r"matching regex '(.*)'$", problem)
    if form:
        return f"expected {FORMS.get(form[1].replace(chr(92) * 2, chr(92)), 'another form')}"
    said = re.sub(r"`([a-z]+)(?: \| [a-z |]+)?`", lambda found: WORDS.get(found[1], found[1]), problem)
    return (said[:1].lower() + said[1:]).replace(", got ", ", found ")


def _choices(root: Any, key: str) -> list[str]:
    """The values that are allowed at `key`, if it can be found in the type."""
    kind: inspect.Type = inspect.type_info(root)
    for part in re.findall(r"\w+", key):
        if isinstance(kind, inspect.StructType):
            field = next((field for field in kind.fields if field.encode_name == part), None)
            if field is None:
                return []
            kind = field.type
        elif isinstance(kind, inspect.ListType):
            kind = kind.item_type
        elif isinstance(kind, inspect.DictType):
            kind = kind.value_type
    if isinstance(kind, inspect.DictType):
        kind = kind.key_type
    options = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    return [str(value) for option in options if isinstance(option, inspect.LiteralType) for value in option.values]
