"""YAML as livechat.yml is read and written: with lines and comments kept, and a date as the text that it is.

A date stays a text because the schema knows better than YAML what is wrong with one, and because it is then written
back as it stood.
"""

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.resolver import VersionedResolver

TIMESTAMP = "tag:yaml.org,2002:timestamp"


class Resolver(VersionedResolver):
    @property
    def versioned_resolver(self) -> Any:
        known = super().versioned_resolver
        return {first: [one for one in rules if one[0] != TIMESTAMP] for first, rules in known.items()}


def round_trip() -> YAML:
    """A fresh parser and writer: they keep state between documents."""
    yaml = YAML(typ="rt")
    yaml.Resolver = Resolver
    yaml.preserve_quotes = True
    yaml.width = 4_096
    return yaml
