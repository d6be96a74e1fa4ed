"""What customers send, of every kind that Meta documents."""

import logging
from contextlib import suppress
from dataclasses import replace

import pytest

from connectors.errors import UnsupportedUpdate
from connectors.model import Inbound, InboundAttachment, Profile, Receipt
from connectors.whatsapp.wire import read_webhook

from .payloads import CONTEXT, NUMBER, PHONE, SECOND_NUMBER, USER_ID, names, raw, wamid

TEXT = Inbound(
    channel="whatsapp",
    account=NUMBER,
    external_user=PHONE,
    external_id=wamid(),
    kind="message",
    text="Does it come in another color?",
    ref=wamid(),
    sent_at="2025-06-08T20:59:43Z",
    profile=Profile(name="Sheena Nelson", phone=f"+{PHONE}"),
)
BARE = replace(TEXT, text=None)
MEDIUM = InboundAttachment("file", "1003383421387256")
ORDER = "Order:\n2 × di9ozbzfi4 at 30 USD\n1 × nqryix03ez at 25.5 USD\nLove these!"
PEOPLE = "Contact: Barbara J. Johnson, +1 650-555-9999, bjohnson@lucky.example\nContact: Ana, +49 30 901820"
NAMED = "Location: 37.4421, -122.1615, Philz Coffee, 101 Forest Ave, Palo Alto, CA 94301"
BOTH = Profile("Sheena Nelson", "sheena.n", f"+{PHONE}")

MESSAGES: dict[str, Inbound] = {
    "text": TEXT,
    "text_reply": replace(TEXT, text="Yes, that one"),
    "text_user_id": replace(TEXT, text="Hello", external_user=USER_ID, aliases=(PHONE,), profile=BOTH),
    "text_username_only": replace(
        TEXT, text="Hello", external_user=USER_ID, profile=Profile("Sheena Nelson", "sheena.n")
    ),
    "image": replace(
        TEXT,
        text="Look at this!",
        attachments=(replace(MEDIUM, kind="image", mime="image/jpeg"),),
    ),
    "document": replace(
        TEXT, text="My invoice", attachments=(replace(MEDIUM, name="invoice 17.pdf", mime="application/pdf"),)
    ),
    "audio_voice": replace(BARE, attachments=(replace(MEDIUM, mime="audio/ogg"),)),
    "video": replace(BARE, attachments=(replace(MEDIUM, mime="video/mp4"),)),
    "sticker": replace(BARE, attachments=(replace(MEDIUM, kind="image", mime="image/webp"),)),
    "sticker_animated": replace(BARE, attachments=(replace(MEDIUM, mime="image/webp"),)),
    "location": replace(TEXT, text="Location: 52.5200, 13.4050"),
    "location_named": replace(TEXT, text=NAMED),
    "contacts": replace(TEXT, text=PEOPLE),
    "button_reply": replace(TEXT, kind="button", button="b:12:0", text="Trail kettle"),
    "list_reply": replace(TEXT, kind="button", button="b:12:human", text="Talk to Human"),
    "list_reply_foreign": replace(TEXT, text="Priority Mail Express"),
    "template_button": replace(TEXT, text="Unsubscribe"),
    "interactive_with_error": replace(TEXT, text="(A message that WhatsApp does not pass on)"),
    "reaction": replace(TEXT, kind="reaction", text="👍", ref=CONTEXT),
    "reaction_taken_back": replace(BARE, kind="reaction", ref=CONTEXT),
    "order": replace(TEXT, text=ORDER),
    "edit": replace(TEXT, kind="edit", text="Does it come in green?", ref=CONTEXT),
    "edit_caption": replace(TEXT, kind="edit", text="Updated caption", ref=CONTEXT),
    "unsupported": replace(TEXT, text="(A message that WhatsApp does not pass on)"),
    "unsupported_poll": replace(TEXT, text="(A message that WhatsApp does not pass on: poll_creation)"),
}

"""A press is a message of the customer: `ref` is its own id, not that of ours with the button."""

LEFT = {
    "errors_only": "a webhook with nothing in it",
    "flow_reply": "a reply of the kind 'nfm_reply'",
    "group": "a group message",
    "other_number": "a number that is not ours",
    "revoke": "a message of the kind 'revoke'",
    "status_of_another_sender": "a status of somebody else's message",
    "status_other_tag": "a status of somebody else's message",
    "status_warning": "the status 'warning'",
    "system_number": "a message of the kind 'system'",
    "system_user_id": "a message of the kind 'system'",
    "template_status": "a change of 'message_template_status_update'",
}


@pytest.mark.parametrize("name", MESSAGES)
@pytest.mark.promise("channels", "2a")
def test_a_message_is_read(name: str) -> None:
    """Every kind becomes what an agent can read, press on, or open."""
    assert read_webhook(raw(name), [NUMBER]) == [MESSAGES[name]]


@pytest.mark.parametrize("name", LEFT)
@pytest.mark.promise("channels", "2a")
def test_what_is_of_no_use_is_named(name: str) -> None:
    """By its kind alone."""
    with pytest.raises(UnsupportedUpdate) as left:
        read_webhook(raw(name), [NUMBER])
    assert left.value.kind == LEFT[name]


def test_every_payload_is_expected_to_be_something() -> None:
    """A new file without an expectation fails."""
    statuses = {"status_sent", "status_delivered", "status_read", "status_played", "status_failed_window"}
    assert set(names()) == {*MESSAGES, *LEFT, *statuses, "status_failed_unexplained", "several"}


def test_neighbours_in_one_webhook_are_kept(caplog: pytest.LogCaptureFixture) -> None:
    """An unknown kind, a malformed message, a foreign status and a foreign number cost nobody else anything."""
    caplog.set_level(logging.INFO)
    first, second, status = read_webhook(raw("several"), [NUMBER])
    assert isinstance(first, Inbound)
    assert isinstance(second, Inbound)
    assert (first.text, second.text) == ("first", "second")
    assert (second.external_user, second.aliases) == ("DE.7771208655302741918", ("4915112345678",))
    assert second.profile == Profile("Jessica", phone="+4915112345678")
    assert isinstance(status, Receipt)
    assert [record.getMessage() for record in caplog.records] == [
        "whatsapp: nothing is done with a message of the kind 'hologram'",
        "whatsapp: nothing is done with a status of somebody else's message",
        "whatsapp: nothing is done with a number that is not ours",
        "whatsapp: left out of a webhook: image.id: expected a text",
    ]


def test_each_number_is_an_account_of_its_own() -> None:
    """Two numbers in one webhook, both ours."""
    things = read_webhook(raw("several"), [NUMBER, SECOND_NUMBER])
    assert [thing.account for thing in things] == [NUMBER, NUMBER, NUMBER, SECOND_NUMBER]
    assert read_webhook(raw("several"), [SECOND_NUMBER]) == [things[-1]]


def test_the_words_of_a_customer_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Nor names or phones."""
    caplog.set_level(logging.DEBUG)
    for name in names():
        with suppress(UnsupportedUpdate):
            read_webhook(raw(name), [NUMBER])
    said = caplog.text + "".join(LEFT.values())
    assert not [word for word in ("color", "Sheena", PHONE, "first", "Jessica", "4915112345678") if word in said]


def test_meta_s_own_errors_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    """By their code."""
    with pytest.raises(UnsupportedUpdate):
        read_webhook(raw("errors_only"), [NUMBER])
    assert f"Meta reports error 130429 for number {NUMBER}" in caplog.text
