"""Mail with a running service and a real mail server: to whom, what when the server fails, and what admins can see."""

import sqlite3
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.fakes.mailbox import Fault, Mailbox
from tests.harness.client import AgentClient, VisitorClient, body, code
from tests.harness.running import Service
from tests.harness.waiting import PATIENCE, wait_until

SETTINGS = "bot: {answer_within_seconds: 600}\n"
MakeService = Callable[..., Service]


@pytest.fixture
def service(make_service: MakeService, mailbox: Mailbox) -> Service:
    return make_service(settings=SETTINGS, env={"LIVECHAT_SMTP_URL": mailbox.url})


def waiting(service: Service) -> VisitorClient:
    """A visitor who asks for a person."""
    visitor = service.visitor()
    assert body(visitor.ask_for_person())["status"] == "pending"
    return visitor


def mail_health(service: Service) -> dict[str, Any]:
    parts: dict[str, dict[str, Any]] = service.visitor().http.get(f"{service.url}/ready", timeout=30).json()["parts"]
    return parts["mail"]


def disable(service: Service, agent: AgentClient) -> None:
    with sqlite3.connect(service.settings_file.parent / "livechat.db") as database:
        database.execute("UPDATE agents SET disabled_at = 1 WHERE email = ?", [agent.email])
    database.close()


@pytest.mark.promise("settings", "3a")
def test_each_owner_is_mailed_and_nobody_else(
    service: Service, mailbox: Mailbox, figure: Callable[[str], None]
) -> None:
    """Three owners, one disabled, an admin and an agent: two envelopes of one address each, within ten seconds."""
    owners = [service.add_agent(name, "owner") for name in ("Olivia", "Omar", "Otto")]
    service.add_agent("Adam", "admin")
    service.add_agent("Priya")
    disable(service, owners[2])
    began = time.monotonic()
    visitor = waiting(service)
    mailbox.wait_for(2)
    seconds = time.monotonic() - began
    body(owners[0].post("/settings/test-mail"))  # goes out last: nothing else is on its way
    mails = [mail for mail in mailbox.wait_for(3) if visitor.conversation in mail.text]
    assert sorted(mail.recipients for mail in mails) == [(owners[0].email,), (owners[1].email,)]
    assert not any(owners[1].email.encode() in mail.content for mail in mailbox.to(owners[0].email))
    assert seconds < 10
    figure(f"{len(mails)} mails after {seconds:.1f} s")


@pytest.mark.promise("settings", "3b")
def test_switched_off_means_no_mail(service: Service, mailbox: Mailbox) -> None:
    """And on again: only of what comes then."""
    owner = service.add_agent("Olivia", "owner")
    service.write_settings(f"{SETTINGS}notifications: {{email: {{enabled: false}}}}\n")
    wait_until(lambda: not notifies(owner), PATIENCE, "the switch")
    silent = waiting(service)
    service.write_settings(SETTINGS)
    wait_until(lambda: notifies(owner), PATIENCE, "the switch")
    told = waiting(service)
    mails = mailbox.wait_for(1)
    assert told.conversation in mails[0].text
    assert not any(silent.conversation in mail.text for mail in mails)


def notifies(agent: AgentClient) -> bool:
    return bool(body(agent.get("/settings"))["document"]["notifications"]["email"]["enabled"])


@pytest.mark.promise("settings", "4a")
@pytest.mark.parametrize("fault", ["refuse", "hang", "451", "drop"])
def test_chat_goes_on_and_mail_arrives_once(
    service: Service, mailbox: Mailbox, fault: Fault, figure: Callable[[str], None]
) -> None:
    """A person is asked, takes over and answers while the mail server fails; then each mail is there, once."""
    owner, agent = service.add_agent("Olivia", "owner"), service.add_agent("Priya")
    mailbox.fail(fault)
    visitor = waiting(service)
    wait_until(lambda: body(owner.get("/mails"))["items"][:1], PATIENCE, "the mail in the delivery log")
    wait_until(lambda: body(owner.get("/mails"))["items"][0]["error"], PATIENCE, "the reason in the delivery log")
    began = time.monotonic()
    epoch = body(agent.claim(visitor.conversation))["epoch"]
    for number in range(10):
        body(visitor.send(f"question {number}"))
        body(agent.send(visitor.conversation, epoch, f"answer {number}"))
    seconds = time.monotonic() - began
    assert [event["text"] for event in visitor.events() if event["actor"]["kind"] == "agent"][-1] == "answer 9"
    assert mailbox.mails == []
    mailbox.fail(None)
    mailbox.wait_for(1, 2 * PATIENCE)
    wait_until(
        lambda: body(owner.get("/mails"))["items"][0]["state"] == "sent", PATIENCE, "the mail to be known as sent"
    )
    body(owner.post("/settings/test-mail"))  # whatever would be doubled has left before it
    assert [visitor.conversation in mail.text for mail in mailbox.wait_for(2)] == [True, False]
    wait_until(lambda: mail_health(service)["ok"], PATIENCE, "the banner to go")
    figure(f"{fault}: 20 messages in {seconds:.1f} s meanwhile, then 1 mail")


