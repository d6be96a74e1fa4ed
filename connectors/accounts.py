"""The accounts of a channel: from credentials.yml, or one from the environment when nothing is written there.

    accounts:
      - token: ${SHOP_BOT_TOKEN}
        secret: ${SHOP_BOT_SECRET}

Whatever is missing or malformed stops the start and is named: the variable, or `accounts[1].secret`. Values are secrets
and appear in no message.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .errors import NotConfigured
from .settings import read_secret, read_url


@dataclass(frozen=True)
class Wanted:
    """A secret that every account has: its key in credentials.yml, its environment variable, how it looks."""

    key: str
    variable: str
    example: str
    pattern: str = r"[!-~]+"


@dataclass(frozen=True)
class Account:
    """What is written about one account; `place` is how to name it in a message."""

    place: str
    secrets: Mapping[str, str] = field(repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)

    def name_of(self, wanted: Wanted) -> str:
        """How `wanted` is called where this account is written down."""
        return f"{self.place}.{wanted.key}" if self.place else wanted.variable


def read_accounts(
    credentials: Mapping[str, Any],
    wanted: Sequence[Wanted],
    environment: Mapping[str, str],
    options: Sequence[str] = (),
) -> list[Account]:
    """All accounts of a channel, at least one; `options` are the keys that an account may have besides `wanted`."""
    if "accounts" not in credentials:
        secrets = {one.key: read_secret(environment, one.variable, one.example) for one in wanted}
        found = [Account("", secrets)]
    else:
        entries = credentials["accounts"]
        if not isinstance(entries, list) or not entries:
            raise NotConfigured("accounts", "must be a list with at least one account", _example(wanted))
        found = [_account(f"accounts[{at}]", entry, wanted, options) for at, entry in enumerate(entries)]
    for account in found:
        for one in wanted:
            if not re.fullmatch(one.pattern, account.secrets[one.key]):
                raise NotConfigured(account.name_of(one), "is malformed", one.example)
    return found


def read_api_url(credentials: Mapping[str, Any], variable: str, default: str, environment: Mapping[str, str]) -> str:
    """The base URL of the provider's API: `api_url` in credentials.yml, else the variable, else `default`."""
    if credentials.get("api_url"):
        return read_url({"api_url": str(credentials["api_url"])}, "api_url", default)
    return read_url(environment, variable, default)


def check_distinct(accounts: Sequence[Account], values: Sequence[str], one: Wanted, problem: str) -> None:
    """Raise NotConfigured naming the first account whose value stands at an earlier one, too."""
    for at, value in enumerate(values):
        if value in values[:at]:
            raise NotConfigured(accounts[at].name_of(one), problem, one.example)


def _account(place: str, entry: Any, wanted: Sequence[Wanted], options: Sequence[str]) -> Account:
    if not isinstance(entry, dict):
        raise NotConfigured(place, "must have keys and values", _example(wanted))
    known = [one.key for one in wanted]
    for key in entry:
        if key not in known and key not in options:
            raise NotConfigured(
                f"{place}.{key}", f"is not known; known are {', '.join([*known, *options])}", "(remove it)"
            )
    secrets = {}
    for one in wanted:
        value = entry.get(one.key)
        text = str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
        if not text:
            raise NotConfigured(f"{place}.{one.key}", "is not set", one.example)
        secrets[one.key] = text
    return Account(place, secrets, {key: entry[key] for key in options if key in entry})


def _example(wanted: Sequence[Wanted]) -> str:
    """Each on a line of its own: between { and } YAML reads no ${NAME}."""
    return "\n- " + "\n  ".join(f"{one.key}: ${{{one.variable}}}" for one in wanted)
