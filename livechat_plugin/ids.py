"""Ids and secrets: random, URL-safe, and told apart by type. Rasa's `sender_id` is a ConversationId as it stands."""

import hashlib
import secrets
from typing import NewType

AgentId = NewType("AgentId", str)
ConversationId = NewType("ConversationId", str)
CustomerId = NewType("CustomerId", str)
HandoverId = NewType("HandoverId", str)
TurnId = NewType("TurnId", str)


def new_id() -> str:
    """96 random bits in hexadecimal: unguessable enough for an id, not used as a secret."""
    return secrets.token_hex(12)


def new_token() -> str:
    """A 256-bit bearer secret; only its hash is stored."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
