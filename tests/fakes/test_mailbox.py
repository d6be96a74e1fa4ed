"""The mailbox as a process: what was sent can be read in a browser, and nothing of it runs or loads there."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import requests

from scripts import mailbox
from tests.harness.running import PartChild
from tests.harness.waiting import free_port

HTML = (
    '<html><head></head><body><script>alert(1)</script><img src="https://evil.example/x.png"><b>Bold</b></body></html>'
)


@pytest.fixture(scope="module")
def smtp_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def part(smtp_port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PartChild]:
    """Started as the demo does it."""
    logs: Path = tmp_path_factory.mktemp("mailbox")
    child = PartChild(mailbox.mailbox(free_port(), smtp_port, logs))
    try:
        yield child.launch()
    finally:
        child.stop()


def send(smtp_port: int, subject: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", subject
    message.set_content("Plain <words>\n")
    message.add_alternative(HTML, subtype="html")
    with smtplib.SMTP("127.0.0.1", smtp_port, "localhost", timeout=10) as client:
        client.send_message(message)


def test_what_was_sent_can_be_read(part: PartChild, smtp_port: int) -> None:
    """List, text and HTML; markup of a sender is shown, not obeyed."""
    send(smtp_port, "Ana <script> waits")
    page = requests.get(part.url, timeout=10)
    assert "Ana &lt;script&gt; waits" in page.text
    mail = requests.get(f"{part.url}/mails/0", timeout=10)
    assert "Plain &lt;words&gt;" in mail.text
    assert 'sandbox="allow-popups"' in mail.text
    shown = requests.get(f"{part.url}/mails/0/html", timeout=10)
    assert "<b>Bold</b>" in shown.text
    policy = shown.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups;" in policy
    assert "script-src" not in policy
    assert requests.get(f"{part.url}/mails/99", timeout=10).status_code == 404


def test_programs_read_it_and_make_it_fail(part: PartChild, smtp_port: int) -> None:
    """The ledger as JSON; a fault needs the header that no other site can send."""
    url = f"{part.url}/_control/fault"
    assert requests.post(url, data="451", timeout=10).status_code == 403
    assert requests.post(url, data="nonsense", headers={"X-Mailbox": "1"}, timeout=10).status_code == 400
    assert requests.post(url, data="451", headers={"X-Mailbox": "1"}, timeout=10).status_code == 204
    with pytest.raises(smtplib.SMTPDataError, match="451"):
        send(smtp_port, "Later")
    assert requests.post(url, data="refuse", headers={"X-Mailbox": "1"}, timeout=10).status_code == 204
    with pytest.raises(ConnectionRefusedError):
        send(smtp_port, "Later")
    assert requests.post(url, headers={"X-Mailbox": "1"}, timeout=10).status_code == 204
    send(smtp_port, "Now")
    subjects = [
        mail["headers"]["Subject"] for mail in requests.get(f"{part.url}/_control/mails", timeout=10).json()["mails"]
    ]
    assert "Now" in subjects
    assert "Later" not in subjects
