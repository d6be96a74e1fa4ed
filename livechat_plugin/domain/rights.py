"""Who may do what: the one table that HTTP and the sockets ask. What is not in it is forbidden."""

from typing import Literal

Action = Literal[
    "see_conversations",
    "claim",
    "write",
    "note",
    "resolve",
    "give_away",
    "see_agents",
    "see_settings",
    "change_settings",
    "see_mails",
]

EVERYBODY = frozenset({"owner", "admin", "agent"})
ADMINS = frozenset({"owner", "admin"})

ALLOWED: dict[Action, frozenset[str]] = {
    "see_conversations": EVERYBODY,
    "claim": EVERYBODY,
    "write": EVERYBODY,
    "note": EVERYBODY,
    "resolve": EVERYBODY,
    "give_away": EVERYBODY,
    "see_agents": EVERYBODY,
    "see_settings": EVERYBODY,
    "change_settings": ADMINS,
    "see_mails": ADMINS,
}


def can(role: str, action: Action) -> bool:
    """Whether somebody of this role may do it; holding the conversation is checked by the epoch, not here."""
    return role in ALLOWED.get(action, frozenset())
