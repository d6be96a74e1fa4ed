"""How a channel starts, and how it refuses to."""

import sys
from typing import Any

import pytest
from rasa.core.run import _create_single_channel
from rasa.shared.exceptions import RasaException

PATH = "connectors.web.channel.WebChannel"


def test_rasa_finds_the_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    """The class path in credentials.yml gives the channel `web`, also without settings below it."""
    monkeypatch.setenv("LIVECHAT_BRIDGE_TOKEN", "a-token")
    assert _create_single_channel(PATH, None).name() == "web"  # type: ignore[arg-type]


def test_without_the_secret_it_refuses_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the variable and gives an example."""
    monkeypatch.delenv("LIVECHAT_BRIDGE_TOKEN", raising=False)
    monkeypatch.delenv("LIVECHAT_BRIDGE_TOKEN_FILE", raising=False)
    with pytest.raises(RasaException, match=r"LIVECHAT_BRIDGE_TOKEN is not set.*for example"):
        _create_single_channel(PATH, {})


def test_the_reason_of_a_failed_import_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rasa alone would say that the channel is unknown."""
    for name in [name for name in sys.modules if name.startswith("connectors.")]:
        monkeypatch.delitem(sys.modules, name)
    modules: dict[str, Any] = {"connectors.bridge": None}
    monkeypatch.setitem(sys.modules, "connectors.bridge", modules["connectors.bridge"])
    with pytest.raises(RasaException, match=r"The channel web can't be loaded: .*connectors\.bridge"):
        _create_single_channel(PATH, {})
