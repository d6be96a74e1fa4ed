"""A team's conversations in memory, by the rules of the real service as far as the dashboard can see them.

Every change appends events with a dense `seq`, and a change of hands takes a new epoch; whoever watches is told.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from livechat_plugin.wire.card import Card
from livechat_plugin.wire.common import Actor, Customer, Event, EventKind, HolderKind, State, Trigger
from livechat_plugin.wire.dashboard import Agent, Conversation, Counts, Holder, InboxRow, Person, Preview

AGENTS = {
    "priya": Agent(id="a-priya", name="Priya Raman", email="priya@example.com", role="owner"),
    "sam": Agent(id="a-sam", name="Sam Ortega", email="sam@example.com", role="agent"),
    "lena": Agent(id="a-lena", name="Lena Vogt", email="lena@example.com", role="agent"),
}
PASSWORD = "correct horse"


class RefusedError(Exception):
    """An error of `interfaces.md`: status, code, message, data."""

    def __init__(self, status: int, code: str, message: str, **data: object) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.data = status, code, message, data


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

    @property
    def last_seq(self) -> int:
        return self.events[-1].seq if self.events else 0

    @property
    def current(self) -> Handover | None:
        return self.handovers[-1] if self.handovers else None

    def lines(self) -> list[Event]:
        return [event for event in self.events if event.kind == "message"]


class World:
    def __init__(self) -> None:
        self.talks: dict[str, Talk] = {}
        self.ids = count(1)
        self.version = 0
        self.on_event: Callable[[Talk, Event], None] = lambda talk, event: None
        self.on_row: Callable[[Talk], None] = lambda talk: None

    # What customers and the bot do.

    def begin(self, customer: Customer, channel: str = "web") -> Talk:
        talk = Talk(id=f"c-{next(self.ids):04}", customer=customer, channel=channel)
        self.talks[talk.id] = talk
        return talk

    def say(
        self,
        talk: Talk,
        actor: Actor,
        text: str,
        *,
        at: datetime | None = None,
        kind: EventKind = "message",
        **extra: object,
    ) -> Event:
        event = self._append(talk, kind, actor, at=at, text=text, **extra)
        self.on_row(talk)
        return event

    def request(self, talk: Talk, trigger: Trigger, reason: str | None, *, at: datetime | None = None) -> None:
        moment = at or datetime.now(UTC)
        talk.handovers.append(Handover(f"h-{next(self.ids):04}", trigger, reason, moment))
        self._pass_to(talk, "queue", None)
        self._state(talk, "requested", self.customer(talk), at=moment, trigger=trigger)

    @staticmethod
    def customer(talk: Talk) -> Actor:
        return Actor(kind="customer", id=talk.customer.id, name=talk.customer.name)

    # What agents do.

    def claim(self, talk: Talk, agent: Agent, *, at: datetime | None = None) -> int:
        if talk.holder.kind == "agent":
            if talk.holder.id != agent.id:
                since = talk.current.claimed_at if talk.current else None
                holder = {"id": talk.holder.id, "name": talk.holder.name}
                said = f"{talk.holder.name} took this conversation."
                raise RefusedError(409, "already_claimed", said, holder=holder, since=since and iso(since))
            return talk.epoch
        moment = at or datetime.now(UTC)
        if talk.current is None or talk.current.status == "resolved":
            talk.handovers.append(Handover(f"h-{next(self.ids):04}", "agent", None, moment))
        handover = talk.handovers[-1]
        handover.status, handover.claimed_at = "claimed", moment
        handover.agent = Person(id=agent.id, name=agent.name)
        self._pass_to(talk, "agent", handover.agent)
        self._state(talk, "claimed", as_actor(agent), at=moment)
        return talk.epoch

    def reply(
        self, talk: Talk, agent: Agent, client_msg_id: str, epoch: int, text: str, *, at: datetime | None = None
    ) -> int:
        if client_msg_id in talk.answered:
            return talk.answered[client_msg_id]
        self.check(talk, agent, epoch)
        event = self._append(talk, "message", as_actor(agent), at=at, text=text, client_msg_id=client_msg_id)
        talk.answered[client_msg_id] = event.seq
        talk.team_read = event.seq
        self.on_row(talk)
        return event.seq

    def note(self, talk: Talk, agent: Agent, client_msg_id: str, text: str, *, at: datetime | None = None) -> int:
        if client_msg_id not in talk.answered:
            event = self._append(talk, "note", as_actor(agent), at=at, text=text, client_msg_id=client_msg_id)
            talk.answered[client_msg_id] = event.seq
        return talk.answered[client_msg_id]

    def resolve(
        self, talk: Talk, agent: Agent, epoch: int, seen: int | None, force: bool, *, at: datetime | None = None
    ) -> int:
        self.check(talk, agent, epoch)
        unseen = [line.seq for line in talk.lines() if line.actor.kind == "customer" and line.seq > (seen or 0)]
        if unseen and seen is not None and not force:
            raise RefusedError(409, "unseen_message", "The customer wrote something you have not seen.", seq=unseen[0])
        handover = talk.handovers[-1]
        handover.status, handover.outcome, handover.resolved_at = "resolved", "resolved", at or datetime.now(UTC)
        self._pass_to(talk, "bot", None)
        self._state(talk, "resolved", as_actor(agent), at=at)
        return talk.epoch

    def reopen(self, talk: Talk, agent: Agent, epoch: int) -> int:
        if talk.epoch != epoch or talk.holder.kind != "bot":
            raise RefusedError(409, "not_claimable", "The assistant has already answered.")
        handover = talk.handovers[-1]
        handover.status, handover.outcome, handover.resolved_at = "claimed", None, None
        self._pass_to(talk, "agent", handover.agent)
        self._state(talk, "reopened", as_actor(agent))
        return talk.epoch

    def release(self, talk: Talk, agent: Agent, epoch: int) -> int:
        self.check(talk, agent, epoch)
        handover = talk.handovers[-1]
        handover.status, handover.agent, handover.claimed_at = "pending", None, None
        self._pass_to(talk, "queue", None)
        self._state(talk, "released", as_actor(agent))
        return talk.epoch

    def take_away(self, talk: Talk, agent: Agent) -> None:
        """Gives the conversation to somebody else behind its holder's back."""
        talk.holder = Holder(kind="queue")
        self.claim(talk, agent)

    def mark_read(self, talk: Talk, upto: int) -> None:
        if upto > talk.team_read:
            talk.team_read = upto
            self.on_row(talk)

    @staticmethod
    def check(talk: Talk, agent: Agent, epoch: int) -> None:
        if (talk.holder.id, talk.epoch) != (agent.id, epoch):
            holder = {"id": talk.holder.id, "name": talk.holder.name} if talk.holder.kind == "agent" else None
            raise RefusedError(409, "claim_lost", "You no longer have this conversation.", holder=holder)

    # What the dashboard reads.

    def row(self, talk: Talk, handover: Handover | None) -> InboxRow:
        lines = talk.lines()
        last = next((line for line in reversed(lines) if line.actor.kind != "system"), None)
        waiting = waiting_since(talk, handover)
        unread = [line for line in lines if line.actor.kind == "customer" and line.seq > talk.team_read]
        return InboxRow(
            conversation_id=talk.id,
            handover_id=handover and handover.id,
            status=handover and handover.status,  # type: ignore[arg-type]
            outcome=handover and handover.outcome,  # type: ignore[arg-type]
            trigger=handover and handover.trigger,
            reason=handover and handover.reason,
            channel=talk.channel,
            account="shop",
            customer=talk.customer,
            preview=last
            and Preview(actor=last.actor.kind, name=last.actor.name, text=(last.text or "")[:120], at=last.at),
            requested_at=handover and iso(handover.requested_at),
            waiting_since=waiting,
            claimed_by=handover and handover.agent,
            claimed_at=handover and handover.claimed_at and iso(handover.claimed_at),
            resolved_at=handover and handover.resolved_at and iso(handover.resolved_at),
            unread=len(unread) if handover and handover.status != "resolved" else 0,
            priority=handover.priority if handover else 0,
            away=False,
            failed=0,
            window_until=None,
            holder=talk.holder.kind,
            epoch=talk.epoch,
            last_seq=talk.last_seq,
        )

    def rows(self) -> list[InboxRow]:
        return [self.row(talk, handover) for talk in self.talks.values() for handover in talk.handovers]

    def bot_rows(self) -> list[InboxRow]:
        return [self.row(talk, None) for talk in self.talks.values() if talk.holder.kind == "bot"]

    def counts(self) -> Counts:
        states = [row.status for row in self.rows()]
        return Counts(**{status: states.count(status) for status in ("pending", "claimed", "resolved")})  # type: ignore[arg-type]

    def conversation(self, talk: Talk) -> Conversation:
        handover = talk.current
        return Conversation(
            id=talk.id,
            channel=talk.channel,
            account="shop",
            holder=talk.holder,
            since=iso(handover.claimed_at) if handover and handover.claimed_at else None,
            epoch=talk.epoch,
            last_seq=talk.last_seq,
            customer=talk.customer,
            handover=self.row(talk, handover) if handover else None,
            card=talk.card,
            sent_upto=talk.last_seq,
            delivered_upto=talk.delivered,
            read_upto=talk.read,
            team_read_upto=talk.team_read,
        )

    # How a change is written down.

    def _pass_to(self, talk: Talk, kind: HolderKind, person: Person | None) -> None:
        talk.epoch += 1
        talk.holder = Holder(kind=kind, id=person and person.id, name=person and person.name)

    def _state(self, talk: Talk, state: State, actor: Actor, *, at: datetime | None = None, **data: object) -> None:
        handover = talk.handovers[-1].id
        self._append(
            talk, "state", actor, at=at, state=state, epoch=talk.epoch, handover_id=handover, data=data or None
        )
        self.on_row(talk)

    def _append(self, talk: Talk, kind: EventKind, actor: Actor, *, at: datetime | None, **fields: object) -> Event:
        seq = talk.last_seq + 1
        moment = iso(at or datetime.now(UTC))
        event = Event(seq=seq, prev=talk.last_seq, kind=kind, actor=actor, at=moment, **fields)  # type: ignore[arg-type]
        talk.events.append(event)
        self.version += 1
        self.on_event(talk, event)
        return event


def as_actor(agent: Agent) -> Actor:
    return Actor(kind="agent", id=agent.id, name=agent.name)


def waiting_since(talk: Talk, handover: Handover | None) -> str | None:
    """The request while pending; the oldest line without an answer while claimed."""
    if handover is None or handover.status == "resolved":
        return None
    if handover.status == "pending":
        return iso(handover.requested_at)
    waiting: str | None = None
    claimed = iso(handover.claimed_at or handover.requested_at)
    for line in talk.lines():
        if line.actor.kind == "agent":
            waiting = None
        elif line.actor.kind == "customer" and waiting is None and line.at >= claimed:
            waiting = line.at
    return waiting


def ago(**span: float) -> datetime:
    return datetime.now(UTC) - timedelta(**span)
