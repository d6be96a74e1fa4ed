"""Webhooks as Meta documents them: payloads/*.json, one body each.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
"""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "payloads"
NUMBER, SECOND_NUMBER = "106540352242922", "206540352242923"
PHONE, USER_ID = "16505551234", "US.13491208655302741918"
CONTEXT = "wamid.HBgLMTY1MDU1NTEyMzQVAgARGBI4MjZGRDA0OUE2OTQ3RkEyMzcA"
"""The message that replies, reactions and edits are about."""


def wamid(number: int = 1) -> str:
    """The id of the payloads' message `number`."""
    return f"wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0{number:02d}A="


def names() -> list[str]:
    """All payloads."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def raw(name: str) -> bytes:
    """The bytes of a payload."""
    return (FOLDER / f"{name}.json").read_bytes()


def payload(name: str) -> Any:
    """A payload to change."""
    return json.loads(raw(name))


def value(body: Any) -> Any:
    """What the first change of a payload says."""
    return body["entry"][0]["changes"][0]["value"]
