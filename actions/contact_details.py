"""What a customer may answer to the contact form's questions. Pure.

The live chat service holds its own form, and this one, to the same: tests/contract/forms/contact_details.json has the
examples on which both are tested.
"""

import re

NAME_LENGTH, EMAIL_LENGTH, PHONE_LENGTH, MESSAGE_LENGTH = 120, 254, 40, 8000

_WORD = r"[^@\s,;:<>()\[\]\\\"\x00-\x1f\x7f]+"
EMAIL = re.compile(rf"{_WORD}@{_WORD}\.{_WORD}")
PHONE = re.compile(r"\+?([ ()/.-]*[0-9]){5,}[ ()/.-]*")
PHONE_IN_WORDS = re.compile(r"(?<!\w)\+?[0-9][0-9 ()/.-]{5,}[0-9](?!\w)")
_AROUND = " \t\r\n.,;:!?()<>\"'"

LEAVING = frozenset(
    {
        "cancel",
        "stop",
        "quit",
        "exit",
        "abort",
        "never mind",
        "nevermind",
        "forget it",
        "leave it",
        "abbrechen",
        "abbruch",
        "stopp",
        "vergiss es",
    }
)
"""Whoever writes one of these, and nothing else, wants out. The form's button says `cancel`."""


def wants_out(text: str) -> bool:
    """Whether the customer leaves the form, whatever was asked."""
    return " ".join(text.strip(_AROUND).lower().split()) in LEAVING


def is_name(text: str) -> bool:
    return _has_words(text) and len(text) <= NAME_LENGTH


def is_email(text: str) -> bool:
    return len(text) <= EMAIL_LENGTH and EMAIL.fullmatch(text) is not None


def is_phone(text: str) -> bool:
    return len(text) <= PHONE_LENGTH and PHONE.fullmatch(text) is not None


def is_message(text: str) -> bool:
    return _has_words(text) and len(text) <= MESSAGE_LENGTH


def find_reach(text: str) -> str | None:
    """The e-mail address or phone number in an answer, alone or among other words."""
    alone = text.strip()
    if is_email(alone) or is_phone(alone):
        return alone
    email = next((word for word in (part.strip(_AROUND) for part in text.split()) if is_email(word)), None)
    number = PHONE_IN_WORDS.search(text)
    phone = number[0] if number is not None and is_phone(number[0]) else None
    return email or phone


def as_contact(name: str, reach: str, message: str) -> dict[str, str]:
    """The body that the service takes."""
    return {"name": name, "email" if is_email(reach) else "phone": reach, "message": message}


def _has_words(text: str) -> bool:
    return bool(text.strip()) and "\x00" not in text
