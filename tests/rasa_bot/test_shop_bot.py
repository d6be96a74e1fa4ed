"""The shop's own data: enough of it, and texts where they are needed."""

from pathlib import Path
from typing import Any

import pytest
import yaml

BOT = Path(__file__).parents[2] / "rasa_bot"
NLU: list[dict[str, Any]] = [
    block
    for name in ("nlu", "contact", "team_hours")
    for block in yaml.safe_load((BOT / "data" / f"{name}.yml").read_text())["nlu"]
]
DOMAIN: dict[str, Any] = yaml.safe_load((BOT / "domain" / "shop.yml").read_text())
EXAMPLES = {block["intent"]: block["examples"].splitlines() for block in NLU if "intent" in block}


def test_the_bot_knows_enough() -> None:
    """At least twelve intents and one form."""
    assert len(EXAMPLES) >= 12
    assert DOMAIN["forms"]


@pytest.mark.parametrize("intent", EXAMPLES)
def test_an_intent_has_variety(intent: str) -> None:
    """Fifteen different examples at least."""
    assert len({example.lower() for example in EXAMPLES[intent]}) >= 15


def test_the_service_alone_speaks_of_the_handover() -> None:
    """The bot has no words of its own for what happens after a request."""
    assert not [name for name in DOMAIN["responses"] if "handover" in name]
