"""Where the service is and the secret that both sides share, from the environment.

A missing or malformed value stops the start and is named with an example. Secrets may also come from a file,
`LIVECHAT_BRIDGE_TOKEN_FILE`; they appear in no message and no log.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from .errors import NotConfigured

KEY_VARIABLE = "LIVECHAT_BRIDGE_TOKEN"
KEY_EXAMPLE = "$(openssl rand -hex 32)"
URL_VARIABLE = "LIVECHAT_URL"
DEFAULT_URL = "http://127.0.0.1:8080"


@dataclass(frozen=True)
class BridgeSettings:
    """The service's base URL and the bearer token of the bridge."""

    url: str
    token: str = field(repr=False)

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "BridgeSettings":
        """Take both from `environment`; raises NotConfigured."""
        return cls(
            url=read_url(environment, URL_VARIABLE, DEFAULT_URL),
            token=read_secret(environment, KEY_VARIABLE, KEY_EXAMPLE),
        )


def read_secret(environment: Mapping[str, str], name: str, example: str) -> str:
    """The secret `name`, from the variable or the file that `name`_FILE points to; raises NotConfigured."""
    value, source = environment.get(name, ""), name
    path = environment.get(f"{name}_FILE")
    if not value and path:
        source = f"{name}_FILE"
        try:
            value = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise NotConfigured(source, f"points to a file that can't be read ({error})", "/run/secrets/x") from error
    value = value.strip()
    if not value:
        raise NotConfigured(name, "is not set", example)
    if not value.isascii() or not value.isprintable() or " " in value:
        raise NotConfigured(source, "must be printable ASCII without spaces", example)
    return value


def read_url(environment: Mapping[str, str], name: str, default: str) -> str:
    """The http(s) address `name` without its last slash, `default` when it isn't set; raises NotConfigured."""
    url = environment.get(name) or default
    if not _is_address(url):
        raise NotConfigured(name, f"is {url!r}, which is no http(s) address", default)
    return url.rstrip("/")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, or an unfinished [IPv6]
        return False
