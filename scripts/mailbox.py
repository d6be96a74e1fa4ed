"""Mail in the demo: the server that the environment names, else a fake one whose inbox can be read in the browser."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from .parts import HOST, Part
from .paths import LOGS, SERVICE_PYTHON

SENDER = "Rasa%20Live%20Chat%20%3Clivechat@example.com%3E"


def is_chosen(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether there is a real mail server to use."""
    return bool(environment.get("LIVECHAT_SMTP_URL") or environment.get("LIVECHAT_SMTP_URL_FILE"))


def url(smtp_port: int) -> str:
    """For LIVECHAT_SMTP_URL."""
    return f"smtp://{HOST}:{smtp_port}?from={SENDER}"


def mailbox(port: int, smtp_port: int, logs: Path = LOGS) -> Part:
    """The fake and its page, as a process."""
    return Part(
        name="mailbox",
        port=port,
        port_variable="LIVECHAT_MAIL_PORT",
        command=[str(SERVICE_PYTHON), "-m", "tests.fakes.mailbox", "--port", str(port), "--smtp-port", str(smtp_port)],
        env={},
        ready_url=f"http://{HOST}:{port}/",
        ready_seconds=30,
        log=logs / "mailbox.log",
    )


def smtp_of(part: Part, smtp_port: int) -> Part:
    """Its other port, to be looked at before anything is started."""
    return replace(part, name="mailbox (SMTP)", port=smtp_port, port_variable="LIVECHAT_SMTP_PORT")
