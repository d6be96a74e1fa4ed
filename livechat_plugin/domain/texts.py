"""A text of the team with a placeholder, filled. Pure.

What must hold: a customer never reads a placeholder. When its value is not known, the sentence that needs it is left
out.
"""

import re
from collections.abc import Mapping

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
SENTENCE_END = re.compile(r"(?<=[.!?…。])\s+|\n+")


def placeholders(text: str) -> set[str]:
    """The names in braces."""
    return set(PLACEHOLDER.findall(text))


def fill(text: str, values: Mapping[str, str | None]) -> str:
    """Replaces each `{name}`; sentences whose value is None are left out."""
    unknown = {name for name in placeholders(text) if values.get(name) is None}
    if unknown:
        text = _without(text, unknown)
    return PLACEHOLDER.sub(lambda found: str(values[found[1]]), text)


def _without(text: str, names: set[str]) -> str:
    sentences = SENTENCE_END.split(text)
    between = SENTENCE_END.findall(text)
    kept = ""
    for sentence, gap in zip(sentences, ["", *between], strict=True):
        if not placeholders(sentence) & names:
            kept += gap + sentence if kept else sentence
    return kept
