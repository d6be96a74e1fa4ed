"""How a message is cut into calls of the Bot API."""

from typing import Any

import pytest

from connectors.model import Attachment, Button, Outbound
from connectors.telegram.parts import Part, as_document, as_text, parts, without_file

OURS = Attachment("image", "/bridge/v1/files/7", "kit.jpg", "image/jpeg", 90112)
PDF = Attachment("file", "/bridge/v1/files/8", "invoice.pdf", "application/pdf", 48213)
BUTTONS = (Button("b:12:0", "Trail kettle"), Button("b:12:human", "Talk to a human"))
KEYBOARD = {
    "inline_keyboard": [
        [{"text": "Trail kettle", "callback_data": "b:12:0"}],
        [{"text": "Talk to a human", "callback_data": "b:12:human"}],
    ]
}


def message(text: str | None = None, **more: Any) -> Outbound:
    return Outbound("c1:12", "1110001", "7012345", text=text, **more)


def fields(**more: Any) -> dict[str, Any]:
    return {"chat_id": "7012345", **more}


def test_a_text_is_one_part() -> None:
    """Plain, without markup."""
    assert parts(message("2 < 3 & *x*")) == [Part("sendMessage", fields(text="2 < 3 & *x*"))]


@pytest.mark.parametrize("text", [None, "", " \n"])
def test_nothing_is_no_part(text: str | None) -> None:
    """There is nothing to send."""
    assert parts(message(text)) == []


def test_a_long_text_is_several_parts_with_the_buttons_under_the_last() -> None:
    """No part is larger than 4096, no word is lost."""
    text = "\n\n".join(f"Paragraph {number}. " + "word " * 300 for number in range(9))
    made = parts(message(text, buttons=BUTTONS))
    texts = [part.fields["text"] for part in made]
    assert len(made) > 2
    assert all(len(piece) <= 4096 for piece in texts)
    assert " ".join(texts).split() == text.split()
    assert [part.fields.get("reply_markup") for part in made] == [None] * (len(made) - 1) + [KEYBOARD]


def test_emoji_count_double() -> None:
    """Telegram counts in UTF-16 wherever it says how; a part is never larger, however it counts."""
    made = parts(message("😀" * 3000))
    assert [len(part.fields["text"]) for part in made] == [2048, 952]


def test_a_short_text_is_the_caption_of_the_first_file() -> None:
    """A picture is a photo, anything else a document."""
    assert parts(message("Your kit", attachments=(OURS, PDF), buttons=BUTTONS)) == [
        Part("sendPhoto", fields(caption="Your kit"), "photo", OURS),
        Part("sendDocument", fields(reply_markup=KEYBOARD), "document", PDF),
    ]


def test_a_text_too_long_for_a_caption_goes_first() -> None:
    """1024 fit, 1025 don't."""
    assert [part.method for part in parts(message("x" * 1024, attachments=(OURS,)))] == ["sendPhoto"]
    made = parts(message("x" * 1025, attachments=(OURS,), buttons=BUTTONS))
    assert [part.method for part in made] == ["sendMessage", "sendPhoto"]
    assert ["reply_markup" in part.fields for part in made] == [False, True]


def test_buttons_alone_stand_under_something() -> None:
    """Telegram takes no keyboard without a text."""
    assert parts(message(buttons=BUTTONS)) == [Part("sendMessage", fields(text="…", reply_markup=KEYBOARD))]


def test_a_link_button_opens_its_page() -> None:
    """It says nothing to the bot."""
    (part,) = parts(message("See", buttons=(Button("b:12:0", "Our shop", "https://shop.example/"),)))
    assert part.fields["reply_markup"] == {"inline_keyboard": [[{"text": "Our shop", "url": "https://shop.example/"}]]}


def test_more_buttons_than_telegram_takes_are_left_out() -> None:
    """100 of them; a keyboard that is refused would take the message with it."""
    (part,) = parts(message("Pick", buttons=tuple(Button(f"b:1:{at}", str(at)) for at in range(150))))
    assert len(part.fields["reply_markup"]["inline_keyboard"]) == 100


@pytest.mark.parametrize(
    ("mime", "size", "method"),
    [
        ("image/jpeg", 90112, "sendPhoto"),
        ("image/png", None, "sendPhoto"),
        (None, None, "sendPhoto"),
        ("image/gif", 90112, "sendDocument"),
        ("image/heic", 90112, "sendDocument"),
        ("image/jpeg", 10_000_001, "sendDocument"),
    ],
)
def test_a_picture_that_telegram_cant_show_is_a_document(mime: str | None, size: int | None, method: str) -> None:
    """Of another type, or above 10 MB."""
    (part,) = parts(message(attachments=(Attachment("image", "/bridge/v1/files/7", "kit", mime, size),)))
    assert part.method == method


def test_a_public_document_that_telegram_doesnt_fetch_is_a_link() -> None:
    """It fetches PDF, ZIP and GIF."""
    pdf, table = (Attachment("file", f"https://shop.example/list.{end}?v=1") for end in ("pdf", "xlsx"))
    made = parts(message("The list", attachments=(table, pdf)))
    assert made == [
        Part("sendMessage", fields(text="The list\nhttps://shop.example/list.xlsx?v=1")),
        Part("sendDocument", fields(), "document", pdf),
    ]


def test_without_its_file_a_part_keeps_words_and_buttons() -> None:
    """Nothing is left of a file alone, and all of a text."""
    words, alone = parts(message("Your kit", attachments=(OURS, PDF)))
    assert without_file(words) == Part("sendMessage", fields(text="Your kit"))
    assert without_file(alone) is None
    (pressable,) = parts(message(attachments=(OURS,), buttons=BUTTONS))
    assert without_file(pressable) == Part("sendMessage", fields(text="…", reply_markup=KEYBOARD))
    (text,) = parts(message("Hello"))
    assert without_file(text) is text


def test_what_telegram_refuses_to_show_has_another_way() -> None:
    """The words, the buttons and the file stay."""
    picture = Attachment("image", "https://shop.example/kit.jpg")
    (part,) = parts(message("Your kit", attachments=(picture,), buttons=BUTTONS))
    text = "Your kit\nhttps://shop.example/kit.jpg"
    assert as_text(part) == Part("sendMessage", fields(text=text, reply_markup=KEYBOARD))
    assert as_document(part) == Part("sendDocument", part.fields, "document", picture)
