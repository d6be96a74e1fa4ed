"""Bodies of the delivery log of mails and of the test mail."""

from typing import Literal

from .common import Incoming, Outgoing

MailKind = Literal["handover", "digest", "answer", "test"]
MailState = Literal["waiting", "sending", "sent", "failed", "dropped"]


class Mail(Outgoing, kw_only=True):
    """One mail to one person. `error` is why it failed, was dropped, or still waits. An answer has no subject until its
    time has come; `dropped`: the visitor came back first, or the owner has left the team.
    """

    id: str
    kind: MailKind
    to: str
    subject: str | None
    state: MailState
    attempts: int
    error: str | None
    created_at: str
    sent_at: str | None


class Mails(Outgoing, kw_only=True):
    """Newest first; `next` is the `cursor` of the following page."""

    items: list[Mail]
    next: str | None


class SendTestMail(Incoming, kw_only=True):
    """An empty body: it goes to whoever asks."""


class SentTestMail(Outgoing, kw_only=True):
    """What became of a test mail in the first seconds. `waiting`: not yet, and `error` says why as far as it is known;
    it goes out as soon as it can.
    """

    to: str
    state: Literal["sent", "failed", "waiting"]
    error: str | None
