"""Writing a file over where nothing can take its place, such as one that is mounted alone into a container.

What must hold: whoever is killed meanwhile, and a disk that is full, cost neither text; and what is half done is never
taken for somebody's edit. So the new text first goes behind the old one, with its digest:

    old text, MARK, room, new text, FOOT

Only when all of that is on the disk the new text is written over the old one, and what stands behind it is cut off.
Until then there is a zero byte in the file, with which no reader takes it for settings. `mend` ends what was begun:
with the new text if all of it is there, else with the old one, which nobody has touched then.
"""

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

MARK = b"\0livechat.yml is being written\n"
LENGTH_BYTES = 8
FOOT_BYTES = LENGTH_BYTES + hashlib.sha256().digest_size


def write_over(target: Path, text: bytes) -> None:
    """Raises `OSError`; the file is as it was then, or `mend` makes it whole."""
    with _held(target) as file:
        _mend(file)
        end = os.fstat(file).st_size
        room = max(0, len(text) - end - len(MARK))  # the copy must not be reached when the text is written at the start
        try:
            _write(file, MARK + bytes(room) + text + _foot(text), end)
            os.fsync(file)
        except OSError:
            os.ftruncate(file, end)
            raise
        _finish(file, text)


def mend(target: Path) -> None:
    """Makes a file whole over which somebody was killed. Raises `OSError`; `BlockingIOError` while somebody writes."""
    if is_half_done(target):
        with _held(target) as file:
            _mend(file)


def is_half_done(target: Path) -> bool:
    try:
        return meant(target.read_bytes()) is not None
    except OSError:
        return False


def meant(raw: bytes) -> bytes | None:
    """The text that these bytes are to become; None if they are as somebody wants them."""
    foot = raw[-FOOT_BYTES:]
    length = int.from_bytes(foot[:LENGTH_BYTES], "big")
    text = raw[-FOOT_BYTES - length : -FOOT_BYTES]
    if foot == _foot(text):
        return text
    start = raw.find(MARK)
    if start < 0:
        start = raw.find(b"\0")
        if start < 0 or not MARK.startswith(raw[start:]):  # nobody else's zero bytes are ours to cut off
            return None
    return raw[:start]


def _foot(text: bytes) -> bytes:
    return len(text).to_bytes(LENGTH_BYTES, "big") + hashlib.sha256(text).digest()


@contextlib.contextmanager
def _held(target: Path) -> Iterator[int]:
    """The open file, which nobody else changes in this way meanwhile; a killed process holds nothing."""
    file = os.open(target, os.O_RDWR)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError:
            pass  # a file system without locks; those who write take turns by the database's lock anyway
        yield file
    finally:
        os.close(file)


def _mend(file: int) -> None:
    text = meant(os.pread(file, os.fstat(file).st_size, 0))
    if text is not None:
        _finish(file, text)


def _finish(file: int, text: bytes) -> None:
    _write(file, text, 0)
    os.fsync(file)
    os.ftruncate(file, len(text))
    os.fsync(file)


def _write(file: int, raw: bytes, at: int) -> None:
    """All of it: a disk that is nearly full takes a part and says nothing."""
    while raw:
        written = os.pwrite(file, raw, at)
        raw, at = raw[written:], at + written
