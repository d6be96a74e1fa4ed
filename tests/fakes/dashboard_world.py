"""A team's conversations in memory, by the rules of the real service as far as the dashboard can see them.

Every change appends events with a dense `seq`, and a change of hands takes a new epoch; whoever watches is told.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

from livechat_plugin.wire.common import Actor, Customer, Event, EventKind, HolderKind, State, Trigger
from livechat_plugin.wire.dashboard import Agent, Counts, Holder, InboxRow, Person

from .dashboard_files import Files
from .dashboard_reads import row
from .dashboard_refusal import RefusedError
from .dashboard_talk import Handover, Talk, iso

AGENTS = {
    "priya": Agent(id="a-priya", name="Priya Raman", email="priya@example.com", role="owner"),
    "sam": Agent(id="a-sam", name="Sam Ortega", email="sam@example.com", role="agent"),
    "lena": Agent(id="a-lena", name="Lena Vogt", email="lena@example.com", role="agent"),
}
PASSWORD = "correct horse"
CLOSED = "WhatsApp takes messages only within 24 hours of the customer's last one. They have to write first."


class World:
    def __init__(self) -> None:
        self.talks: dict[str, Talk] = {}
        self.ids = count(1)
        self.version = 0
        self.on_event: Callable[[Talk, Event], None] = lambda talk, event: None
        self.on_row: Callable[[Talk], None] = lambda talk: None
        self.on_marks: Callable[[Talk], None] = lambda talk: None
        self.files = Files()

    # What customers and the bot do.

    def begin(self, customer: Customer, channel: str = "web") -> Talk:
        account = {"telegram": "larch_support_bot", "whatsapp": "+49 30 5550 1420"}.get(channel, "shop")
        talk = Talk(id=f"c-{next(self.ids):04}", customer=customer, channel=channel, account=account)
        self.talks[talk.id] = talk
        return talk

    def say(
        self,
        talk: Talk,
        actor: Actor,
        text: str | None,
        *,
        at: datetime | None = None,
        kind: EventKind = "message",
        **extra: object,
    ) -> Event:
        if talk.channel != "web" and kind == "message" and actor.kind != "customer":
            extra.setdefault("status", "read")
        if kind == "message" and actor.kind == "customer":
            talk.window = None
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
        self,
        talk: Talk,
        agent: Agent,
        client_msg_id: str,
        epoch: int,
        text: str | None,
        files: list[str] | None = None,
        *,
        at: datetime | None = None,
    ) -> int:
        if client_msg_id in talk.answered:
            return talk.answered[client_msg_id]
        self.check(talk, agent, epoch)
        self.check_open(talk)
        status = None if talk.channel == "web" else "queued"
        attachments = [self.files.attachment(id) for id in files or ()]
        event = self._append(
            talk,
            "message",
            as_actor(agent),
            at=at,
            text=text,
            client_msg_id=client_msg_id,
            status=status,
            attachments=attachments,
        )
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

    @staticmethod
    def check_open(talk: Talk) -> None:
        if talk.window_until is not None and talk.window_until <= datetime.now(UTC):
            raise RefusedError(409, "window_closed", CLOSED)

    # What the dashboard reads.

    def rows(self) -> list[InboxRow]:
        return [row(talk, handover) for talk in self.talks.values() for handover in talk.handovers]

    def bot_rows(self) -> list[InboxRow]:
        return [row(talk, None) for talk in self.talks.values() if talk.holder.kind == "bot"]

    def counts(self) -> Counts:
        states = [row.status for row in self.rows()]
        return Counts(**{status: states.count(status) for status in ("pending", "claimed", "resolved")})  # type: ignore[arg-type]

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


def ago(**span: float) -> datetime:
    return datetime.now(UTC) - timedelta(**span)
