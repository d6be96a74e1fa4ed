"""What the connectors hand over by `/bridge/v1/inbound`, as it arrives on the line."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import requests

from tests.harness.client import AgentClient, body
from tests.harness.running import Service

_numbers = count(1)


def comes_in(service: Service, **fields: Any) -> dict[str, Any]:
    """A customer did something on WhatsApp; the answer."""
    inbound = {"channel": "whatsapp", "account": "shop", "kind": "message", "text": "Hello"}
    answer = requests.post(
        f"{service.url}/bridge/v1/inbound",
        json={**inbound, "external_id": f"in-{next(_numbers)}", **fields},
        headers={"Authorization": f"Bearer {service.token}"},
        timeout=30,
    )
    found: dict[str, Any] = body(answer)
    return found


def window_of(agent: AgentClient, stored: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(agent.conversation(stored["conversation_id"])["window_until"])


def test_the_window_counts_from_when_the_customer_wrote(service: Service, agent: AgentClient) -> None:
    """WhatsApp brings a message up to days later; what it brings then opens no window that WhatsApp has closed."""
    wrote = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=30)
    stored = comes_in(service, external_user="late", sent_at=wrote.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert window_of(agent, stored) == wrote + timedelta(hours=24)


@pytest.mark.parametrize("sent_at", ["yesterday", "", "0001-01-01T00:00:00+14:00", "2999-01-01T00:00:00Z", None])
def test_a_message_is_stored_whatever_time_it_names(service: Service, agent: AgentClient, sent_at: str | None) -> None:
    """What was said is worth more than when."""
    stored = comes_in(service, external_user=f"whenever {sent_at}", sent_at=sent_at)
    assert window_of(agent, stored) <= datetime.now(UTC) + timedelta(hours=24)
