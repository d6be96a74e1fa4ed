"""What the environment says: where things are, and the secrets. Each secret may also come as a file, `NAME_FILE`.

A missing required or a malformed value stops the start; the message names it and gives an example.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from .mail_server import MailServer, MailServerError, read_mail_server

DEFAULT_DATABASE = "sqlite+aiosqlite:///var/livechat.db"
MIN_TOKEN = 16


class ConfigError(Exception):
    """Ready to be shown; never holds the value of a secret."""


@dataclass(frozen=True, kw_only=True)
class Config:
    database_url: str = field(default=DEFAULT_DATABASE, repr=False)
    redis_url: str | None = field(default=None, repr=False)  # None: the embedded one
    settings_path: Path = Path("livechat.yml")
    bridge_token: str = field(repr=False)
    rasa_url: str = "http://127.0.0.1:5005"
    public_url: str = "http://127.0.0.1:8080"
    origins: frozenset[str] = frozenset()  # other addresses under which browsers reach the service
    static_dir: Path = Path("dashboard_app/dist")
    data_dir: Path = Path("var")
    proxies: int = 0
    smtp: MailServer | None = field(default=None, repr=False)  # None: mails wait
    demo: bool = False

    @property
    def public_origin(self) -> str:
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")


def read_config(environment: Mapping[str, str] | None = None) -> Config:
    """The configuration that the environment describes. Raises `ConfigError`."""
    env = os.environ if environment is None else environment
    return Config(
        database_url=read_database_url(env),
        redis_url=_url(env, "LIVECHAT_REDIS_URL", ("redis", "rediss", "unix"), "redis://127.0.0.1:6379/0", secret=True),
        settings_path=Path(env.get("LIVECHAT_SETTINGS") or "livechat.yml"),
        bridge_token=_token(env),
        rasa_url=_http(env, "LIVECHAT_RASA_URL", "http://127.0.0.1:5005"),
        public_url=_http(env, "LIVECHAT_PUBLIC_URL", "http://127.0.0.1:8080"),
        origins=_origins(env),
        static_dir=Path(env.get("LIVECHAT_STATIC_DIR") or _built_pages()),
        data_dir=Path(env.get("LIVECHAT_DATA_DIR") or "var"),
        proxies=_count(env, "LIVECHAT_PROXIES"),
        smtp=_smtp(env),
        demo=env.get("LIVECHAT_DEMO") == "1",
    )


def read_database_url(env: Mapping[str, str]) -> str:
    """`LIVECHAT_DATABASE_URL`, for commands that need nothing else."""
    url = read_secret(env, "LIVECHAT_DATABASE_URL") or DEFAULT_DATABASE
    if not url.startswith(("sqlite+aiosqlite://", "postgresql+asyncpg://")):
        raise ConfigError(
            "LIVECHAT_DATABASE_URL: expected sqlite+aiosqlite:///path/to/file.db or "
            "postgresql+asyncpg://user:password@host/name"
        )
    return url


def _built_pages() -> Path:
    return Path(__file__).resolve().parent.parent / "dashboard_app" / "dist"


def read_secret(env: Mapping[str, str], name: str) -> str | None:
    """The value of NAME, or the contents of the file that NAME_FILE names."""
    value = env.get(name)
    path = env.get(f"{name}_FILE")
    if value and path:
        raise ConfigError(f"{name} and {name}_FILE are both set; expected one of them")
    if not path:
        return value or None
    try:
        return Path(path).read_text().strip() or None
    except OSError as error:
        raise ConfigError(f"{name}_FILE: {path} can't be read ({error.strerror})") from error


def _token(env: Mapping[str, str]) -> str:
    token = read_secret(env, "LIVECHAT_BRIDGE_TOKEN")
    if token is None:
        raise ConfigError(
            "LIVECHAT_BRIDGE_TOKEN is not set. It is the secret that the service shares with Rasa; "
            "make one with: openssl rand -hex 32"
        )
    if len(token) < MIN_TOKEN:
        raise ConfigError(f"LIVECHAT_BRIDGE_TOKEN: expected at least {MIN_TOKEN} characters (openssl rand -hex 32)")
    return token


def _smtp(env: Mapping[str, str]) -> MailServer | None:
    url = read_secret(env, "LIVECHAT_SMTP_URL")
    try:
        return None if url is None else read_mail_server(url)
    except MailServerError as error:
        raise ConfigError(f"LIVECHAT_SMTP_URL: {error}") from error


def _http(env: Mapping[str, str], name: str, default: str) -> str:
    return (_url(env, name, ("http", "https"), default) or default).rstrip("/")


def _url(
    env: Mapping[str, str], name: str, schemes: tuple[str, ...], example: str, *, secret: bool = False
) -> str | None:
    value = read_secret(env, name) if secret else env.get(name)
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme not in schemes or not (parts.netloc or parts.path):
        raise ConfigError(f"{name}: expected a URL such as {example}")
    return value


def _origins(env: Mapping[str, str]) -> frozenset[str]:
    origins = frozenset(origin.strip() for origin in (env.get("LIVECHAT_ORIGINS") or "").split(",") if origin.strip())
    for origin in origins:
        parts = urlsplit(origin)
        if origin != f"{parts.scheme}://{parts.netloc}" or parts.scheme not in ("http", "https"):
            raise ConfigError(
                "LIVECHAT_ORIGINS: expected origins such as https://chat.example.org, with commas between"
            )
    return origins


def _count(env: Mapping[str, str], name: str) -> int:
    value = env.get(name) or "0"
    if not value.isdigit():
        raise ConfigError(f"{name}: expected a number such as 1, the proxies in front of the service")
    return int(value)
