"""What can be pressed under a message, as each provider's app lays it out: for the page with the phones."""

from collections.abc import Mapping
from typing import Any

from .ledger import Button, Sent

Body = dict[str, Any]


def keyboard(channel: str, sent: Sent) -> Body:
    """`rows` of buttons, or the `list` that opens from one button."""
    return _telegram(sent) if channel == "telegram" else _whatsapp(sent)


def _telegram(sent: Sent) -> Body:
    markup: Mapping[str, Any] = sent.raw.get("reply_markup") or {}
    left = iter(sent.buttons)
    return {"rows": [[_shown(next(left)) for _ in row] for row in markup.get("inline_keyboard", [])]}


def _whatsapp(sent: Sent) -> Body:
    content: Mapping[str, Any] = sent.raw.get("interactive") or {}
    if content.get("type") != "list":
        return {"rows": [[_shown(button)] for button in sent.buttons]}
    action = content["action"]
    sections = [{"title": one.get("title", ""), "rows": one["rows"]} for one in action["sections"]]
    return {"rows": [], "list": {"label": action["button"], "sections": sections}}


def _shown(button: Button) -> Body:
    return {"title": button.title, "url": button.url}
