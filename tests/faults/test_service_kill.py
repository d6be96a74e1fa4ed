"""`kill -9` of the service in the middle of a conversation: what was acknowledged is there, once, in order.

A customer and an agent write over HTTP, each message repeated under its `client_msg_id` until it is acknowledged, as
widget and dashboard do. Meanwhile the service is killed again and again, with whatever it was doing.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
import requests

from tests.harness.client import AgentClient, VisitorClient, body, new_id
from tests.harness.running import Service
from tests.harness.waiting import wait_until

EACH = 100
"""Messages by the customer, and by the agent: 200 in all."""

KILLS = 8
STAGGER_SECONDS = 0.002
"""Each kill comes a little later after an acknowledgement, so that they hit different moments of a request."""

GIVE_UP_SECONDS = 240
RETRY_SECONDS = 0.1
SETTINGS = "plan: pro\nclaims: {lease_seconds: 3600}\n"
"""The agent has no socket here; the claim shall last however slow the machine is."""


@dataclass
class Author:
    """Writes `EACH` messages in order; remembers what was acknowledged as which seq."""

    name: str
    post: Callable[[str, str], requests.Response]
    acknowledged: dict[str, int] = field(default_factory=dict)
    repeats: int = 0
    doubled: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def run(self) -> None:
        deadline = time.monotonic() + GIVE_UP_SECONDS
        for number in range(EACH):
            text = f"{self.name} {number}"
            self._write(text, new_id(), deadline)
            if self.failed:
                return

    def _write(self, text: str, client_msg_id: str, deadline: float) -> None:
        """Repeats until the service has said that it is stored."""
        while time.monotonic() < deadline:
            try:
                response = self.post(text, client_msg_id)
            except requests.RequestException:
                self.repeats += 1
                time.sleep(RETRY_SECONDS)
                continue
            if response.status_code in (429, 503):
                time.sleep(RETRY_SECONDS)
                continue
            if not response.ok:
                self.failed.append(f"{text}: {response.status_code} {response.text}")
                return
            if response.status_code == 200:
                self.doubled.append(text)
            self.acknowledged[text] = response.json()["seq"]
            return
        self.failed.append(f"{text}: never acknowledged")


def kill_often(service: Service, authors: list[Author], threads: list[threading.Thread]) -> None:
    """Kills the service when so much has been acknowledged, and starts it again."""
    for kill in range(1, KILLS + 1):
        due = kill * 2 * EACH // (KILLS + 1)
        wait_until(
            lambda due=due: (
                sum(len(author.acknowledged) for author in authors) >= due or any(author.failed for author in authors)
            ),
            GIVE_UP_SECONDS,
            f"{due} messages",
            every=0.002,
        )
        time.sleep((kill - 1) * STAGGER_SECONDS)
        service.kill()
        service.launch()
    for thread in threads:
        thread.join(GIVE_UP_SECONDS)


def check_log(events: list[dict[str, object]], authors: list[Author]) -> None:
    """Each acknowledged message once, at the seq that was told, in its author's order; and no hole in the log."""
    said = [(event["text"], event["seq"]) for event in events if event["kind"] == "message"]
    seqs = [event["seq"] for event in events]
    assert seqs == list(range(1, len(seqs) + 1))
    for author in authors:
        own = [(text, seq) for text, seq in said if str(text).startswith(f"{author.name} ")]
        assert own == list(author.acknowledged.items())


@pytest.mark.promise("main", "7a")
@pytest.mark.parametrize(("database", "workers"), [("sqlite", 1), ("postgres", 2)])
def test_what_was_acknowledged_survives_kill_9(
    request: pytest.FixtureRequest,
    make_service: Callable[..., Service],
    redis_url: str,
    figure: Callable[[str], None],
    database: str,
    workers: int,
) -> None:
    """200 messages both ways, eight kills of all processes: nothing acknowledged is lost, doubled or out of order."""
    url = request.getfixturevalue(f"{database}_url")
    service = make_service(database_url=url, redis_url=redis_url, workers=workers, settings=SETTINGS)
    agent, visitor = service.add_agent("Priya"), service.visitor()
    assert body(visitor.ask_for_person())["status"] == "pending"
    epoch = body(agent.claim(visitor.conversation))["epoch"]
    authors = [the_agent(agent.again(), visitor.conversation, epoch), the_customer(visitor.again())]
    threads = [threading.Thread(target=author.run, name=author.name) for author in authors]
    for thread in threads:
        thread.start()
    kill_often(service, authors, threads)
    assert [author.failed for author in authors] == [[], []]
    events: list[dict[str, object]] = []
    while page := agent.events(visitor.conversation, after=len(events)):
        events += page
    check_log(events, authors)
    assert agent.conversation(visitor.conversation)["epoch"] == epoch
    repeats, stored = sum(author.repeats for author in authors), sum(len(author.doubled) for author in authors)
    figure(
        f"{database}, {workers} worker(s): {2 * EACH} messages, {KILLS} kills, "
        f"{repeats} repeated, of which {stored} had been stored; 0 lost, 0 doubled, 0 out of order"
    )


def the_agent(client: AgentClient, conversation: str, epoch: int) -> Author:
    return Author("agent", lambda text, name: client.send(conversation, epoch, text, name))


def the_customer(client: VisitorClient) -> Author:
    return Author("customer", client.send)
