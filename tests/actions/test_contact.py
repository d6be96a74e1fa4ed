"""What the bot's contact form takes: the same as the widget's, by the examples that both are held to."""

import json
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.contact import ActionSubmitContact, ValidateContactForm
from actions.contact_details import as_contact, find_reach, is_email, is_message, is_name, is_phone, wants_out
from tests.connectors.contract import FOLDER, example
from tests.connectors.fake_service import TOKEN, FakeService

DETAILS: dict[str, dict[str, list[str]]] = json.loads(Path(FOLDER / "forms" / "contact_details.json").read_text())
CHECKS = {"name": is_name, "email": is_email, "phone": is_phone, "message": is_message}


@pytest.mark.parametrize("field", list(DETAILS))
def test_what_a_form_takes(field: str) -> None:
    """The examples that the service holds the widget's form to as well."""
    assert all(CHECKS[field](good) for good in DETAILS[field]["good"])
    assert not [bad for bad in DETAILS[field]["bad"] if CHECKS[field](bad)]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("ana@example.org", "ana@example.org"),
        (" +49 40 123456 ", "+49 40 123456"),
        ("It's ana@example.org.", "ana@example.org"),
        ("<ana@example.org>", "ana@example.org"),
        ("call me on 040/123456 please", "040/123456"),
        ("ana@example.org or 040 123456", "ana@example.org"),
        ("the order LK-10423", None),
        ("12", None),
        ("no", None),
        ("ana@example", None),
    ],
)
def test_an_answer_need_not_be_bare(said: str, found: str | None) -> None:
    """People write sentences; what is found in them passes the same check."""
    assert find_reach(said) == found
    assert found is None or is_email(found) or is_phone(found)


@pytest.mark.parametrize("said", ["cancel", "Cancel!", " STOP ", "never  mind", "Abbrechen."])
def test_a_word_alone_is_the_way_out(said: str) -> None:
    """In whichever case, with whatever around it."""
    assert wants_out(said)


@pytest.mark.parametrize("said", ["please cancel my order", "stop sending me mail", "", "Stopford", "no"])
def test_a_message_is_no_way_out(said: str) -> None:
    """Only the word alone is."""
    assert not wants_out(said)


def test_the_body_names_what_was_given() -> None:
    """An address is an e-mail, anything else that passed is a phone number."""
    assert as_contact("Ana", "ana@example.org", "Hi") == {"name": "Ana", "email": "ana@example.org", "message": "Hi"}
    assert as_contact("Ana", "12345", "Hi") == {"name": "Ana", "phone": "12345", "message": "Hi"}


async def test_the_details_are_the_agreed_ones(service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    """Key, trigger, contact and card are those of the contract."""
    monkeypatch.setenv("LIVECHAT_BRIDGE_TOKEN", TOKEN)
    monkeypatch.setenv("LIVECHAT_URL", service.url)
    slots = {"contact_name": "Ana", "contact_reach": "ana@example.org", "contact_message": "The stove hisses."}
    said = {"event": "user", "text": "The stove hisses.", "message_id": "t9", "parse_data": {}, "metadata": {}}
    tracker = Tracker("c1", slots, {}, [said], False, None, {}, "contact_form")
    dispatcher, action = CollectingDispatcher(), ActionSubmitContact()
    await action.run(dispatcher, tracker, {"slots": {name: {} for name in slots}})
    assert action._bridge is not None
    await action._bridge.close()
    assert dispatcher.messages == []
    assert service.bodies("handovers") == [example("leave_details")]


SAID: dict[str, Any] = {"event": "user", "text": "I want to leave a message", "parse_data": {}, "metadata": {}}
BEGUN = [SAID, {"event": "active_loop", "name": "contact_form"}, {"event": "action", "name": "contact_form"}]
OFF = {"open": False, "reason": "off", "opening": None, "form": False}
ENDED = {"contact_name", "contact_reach", "contact_message", "contact_key", "requested_slot"}


async def validated(events: list[dict[str, Any]], slots: dict[str, str]) -> list[dict[str, Any]]:
    """What `validate_contact_form` leaves; it says nothing."""
    dispatcher, action = CollectingDispatcher(), ValidateContactForm()
    tracker = Tracker("c1", dict(slots), SAID, list(events), False, None, {"name": "contact_form"}, "contact_form")
    left = await action.run(dispatcher, tracker, {"forms": {"contact_form": {"required_slots": []}}})
    await action._enquiry.close()
    assert dispatcher.messages == []
    return left


@pytest.fixture
def off_for_good(service: FakeService, monkeypatch: pytest.MonkeyPatch) -> FakeService:
    monkeypatch.setenv("LIVECHAT_BRIDGE_TOKEN", TOKEN)
    monkeypatch.setenv("LIVECHAT_URL", service.url)
    service.availability = OFF
    return service


async def test_a_form_that_is_sure_to_be_refused_ends_as_it_begins(off_for_good: FakeService) -> None:
    """No slot is asked for, and none keeps what it held."""
    left = await validated(BEGUN, {"contact_name": "Ana"})
    assert {event["name"]: event["value"] for event in left} == dict.fromkeys(ENDED)
    assert off_for_good.asked == ["c1"]


@pytest.mark.parametrize(
    ("events", "slots"), [([*BEGUN, SAID], {}), (BEGUN, {"contact_message": "Call me"})], ids=["under way", "kept"]
)
async def test_only_a_form_with_questions_ahead_is_asked_about(
    off_for_good: FakeService, events: list[dict[str, Any]], slots: dict[str, str]
) -> None:
    """Not at each answer, and not where all answers are kept: sending them tells."""
    assert await validated(events, slots) == []
    assert off_for_good.asked == []
