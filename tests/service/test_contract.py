"""The bodies that cross between Rasa and the service: what Rasa makes is accepted, what it reads is made so here.

The examples in tests/contract/ are what both sides agree on; Rasa's side proves its half in its own environment.
"""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from livechat_plugin import render
from livechat_plugin.domain import channel_files
from livechat_plugin.links import Links
from livechat_plugin.wire import bridge, card, common, connector

FOLDER = Path(__file__).parents[1] / "contract"
EXAMPLES = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
MODULES = {"bridge": bridge, "connector": connector}
ANSWERS = {"CardAnswer", "Delivered", "DeliveryGoing", "DeliverLater", "DeliveryRefused", "DeliveryFailed"}
FROM_RASA = {f"connector.{answer}" for answer in ANSWERS}
MADE_BY_RASA = [
    name
    for name, example in EXAMPLES.items()
    if example["struct"].startswith("bridge.") or example["struct"] in FROM_RASA
]
MADE_HERE = [name for name in EXAMPLES if name not in MADE_BY_RASA]


def struct(name: str) -> type[msgspec.Struct]:
    module, _, class_name = EXAMPLES[name]["struct"].partition(".")
    found: type[msgspec.Struct] = getattr(MODULES[module], class_name)
    return found


def without_defaults(value: Any) -> Any:
    """Leaves out what is null or empty: the other side need not say it."""
    if isinstance(value, dict):
        return {key: without_defaults(item) for key, item in value.items() if item not in (None, [], {}, False)}
    return [without_defaults(item) for item in value] if isinstance(value, list) else value


def test_every_kind_of_body_has_an_example() -> None:
    """Each struct that crosses appears at least once."""
    crossing = {"Inbound", "TurnMessages", "BotMessages", "OpenHandover", "Receipt"}
    crossing |= {"Turn", "Deliver", "MediaRequest", "CardRequest", *ANSWERS}
    assert {example["struct"].partition(".")[2] for example in EXAMPLES.values()} == crossing


@pytest.mark.parametrize("name", MADE_BY_RASA)
def test_what_rasas_side_makes_is_accepted_whole(name: str) -> None:
    """The example decodes strictly, and nothing of it is lost on the way."""
    raw = json.dumps(EXAMPLES[name]["body"]).encode()
    decoded = msgspec.json.decode(raw, type=struct(name))
    again = json.loads(msgspec.json.encode(decoded))
    assert without_defaults(again) == without_defaults(EXAMPLES[name]["body"])


@pytest.mark.parametrize("name", MADE_HERE)
def test_what_the_service_makes_is_the_example(name: str) -> None:
    """The example's fields are exactly those that the service encodes."""
    body = EXAMPLES[name]["body"]
    made = msgspec.convert(body, struct(name))
    assert without_defaults(json.loads(msgspec.json.encode(made))) == without_defaults(body)
    assert set(body) <= {field.encode_name for field in msgspec.structs.fields(struct(name))}


def test_the_files_that_a_channel_takes_are_those_of_its_connector() -> None:
    """The connector's own list is held against the same file."""
    for channel, (_, taken) in channel_files.LISTS.items():
        assert json.loads((FOLDER / "files" / f"{channel}.json").read_text()) == taken


def test_a_text_is_as_long_as_connectors_think() -> None:
    """They cut what is longer, as it would be refused and lost."""
    assert json.loads((FOLDER / "texts" / "longest.json").read_text()) == common.MAX_TEXT


def test_a_card_of_a_newer_connector_is_read() -> None:
    """Fields of the card that we don't know yet are dropped, not refused."""
    assert msgspec.convert({"rule": "request", "mood": "calm"}, card.Card).rule == "request"


def test_only_a_web_address_makes_a_button_a_link() -> None:
    """A bot's button with a URL opens it; anything but http and https is no link."""
    row = {
        "seq": 4,
        "kind": "message",
        "actor_kind": "bot",
        "actor_id": None,
        "actor_name": None,
        "at": 0,
        "text": "Look",
        "key": None,
        "body": {
            "buttons": [{"title": "Shop", "url": "https://shop.example/"}, {"title": "x", "url": "javascript:x()"}]
        },
    }
    made = render.event(row, 3, "customer", Links(key=b"k" * 32))  # type: ignore[arg-type]
    assert [(button.key, button.url) for button in made.buttons] == [
        ("b:4:0", "https://shop.example/"),
        ("b:4:1", None),
    ]
