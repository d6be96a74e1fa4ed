"""Pictures from a customer to an agent and back."""

from typing import Any

from tests.harness.client import AgentClient, body
from tests.harness.waiting import PATIENCE, wait_until

from .outside import Customer

PICTURE = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 8
OTHER_PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8


def both_send_a_picture(agent: AgentClient, customer: Customer, conversation: str, epoch: int) -> None:
    customer.sends_photo(PICTURE)

    def attached() -> list[dict[str, Any]]:
        events = agent.events(conversation)
        return [one for e in events if e["actor"]["kind"] == "customer" for one in e["attachments"]]

    wait_until(attached, PATIENCE, "the customer's picture in the log")
    assert agent.http.get(f"{agent.url}{attached()[0]['url']}", timeout=60).content == PICTURE
    path = f"/conversations/{conversation}/files"
    kept = body(agent.call("POST", path, params={"name": "answer.png"}, data=OTHER_PICTURE))
    content = {"client_msg_id": "picture", "epoch": epoch, "attachments": [{"id": kept["id"]}]}
    body(agent.post(f"/conversations/{conversation}/messages", content))
    wait_until(lambda: OTHER_PICTURE in customer.photos(), PATIENCE, "the agent's picture at the customer")
