"""livechat.yml on the disk: a new text takes the place of the old one, whole, or leaves it alone."""

import errno
import os
from pathlib import Path

import pytest

from livechat_plugin.settings.file import replace_text

from .test_save_settings import TEXT


def test_file_takes_the_others_place_with_its_mode(tmp_path: Path) -> None:
    """Nothing is left beside it; a link stays a link."""
    real, link = tmp_path / "real.yml", tmp_path / "livechat.yml"
    real.write_text("plan: pro\n")
    real.chmod(0o640)
    link.symlink_to(real)
    replace_text(link, "plan: free\n")
    assert (link.is_symlink(), real.read_text(), real.stat().st_mode & 0o777) == (True, "plan: free\n", 0o640)
    assert {one.name for one in tmp_path.iterdir()} == {"livechat.yml", "real.yml"}


@pytest.mark.parametrize("why", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG])
def test_broken_or_full_disk_does_not_touch_the_good_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: int
) -> None:
    """Bug: a new file that found no room beside it was written over the old one instead."""
    path = tmp_path / "livechat.yml"
    path.write_text(TEXT)

    def full(descriptor: int) -> None:
        raise OSError(why, os.strerror(why))

    def written_over(*_: object) -> None:
        raise AssertionError("the good file is left alone")

    monkeypatch.setattr(os, "fsync", full)
    monkeypatch.setattr("livechat_plugin.settings.file.write_over", written_over)
    with pytest.raises(OSError, match=os.strerror(why)):
        replace_text(path, "plan: free\n")
    assert {one.name: one.read_text() for one in tmp_path.iterdir()} == {"livechat.yml": TEXT}


@pytest.mark.parametrize("why", [errno.EBUSY, errno.EACCES, errno.EPERM, errno.EROFS, errno.EXDEV])
def test_file_whose_place_nothing_can_take_is_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: int
) -> None:
    """It stays the same file."""
    path = tmp_path / "livechat.yml"
    path.write_text(TEXT)
    before = path.stat().st_ino

    def refuse(self: Path, _target: Path) -> None:
        raise OSError(why, os.strerror(why), str(self))

    monkeypatch.setattr(Path, "replace", refuse)
    replace_text(path, "plan: free\n")
    assert {one.name: one.read_text() for one in tmp_path.iterdir()} == {"livechat.yml": "plan: free\n"}
    assert path.stat().st_ino == before
