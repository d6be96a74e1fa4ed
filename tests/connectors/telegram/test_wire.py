"""What Telegram's updates become."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import Malformed, UnsupportedUpdate
from connectors.model import as_body
from connectors.telegram.wire import ALLOWED_UPDATES, parse

PAYLOADS = Path(__file__).parent / "payloads"
ACCOUNT = "1110001"
ANA = {"name": "Ana Lima", "username": "analima", "locale": "pt"}
SAID_AT = "2026-01-05T09:59:58Z"


def raw(name: str) -> bytes:
    return (PAYLOADS / f"{name}.json").read_bytes()


def update(name: str) -> Any:
    return json.loads(raw(name))


def read(name: str, groups: bool = False) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(json.dumps(as_body(parse(raw(name), ACCOUNT, groups))))
    return body


def photo(ref: str, size: int) -> dict[str, Any]:
    return {"kind": "image", "ref": ref, "name": "photo.jpg", "mime": "image/jpeg", "size": size}


def file(ref: str, name: str, mime: str | None, size: int) -> dict[str, Any]:
    found = {"kind": "file", "ref": ref, "name": name, "mime": mime, "size": size}
    return {key: value for key, value in found.items() if value is not None}


MESSAGES: dict[str, dict[str, Any]] = {
    "text": {"text": "Where is my parcel?"},
    "command": {"kind": "start", "text": "/start"},
    "text_reply": {"text": "This one"},
    "text_forwarded": {"text": "Your order shipped"},
    "photo": {"text": "The label", "attachments": [photo("AgACAgQAAxy", 148213)]},
    "photo_of_an_album": {"attachments": [photo("AgACAgQAAxb", 72010)], "album": "13871982739182"},
    "document": {
        "text": "Please check",
        "attachments": [file("BQACAgQAAxDoc", "invoice 10388.pdf", "application/pdf", 48213)],
    },
    "voice": {"attachments": [file("AwACAgQAAxVoice", "voice.ogg", "audio/ogg", 16021)]},
    "audio": {"attachments": [file("CQACAgQAAxAudio", "hiss.mp3", "audio/mpeg", 2912345)]},
    "video": {
        "text": "It hisses",
        "attachments": [file("BAACAgQAAxVideo", "IMG_0042.MOV", "video/quicktime", 3912345)],
    },
    "video_note": {"attachments": [file("DQACAgQAAxNote", "video.mp4", "video/mp4", 412345)]},
    "animation": {"attachments": [file("CgACAgQAAxGif", "giphy.mp4", "video/mp4", 91234)]},
    "sticker": {
        "attachments": [
            {"kind": "image", "ref": "CAACAgQAAxSt", "name": "sticker.webp", "mime": "image/webp", "size": 21034}
        ]
    },
    "sticker_animated": {
        "text": "👍",
        "attachments": [file("CAACAgQAAxTgs", "sticker.tgs", "application/x-tgsticker", 21034)],
    },
    "sticker_video": {"text": "👍", "attachments": [file("CAACAgQAAxWebm", "sticker.webm", "video/webm", 21034)]},
    "location": {"text": "Location: 52.52001, 13.40495"},
    "venue": {"text": "Location: Trail Shop, Torstr. 1, Berlin (52.52001, 13.40495)"},
    "contact_own": {"text": "Contact: Ana Lima, +4915112345678", "profile": {**ANA, "phone": "+4915112345678"}},
    "contact_other": {"text": "Contact: Shop, +49301234567"},
    "dice": {"text": "🎲 4"},
}


@pytest.mark.parametrize("name", MESSAGES)
@pytest.mark.promise("channels", "2a")
def test_a_message_is_read(name: str) -> None:
    """Words, pictures, files, places and people; the rest of the body is the same for all."""
    sent = update(name)
    assert read(name) == {
        "channel": "telegram",
        "account": ACCOUNT,
        "external_user": "7012345",
        "external_id": str(sent["update_id"]),
        "kind": "message",
        "ref": str(sent["message"]["message_id"]),
        "sent_at": SAID_AT,
        "profile": ANA,
        **MESSAGES[name],
    }


OTHERS: dict[str, dict[str, Any]] = {
    "edited_text": {
        "kind": "edit",
        "text": "Where is my second parcel?",
        "ref": "301",
        "sent_at": "2026-01-05T10:01:00Z",
    },
    "edited_caption": {
        "kind": "edit",
        "text": "The new label",
        "attachments": [photo("AgACAgQAAxs", 1204)],
        "ref": "305",
        "sent_at": "2026-01-05T10:01:01Z",
    },
    "button": {"kind": "button", "button": "b:12:0"},
    "button_human": {"kind": "button", "button": "b:12:human"},
    "button_old_message": {"kind": "button", "button": "b:3:1"},
    "blocked": {"kind": "blocked", "sent_at": "2026-01-05T10:01:40Z"},
    "unblocked": {"kind": "unblocked", "sent_at": "2026-01-05T10:01:40Z"},
    "reaction": {"kind": "reaction", "text": "❤", "ref": "289", "sent_at": "2026-01-05T10:02:00Z"},
    "reaction_taken_back": {"kind": "reaction", "ref": "289", "sent_at": "2026-01-05T10:02:00Z"},
}


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.promise("channels", "2a")
def test_what_else_a_customer_does_is_read(name: str) -> None:
    """Edits, presses, blocks, reactions: `ref` is the message that they are about; a press is no message."""
    assert read(name) == {
        "channel": "telegram",
        "account": ACCOUNT,
        "external_user": "7012345",
        "external_id": str(update(name)["update_id"]),
        "profile": ANA,
        **OTHERS[name],
    }


def test_a_press_says_where_it_is_acknowledged() -> None:
    """Telegram wants to hear of the query; the service does not."""
    assert parse(raw("button"), ACCOUNT, groups=False).answer_to == "30117804310987234"
    assert "answer_to" not in read("button")


def test_a_customer_may_say_little_of_themselves() -> None:
    """No last name, no user name, no language."""
    assert read("profile_bare")["profile"] == {"name": "S"}


UNSUPPORTED = {
    "edited_live_location": "a live location that moves",
    "button_inline": "a button of an inline message or game",
    "group_membership": "the bot's membership of a group",
    "group_text": "message in a group",
    "group_title": "a message with new_chat_title",
    "reaction_custom": "a reaction without an emoji",
    "channel_post": "channel_post",
    "edited_channel_post": "edited_channel_post",
    "inline_query": "inline_query",
    "poll_answer": "poll_answer",
    "poll": "a message with poll",
    "pinned": "a message with pinned_message",
    "from_a_bot": "a message of a bot",
}


@pytest.mark.parametrize("name", UNSUPPORTED)
@pytest.mark.promise("channels", "2a")
def test_what_is_of_no_use_says_its_kind(name: str) -> None:
    """The kind and nothing that anybody wrote."""
    with pytest.raises(UnsupportedUpdate) as unsupported:
        read(name)
    assert unsupported.value.kind == UNSUPPORTED[name]


def test_every_captured_update_is_expected() -> None:
    """No payload lies there unread."""
    names = {path.stem for path in PAYLOADS.glob("*.json")}
    assert names == {*MESSAGES, *OTHERS, *UNSUPPORTED, "profile_bare"}


def test_a_group_is_one_customer_where_groups_are_served() -> None:
    """It is answered in the group, so its id is the customer's."""
    body = read("group_text", groups=True)
    assert (body["external_user"], body["group"]) == ("-1001234567890", "-1001234567890")
    assert body["profile"] == {"name": "Trail riders"}


