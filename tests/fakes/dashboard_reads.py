"""What the dashboard reads of a conversation in memory: a line of a list, its present state."""

from livechat_plugin.wire.common import Event
from livechat_plugin.wire.dashboard import Conversation, InboxRow, Preview

from .dashboard_talk import Handover, Talk, iso


def row(talk: Talk, handover: Handover | None) -> InboxRow:
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
        account=talk.account,
        customer=talk.customer,
        preview=last and Preview(actor=last.actor.kind, name=last.actor.name, text=said_in(last), at=last.at),
        requested_at=handover and iso(handover.requested_at),
        waiting_since=waiting,
        claimed_by=handover and handover.agent,
        claimed_at=handover and handover.claimed_at and iso(handover.claimed_at),
        resolved_at=handover and handover.resolved_at and iso(handover.resolved_at),
        unread=len(unread) if handover and handover.status != "resolved" else 0,
        priority=handover.priority if handover else 0,
        away=False,
        offered=False,
        failed=len(talk.failed),
        window_until=talk.window_until and iso(talk.window_until),
        holder=talk.holder.kind,
        epoch=talk.epoch,
        last_seq=talk.last_seq,
    )


def said_in(line: Event) -> str:
    """A line's text, shortened; without one, what it brings."""
    files = ", ".join("Picture" if one.kind == "image" else one.name or "File" for one in line.attachments)
    return (line.text or files)[:120]


def conversation(talk: Talk) -> Conversation:
    handover = talk.current
    return Conversation(
        id=talk.id,
        channel=talk.channel,
        account=talk.account,
        holder=talk.holder,
        since=iso(handover.claimed_at) if handover and handover.claimed_at else None,
        epoch=talk.epoch,
        last_seq=talk.last_seq,
        customer=talk.customer,
        handover=row(talk, handover) if handover else None,
        card=talk.card,
        sent_upto=talk.sent,
        delivered_upto=talk.delivered,
        read_upto=talk.read,
        team_read_upto=talk.team_read,
        window_until=talk.window_until and iso(talk.window_until),
        blocked=talk.blocked,
    )


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
