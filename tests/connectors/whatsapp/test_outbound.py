"""What we ask Meta to send: which parts a message has, within Meta's limits, and nothing of it lost."""

import random
from typing import Any

import pytest

from connectors.model import Attachment, Button, Outbound
from connectors.split import size
from connectors.whatsapp.outbound import Part, parts_of, request_for, typing_request, without_file

from .payloads import NUMBER, PHONE, USER_ID

OURS = Attachment("image", "/bridge/v1/files/f1", "kit.jpg", "image/jpeg", 90_112)
LINKED = Attachment("file", "https://bot.example/terms.pdf", "terms.pdf", "application/pdf")
VOICE = Attachment("file", "/bridge/v1/files/f3", "voice.ogg", "audio/ogg; codecs=opus", 5_000)
SHOP = Button("b:3:9", "Open the shop", "https://shop.example/")


def message(text: str | None = None, *attachments: Attachment, buttons: tuple[Button, ...] = ()) -> Outbound:
    return Outbound("c1:12", NUMBER, PHONE, text, attachments, buttons)


def choices(*titles: str) -> tuple[Button, ...]:
    return tuple(Button(f"b:12:{at}", title) for at, title in enumerate(titles))


def text(body: str, link: bool = False) -> tuple[str, Any]:
    return "text", {"body": body, "preview_url": link}


def pressable(body: str, **more: Any) -> tuple[str, Any]:
    return "interactive", {**more, "body": {"text": body}}


def replies(*buttons: tuple[str, str]) -> dict[str, Any]:
    each = [{"type": "reply", "reply": {"id": key, "title": title}} for key, title in buttons]
    return {"type": "button", "action": {"buttons": each}}


def link(title: str, url: str) -> dict[str, Any]:
    return {"type": "cta_url", "action": {"name": "cta_url", "parameters": {"display_text": title, "url": url}}}


def rows(*each: dict[str, str]) -> dict[str, Any]:
    return {"type": "list", "action": {"button": "☰", "sections": [{"rows": list(each)}]}}


LONG = "\n\n".join(f"Paragraph {number}. " + "word " * 150 for number in range(12)).strip()
FIVE = tuple({"id": f"b:12:{at}", "title": f"Choice {at}"} for at in range(5))
ELEVEN = "Which?\n\n" + "\n".join(f"{at + 1}. Choice {at}" for at in range(11))

PARTS: dict[str, tuple[Outbound, list[tuple[str, Any]]]] = {
    "nothing": (message(), []),
    "white space": (message(" \n"), []),
    "a line": (message("Hello!"), [text("Hello!")]),
    "a line with a link": (message("See https://shop.example/"), [text("See https://shop.example/", link=True)]),
    "a file of ours": (message(None, OURS), [("image", {})]),
    "a file of the bot": (message(None, LINKED), [("document", {"link": LINKED.url, "filename": "terms.pdf"})]),
    "a caption": (message("Your kit", OURS), [("image", {"caption": "Your kit"})]),
    "two files": (
        message("Both", OURS, LINKED),
        [("image", {"caption": "Both"}), ("document", {"link": LINKED.url, "filename": "terms.pdf"})],
    ),
    "more than a caption": (message("x" * 1025, OURS), [("image", {}), text("x" * 1025)]),
    "words beside a file of the bot": (
        message("Our terms", LINKED),
        [("document", {"link": LINKED.url, "filename": "terms.pdf"}), text("Our terms")],
    ),
    "a voice message": (message("Listen", VOICE), [("audio", {}), text("Listen")]),
    "a film": (
        message("Look", Attachment("file", "/bridge/v1/files/f4", "a.mp4", "video/mp4")),
        [("video", {"caption": "Look"})],
    ),
    "buttons": (
        message("Which one?", buttons=choices("Kettle", "Grinder")),
        [pressable("Which one?", **replies(("b:12:0", "Kettle"), ("b:12:1", "Grinder")))],
    ),
    "a long title": (
        message("Which one?", buttons=choices("The one with the handle")),
        [pressable("Which one?", **replies(("b:12:0", "The one with the ha…")))],
    ),
    "titles that are the same when cut": (
        message("Which one?", buttons=choices("The old trail kettle, blue", "The old trail kettle, red")),
        [pressable("Which one?", **replies(("b:12:0", "1. The old trail ke…"), ("b:12:1", "2. The old trail ke…")))],
    ),
    "buttons without words": (message(None, buttons=choices("Yes")), [pressable("👇", **replies(("b:12:0", "Yes")))]),
    "buttons under a file": (
        message("Yours?", OURS, buttons=choices("Yes")),
        [("image", {}), pressable("Yours?", **replies(("b:12:0", "Yes")))],
    ),
    "buttons under a long text": (
        message("x " * 600 + "\n\nYes?", buttons=choices("Yes")),
        [text("x " * 511 + "x"), pressable("x " * 88 + "\n\nYes?", **replies(("b:12:0", "Yes")))],
    ),
    "a list": (
        message("Which?", buttons=choices(*(f"Choice {at}" for at in range(5)))),
        [pressable("Which?", **rows(*FIVE))],
    ),
    "a list with a long title": (
        message("Which?", buttons=choices("One", "Two", "Three", "The one with the blue handle")),
        [
            pressable(
                "Which?",
                **rows(
                    {"id": "b:12:0", "title": "One"},
                    {"id": "b:12:1", "title": "Two"},
                    {"id": "b:12:2", "title": "Three"},
                    {
                        "id": "b:12:3",
                        "title": "The one with the blue h…",
                        "description": "The one with the blue handle",
                    },
                ),
            )
        ],
    ),
    "too many buttons": (message("Which?", buttons=choices(*(f"Choice {at}" for at in range(11)))), [text(ELEVEN)]),
    "a link alone": (message("Here:", buttons=(SHOP,)), [pressable("Here:", **link("Open the shop", SHOP.url or ""))]),
    "a link beside a button": (
        message("Here:", buttons=(SHOP, *choices("No"))),
        [pressable("Here:\nOpen the shop: https://shop.example/", **replies(("b:12:0", "No")))],
    ),
    "two links": (
        message("Here:", buttons=(SHOP, Button("b:3:8", "Mail us", "mailto:shop@shop.example"))),
        [text("Here:\nOpen the shop: https://shop.example/\nMail us: mailto:shop@shop.example", link=True)],
    ),
    "a link that is no page": (
        message("Call us", buttons=(Button("b:3:8", "Call", "tel:+4930901820"),)),
        [text("Call us\nCall: tel:+4930901820")],
    ),
}


