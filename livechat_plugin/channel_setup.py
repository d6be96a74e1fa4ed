"""`livechat channels setup telegram`: tells Telegram where our webhook is, with the secret and the kinds of updates.

What must hold: the bot's token is in no output and no error (it is part of every address of the Bot API).
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from .config import ConfigError, read_secret

API_URL = "https://api.telegram.org"
PATH = "/webhooks/telegram/webhook"
UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "message_reaction")
"""What the connector reads (connectors/telegram/wire.py)."""

CONNECTIONS = 40
SECONDS = 20


def setup_telegram(environment: Mapping[str, str], rasa_url: str) -> list[str]:
    """Sets the webhook of the bot of TELEGRAM_TOKEN; lines to be shown. Raises `ConfigError`."""
    token = _required(environment, "TELEGRAM_TOKEN", "123456:ABC…, from @BotFather")
    secret = _required(environment, "TELEGRAM_SECRET", "$(openssl rand -hex 32), the same as for Rasa")
    api = (environment.get("TELEGRAM_API_URL") or API_URL).rstrip("/")
    url = _webhook(rasa_url)
    bot = _call(api, token, "getMe", {})
    wanted = {
        "url": url,
        "secret_token": secret,
        "allowed_updates": list(UPDATES),
        "max_connections": CONNECTIONS,
    }
    _call(api, token, "setWebhook", wanted)
    info = _call(api, token, "getWebhookInfo", {})
    lines = [f"@{bot.get('username', bot.get('id'))} sends its updates to {info.get('url', url)}."]
    if info.get("last_error_message"):
        lines.append(f"Telegram's last attempt failed: {info['last_error_message']}")
    if info.get("pending_update_count"):
        lines.append(f"{info['pending_update_count']} updates wait there and come now.")
    return lines


def _required(environment: Mapping[str, str], name: str, example: str) -> str:
    value = read_secret(environment, name)
    if value is None:
        raise ConfigError(f"{name} is not set; expected {example}")
    return value


def _webhook(rasa_url: str) -> str:
    parts = urlsplit(rasa_url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ConfigError(f"--url: expected the public address of Rasa such as https://bot.example.org, got {rasa_url}")
    return f"{rasa_url.rstrip('/')}{'' if parts.path.rstrip('/').endswith(PATH) else PATH}"


def _call(api: str, token: str, method: str, content: dict[str, Any]) -> dict[str, Any]:
    try:
        answer = requests.post(f"{api}/bot{token}/{method}", json=content, timeout=SECONDS)
    except requests.RequestException as error:
        raise ConfigError(f"{api} could not be reached ({type(error).__name__})") from None
    try:
        body = answer.json()
    except requests.JSONDecodeError as error:
        raise ConfigError(f"{api}: {method} was answered with HTTP {answer.status_code} and no JSON") from error
    if not body.get("ok"):
        raise ConfigError(f"Telegram refused {method}: {body.get('description', answer.status_code)}")
    result = body.get("result")
    return result if isinstance(result, dict) else {}
