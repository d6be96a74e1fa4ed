"""The processes that make up live chat: how each is started, what it needs to know, and how it says that it is ready.

The demo and the tests start the same parts with the same commands; only ports, folders and extras differ.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .bot import QUIET
from .paths import LOGS, RASA_ENV, RASA_PYTHON, SERVICE_ENV, VAR

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Ports:
    """Where the parts listen, all on loopback."""

    service: int = 8080
    rasa: int = 5005
    actions: int = 5055
    phones: int = 8090
    mail: int = 8025
    smtp: int = 1025


@dataclass(frozen=True)
class Part:
    """One process: `ready_url` answers 200 when it can work, usually within `ready_seconds`."""

    name: str
    port: int
    command: list[str]
    env: dict[str, str]
    ready_url: str
    ready_seconds: float
    port_variable: str = ""
    log: Path = field(default=LOGS / "part.log")


NO_ACCOUNTS = {
    "TELEGRAM_TOKEN": "1:nobody",
    "TELEGRAM_SECRET": "nobody",
    "TELEGRAM_API_URL": "http://127.0.0.1:9",
    "WHATSAPP_TOKEN": "nobody",
    "WHATSAPP_PHONE_NUMBER_ID": "1",
    "WHATSAPP_APP_SECRET": "nobody",
    "WHATSAPP_VERIFY_TOKEN": "nobody",
    "WHATSAPP_API_URL": "http://127.0.0.1:9",
}
"""credentials.yml has all channels, and none starts without its secrets; these reach nobody (9 is the discard port)."""


@dataclass(frozen=True)
class Stack:
    """What the parts share."""

    ports: Ports
    token: str
    data: Path = VAR
    logs: Path = LOGS
    database_url: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=lambda: dict(NO_ACCOUNTS), repr=False)
    credentials: str = "credentials.yml"

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.ports.service}"

    @property
    def rasa_url(self) -> str:
        return f"http://{HOST}:{self.ports.rasa}"

    @property
    def common(self) -> dict[str, str]:
        return {"LIVECHAT_BRIDGE_TOKEN": self.token, "PYTHONUNBUFFERED": "1"}

    def service_env(self) -> dict[str, str]:
        """What `livechat …` needs to know, whichever of its commands is run."""
        return {
            "LIVECHAT_DATABASE_URL": self.database_url or f"sqlite+aiosqlite:///{self.data / 'livechat.db'}",
            "LIVECHAT_RASA_URL": f"http://{HOST}:{self.ports.rasa}",
            "LIVECHAT_PUBLIC_URL": self.url,
            "LIVECHAT_DATA_DIR": str(self.data),
            "LIVECHAT_DEMO": "1",
            **self.common,
            **self.extra,
        }

    def service(self, workers: int = 1) -> Part:
        command = [str(SERVICE_ENV / "bin" / "livechat"), "serve", "--host", HOST, "--port", str(self.ports.service)]
        return Part(
            name="service",
            port=self.ports.service,
            port_variable="LIVECHAT_PORT",
            command=[*command, "--workers", str(workers)],
            env=self.service_env(),
            ready_url=f"{self.url}/ready",
            ready_seconds=120,  # it pings Rasa, which takes its time
            log=self.logs / "service.log",
        )

    def rasa(self, model: Path) -> Part:
        command = [str(RASA_ENV / "bin" / "rasa"), "run", "-i", HOST, "-p", str(self.ports.rasa)]
        command += ["--endpoints", "endpoints.env.yml", "--credentials", self.credentials, "--model", str(model)]
        return Part(
            name="Rasa server",
            port=self.ports.rasa,
            port_variable="LIVECHAT_RASA_PORT",
            command=command,
            env={
                "LIVECHAT_URL": self.url,
                "LIVECHAT_ACTIONS_URL": f"http://{HOST}:{self.ports.actions}/webhook",
                "LIVECHAT_TRACKER_DB": str(self.data / "rasa-tracker.db"),
                **QUIET,
                **self.channels,
                **self.common,
            },
            ready_url=f"http://{HOST}:{self.ports.rasa}/",
            ready_seconds=120,
            log=self.logs / "rasa.log",
        )

    def actions(self) -> Part:
        return Part(
            name="action server",
            port=self.ports.actions,
            port_variable="LIVECHAT_ACTIONS_PORT",
            command=[str(RASA_PYTHON), "-m", "rasa_sdk", "--actions", "actions", "-p", str(self.ports.actions)],
            env={"LIVECHAT_URL": self.url, "SANIC_HOST": HOST, **QUIET, **self.common},
            ready_url=f"http://{HOST}:{self.ports.actions}/health",
            ready_seconds=60,
            log=self.logs / "actions.log",
        )


def kept_token(path: Path) -> str:
    """The secret shared by service and Rasa side: made once, readable by its owner alone."""
    if not path.exists():
        write_private(path, f"{secrets.token_urlsafe(32)}\n")
    return path.read_text().strip()


def write_private(path: Path, text: str) -> None:
    """Write a file that nobody else may read, at no moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600, exist_ok=False)
    draft.write_text(text)
    draft.replace(path)