@pytest.mark.parametrize("name", PARTS)
def test_a_message_has_these_parts(name: str) -> None:
    """In this order."""
    asked, expected = PARTS[name]
    parts = parts_of(asked)
    assert [(part.kind, part.content) for part in parts] == expected
    assert [part.number for part in parts] == list(range(len(parts)))
    assert parts == parts_of(asked)


def refused(
    kind: str = "image", mime: str | None = None, name: str | None = None, size: int | None = None
) -> str | None:
    (part,) = parts_of(message(None, Attachment(kind, "/bridge/v1/files/f2", name, mime, size)))
    return part.refused


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ({"mime": "image/gif"}, "WhatsApp does not take GIF pictures."),
        ({"mime": "image/webp", "name": "kit.webp"}, "WhatsApp does not take WEBP pictures."),
        ({"mime": "image/svg+xml"}, "WhatsApp does not take SVG pictures."),
        ({"mime": "image/vnd.microsoft.icon"}, "WhatsApp does not take pictures of this type."),
        ({"kind": "file", "mime": "application/zip", "name": "all.zip"}, "WhatsApp does not take ZIP files."),
        ({"kind": "file", "mime": "application/zip"}, "WhatsApp does not take files of this type."),
        ({"kind": "file", "name": "list.csv"}, "WhatsApp does not take CSV files."),
        ({"mime": "image/png", "size": 5 * 2**20 + 1}, "WhatsApp takes PNG pictures only up to 5 MB."),
        ({"kind": "file", "mime": "video/mp4", "size": 2**25}, "WhatsApp takes MP4 videos only up to 16 MB."),
    ],
)
def test_a_file_that_whatsapp_does_not_take_is_refused_in_words(file: dict[str, Any], why: str) -> None:
    """By the type that Meta's list has not, or by its size."""
    assert refused(**file) == why


@pytest.mark.parametrize("file", [{}, {"kind": "file"}, {"mime": "IMAGE/PNG"}, {"kind": "file", "name": "a.docx"}])
def test_what_may_be_taken_is_for_meta_to_say(file: dict[str, Any]) -> None:
    """A public address often has no ending."""
    assert refused(**file) is None


