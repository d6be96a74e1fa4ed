"""livechat.yml on the disk: how it looks now, and putting another text in its place.

What must hold: whoever reads it finds the old text or the new one, whole, also after a power cut. So the new one is
written beside it and takes its place in one step, with the mode and owner of the old; a link is followed to the file
that it means. Where nothing can take its place (a container into which the file alone is mounted), it is written over
(`in_place.py`): readers that know nothing of us may then see it half done for a moment, this service never takes it for
settings, and makes it whole at its next look if somebody was killed over it.
"""

import asyncio
import contextlib
import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .in_place import mend, write_over

NOT_BESIDE = frozenset({errno.EBUSY, errno.EACCES, errno.EPERM, errno.EROFS, errno.EXDEV})
"""Nothing may be put beside the file, or take its place. Any other error, of a full disk, say, would hit it as well."""

REFUSED = ".refused"
"""The end of the name under which a text is kept that a Save replaces though nobody could read it."""


def digest_of(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def replace_text(path: Path, text: str) -> None:
    """Puts this text into the file. Raises `OSError`."""
    target = path.resolve()
    try:
        _put_in_place(target, text.encode())
    except OSError as error:
        if error.errno not in NOT_BESIDE or not target.is_file():
            raise
        write_over(target, text.encode())


def _put_in_place(target: Path, raw: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
            _like(target, descriptor)
            file.flush()
            os.fsync(descriptor)
        draft.replace(target)
    except BaseException:
        draft.unlink()
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _like(target: Path, descriptor: int) -> None:
    """The mode and, where we may, the owner of the file whose place it takes."""
    try:
        there = target.stat()
    except FileNotFoundError:
        os.fchmod(descriptor, 0o644)
        return
    with contextlib.suppress(PermissionError):
        os.fchown(descriptor, there.st_uid, there.st_gid)
    os.fchmod(descriptor, there.st_mode & 0o7777)


@dataclass
class SettingsFile:
    """The file as it was last looked at.

    `error` is why it was refused, or could not be written, ready to be shown. `digest` is that of the text which this
    process saw last, `refused` that of one which it could not read. `behind`: it lacks the settings in force. The
    `lock` is held by whoever imports it or saves.
    """

    path: Path
    error: str | None = None
    digest: str | None = None
    refused: str | None = None
    behind: bool = False
    stamp: tuple[int, int, int] | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    write: Callable[[Path, str], None] = replace_text

    def changed(self) -> bool:
        """Whether the file looks different from last time; a file that is gone is different once. One that is half
        written is made whole first, and is as it was last time while somebody is at it.
        """
        if self._stamp_now() == self.stamp or not self._is_whole():
            return False
        self.stamp = self._stamp_now()
        return True

    def _stamp_now(self) -> tuple[int, int, int]:
        try:
            stat = self.path.stat()
        except OSError:
            return (0, 0, 0)
        return (stat.st_mtime_ns, stat.st_size, stat.st_ino)

    def _is_whole(self) -> bool:
        try:
            mend(self.path)
        except BlockingIOError:
            return False
        except OSError as error:
            self.error = f"{self.path}: is half written, and can't be written ({error.strerror})"
            return False
        return True

    def digest_now(self) -> str | None:
        """Of what is on the disk; None when there is nothing to be read."""
        try:
            return digest_of(self.path.read_bytes())
        except OSError:
            return None

    def replace(self, text: str) -> None:
        """Puts this text in its place; one that could not be read is kept beside it. Raises `OSError`."""
        if self.refused is not None and self.digest_now() == self.refused:
            with contextlib.suppress(OSError):
                shutil.copy2(self.path, self.path.with_name(self.path.name + REFUSED))
        self.write(self.path, text)
        self.changed()
        self.digest, self.refused, self.behind, self.error = digest_of(text.encode()), None, False, None
