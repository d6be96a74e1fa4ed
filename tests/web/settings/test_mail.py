"""The mail part of the page, with a running mail server: who gets it, a test, the log, and the switch."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.fakes.mailbox import Mailbox
from tests.harness.client import AgentClient, body
from tests.harness.running import Service

from .office import FILE, Office


@pytest.fixture
def service(make_service: Callable[..., Service], mailbox: Mailbox) -> Service:
    settings = f"{FILE}bot: {{answer_within_seconds: 600}}\n"
    return make_service(settings=settings, env={"LIVECHAT_SMTP_URL": mailbox.url})


@pytest.fixture
def omar(service: Service) -> AgentClient:
    service.add_agent("Olga Petrenko", "owner")
    return service.add_agent("Omar Haddad", "owner")


@pytest.fixture
def desk(service: Service, omar: AgentClient, opened: Callable[..., Page]) -> Office:
    return Office(opened(omar), service, omar).open()


def test_a_test_mail_and_the_log(desk: Office, mailbox: Mailbox) -> None:
    """It goes to who asks for it, and its outcome is said; one that has to wait says why, in the log, too."""
    part = desk.part("Notifications")
    for name in ("Olga Petrenko", "Omar Haddad"):
        expect(part.get_by_role("listitem").filter(has_text=name)).to_be_visible()
    part.get_by_role("button", name="Send a test mail").click()
    expect(part.get_by_text("Sent to omar.haddad@example.com.")).to_be_visible()
    assert [mail.recipients for mail in mailbox.mails] == [("omar.haddad@example.com",)]
    part.get_by_text("Delivery log").click()
    expect(part.locator(".mail-log li")).to_contain_text(["Sent"])
    mailbox.fail("refuse")
    part.get_by_role("button", name="Send a test mail").click()
    expect(part.get_by_text("It waits.")).to_be_visible(timeout=60_000)
    expect(part.locator(".mail-log li").first).to_contain_text("Waiting")


@pytest.mark.promise("settings", "5a")
def test_the_switch_decides_who_is_told(desk: Office, service: Service, mailbox: Mailbox) -> None:
    """Off: a new handover is told to nobody; on: to every owner."""
    desk.switch("Email notifications", on=False)
    desk.in_force("notifications.email.enabled", False)
    body(service.visitor().ask_for_person())
    desk.switch("Email notifications", on=True)
    desk.in_force("notifications.email.enabled", True)
    told = service.visitor()
    body(told.ask_for_person())
    mailbox.wait_for(2)
    assert {mail.recipients for mail in mailbox.mails} == {
        ("olga.petrenko@example.com",),
        ("omar.haddad@example.com",),
    }
    assert all(told.conversation in mail.text for mail in mailbox.mails)
