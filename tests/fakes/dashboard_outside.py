"""What happens on channels outside: how far messages got, edits, reactions, blocking, and WhatsApp's 24 hours."""

from datetime import UTC, datetime, timedelta
from typing import Any

from livechat_plugin.wire.common import Actor, DeliveryStatus, Event

from .dashboard_refusal import RefusedError
from .dashboard_talk import Talk
from .dashboard_world import World

SYSTEM = Actor(kind="system")


def deliver(world: World, talk: Talk, status: DeliveryStatus, seq: int | None = None, why: str | None = None) -> None:
    """The channel's word about a message of ours, the newest one when none is named."""
    line = _ours(talk, seq)
    line.status = status
    if status in ("sent", "delivered", "read"):
        talk.failed.discard(line.seq)
        talk.sent = max(talk.sent, line.seq)
        talk.delivered = max(talk.delivered, line.seq if status != "sent" else 0)
        talk.read = max(talk.read, line.seq if status == "read" else 0)
        world.on_marks(talk)
    elif status == "failed":
        talk.failed.add(line.seq)
    if why is not None or status in ("failed", "unknown"):
        world.say(talk, SYSTEM, why, kind="delivery", target=line.seq, status=status)


def redeliver(world: World, talk: Talk, agent: Any, seq: int, verb: str, epoch: int) -> None:
    """Retry or skip, under the agent's claim."""
    world.check(talk, agent, epoch)
    line = _ours(talk, seq)
    taken = {"retry": ("failed",), "skip": ("queued", "unknown", "failed")}[verb]
    if line.status not in taken:
        raise RefusedError(422, "invalid", "This message is on its way, or has arrived.")
    if verb == "retry":
        world.check_open(talk)
    line.status = "queued" if verb == "retry" else "skipped"
    talk.failed.discard(seq)
    actor = Actor(kind="agent", id=agent.id, name=agent.name)
    world.say(talk, actor, None, kind="delivery", target=seq, status=line.status)


def set_window(world: World, talk: Talk, minutes: float, *, quiet: bool = False) -> None:
    """So much is left from now on; `quiet`: pages that are open don't learn of it."""
    talk.window = datetime.now(UTC) + timedelta(minutes=minutes)
    if not quiet:
        world.on_row(talk)


def block(world: World, talk: Talk, on: bool) -> None:
    talk.blocked = on
    state = "blocked" if on else "unblocked"
    world.say(talk, world.customer(talk), None, kind="state", state=state, epoch=talk.epoch)


def _ours(talk: Talk, seq: int | None) -> Event:
    for line in reversed(talk.lines()):
        if line.seq == seq or (seq is None and line.actor.kind != "customer"):
            return line
    raise RefusedError(404, "not_found", "There is no such message.")
