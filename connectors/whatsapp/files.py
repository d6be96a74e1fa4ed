"""Which files WhatsApp takes, in which kind of message, and how large.

The list is short and whole: what is not on it is refused as a document, too. Where a file's type is not known (a public
address without an ending) Meta decides.

https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media#supported-media-types
"""

import mimetypes
from collections.abc import Mapping
from typing import NamedTuple

from ..model import Attachment

MB = 2**20
OFFICE = "application/vnd.openxmlformats-officedocument"


class Way(NamedTuple):
    """A kind of message, and the most bytes that a file in it may have."""

    kind: str
    most: int

    @property
    def takes_words(self) -> bool:
        """Whether words can stand under the file."""
        return self.kind != "audio"


PICTURE, DOCUMENT = Way("image", 5 * MB), Way("document", 100 * MB)
WAYS: Mapping[str, Way] = {
    **dict.fromkeys(("image/jpeg", "image/png"), PICTURE),
    **dict.fromkeys(("audio/aac", "audio/amr", "audio/mp4", "audio/mpeg", "audio/ogg"), Way("audio", 16 * MB)),
    **dict.fromkeys(("video/mp4", "video/3gpp"), Way("video", 16 * MB)),
    "text/plain": DOCUMENT,
    "application/pdf": DOCUMENT,
    "application/msword": DOCUMENT,
    "application/vnd.ms-excel": DOCUMENT,
    "application/vnd.ms-powerpoint": DOCUMENT,
    f"{OFFICE}.wordprocessingml.document": DOCUMENT,
    f"{OFFICE}.spreadsheetml.sheet": DOCUMENT,
    f"{OFFICE}.presentationml.presentation": DOCUMENT,
}
"""By type. WebP is for stickers alone."""

CALLED = {"image": "pictures", "audio": "audio files", "video": "videos"}


def way_of(file: Attachment) -> Way | None:
    """How the file goes, None when WhatsApp takes none of its type."""
    mime = type_of(file)
    if mime is None:
        return PICTURE if file.kind == "image" else DOCUMENT
    return WAYS.get(mime)


def why_not(file: Attachment) -> str | None:
    """Why WhatsApp will not take the file, for an agent; None when it may."""
    way = way_of(file)
    if way is None:
        return f"WhatsApp does not take {_called(file)}."
    if (file.size or 0) > way.most:
        return f"WhatsApp takes {_called(file)} only up to {way.most // MB} MB."
    return None


def type_of(file: Attachment) -> str | None:
    """What is said about it, else what its name's ending says."""
    said = file.mime or mimetypes.guess_type(file.name or "")[0]
    return said.partition(";")[0].strip().lower() if said else None


def _called(file: Attachment) -> str:
    """ "GIF pictures", "ZIP files"."""
    major, _, minor = (type_of(file) or "").partition("/")
    ending = (file.name or "").rpartition(".")[2] if "." in (file.name or "") else ""
    short = minor.partition("+")[0] if major in CALLED else ending
    kind = CALLED.get(major, "files")
    return f"{short.upper()} {kind}" if short.isalnum() and len(short) <= 5 else f"{kind} of this type"
