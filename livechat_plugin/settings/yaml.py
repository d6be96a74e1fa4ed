"""YAML as livechat.yml is read and written: with lines and comments kept, and a date as the text that it is.

A date stays a text because the schema knows better than YAML what is wrong with one, and because it is then written
back as it stood.
"""

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarbool import ScalarBoolean

TIMESTAMP = "tag:yaml.org,2002:timestamp"


class Resolver(VersionedResolver):
    @property
    def versioned_resolver(self) -> Any:
        known = super().versioned_resolver
        return {first: [one for one in rules if one[0] != TIMESTAMP] for first, rules in known.items()}


def plain(value: Any, known: dict[int, Any] | None = None) -> Any:
    """What was read, without the quotes, comments and lines that came with it; what aliases share stays shared."""
    known = {} if known is None else known
    if id(value) in known:
        return known[id(value)]
    if isinstance(value, dict):
        mapping = known[id(value)] = {}
        mapping.update((plain(key, known), plain(one, known)) for key, one in value.items())
        return mapping
    if isinstance(value, list):
        entries = known[id(value)] = []
        entries.extend(plain(one, known) for one in value)
        return entries
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> Any:
    if isinstance(value, bool | ScalarBoolean):
        return bool(value)
    return next((kind(value) for kind in (str, int, float) if isinstance(value, kind)), value)


def round_trip() -> YAML:
    """A fresh parser and writer: they keep state between documents."""
    yaml = YAML(typ="rt")
    yaml.Resolver = Resolver
    yaml.preserve_quotes = True
    yaml.width = 4_096
    return yaml
