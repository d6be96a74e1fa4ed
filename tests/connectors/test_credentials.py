"""What the documents say about credentials.yml is what Rasa reads: a sample that can't be read stops the start."""

import re
from pathlib import Path
from typing import Any

import pytest
from rasa.core.run import _create_single_channel
from rasa.shared.utils.io import read_config_file

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^( *)```yaml\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def samples() -> list[Any]:
    """The samples of the READMEs, and the one that stands in credentials.yml as a comment."""
    found = []
    for path in (ROOT / "connectors" / "README.md", ROOT / "connectors" / "whatsapp" / "README.md"):
        blocks = [text for _, text in BLOCK.findall(path.read_text(encoding="utf-8"))]
        found += [pytest.param(text, id=f"{path.parent.name}-{at}") for at, text in enumerate(blocks)]
    several = (ROOT / "credentials.yml").read_text(encoding="utf-8").split("# Several", 1)[1].partition("\n")[2]
    return [*found, pytest.param(re.sub("^# ?", "", several, flags=re.MULTILINE), id="credentials.yml")]


def value(name: str, at: int) -> str:
    """A secret that is as good as a real one."""
    kind = name.rpartition("_")[2]
    return {"TOKEN": f"{at}:token", "ID": f"{at}"}.get(kind, f"secret-{at}")


@pytest.mark.parametrize("sample", samples())
def test_a_sample_is_read(sample: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each account of it, with the values of the environment."""
    names = re.findall(r"\$\{(\w+)\}", sample)
    for at, name in enumerate([*names, "TELEGRAM_TOKEN", "TELEGRAM_SECRET"], 1):
        monkeypatch.setenv(name, value(name, at))
    for at, key in enumerate(("TOKEN", "PHONE_NUMBER_ID", "APP_SECRET", "VERIFY_TOKEN"), 1):
        monkeypatch.setenv(f"WHATSAPP_{key}", value(key, at))
    monkeypatch.setenv("LIVECHAT_BRIDGE_TOKEN", "bridge-token")
    file = tmp_path / "credentials.yml"
    indent = len(sample) - len(sample.lstrip(" "))
    file.write_text("\n".join(line[indent:] for line in sample.splitlines()), encoding="utf-8")
    for channel, settings in read_config_file(str(file)).items():
        made = _create_single_channel(channel, settings or {})
        assert len(getattr(made._connector, "accounts", [1])) == max(len((settings or {}).get("accounts", [])), 1)
