"""Which files are taken, judged by their first bytes: a name or a declared type proves nothing.

What must hold: nothing that a browser would run (HTML, SVG, scripts) is on the list, and only pictures are ever shown
inline.
"""

from dataclasses import dataclass
from typing import Literal

HEAD_BYTES = 64
"""So much of a file decides what it is."""

IMAGES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})

_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
)
_OFFICE = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
}
TAKEN = "pictures (JPEG, PNG, GIF, WebP), PDF, office documents, ZIP, plain text, audio and MP4 video"


@dataclass(frozen=True)
class Media:
    kind: Literal["image", "file"]
    mime: str


def recognize(head: bytes, name: str) -> Media | None:
    """What a file is, by its first `HEAD_BYTES`; None when it is of no kind that is taken.

    The name decides only between formats that begin alike (a ZIP that calls itself .docx).
    """
    mime = _mime(head)
    if mime in ("application/zip", "application/msword"):
        mime = _OFFICE.get(name.rpartition(".")[2].lower(), mime)
    if mime is None:
        return None
    return Media("image" if mime in IMAGES else "file", mime)


def _mime(head: bytes) -> str | None:
    for start, mime in _STARTS:
        if head.startswith(start):
            return mime
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return "audio/mp4" if head[8:11] == b"M4A" else "video/mp4"
    return "text/plain" if _is_text(head) else None


def _is_text(head: bytes) -> bool:
    """Plain words in UTF-8. What looks like markup is no plain text: a browser might think so, too."""
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(head) < HEAD_BYTES or error.start < len(head) - 3:  # more than one character that was cut in two
            return False
        text = head[: error.start].decode("utf-8")
    words = text.lstrip("\ufeff \t\r\n")
    return bool(words) and not words.startswith("<") and all(c.isprintable() or c in "\t\r\n" for c in words)


def safe_name(name: str | None, mime: str) -> str:
    """A file name without path, control characters and excess length; never empty."""
    plain = "".join(c for c in (name or "").replace("\\", "/").rpartition("/")[2] if c.isprintable()).strip(" .")
    if not plain:
        return f"file.{_ENDINGS.get(mime, 'bin')}"
    stem, dot, ending = plain.rpartition(".")
    if not dot:
        return plain[:120]
    return f"{stem[: 110 - len(ending[:10])]}.{ending[:10]}"


_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "video/mp4": "mp4",
    "text/plain": "txt",
    "application/zip": "zip",
}
