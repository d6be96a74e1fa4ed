"""LIVECHAT_SMTP_URL: what it says is understood, what is wrong is refused without repeating a secret."""

from pathlib import Path

import pytest

from livechat_plugin.config import ConfigError, read_config
from livechat_plugin.mail_server import MailServer, MailServerError, read_mail_server

ENV = {"LIVECHAT_BRIDGE_TOKEN": "a-token-of-enough-length"}


def test_everything_in_the_url_is_understood() -> None:
    """Sign-in with escaped characters, port, and a sender with a name."""
    server = read_mail_server("smtp://ana%40example.org:p%40ss%2Fword@mail.example.org:2525?from=Shop%20%3Chi@x.org%3E")
    assert server == MailServer(
        host="mail.example.org",
        port=2525,
        user="ana@example.org",
        password="p@ss/word",
        sender="hi@x.org",
        sender_name="Shop",
    )
    assert "p@ss" not in repr(server)
    assert str(server.sender_address) == "Shop <hi@x.org>"


@pytest.mark.parametrize(
    ("url", "port", "start_tls", "sender"),
    [
        ("smtp://mail.example.org", 25, None, "livechat@mail.example.org"),
        ("smtp://ana@example.org:secret@mail.example.org", 587, True, "ana@example.org"),
        ("smtp://ana:secret@mail.example.org", 587, True, "livechat@mail.example.org"),
        ("smtp://ana:secret@127.0.0.1:1025", 1025, None, "livechat@localhost"),
        ("smtps://ana:secret@mail.example.org", 465, False, "livechat@mail.example.org"),
        ("smtp://[::1]:1025?from=help+chat@example.org", 1025, None, "help+chat@example.org"),
    ],
)
def test_what_is_left_out_has_a_default(url: str, port: int, start_tls: bool | None, sender: str) -> None:
    """A password is never sent in the clear to another machine, and a plus stays a plus."""
    server = read_mail_server(url.replace("ana@example.org:", "ana%40example.org:"))
    assert (server.port, server.start_tls, server.sender) == (port, start_tls, sender)


WRONG = [
    "mail.example.org",
    "http://user:s3cret@mail.example.org",
    "smtp://",
    "smtp://user:s3cret@:25",
    "smtp://user:s3cret@mail.example.org:mail",
    "smtp://user:s3cret@mail.example.org:99999",
    "smtp://user@mail.example.org",
    "smtp://:s3cret@mail.example.org",
    "smtp://user:s3cret@mail.example.org/inbox",
    "smtp://user:s3cret@mail.example.org?to=a@b.org",
    "smtp://user:s3cret@mail.example.org?from=a@b.org&from=b@b.org",
    "smtp://user:s3cret@mail.example.org?from=nobody",
    "smtp://user:s3cret@mail.example.org?from=",
    "smtp://user:s3cret@mail.example.org?from=a@b.org%0d%0aBcc:c@b.org",
    "smtp://user:s3cret@mail.example.org?from=A%0aB%20%3Ca@b.org%3E",
    "smtp://user:s3cret@192.0.2.1",
    "smtp://user:s3cret@[mail",
]


@pytest.mark.parametrize("url", WRONG)
def test_mistake_is_named_without_the_secret(url: str) -> None:
    """The start is refused, and the words say what was expected."""
    with pytest.raises(MailServerError) as refusal:
        read_mail_server(url)
    assert "smtp[s]://" in str(refusal.value)
    assert "s3cret" not in str(refusal.value)


def test_mistake_stops_the_start(tmp_path: Path) -> None:
    """From the variable and from its file alike."""
    with pytest.raises(ConfigError, match=r"LIVECHAT_SMTP_URL: .*expected") as refusal:
        read_config({**ENV, "LIVECHAT_SMTP_URL": "ftp://u:s3cret@host"})
    assert "s3cret" not in str(refusal.value)
    file = tmp_path / "smtp-url"
    file.write_text("smtp://u:s3cret@mail.example.org:2525\n")
    config = read_config({**ENV, "LIVECHAT_SMTP_URL_FILE": str(file)})
    assert config.smtp is not None
    assert config.smtp.port == 2525
    assert "s3cret" not in repr(config)


def test_mail_is_optional() -> None:
    """Unset is no mistake: mails wait."""
    assert read_config(ENV).smtp is None
