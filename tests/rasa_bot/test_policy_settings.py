"""The policy's part of config.yml is checked when the bot is trained."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from rasa_bot.policies.settings import DEFAULTS, WrongSetting, read_thresholds

CONFIG = Path(__file__).parents[2] / "config.yml"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("request_intents", "request_human", "a list of names"),
        ("request_intents", [1], "a list of names"),
        ("low_confidence_times", -1, "a number of times"),
        ("low_confidence_times", True, "a number of times"),
        ("low_confidence_times", "2", "a number of times"),
        ("low_confidence_below", 40, "a number from 0 to 1"),
        ("repeated_answer_times", 1.5, "a number of times"),
        ("failed_action", "yes", "true or false"),
        ("silent_actions", None, "a list of names"),
        ("low_confidence", 2, "there is no such setting"),
    ],
)
def test_a_mistake_is_named(name: str, value: Any, expected: str) -> None:
    """The message has the key and what was expected."""
    with pytest.raises(WrongSetting) as refused:
        read_thresholds({**DEFAULTS, name: value})
    assert str(refused.value).startswith(f"{name}: ")
    assert expected in str(refused.value)


def test_every_threshold_stands_in_the_bots_config() -> None:
    """config.yml names each setting, so that a reader finds them all in one place."""
    policies = yaml.safe_load(CONFIG.read_text())["policies"]
    (ours,) = [policy for policy in policies if policy["name"].endswith("HandoverPolicy")]
    assert set(DEFAULTS) - {"priority", "action"} <= set(ours)
    read_thresholds({**DEFAULTS, **ours})