@pytest.mark.parametrize("kind", ALLOWED_UPDATES)
def test_what_is_asked_for_is_read(kind: str) -> None:
    """There is a captured update of each kind that setWebhook asks for, and it becomes something."""
    named = [name for name in (*MESSAGES, *OTHERS) if kind in update(name)]
    assert named


MALFORMED: list[tuple[str, str]] = [
    ("", "body: expected JSON"),
    ("[" * 100_000, "body: expected JSON"),
    ("[]", "body: expected an object"),
    ("{}", "update_id: expected a number"),
    ('{"update_id": "1"}', "update_id: expected a number"),
    ('{"update_id": 1, "message": "hi"}', "message: expected an object"),
    ('{"update_id": 1, "message": {"from": {}, "text": "x", "message_id": 1}}', "chat: expected an object"),
    ('{"update_id": 1, "message": {"from": 5, "chat": {}, "text": "x"}}', "from: expected an object"),
    ('{"update_id": 1, "message": {"from": {}, "text": 5}}', "text: expected a text"),
    ('{"update_id": 1, "message": {"from": {}, "photo": []}}', "photo: expected a list of sizes"),
    ('{"update_id": 1, "message": {"from": {}, "photo": [{"width": "9"}]}}', "width: expected a number"),
    ('{"update_id": 1, "message": {"from": {}, "voice": {}}}', "file_id: expected a text"),
    ('{"update_id": 1, "message": {"from": {}, "location": {"latitude": null}}}', "latitude: expected a number"),
    ('{"update_id": 1, "callback_query": {"message": 1, "data": ""}}', "callback_query.message: expected an object"),
    ('{"update_id": 1, "my_chat_member": {"chat": {"type": "private"}}}', "new_chat_member: expected an object"),
]


@pytest.mark.parametrize(("body", "says"), MALFORMED)
@pytest.mark.promise("channels", "2a")
def test_what_is_malformed_is_named(body: str, says: str) -> None:
    """The field and what was expected, nothing of the content."""
    with pytest.raises(Malformed) as malformed:
        parse(body.encode(), ACCOUNT, groups=False)
    assert str(malformed.value) == says


@pytest.mark.parametrize("name", [*MESSAGES, *OTHERS])
def test_whatever_is_missing_or_wrong_is_no_crash(name: str) -> None:
    """Each field of each update in turn taken away, or made something else."""
    for changed in _broken(update(name)):
        with suppress(Malformed, UnsupportedUpdate):
            parse(json.dumps(changed).encode(), ACCOUNT, groups=False)


def _broken(value: Any) -> Any:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield {other: kept for other, kept in value.items() if other != key}
            for instead in (None, "x", -1, [], {}, True, 1e400):
                yield {**value, key: instead}
            for changed in _broken(inner):
                yield {**value, key: changed}
    if isinstance(value, list):
        for at, inner in enumerate(value):
            for changed in _broken(inner):
                yield [*value[:at], changed, *value[at + 1 :]]
