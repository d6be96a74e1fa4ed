"""The secret and the address: required, checked, named when wrong, and never shown."""

from pathlib import Path

import pytest

from connectors.errors import NotConfigured
from connectors.settings import BridgeSettings

GOOD = {"LIVECHAT_BRIDGE_TOKEN": "s3cret-s3cret-s3cret"}


def test_the_usual_place_is_loopback() -> None:
    """Without an address the service is looked for on this machine."""
    assert BridgeSettings.read(GOOD).url == "http://127.0.0.1:8080"


def test_an_address_is_taken_without_its_last_slash() -> None:
    """Paths are appended to it."""
    settings = BridgeSettings.read({**GOOD, "LIVECHAT_URL": "https://chat.example/"})
    assert settings.url == "https://chat.example"


def test_the_secret_may_come_from_a_file(tmp_path: Path) -> None:
    """A file's last line break is no part of the secret."""
    path = tmp_path / "token"
    path.write_text("from-a-file\n")
    assert BridgeSettings.read({"LIVECHAT_BRIDGE_TOKEN_FILE": str(path)}).token == "from-a-file"


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "LIVECHAT_BRIDGE_TOKEN is not set"),
        ({"LIVECHAT_BRIDGE_TOKEN": "  "}, "LIVECHAT_BRIDGE_TOKEN is not set"),
        ({"LIVECHAT_BRIDGE_TOKEN": "two words"}, "LIVECHAT_BRIDGE_TOKEN must be printable"),
        ({"LIVECHAT_BRIDGE_TOKEN": "schlüssel"}, "LIVECHAT_BRIDGE_TOKEN must be printable"),
        ({"LIVECHAT_BRIDGE_TOKEN_FILE": "/nowhere/token"}, "LIVECHAT_BRIDGE_TOKEN_FILE points to a file"),
        ({**GOOD, "LIVECHAT_URL": "chat.example"}, "LIVECHAT_URL is 'chat.example'"),
        ({**GOOD, "LIVECHAT_URL": "ftp://chat.example"}, "LIVECHAT_URL is 'ftp://chat.example'"),
        ({**GOOD, "LIVECHAT_URL": "http://chat.example:x"}, "LIVECHAT_URL is 'http://chat.example:x'"),
    ],
)
def test_what_is_missing_or_wrong_is_named_with_an_example(environment: dict[str, str], named: str) -> None:
    """The message says which variable and what to write."""
    with pytest.raises(NotConfigured) as refused:
        BridgeSettings.read(environment)
    assert str(refused.value).startswith(named)
    assert "for example: LIVECHAT_" in str(refused.value)
    assert "schlüssel" not in str(refused.value)


def test_the_secret_is_not_shown() -> None:
    """Printing the settings keeps it."""
    assert GOOD["LIVECHAT_BRIDGE_TOKEN"] not in repr(BridgeSettings.read(GOOD))
