"""What is in a message of a customer: words, pictures and files, and what becomes words here: places, contacts."""

from collections.abc import Callable, Mapping
from mimetypes import guess_type
from typing import Any, NamedTuple

from ..bodies import mapping, required
from ..errors import Malformed, UnsupportedUpdate
from ..model import InboundAttachment

Message = Mapping[str, Any]

FILES = {
    "animation": ("file", "animation.mp4"),
    "document": ("file", None),
    "voice": ("file", "voice.ogg"),
    "audio": ("file", "audio"),
    "video": ("file", "video.mp4"),
    "video_note": ("file", "video.mp4"),
}
"""Kind, and the name of what comes without one. An animation is also a document, so it stands first."""

LONGEST_NAME = 200


class Content(NamedTuple):
    """A message without words has no text."""

    text: str | None
    attachments: tuple[InboundAttachment, ...] = ()


def read_content(message: Message) -> Content:
    """The content of a message; raises UnsupportedUpdate naming what it has instead."""
    if "text" in message:
        return Content(required(message, "text", str))
    for kind, (role, name) in FILES.items():
        if kind in message:
            return Content(_caption(message), (_file(mapping(message[kind], kind), role, name),))
    for kind, read in OTHERS.items():
        if kind in message:
            return read(message)
    known = {"message_id", "from", "chat", "date", "edit_date"}
    raise UnsupportedUpdate(f"a message with {', '.join(sorted(set(message) - known)) or 'nothing'}")


def _photo(message: Message) -> Content:
    """The largest of the sizes in which Telegram keeps a photo."""
    sizes = message["photo"]
    if not isinstance(sizes, list) or not sizes:
        raise Malformed("photo: expected a list of sizes")
    entries = [mapping(size, "photo") for size in sizes]
    largest = max(entries, key=lambda size: _number(size, "width") * _number(size, "height"))
    photo = InboundAttachment("image", required(largest, "file_id", str), "photo.jpg", "image/jpeg", _size(largest))
    return Content(_caption(message), (photo,))


def _sticker(message: Message) -> Content:
    """A still one is a picture; of a moving one, which few programs show, the emoji is said, too."""
    sticker = mapping(message["sticker"], "sticker")
    ref = required(sticker, "file_id", str)
    if sticker.get("is_animated") is True:
        moving = InboundAttachment("file", ref, "sticker.tgs", "application/x-tgsticker", _size(sticker))
    elif sticker.get("is_video") is True:
        moving = InboundAttachment("file", ref, "sticker.webm", "video/webm", _size(sticker))
    else:
        return Content(None, (InboundAttachment("image", ref, "sticker.webp", "image/webp", _size(sticker)),))
    return Content(_words(sticker, "emoji"), (moving,))


def _venue(message: Message) -> Content:
    venue = mapping(message["venue"], "venue")
    named = ", ".join(word for word in (_words(venue, "title"), _words(venue, "address")) if word)
    return Content(f"Location: {named} ({_place(mapping(venue.get('location'), 'venue.location'))})")


def _location(message: Message) -> Content:
    return Content(f"Location: {_place(mapping(message['location'], 'location'))}")


def _contact(message: Message) -> Content:
    contact = mapping(message["contact"], "contact")
    name = " ".join(word for word in (_words(contact, "first_name"), _words(contact, "last_name")) if word)
    return Content("Contact: " + ", ".join(word for word in (name, _words(contact, "phone_number")) if word))


def _dice(message: Message) -> Content:
    dice = mapping(message["dice"], "dice")
    return Content(f"{required(dice, 'emoji', str)} {required(dice, 'value', int)}")


OTHERS: Mapping[str, Callable[[Message], Content]] = {
    "photo": _photo,
    "sticker": _sticker,
    "venue": _venue,  # has a location, too
    "location": _location,
    "contact": _contact,
    "dice": _dice,
}


def _file(entry: Mapping[str, Any], kind: str, name: str | None) -> InboundAttachment:
    given = _words(entry, "file_name")
    return InboundAttachment(
        kind,
        required(entry, "file_id", str),
        given[:LONGEST_NAME] if given else name,
        _words(entry, "mime_type") or guess_type(name or "")[0],
        _size(entry),
    )


def _caption(message: Message) -> str | None:
    return _words(message, "caption")


def _place(location: Mapping[str, Any]) -> str:
    return f"{_number(location, 'latitude'):.5f}, {_number(location, 'longitude'):.5f}"


def _words(entry: Mapping[str, Any], name: str) -> str | None:
    value = entry.get(name)
    return value if isinstance(value, str) and value else None


def _number(entry: Mapping[str, Any], name: str) -> float:
    value = entry.get(name)
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise Malformed(f"{name}: expected a number")
    return value


def _size(entry: Mapping[str, Any]) -> int | None:
    value = entry.get("file_size")
    return value if isinstance(value, int) and not isinstance(value, bool) else None
