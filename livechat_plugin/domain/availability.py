"""Whether a live handover may be opened: plan ∧ switched on ∧ within hours ∧, if wanted, somebody is there. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from .business_hours import Hours

Reason = Literal["open", "plan", "off", "hours", "nobody"]
PLANS_WITH_LIVE_CHAT = frozenset({"basic", "pro", "scale"})


@dataclass(frozen=True)
class Verdict:
    """`next_opening` is known only when the reason is the hours, and then only if it is in sight."""

    reason: Reason
    next_opening: datetime | None = None

    @property
    def open(self) -> bool:
        return self.reason == "open"

    @property
    def off(self) -> Literal["plan", "off"] | None:
        """Why nobody can be asked at all, now or later."""
        return self.reason if self.reason == "plan" or self.reason == "off" else None  # noqa: PLR1714 - for the type

    @property
    def takes_forms(self) -> bool:
        """Closed for now: who leaves their details is answered later."""
        return self.reason in ("hours", "nobody")


def judge(plan: str, enabled: bool, hours: Hours | None, at: datetime, somebody_here: bool = True) -> Verdict:
    """`hours` is None when live chat is not restricted to any; `at` carries its zone."""
    if plan not in PLANS_WITH_LIVE_CHAT:
        return Verdict("plan")
    if not enabled:
        return Verdict("off")
    if hours is not None and not hours.is_open(at):
        return Verdict("hours", hours.next_opening(at))
    return Verdict("open" if somebody_here else "nobody")
