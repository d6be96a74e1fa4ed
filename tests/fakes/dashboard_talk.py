"""One conversation in memory, with its handovers."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from livechat_plugin.wire.card import Card
from livechat_plugin.wire.common import Customer, Event, Trigger
from livechat_plugin.wire.dashboard import Holder, Person


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Handover:
    id: str
    trigger: Trigger
    reason: str | None
    requested_at: datetime
    status: str = "pending"
    agent: Person | None = None
    claimed_at: datetime | None = None
    resolved_at: datetime | None = None
    outcome: str | None = None
    priority: int = 0


@dataclass
class Talk:
    """One conversation."""

    id: str
    customer: Customer
    channel: str
    events: list[Event] = field(default_factory=list)
    epoch: int = 0
    holder: Holder = field(default_factory=lambda: Holder(kind="bot"))
    handovers: list[Handover] = field(default_factory=list)
    card: Card | None = None
    delivered: int = 0
    read: int = 0
    team_read: int = 0
    answered: dict[str, int] = field(default_factory=dict)
    account: str = "shop"
    sent: int = 0
    failed: set[int] = field(default_factory=set)
    blocked: bool = False
    window: datetime | None = None
    """Another end of the 24 hours than the customer's last line gives."""

    @property
    def window_until(self) -> datetime | None:
        if self.channel != "whatsapp":
            return None
        said = [datetime.fromisoformat(line.at) for line in self.lines() if line.actor.kind == "customer"]
        return self.window or (said[-1] + timedelta(hours=24) if said else datetime.fromtimestamp(0, UTC))

    @property
    def last_seq(self) -> int:
        return self.events[-1].seq if self.events else 0

    @property
    def current(self) -> Handover | None:
        return self.handovers[-1] if self.handovers else None

    def lines(self) -> list[Event]:
        return [event for event in self.events if event.kind == "message"]
