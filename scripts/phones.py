"""Telegram and WhatsApp in the demo: the real ones where the environment has their tokens, else a fake of each.

The fakes speak the providers' protocols (tests/fakes/); their page plays the customer on two phones, so that both
channels can be tried without an account.
"""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .parts import HOST, Part, write_private
from .paths import LOGS, SERVICE_PYTHON

NAMES = {
    "telegram": ("TELEGRAM_TOKEN", "TELEGRAM_SECRET", "TELEGRAM_API_URL"),
    "whatsapp": (
        "WHATSAPP_TOKEN",
        "WHATSAPP_PHONE_NUMBER_ID",
        "WHATSAPP_APP_SECRET",
        "WHATSAPP_VERIFY_TOKEN",
        "WHATSAPP_API_URL",
    ),
}
GRAPH_PATH = "/graph/v26.0"


@dataclass(frozen=True)
class Channels:
    """What Rasa needs to know of its outside channels; `played` are those that the fakes play."""

    env: Mapping[str, str] = field(repr=False)
    played: tuple[str, ...]


def channels(port: int, kept: Path) -> Channels:
    """Real accounts from the environment, made-up ones for the rest; those are kept in a file of their own."""
    made_up = _made_up(port, kept)
    env: dict[str, str] = {}
    played = []
    for channel, names in NAMES.items():
        if os.environ.get(names[0]) or os.environ.get(f"{names[0]}_FILE"):
            wanted = [name for one in names for name in (one, f"{one}_FILE")]
            env |= {name: os.environ[name] for name in wanted if os.environ.get(name)}
        else:
            env |= {name: made_up[name] for name in names}
            played.append(channel)
    return Channels(env, tuple(played))


def _made_up(port: int, kept: Path) -> dict[str, str]:
    if not kept.exists():
        fresh = {name: secrets.token_hex(16) for names in NAMES.values() for name in names}
        fresh |= {
            "TELEGRAM_TOKEN": f"7000000001:{secrets.token_hex(16)}",
            "WHATSAPP_PHONE_NUMBER_ID": "106540352242922",
        }
        write_private(kept, json.dumps(fresh, indent=1) + "\n")
    known: dict[str, str] = json.loads(kept.read_text())
    url = f"http://{HOST}:{port}"
    return {**known, "TELEGRAM_API_URL": f"{url}/telegram", "WHATSAPP_API_URL": f"{url}{GRAPH_PATH}"}


def phones(port: int, rasa_url: str, env: Mapping[str, str], logs: Path = LOGS) -> Part:
    """The fakes and their page, as a process."""
    return Part(
        name="phones",
        port=port,
        port_variable="LIVECHAT_PHONES_PORT",
        command=[str(SERVICE_PYTHON), "-m", "tests.fakes.phones", "--port", str(port), "--rasa", rasa_url],
        env=dict(env),
        ready_url=f"http://{HOST}:{port}/",
        ready_seconds=30,
        log=logs / "phones.log",
    )
