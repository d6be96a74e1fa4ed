"""What Meta's Graph API refuses, in its words: its error bodies and the checks of a message before it is accepted.

Characters are counted as UTF-16 units: nothing passes here that Meta might refuse.
https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
"""

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

TEXT, CAPTION, BODY = 4096, 1024, 1024
REPLIES, REPLY_TITLE, KEY = 3, 20, 256
ROWS, ROW_TITLE, ROW_KEY, ROW_DESCRIPTION = 10, 24, 200, 72
ECHO = 512

MB = 2**20
UPLOADS: Mapping[str, int] = {
    **dict.fromkeys(("audio/aac", "audio/mp4", "audio/mpeg", "audio/amr", "audio/ogg", "audio/opus"), 16 * MB),
    **dict.fromkeys(
        (
            "application/vnd.ms-powerpoint",
            "application/msword",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/pdf",
            "text/plain",
            "application/vnd.ms-excel",
        ),
        100 * MB,
    ),
    **dict.fromkeys(("image/jpeg", "image/png"), 5 * MB),
    "image/webp": MB // 2,
    **dict.fromkeys(("video/mp4", "video/3gpp"), 16 * MB),
}
"""What may be uploaded, and its largest size in bytes. All other types are refused, also as documents."""

ERRORS: Mapping[int, tuple[int, str, str]] = {
    1: (500, "API Unknown", "An unknown error occurred."),
    100: (400, "Invalid parameter", "The request has a parameter that is not supported or misspelled."),
    190: (401, "Access token has expired", "Error validating access token."),
    130429: (429, "Rate limit hit", "Cloud API message throughput has been reached."),
    131026: (400, "Message Undeliverable", "Unable to deliver message."),
    131047: (
        400,
        "Re-engagement message",
        "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
    ),
    131053: (400, "Media upload error", "Unable to upload the media used in the message."),
    131056: (
        400,
        "(Business Account, Consumer Account) pair rate limit hit",
        "Too many messages sent from this phone number to the same phone number in a short period of time.",
    ),
}
"""HTTP status, title and details by code."""

Fields = Mapping[str, Any]


class Refused(Exception):
    """An answer that is no success. `details` replaces what Meta usually says."""

    def __init__(self, code: int, details: str = "", subcode: int | None = None) -> None:
        super().__init__(code, details)
        self.code = code
        self.status, self.title, said = ERRORS[code]
        self.details = details or said
        self.subcode = subcode

    def answer(self, retry_after: int | None = None) -> web.Response:
        error: dict[str, Any] = {
            "message": f"(#{self.code}) {self.title}",
            "type": "OAuthException",
            "code": self.code,
            "error_data": {"messaging_product": "whatsapp", "details": self.details},
            "fbtrace_id": "AbCdEfGhIjKlMnOp",
        }
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        return web.json_response({"error": error}, status=self.status, headers=headers)

    def as_status(self) -> dict[str, Any]:
        """The same as it stands in a status "failed"."""
        return {
            "code": self.code,
            "title": self.title,
            "message": self.title,
            "error_data": {"details": self.details},
            "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
        }


def check_message(fields: Fields) -> None:
    """Raises Refused for a message that is malformed or too large."""
    if fields.get("messaging_product") != "whatsapp":
        raise Refused(100, "The parameter messaging_product is required.")
    _check_size(fields.get("biz_opaque_callback_data", "x"), "biz_opaque_callback_data", ECHO)
    kind = fields.get("type", "text")
    content = fields.get(kind)
    if kind not in CHECKS or not isinstance(content, dict):
        raise Refused(100, f"The parameter {kind} is required, or not supported.")
    try:
        CHECKS[kind](content)
    except (KeyError, TypeError, AttributeError) as error:
        raise Refused(100, f"{kind} is malformed: {error}") from error


def check_upload(mime: str, content: bytes) -> None:
    """Raises Refused for a file that can't be sent from an upload."""
    known = mime.partition(";")[0].strip().lower()
    if known not in UPLOADS:
        wanted = ", ".join(UPLOADS)
        raise Refused(
            100, f"Param file must be a file with one of the following types: {wanted}. Received file of type '{mime}'."
        )
    if not 0 < len(content) <= UPLOADS[known]:
        raise Refused(100, f"A file of type {known} has at most {UPLOADS[known]} bytes and is not empty.")


def _check_text(text: Fields) -> None:
    _check_size(text.get("body"), "text['body']", TEXT)


def _check_file(file: Fields) -> None:
    if ("id" in file) == ("link" in file):
        raise Refused(100, "One of id and link is required.")
    _check_size(file.get("caption", "x"), "caption", CAPTION)


def _check_interactive(interactive: Fields) -> None:
    _check_size((interactive.get("body") or {}).get("text"), "body['text']", BODY)
    action, kind = interactive.get("action") or {}, interactive.get("type")
    if kind == "button":
        _check_replies([button["reply"] for button in action.get("buttons", [])])
    elif kind == "list":
        _check_size(action.get("button"), "action['button']", REPLY_TITLE)
        _check_rows([row for section in action.get("sections", []) for row in section["rows"]])
    elif kind == "cta_url":
        _check_size(action["parameters"]["display_text"], "display_text", REPLY_TITLE)
    else:
        raise Refused(100, f"interactive['type'] {kind} is not supported.")


def _check_replies(replies: Sequence[Fields]) -> None:
    _check_number(replies, "buttons", REPLIES)
    for reply in replies:
        _check_size(reply.get("id"), "id", KEY)
        _check_size(reply.get("title"), "title", REPLY_TITLE)
    for name in ("id", "title"):
        if len({reply[name] for reply in replies}) < len(replies):
            raise Refused(100, f"Duplicated {name} of buttons.")


def _check_rows(rows: Sequence[Fields]) -> None:
    _check_number(rows, "rows", ROWS)
    for row in rows:
        _check_size(row.get("id"), "id", ROW_KEY)
        _check_size(row.get("title"), "title", ROW_TITLE)
        _check_size(row.get("description", "x"), "description", ROW_DESCRIPTION)
    if len({row["id"] for row in rows}) < len(rows):
        raise Refused(100, "Duplicated id of rows.")


def _check_size(value: object, name: str, most: int) -> None:
    if not isinstance(value, str) or not 1 <= len(value.encode("utf-16-le", "surrogatepass")) // 2 <= most:
        raise Refused(100, f"Param {name} must be between 1 and {most} characters.")


def _check_number(entries: Sequence[object], name: str, most: int) -> None:
    if not 1 <= len(entries) <= most:
        raise Refused(100, f"There must be between 1 and {most} {name}.")


def _check_audio(file: Fields) -> None:
    _check_file(file)
    if "caption" in file:
        raise Refused(100, "Unexpected key caption on param audio.")


CHECKS = {
    "text": _check_text,
    "image": _check_file,
    "video": _check_file,
    "audio": _check_audio,
    "document": _check_file,
    "interactive": _check_interactive,
}
