"""Which files an outside channel takes from us: an agent hears it while attaching, not after sending.

The connector has the same list and the last word; tests/contract/files/ holds both to one.
"""

from collections.abc import Mapping

MB = 2**20
OFFICE = "application/vnd.openxmlformats-officedocument"

WHATSAPP: Mapping[str, int] = {
    **dict.fromkeys(("image/jpeg", "image/png"), 5 * MB),
    **dict.fromkeys(("audio/aac", "audio/amr", "audio/mp4", "audio/mpeg", "audio/ogg"), 16 * MB),
    **dict.fromkeys(("video/mp4", "video/3gpp"), 16 * MB),
    **dict.fromkeys(("text/plain", "application/pdf", "application/msword"), 100 * MB),
    **dict.fromkeys(("application/vnd.ms-excel", "application/vnd.ms-powerpoint"), 100 * MB),
    f"{OFFICE}.wordprocessingml.document": 100 * MB,
    f"{OFFICE}.spreadsheetml.sheet": 100 * MB,
    f"{OFFICE}.presentationml.presentation": 100 * MB,
}
"""The most bytes of each type that is taken."""

LISTS: Mapping[str, tuple[str, Mapping[str, int]]] = {"whatsapp": ("WhatsApp", WHATSAPP)}
"""Channels that don't take everything that we do, by what people call them."""

KINDS = {"image": "pictures", "audio": "audio files", "video": "videos"}


def objection(channel: str, mime: str, size: int, name: str) -> str | None:
    """Why the channel does not take this file, for its author; None when it does."""
    if channel not in LISTS:
        return None
    called, taken = LISTS[channel]
    if mime not in taken:
        return f"{called} does not take {_kind(mime, name)}."
    if size > taken[mime]:
        return f"{called} takes {_kind(mime, name)} only up to {taken[mime] // MB} MB."
    return None


def _kind(mime: str, name: str) -> str:
    """ "GIF pictures", "ZIP files"."""
    major, _, minor = mime.partition("/")
    short = minor if major in KINDS else name.rpartition(".")[2]
    return f"{short.upper()} {KINDS.get(major, 'files')}"
