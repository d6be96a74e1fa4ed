"""Two numbers of two apps, as they stand in credentials.yml, and what Meta answers."""

import hashlib
import hmac
from typing import Any

from .payloads import NUMBER, SECOND_NUMBER

SECRETS = {NUMBER: "app-secret-1", SECOND_NUMBER: "app-secret-2"}
TOKENS = {NUMBER: "EAAJBtoken1", SECOND_NUMBER: "EAAJBtoken2"}
VERIFY_TOKENS = {NUMBER: "verify-me-1", SECOND_NUMBER: "verify-me-2"}
NUMBERS = [
    {
        "token": TOKENS[number],
        "phone_number_id": number,
        "app_secret": SECRETS[number],
        "verify_token": VERIFY_TOKENS[number],
    }
    for number in SECRETS
]
SENT = {
    "messaging_product": "whatsapp",
    "contacts": [{"input": "16505551234", "wa_id": "16505551234"}],
    "messages": [{"id": "wamid.77"}],
}


def credentials(url: str) -> dict[str, Any]:
    """Both, at an API of one's own."""
    return {"api_url": f"{url}/v26.0", "accounts": [dict(number) for number in NUMBERS]}


def signature(body: bytes, secret: str = SECRETS[NUMBER]) -> str:
    """What Meta writes into X-Hub-Signature-256."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def refused(status: int, code: int, **more: Any) -> tuple[int, Any]:
    """An error of Meta's."""
    return status, {"error": {"message": f"(#{code}) no", "type": "OAuthException", "code": code, **more}}
