"""The folders under names of their own, as a wheel ships them."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
USE = """
from livechat_connectors.running import RunningTurn
from livechat_connectors.siblings import build_card
from livechat_actions.handover import ActionRequestHandover
assert build_card.__module__ == "livechat_actions.card"
print(ActionRequestHandover().name())
"""


def test_renamed_folders_find_each_other(tmp_path: Path) -> None:
    """`livechat_connectors` uses the card of `livechat_actions`, not of an `actions` that happens to be there."""
    for folder in ("connectors", "actions"):
        shutil.copytree(ROOT / folder, tmp_path / f"livechat_{folder}", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "actions").mkdir()
    (tmp_path / "actions" / "__init__.py").write_text("raise AssertionError('a stranger')")
    done = subprocess.run(
        [sys.executable, "-c", USE], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "action_request_handover"), done.stderr
