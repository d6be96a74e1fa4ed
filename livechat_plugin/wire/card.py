"""The handover card: what Rasa's tracker knows about why this customer needs a person."""

from typing import Any

import msgspec


class CardPart(msgspec.Struct, kw_only=True):
    """Made on the Rasa side, stored and shown as it came; unknown fields of a newer connector are dropped."""


class Rival(CardPart, kw_only=True):
    intent: str
    confidence: float


class ReadIntent(CardPart, kw_only=True):
    """How the bot read one customer line: its intent, and the two it was weighed against."""

    text: str | None = None
    intent: str
    confidence: float
    rivals: list[Rival] = []


class CardSlot(CardPart, kw_only=True):
    name: str
    value: Any = None


class ActiveForm(CardPart, kw_only=True):
    name: str
    requested_slot: str | None = None


class FailedTurn(CardPart, kw_only=True):
    """A customer line that the bot did not understand or could not carry out, and what it said instead."""

    text: str
    answer: str | None = None
    why: str | None = None


class Card(CardPart, kw_only=True):
    """`rule` is the policy's rule that fired (`request`, `low_confidence`, `repeated_answer`, `failed_action`)."""

    rule: str | None = None
    reason: str | None = None
    confidence: float | None = None
    ranking: list[Rival] = []
    intents: list[ReadIntent] = []
    slots: list[CardSlot] = []
    missing_slots: list[str] = []
    active_form: ActiveForm | None = None
    failed_turns: list[FailedTurn] = []
