"""What became of a message of ours. Which one it was stands in `biz_opaque_callback_data`, which comes back as sent:
`<message>/<part>`, `@<round>` where somebody sent it again, and a `~` behind a file that carries no words.

Meta tells sent, delivered, read in any order and may leave some out; the service keeps the highest.
"""

import re
from collections.abc import Mapping
from typing import Any

from ..errors import UnsupportedUpdate
from ..model import Outbound, Receipt
from .fields import field, find, objects, read_time
from .refusals import FILES, code_for, words_for

STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}
"""A voice message that was played was heard, which is read."""

TAG = re.compile(r"(?P<message>[\w.:+-]{1,200}:\d+)/(?P<part>\d{1,6})(?:@(?P<round>\d{1,6}))?(?P<bare>~?)", re.ASCII)


def tag(message: Outbound, part: int, bare: bool = False) -> str:
    """What we send along with part `part` of a message, at most 512 characters; `bare`: a file without words."""
    return f"{message.message_id}/{part}{f'@{message.round}' if message.round else ''}{'~' if bare else ''}"


def read_status(status: Mapping[str, Any], account: str) -> Receipt:
    """One of Meta's `statuses`; raises UnsupportedUpdate for messages that are not ours, and Malformed."""
    kind = field(status, "status", str)
    tagged = TAG.fullmatch(find(status, "biz_opaque_callback_data", str) or "")
    if kind not in STATUSES or tagged is None:
        raise UnsupportedUpdate(f"the status {kind[:20]!r}" if tagged else "a status of somebody else's message")
    _, error = next(objects(status, "errors"), ("", {}))
    number = find(error, "code", int)
    failed = kind == "failed"
    return Receipt(
        channel="whatsapp",
        account=account,
        status=STATUSES[kind],
        at=read_time(status),
        external_id=field(status, "id", str),
        message_id=tagged["message"],
        round=int(tagged["round"] or 0),
        part=int(tagged["part"]),
        error=words_for(number, error) if failed else None,
        code=("file" if tagged["bare"] and number in FILES else code_for(number)) if failed else None,
    )
