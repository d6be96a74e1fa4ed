"""Webhooks that are signed and yet not what Meta documents: refused with the field's name, never a stack trace."""

import contextlib
import copy
import json
import random
from typing import Any

import pytest

from connectors.errors import Malformed, UnsupportedUpdate
from connectors.model import Inbound
from connectors.whatsapp.wire import read_webhook

from .payloads import NUMBER, PHONE, names, payload, raw, value


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"", "body: expected JSON"),
        (b"{", "body: expected JSON"),
        (b"\xff\xfe", "body: expected JSON"),
        (b"[" * 100_000, "body: expected JSON"),
        (b"[]", "body: expected an object"),
        (b"{}", "object: expected a text"),
        (b'{"object": "whatsapp_business_account"}', "entry: expected a list"),
        (b'{"object": "whatsapp_business_account", "entry": {}}', "entry: expected a list"),
        (b'{"object": "whatsapp_business_account", "entry": [{"changes": 1}]}', "changes: expected a list"),
        (b'{"object": "whatsapp_business_account", "entry": [{"changes": [1]}]}', "field: expected a text"),
    ],
)
@pytest.mark.promise("channels", "2a")
def test_a_malformed_envelope_is_named(body: bytes, named: str) -> None:
    """Whatever the bytes are."""
    with pytest.raises(Malformed, match=named):
        read_webhook(body, [NUMBER])


def test_another_object_of_meta_s_is_left() -> None:
    """One app may have webhooks of Instagram at the same address."""
    with pytest.raises(UnsupportedUpdate, match="a webhook of 'instagram'"):
        read_webhook(b'{"object": "instagram", "entry": []}', [NUMBER])


@pytest.mark.parametrize(
    ("name", "path", "wrong", "named"),
    [
        ("text", "metadata.phone_number_id", None, "metadata.phone_number_id: expected a text"),
        ("text", "messages", {}, "messages: expected a list"),
        ("text", "messages.0.id", None, "id: expected a text"),
        ("text", "messages.0.type", 3, "type: expected a text"),
        ("text", "messages.0.timestamp", "soon", "timestamp: expected seconds since 1970"),
        ("text", "messages.0.timestamp", "9" * 30, "timestamp: expected seconds since 1970"),
        ("text", "messages.0.timestamp", 1749416383, "timestamp: expected a text"),
        ("text", "messages.0.text", None, "text.body: expected a text"),
        ("text", "messages.0.text.body", ["x"], "text.body: expected a text"),
        ("image", "messages.0.image", None, "image.id: expected a text"),
        ("sticker", "messages.0.sticker", "x", "sticker.id: expected a text"),
        ("location", "messages.0.location.latitude", "north", "location.latitude: expected a number"),
        ("contacts", "messages.0.contacts", {}, "contacts: expected a list"),
        ("contacts", "messages.0.contacts.0", {}, r"contacts\[0\].name: expected a text"),
        ("button_reply", "messages.0.interactive.button_reply", None, "interactive.button_reply.id: expected a text"),
        ("template_button", "messages.0.button", None, "button.text: expected a text"),
        ("reaction", "messages.0.reaction.message_id", None, "reaction.message_id: expected a text"),
        ("order", "messages.0.order.product_items", None, "order.product_items: expected a list"),
        ("order", "messages.0.order.product_items.0", 7, "product_retailer_id: expected a text"),
        ("edit", "messages.0.edit.original_message_id", None, "edit.original_message_id: expected a text"),
        ("status_read", "statuses.0.status", None, "status: expected a text"),
        ("status_read", "statuses.0.id", None, "id: expected a text"),
        ("status_read", "statuses.0.timestamp", None, "timestamp: expected a text"),
    ],
)
@pytest.mark.promise("channels", "2a")
def test_a_malformed_field_is_named(name: str, path: str, wrong: Any, named: str) -> None:
    """So that the log says what Meta changed."""
    body = payload(name)
    put(value(body), path.split("."), wrong)
    with pytest.raises(Malformed, match=named):
        read_webhook(json.dumps(body).encode(), [NUMBER])


def test_an_id_that_is_none_is_not_taken_for_one() -> None:
    """Ids become parts of addresses; the other place that tells it is taken."""
    body = payload("text_user_id")
    value(body)["messages"][0]["from_user_id"] = value(body)["contacts"][0]["user_id"] = "../../x"
    (thing,) = read_webhook(json.dumps(body).encode(), [NUMBER])
    assert isinstance(thing, Inbound)
    assert (thing.external_user, thing.aliases) == (PHONE, ())


def test_somebody_must_have_sent_it() -> None:
    """Neither a phone number nor a user id is required alone, but one of them is."""
    body = payload("text_username_only")
    del value(body)["contacts"]
    del value(body)["messages"][0]["from_user_id"]
    with pytest.raises(Malformed, match="from: expected a phone number, or from_user_id"):
        read_webhook(json.dumps(body).encode(), [NUMBER])


@pytest.mark.parametrize("seed", range(150))
def test_whatever_is_changed_there_is_an_answer(seed: int) -> None:
    """Any field of any payload replaced by anything: things of ours, Malformed or UnsupportedUpdate, nothing else."""
    chance = random.Random(seed)
    body = payload(chance.choice(names()))
    for _ in range(chance.randrange(1, 4)):
        places = list(paths(body))
        put(body, chance.choice(places), copy.deepcopy(chance.choice(WRONG)))
    with contextlib.suppress(Malformed, UnsupportedUpdate):
        assert read_webhook(json.dumps(body).encode(), [NUMBER])


WRONG: list[Any] = [None, True, 0, -1, 1e300, "", "x", "\ud800", "9" * 400, [], {}, [[]], [{}], {"id": {}}, [None, 3]]


def paths(body: Any, above: tuple[Any, ...] = ()) -> Any:
    """Every place in a body."""
    inner = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for name, thing in inner:
        yield [*above, name]
        yield from paths(thing, (*above, name))


def put(body: Any, path: list[Any], thing: Any) -> None:
    """Write `thing` at a place."""
    *above, last = path
    for name in above:
        body = body[int(name) if isinstance(body, list) else name]
    body[int(last) if isinstance(body, list) else last] = thing


def test_the_payloads_are_whole() -> None:
    """The files are what Meta would sign."""
    assert all(json.loads(raw(name)) for name in names())
