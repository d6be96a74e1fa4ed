"""livechat.yml mounted alone: nothing can take its place, so it is written over, and is never found half done."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from livechat_plugin.settings import SettingsError, read_bytes
from livechat_plugin.settings.file import SettingsFile
from livechat_plugin.settings.in_place import MARK, meant, write_over
from tests.harness import ROOT

from .mounted import TEXTS
from .test_save_settings import Crash

OLD = b"plan: basic   # paid\n"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What was found out in a process with mounts of its own, if we may have them."""
    folder = tmp_path_factory.mktemp("mounted")
    alone = [shutil.which("unshare") or "unshare", "--mount"]
    command = [sys.executable, "-m", "tests.service.mounted", str(folder)]
    may = shutil.which("unshare") and subprocess.run([*alone, "true"], check=False, capture_output=True).returncode == 0
    done = subprocess.run([*alone, *command] if may else command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    yield json.loads(done.stdout)
    folder.chmod(0o700)


def test_mounted_file_is_written_over(found: dict[str, Any]) -> None:
    """It stays the same file, with its mode and owner; it says each text to the byte, and nothing is left beside it."""
    assert found["saved"] == {"wrong": [], "same": True, "beside": ["livechat.yml"]}


def test_kill_leaves_the_old_text_or_the_new_one(found: dict[str, Any]) -> None:
    """At whichever call of the system it comes, and with half of that done: what is half done says nothing to a reader,
    and the next look makes it whole.
    """
    kills = found["killed"]
    assert {kill["text"] for kill in kills if kill["half"]} == set(TEXTS)
    assert not [kill for kill in kills if kill["read"] or kill["now"] is None or not kill["seen"]]
    assert {kill["now"] for kill in kills} == {"old", "new"}


def test_full_disk_leaves_a_mounted_file_as_it_was(found: dict[str, Any]) -> None:
    """It is written when there is room."""
    assert found["full"] == {"said": "File too large", "kept": True, "written": True}


@pytest.mark.parametrize("new", [b"plan: pro\n", OLD.replace(b"basic", b"scale"), OLD + b"# more\n" * 6, b""])
def test_text_may_break_off_at_any_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, new: bytes) -> None:
    """In the copy that is made first the old text counts, afterwards the new one."""
    path, pwrite, left = tmp_path / "livechat.yml", os.pwrite, 0

    def breaks_off(file: int, raw: bytes, at: int) -> int:
        nonlocal left
        written = pwrite(file, raw[:left], at)
        left -= written
        if written < len(raw):
            raise Crash
        return written

    outcomes = []
    with monkeypatch.context() as line:
        line.setattr(os, "pwrite", breaks_off)
        line.setattr(os, "fsync", lambda file: None)
        for cut in range(10_000):
            path.write_bytes(OLD)
            left = cut
            try:
                write_over(path, new)
            except Crash:
                raw = path.read_bytes()
                text = meant(raw)
                assert raw in (OLD, new) if text is None else not is_read(raw)
                outcomes.append(raw if text is None else text)
            else:
                break
    assert path.read_bytes() == new
    copied = outcomes.index(new) if new else len(outcomes)
    assert (set(outcomes[:copied]), set(outcomes[copied:])) == ({OLD}, {new} if new else set())


def is_read(raw: bytes) -> bool:
    try:
        read_bytes(raw, "livechat.yml")
    except SettingsError:
        return False
    return True


def test_half_done_file_is_left_to_whoever_is_at_it(tmp_path: Path) -> None:
    """Another worker looks meanwhile: it sees nothing new, and looks again."""
    file = SettingsFile(tmp_path / "livechat.yml")
    file.path.write_bytes(OLD + MARK + b"plan")
    with file.path.open("rb+") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert not file.changed()
    assert (file.path.read_bytes(), file.error) == (OLD + MARK + b"plan", None)
    assert file.changed()
    assert file.path.read_bytes() == OLD


def test_half_done_file_that_can_not_be_mended_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And is looked at again."""
    file = SettingsFile(tmp_path / "livechat.yml")
    file.path.write_bytes(OLD + MARK)

    def broken(*_: object) -> int:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as disk:
        disk.setattr(os, "pwrite", broken)
        assert not file.changed()
    assert "is half written, and can't be written (Input/output error)" in str(file.error)
    assert file.changed()


@pytest.mark.parametrize("text", ["plan: pro\n".encode("utf-16"), b"plan: \0\0\n", b"\0\0", b"", OLD])
def test_zero_bytes_of_others_are_not_ours_to_cut_off(text: bytes) -> None:
    """Such a text is refused and kept, as every other that can't be read."""
    assert meant(text) is None
