"""`kill -9` of the service between a handover and its mail: no owner misses one."""

import time
from collections.abc import Callable

import pytest

from tests.fakes.mailbox import Mailbox
from tests.harness.client import body
from tests.harness.running import Service
from tests.harness.waiting import wait_until

SETTINGS = "bot: {answer_within_seconds: 600}\n"
TESTED, PROVEN = 2, 6
"""Kills: in a run of all tests, and when the promise is proved."""

STAGGER_SECONDS = 0.01
"""Each kill comes a little later after the request, so that they hit writing up, connecting and sending."""

GIVE_UP_SECONDS = 120
"""A mail that was being sent is taken up again when its lock lapses, after 40 s."""


@pytest.mark.promise("settings", "4b")
@pytest.mark.parametrize(("database", "workers"), [("sqlite", 1), ("postgres", 2)])
def test_no_mail_is_lost_by_a_kill(
    request: pytest.FixtureRequest,
    make_service: Callable[..., Service],
    redis_url: str,
    figure: Callable[[str], None],
    database: str,
    workers: int,
) -> None:
    """Killed right after each request, with the server there or away: every handover is named to every owner, and what
    came twice came under the same Message-ID.
    """
    kills = PROVEN if request.config.getoption("--promises") else TESTED
    url = request.getfixturevalue(f"{database}_url")
    with Mailbox() as mailbox:
        env = {"LIVECHAT_SMTP_URL": mailbox.url}
        service = make_service(database_url=url, redis_url=redis_url, workers=workers, settings=SETTINGS, env=env)
        owners = [service.add_agent(name, "owner").email for name in ("Olivia", "Omar")]
        asked = [ask_and_kill(service, mailbox, kill) for kill in range(kills)]
        mailbox.fail(None)

        def named(owner: str) -> bool:
            text = "".join(mail.text for mail in mailbox.to(owner))
            return all(conversation in text for conversation in asked)

        wait_until(
            lambda: all(named(owner) for owner in owners), GIVE_UP_SECONDS, "every handover in a mail", every=0.5
        )
        doubles = 0
        for owner in owners:
            mails = {mail.message["Message-ID"]: mail for mail in mailbox.to(owner)}
            doubles += len(mailbox.to(owner)) - len(mails)
            text = "".join(mail.text for mail in mails.values())
            assert all(text.count(f"/c/{conversation}") == 1 for conversation in asked)
        figure(
            f"{database}, {workers} worker(s): {kills} kills, 0 of {kills * 2} lost, {doubles} came twice as one mail"
        )


def ask_and_kill(service: Service, mailbox: Mailbox, kill: int) -> str:
    """A visitor asks for a person, and the service is gone."""
    mailbox.fail("refuse" if kill % 2 else None)
    visitor = service.visitor()
    assert body(visitor.ask_for_person())["status"] == "pending"
    time.sleep(kill * STAGGER_SECONDS)
    service.kill()
    service.launch()
    return visitor.conversation
