"""The product's own parts as processes of a test: the live chat service, Rasa and the action server.

The commands are those of the demo (`scripts/parts.py`). A part keeps its port, its data and its log when it is killed
and started again.
"""

import os
import secrets
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Self

from scripts import bot
from scripts.parts import NO_ACCOUNTS, Part, Ports, Stack
from scripts.paths import SERVICE_ENV
from scripts.supervisor import is_ready

from .child import Child
from .client import AgentClient, VisitorClient
from .waiting import free_port, wait_until

PASSWORD = "correct horse battery staple"
DEFAULT_SETTINGS = "plan: pro\n"


def clean_environment() -> dict[str, str]:
    """This shell's environment without its own live chat settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("LIVECHAT_")}


class PartChild(Child):
    """A part of the product. `env` adds to what the demo would give it, or replaces that."""

    def __init__(self, part: Part, env: Mapping[str, str] | None = None) -> None:
        self.part = part
        self.port = part.port
        self.url = f"http://127.0.0.1:{part.port}"
        merged = {**clean_environment(), **part.env, **(env or {})}
        super().__init__(part.name, part.command, log=part.log, env=merged)

    def launch(self) -> Self:
        """Start, and wait until it is ready."""
        self.start()
        return self.await_ready(self.is_ready, self.part.ready_seconds)

    def is_ready(self) -> bool:
        return is_ready(self.part.ready_url)

    def relaunch(self) -> Self:
        """`kill -9`, and start again on the same port."""
        self.kill()
        return self.launch()


class Service(PartChild):
    """`livechat serve`, with a settings file of its own.

    `alone`: there is no Rasa beside it, so it counts as ready once it is alive.
    """

    def __init__(
        self,
        stack: Stack,
        *,
        workers: int = 1,
        settings: str = DEFAULT_SETTINGS,
        env: Mapping[str, str] | None = None,
        alone: bool = False,
    ) -> None:
        self.alone = alone
        self.settings_file = stack.data / "livechat.yml"
        self.write_settings(settings)
        extra = {"LIVECHAT_SETTINGS": str(self.settings_file), **(env or {})}
        super().__init__(stack.service(workers), extra)
        self.token = stack.token

    def write_settings(self, text: str) -> None:
        """Replace livechat.yml as an editor does."""
        self.settings_file.parent.mkdir(parents=True, exist_ok=True)
        draft = self.settings_file.with_suffix(".draft")
        draft.write_text(text)
        draft.replace(self.settings_file)

    def livechat(
        self, *words: str, stdin: str | None = None, env: Mapping[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run a `livechat` command against this service's database; the caller judges its exit code."""
        command = [str(SERVICE_ENV / "bin" / "livechat"), *words]
        return subprocess.run(
            command,
            input=stdin,
            text=True,
            capture_output=True,
            env={**self.env, **(env or {})},
            cwd=self.cwd,
            timeout=60,
            check=False,
        )

    def is_ready(self) -> bool:
        return self.is_alive() if self.alone else super().is_ready()

    def is_alive(self) -> bool:
        return is_ready(f"{self.url}/health")

    def add_agent(self, name: str, role: str = "agent") -> AgentClient:
        """A new member of the team, signed in; the address is made from the name."""
        email = f"{name.lower().replace(' ', '.')}@example.com"
        words = ("agent", "add", "--email", email, "--name", name, "--role", role, "--password-stdin")
        done = self.livechat(*words, stdin=f"{PASSWORD}\n")
        assert done.returncode == 0, f"livechat agent add: {done.stdout}{done.stderr}"
        return AgentClient(self.url, email, PASSWORD).sign_in()

    def visitor(self) -> VisitorClient:
        """A new customer on the web page, with a conversation of their own."""
        return VisitorClient(self.url).open()


class LiveStack:
    """Service, Rasa and action server on free ports, with data of their own in `folder`.

    `credentials` stands in for credentials.yml. `service_env` and the others replace what a part is told, for example
    to put a fault proxy in between.
    """

    def __init__(
        self,
        folder: Path,
        *,
        database_url: str = "",
        redis_url: str = "",
        workers: int = 1,
        settings: str = DEFAULT_SETTINGS,
        service_env: Mapping[str, str] | None = None,
        rasa_env: Mapping[str, str] | None = None,
        actions_env: Mapping[str, str] | None = None,
        model: Path | None = None,
        ports: Ports | None = None,
        channels: Mapping[str, str] | None = None,
        credentials: Path | None = None,
    ) -> None:
        self.stack = new_stack(folder, database_url=database_url, redis_url=redis_url, ports=ports, channels=channels)
        if credentials is not None:
            self.stack = replace(self.stack, credentials=str(credentials))
        self.service = Service(self.stack, workers=workers, settings=settings, env=service_env)
        self.rasa = PartChild(self.stack.rasa(model or bot.train()), rasa_env)
        self.actions = PartChild(self.stack.actions(), actions_env)
        self.parts: tuple[PartChild, ...] = (self.service, self.rasa, self.actions)

    def launch(self) -> Self:
        """Start all three at once, and wait for each."""
        for part in self.parts:
            part.start()
        for part in self.parts:
            part.await_ready(part.is_ready, part.part.ready_seconds)
        return self

    def stop(self) -> None:
        for part in self.parts:
            part.stop()

    def await_ready(self, seconds: float = 120) -> None:
        """After something was started again: every part answers."""
        wait_until(lambda: all(part.is_ready() for part in self.parts), seconds, "all parts to be ready")

    def __enter__(self) -> Self:
        return self.launch()

    def __exit__(self, *_: object) -> None:
        self.stop()


def free_ports() -> Ports:
    """Ports for a stack, for a test that has to know them before it starts one (to put a fault proxy in front)."""
    return Ports(service=free_port(), rasa=free_port(), actions=free_port())


def new_stack(
    folder: Path,
    *,
    database_url: str = "",
    redis_url: str = "",
    ports: Ports | None = None,
    channels: Mapping[str, str] | None = None,
) -> Stack:
    """Free ports, a secret, and a folder for data and logs; without a Redis URL the service starts its own.

    `channels` are the accounts at Telegram and WhatsApp, where they are not nobody's.
    """
    ports = ports or free_ports()
    extra = {"LIVECHAT_REDIS_URL": redis_url} if redis_url else {}
    accounts = {**NO_ACCOUNTS, **(channels or {})}
    return Stack(ports, secrets.token_urlsafe(32), folder, folder / "log", database_url, extra, accounts)
