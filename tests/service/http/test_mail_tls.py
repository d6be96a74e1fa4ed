"""Mail over TLS as an admin has it: SSL_CERT_FILE for the running service, and the reason in the delivery log."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from trustme import CA

from tests.fakes.mailbox import Mailbox
from tests.harness.client import body
from tests.harness.running import Service
from tests.service.test_mail_tls import ACCOUNT, PASSWORD, certificate

SETTINGS = "bot: {answer_within_seconds: 600}\n"
HOST = "127.0.0.1"


def test_expired_certificate_is_said_in_the_delivery_log_and_mail_goes_out_when_it_is_renewed(
    make_service: Callable[..., Service], mailbox: Mailbox, tmp_path: Path
) -> None:
    """In words and without the password. The authority is the team's own, which the service's environment names."""
    authority, file = CA(), tmp_path / "our-authority.pem"
    authority.cert_pem.write_to_path(str(file))
    mailbox.tls_from_the_start, mailbox.account = True, ACCOUNT
    mailbox.certificate = certificate(authority, HOST, not_after=dt.datetime.now(dt.UTC) - dt.timedelta(days=1))
    mailbox.fail(None)
    url = f"smtps://ana:{PASSWORD}@{HOST}:{mailbox.smtp_port}"
    service = make_service(settings=SETTINGS, env={"LIVECHAT_SMTP_URL": url, "SSL_CERT_FILE": str(file)})
    owner = service.add_agent("Olivia", "owner")
    outcome = body(owner.post("/settings/test-mail"))
    assert (outcome["state"], "it has expired" in outcome["error"]) == ("waiting", True)
    (line,) = body(owner.get("/mails"))["items"]
    assert (line["state"], line["error"]) == ("waiting", outcome["error"])
    mailbox.certificate = certificate(authority, HOST)
    mailbox.fail(None)
    assert body(owner.post("/settings/test-mail"))["state"] == "sent"
    assert len(mailbox.wait_for(2)) == 2
    log = service.log.read_text()
    assert (PASSWORD in log, "Traceback" in log) == (False, False)