@pytest.mark.promise("settings", "2c")
def test_answer_to_a_form_reaches_who_has_gone_and_who_returns(
    make_service: MakeService, mailbox: Mailbox, figure: Callable[[str], None]
) -> None:
    """By mail when they have gone; in the chat when they return, without another mail."""
    settings = (
        f"{SETTINGS}contact_form: {{mail_answer_after_seconds: 1}}\nnotifications: {{email: {{enabled: false}}}}\n"
    )
    service = make_service(settings=settings, env={"LIVECHAT_SMTP_URL": mailbox.url})
    agent, visitor = service.add_agent("Priya"), service.visitor()
    form = {"name": "Ana", "email": "ana@example.org", "message": "Where is my kettle?"}
    assert body(visitor.post("/contact", form))["status"] == "pending"
    epoch = body(agent.claim(visitor.conversation))["epoch"]
    body(agent.send(visitor.conversation, epoch, "On its way."))
    body(agent.note(visitor.conversation, "For the team alone."))
    (mail,) = mailbox.wait_for(1)
    assert "On its way." in mail.text
    assert "Where is my kettle?" in mail.text
    assert "For the team alone." not in mail.text
    (mark,) = wait_until(
        lambda: [event for event in agent.events(visitor.conversation) if event["kind"] == "delivery"],
        PATIENCE,
        "the mark",
    )
    assert mark["data"] == {"mailed_to": "a…@example.org"}
    assert "On its way." in [event["text"] for event in visitor.events()]
    seq = body(agent.send(visitor.conversation, epoch, "Are you back?"))["seq"]
    body(visitor.post("/seen", {"delivered_upto": seq, "read_upto": seq}))
    owner = service.add_agent("Olivia", "owner")
    wait_until(lambda: body(owner.get("/mails"))["items"][0]["state"] == "dropped", PATIENCE, "the mail to be dropped")
    assert len(mailbox.mails) == 1
    figure("web: by mail when gone, in the chat on return, 0 doubled")


def test_test_mail_says_what_became_of_it(service: Service, mailbox: Mailbox) -> None:
    """Sent, failed for good with the server's words, or waiting with the reason; always to oneself."""
    admin = service.add_agent("Adam", "admin")
    assert body(admin.post("/settings/test-mail")) == {"to": admin.email, "state": "sent", "error": None}
    assert mailbox.mails[0].recipients == (admin.email,)
    mailbox.refused.add(admin.email)
    failed = body(admin.post("/settings/test-mail"))
    assert (failed["state"], "550" in failed["error"]) == ("failed", True)
    mailbox.refused.clear()
    for fault in ("451", "refuse", "hang"):
        mailbox.fail(fault)  # type: ignore[arg-type]
        outcome = body(admin.post("/settings/test-mail"))
        assert outcome["state"] == "waiting"
        assert outcome["error"]
    assert not mail_health(service)["ok"]


def test_without_a_mail_server_people_are_told(make_service: MakeService) -> None:
    """The health says so, a test mail fails with the reason, and what is to be told waits."""
    service = make_service(settings=SETTINGS)
    owner = service.add_agent("Olivia", "owner")
    waiting(service)
    (mail,) = wait_until(lambda: body(owner.get("/mails"))["items"], PATIENCE, "the mail")
    assert (mail["kind"], mail["to"], mail["state"], mail["attempts"]) == ("handover", owner.email, "waiting", 0)
    assert "LIVECHAT_SMTP_URL" in mail["error"]
    assert body(owner.post("/settings/test-mail"))["state"] == "failed"
    health = mail_health(service)
    assert (health["ok"], "LIVECHAT_SMTP_URL" in health["note"]) == (False, True)


def test_delivery_log_is_read_page_by_page_by_owners_and_admins(service: Service) -> None:
    """Newest first, none twice; an agent neither reads it nor sends test mails."""
    owner, agent = service.add_agent("Olivia", "owner"), service.add_agent("Priya")
    for _ in range(3):
        body(owner.post("/settings/test-mail"))
    first = body(owner.get("/mails", limit=2))
    second = body(owner.get("/mails", limit=2, cursor=first["next"]))
    items = [*first["items"], *second["items"]]
    assert len({item["id"] for item in items}) == len(items) == 3
    assert [item["created_at"] for item in items] == sorted((item["created_at"] for item in items), reverse=True)
    assert second["next"] is None
    for answer in (agent.get("/mails"), agent.post("/settings/test-mail")):
        assert (answer.status_code, code(answer)) == (403, "forbidden")
    assert owner.get("/mails", cursor="x").status_code == 422
