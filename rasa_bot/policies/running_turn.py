"""The connector's running turn, as the policy sees it.

Policy and connector share Rasa's process, but no import: either may be used without the other or be shipped under
another name. The connector keeps its turn in a context variable, which is found here by its name.
"""

from collections.abc import Mapping
from contextvars import copy_context
from typing import Any, Protocol, cast

VARIABLE = "livechat_turn"


class RunningTurn(Protocol):
    """What the policy may tell the turn in whose name it was asked."""

    def escalate(self, decision: Mapping[str, Any], state: Mapping[str, Any], domain: Mapping[str, Any]) -> None:
        """A person is wanted; the action will ask for one now."""

    def reported(self, status: str | None) -> None:
        """What the action brought back; None when it left no word."""


def running_turn() -> RunningTurn | None:
    """The turn that Rasa works for right now; None outside of a channel of live chat."""
    for variable, value in copy_context().items():
        if variable.name == VARIABLE:
            return cast("RunningTurn", value)
    return None
