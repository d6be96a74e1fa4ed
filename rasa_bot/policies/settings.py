"""The handover policy's part of config.yml, checked: a mistake stops the training and is named."""

from collections.abc import Mapping
from typing import Any

from .rules import Thresholds

DEFAULTS: dict[str, Any] = {
    "priority": 100,
    "action": "action_request_handover",
    "request_intents": ["request_human"],
    "low_confidence_times": 2,
    "low_confidence_below": 0.4,
    "repeated_answer_times": 2,
    "repeated_answer_ignores": [],
    "failed_action": True,
    "silent_actions": [],
    "not_in_forms": ["contact_form"],
}
"""Confidence 1 and this priority outdo every other policy of Rasa; `action` asks for the person."""

_OF_RASA = frozenset({"name", "max_history", "featurizer", "state_featurizer"})


class WrongSetting(ValueError):
    """A key of the policy in config.yml is unknown or impossible."""


def read_thresholds(config: Mapping[str, Any]) -> Thresholds:
    """The thresholds in the policy's configuration; raises WrongSetting."""
    for name in config:
        if name not in DEFAULTS and name not in _OF_RASA:
            raise WrongSetting(f"{name}: there is no such setting; known are {', '.join(sorted(DEFAULTS))}")
    return Thresholds(
        request_intents=_names(config, "request_intents"),
        low_confidence_times=_times(config, "low_confidence_times"),
        low_confidence_below=_share(config, "low_confidence_below"),
        repeated_answer_times=_times(config, "repeated_answer_times"),
        repeated_answer_ignores=_names(config, "repeated_answer_ignores"),
        failed_action=_switch(config, "failed_action"),
        silent_actions=_names(config, "silent_actions"),
        not_in_forms=_names(config, "not_in_forms"),
    )


def _names(config: Mapping[str, Any], name: str) -> "frozenset[str]":
    value = config[name]
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise WrongSetting(f"{name}: expected a list of names, got {value!r}")
    return frozenset(value)


def _times(config: Mapping[str, Any], name: str) -> int:
    value = config[name]
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise WrongSetting(f"{name}: expected a number of times, 0 for never, got {value!r}")
    return value


def _share(config: Mapping[str, Any], name: str) -> float:
    value = config[name]
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= 1:
        raise WrongSetting(f"{name}: expected a number from 0 to 1, got {value!r}")
    return float(value)


def _switch(config: Mapping[str, Any], name: str) -> bool:
    if not isinstance(config[name], bool):
        raise WrongSetting(f"{name}: expected true or false, got {config[name]!r}")
    return bool(config[name])
