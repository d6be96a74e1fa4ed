"""Whether a live handover may be opened: plan ∧ switched on ∧ within hours. Pure; the moment is given."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from .business_hours import Hours

Reason = Literal["open", "plan", "off", "hours"]
PLANS_WITH_LIVE_CHAT = frozenset({"basic", "pro", "scale"})


@dataclass(frozen=True)
class Verdict:
    """`next_opening` is known only when the reason is the hours."""

    reason: Reason
    next_opening: datetime | None = None

    @property
    def open(self) -> bool:
        return self.reason == "open"


def judge(plan: str, enabled: bool, hours: Hours | None, at: datetime) -> Verdict:
    """`hours` is None when live chat is not restricted to any; `at` carries its zone."""
    if plan not in PLANS_WITH_LIVE_CHAT:
        return Verdict("plan")
    if not enabled:
        return Verdict("off")
    if hours is not None and not hours.is_open(at):
        return Verdict("hours", hours.next_opening(at))
    return Verdict("open")
