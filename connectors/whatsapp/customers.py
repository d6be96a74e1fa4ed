"""Who wrote: a customer has a business-scoped id, a phone number, or both, and neither is always told.

The business-scoped id is what we go by, because it is told with every message and is nobody else's; the phone number is
an alias. Both may change when the customer changes the number; Meta says so in a system message.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..errors import Malformed
from ..model import Profile
from .fields import find

PHONE = re.compile(r"\+?(\d{5,20})", re.ASCII)
USER_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]{1,140}", re.ASCII)
"""A business-scoped id: the country, a dot, and up to 128 letters and digits."""


class Customer(NamedTuple):
    """`external_user` is the key of the conversation, `aliases` are this customer's other ids."""

    external_user: str
    aliases: tuple[str, ...]
    profile: Profile | None


def read_customer(message: Mapping[str, Any], contacts: Sequence[Mapping[str, Any]]) -> Customer:
    """Who sent `message`; raises Malformed when nothing says it."""
    contact = _contact(message, contacts)
    told = [
        find(message, "from_user_id", str),
        find(contact, "user_id", str),
        find(message, "from", str),
        find(contact, "wa_id", str),
    ]
    ids = [each for each in told if each]
    user_id = next((each for each in ids if USER_ID.fullmatch(each)), None)
    phone = next((found[1] for each in ids if (found := PHONE.fullmatch(each))), None)
    if user_id:
        return Customer(user_id, (phone,) if phone else (), _profile(contact, phone))
    if phone:
        return Customer(phone, (), _profile(contact, phone))
    raise Malformed("from: expected a phone number, or from_user_id")


def address(external_user: str) -> dict[str, str]:
    """How a request names its receiver. Meta takes a user id in `to` without a word and delivers it to nobody."""
    if found := PHONE.fullmatch(external_user):
        return {"to": found[1]}
    return {"recipient": external_user}


def _contact(message: Mapping[str, Any], contacts: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The one of `contacts` who sent `message`. A webhook with one contact is about that one."""
    sender = find(message, "from", str)
    user_id = find(message, "from_user_id", str)
    for contact in contacts:
        if (user_id and contact.get("user_id") == user_id) or (sender and contact.get("wa_id") == sender):
            return contact
    return contacts[0] if len(contacts) == 1 else {}


def _profile(contact: Mapping[str, Any], phone: str | None) -> Profile | None:
    name, username = find(contact, "profile.name", str), find(contact, "profile.username", str)
    if not (name or username or phone):
        return None
    return Profile(name=name or None, username=username or None, phone=f"+{phone}" if phone else None)