def test_a_refused_file_stands_ahead_and_takes_no_words() -> None:
    """The caption goes under the next file; numbers stay those of the parts."""
    gif = Attachment("image", "/bridge/v1/files/f2", "a.gif", "image/gif")
    parts = parts_of(message("Your kit", OURS, gif))
    assert [(part.number, part.refused is None, part.content) for part in parts] == [
        (0, False, {}),
        (1, True, {"caption": "Your kit"}),
    ]
    assert [without_file(part) for part in parts] == [None, Part(1, *text("Your kit"))]


def test_a_file_of_ours_is_uploaded_and_one_of_the_bot_is_not() -> None:
    """Only we can read ours."""
    assert [part.upload for part in parts_of(message(None, OURS, LINKED))] == [OURS, None]


def test_a_request_names_receiver_and_part() -> None:
    """A phone number in `to`; what we send along comes back in statuses."""
    assert request_for(message("Hello!"), Part(2, *text("Hello!"))) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": PHONE,
        "type": "text",
        "text": {"body": "Hello!", "preview_url": False},
        "biz_opaque_callback_data": "c1:12/2",
    }


def test_a_request_for_a_file_says_whether_words_are_under_it() -> None:
    """Meta may refuse the file much later, and says only that."""
    tags = [
        [request_for(asked, part)["biz_opaque_callback_data"] for part in parts_of(asked)]
        for asked in (message("Your kit", OURS), message("Our terms", LINKED))
    ]
    assert tags == [["c1:12/0"], ["c1:12/0~", "c1:12/1"]]


def test_a_user_id_goes_into_recipient() -> None:
    """In `to` Meta would accept it and deliver it to nobody."""
    request = request_for(Outbound("c1:12", NUMBER, USER_ID, "Hello!"), Part(0, *text("Hello!")))
    assert "to" not in request
    assert request["recipient"] == USER_ID


def test_an_uploaded_file_goes_by_its_id() -> None:
    """Beside its caption."""
    (part,) = parts_of(message("Your kit", OURS))
    assert request_for(message("Your kit", OURS), part, "1037543291543636")["image"] == {
        "id": "1037543291543636",
        "caption": "Your kit",
    }


def test_typing_reads_the_customer_s_message() -> None:
    """Meta knows no typing without it."""
    assert typing_request("wamid.1") == {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "wamid.1",
        "typing_indicator": {"type": "text"},
    }


def test_a_long_text_is_sent_in_pieces() -> None:
    """Whole paragraphs."""
    parts = parts_of(message(LONG))
    assert [part.content["body"].split(".")[0] for part in parts] == ["Paragraph 0", "Paragraph 5", "Paragraph 10"]
    assert "\n\n".join(part.content["body"] for part in parts).split() == LONG.split()


@pytest.mark.parametrize("seed", range(100))
def test_any_message_keeps_to_the_limits_and_loses_no_word(seed: int) -> None:
    """Texts, files and buttons of any number and length."""
    chance = random.Random(seed)
    words = [chance.choice(("kettle", "Grüße", "🙂", "配送", "a", "x" * 30)) for _ in range(chance.randrange(2500))]
    asked = message(
        " ".join(words),
        *[OURS, LINKED][: chance.randrange(3)],
        buttons=choices(
            *(chance.choice(("Yes", "🙂" * 30, "No, thanks", "w " * 50)) for _ in range(chance.randrange(14)))
        ),
    )
    said = ""
    for part in parts_of(asked):
        check_limits(part)
        said += " " + words_of(part)
    assert said.split()[: len(words)] == words
    assert len(asked.buttons) > 10 or said.split() == words or said.split() == ["👇"]


def words_of(part: Part) -> str:
    """What people read above the buttons."""
    return (
        str(part.content.get("caption") or part.content.get("body", ""))
        if part.kind != "interactive"
        else str(part.content["body"]["text"])
    )


def check_limits(part: Part) -> None:
    """Meta's, as documented for each kind."""
    if part.kind == "text":
        assert 0 < size(part.content["body"]) <= 4096
    elif part.kind != "interactive":
        assert size(part.content.get("caption", "")) <= 1024
    else:
        assert 0 < size(part.content["body"]["text"]) <= 1024
        action = part.content["action"]
        buttons = [each["reply"] for each in action.get("buttons", [])]
        listed = [row for section in action.get("sections", []) for row in section["rows"]]
        assert len(buttons) <= 3
        assert len(listed) <= 10
        assert len({each["title"] for each in buttons}) == len(buttons)
        assert all(0 < size(each["title"]) <= 20 and len(each["id"]) <= 256 for each in buttons)
        assert all(0 < size(each["title"]) <= 24 and size(each.get("description", "")) <= 72 for each in listed)
