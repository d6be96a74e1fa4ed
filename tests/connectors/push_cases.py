"""The channels whose customers are at a provider. A new one joins the contract test by adding itself to `CASES`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.base import PushConnector, Request
from connectors.telegram.connector import TelegramConnector
from connectors.whatsapp.connector import WhatsAppConnector

from .whatsapp.payloads import NUMBER
from .whatsapp.two_numbers import NUMBERS, signature

HERE = Path(__file__).parent


@dataclass(frozen=True)
class PushCase:
    """What the contract test must know of a channel."""

    connector: type[PushConnector[Any]]
    environment: Mapping[str, str]
    """The variables of one account, all required. The values of those in `secrets` may be shown nowhere."""

    secrets: tuple[str, ...]
    account: str
    credentials: Mapping[str, Any]
    """Two accounts, the one of the environment first; the folder's payloads are of the first."""

    signed: Callable[[bytes], Request]
    """A webhook for the first account as its provider sends it."""

    longest_text: int
    """What the provider takes in one message."""

    def __str__(self) -> str:
        return self.connector.name

    @property
    def payloads(self) -> list[Path]:
        """Captured webhooks of the first account."""
        return sorted((HERE / self.connector.name / "payloads").glob("*.json"))


def _telegram(body: bytes) -> Request:
    return Request("POST", {"x-telegram-bot-api-secret-token": "first-secret"}, {}, body)


TELEGRAM = PushCase(
    TelegramConnector,
    {"TELEGRAM_TOKEN": "1110001:AAF-first", "TELEGRAM_SECRET": "first-secret"},
    ("TELEGRAM_TOKEN", "TELEGRAM_SECRET"),
    "1110001",
    {
        "accounts": [
            {"token": "1110001:AAF-first", "secret": "first-secret"},
            {"token": "1110002:AAF-second", "secret": "second-secret"},
        ]
    },
    _telegram,
    4096,
)


def _whatsapp(body: bytes) -> Request:
    return Request("POST", {"x-hub-signature-256": signature(body)}, {}, body)


WHATSAPP = PushCase(
    WhatsAppConnector,
    {f"WHATSAPP_{key.upper()}": value for key, value in NUMBERS[0].items()},
    ("WHATSAPP_TOKEN", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN"),
    NUMBER,
    {"accounts": NUMBERS},
    _whatsapp,
    4096,
)

CASES = [TELEGRAM, WHATSAPP]
