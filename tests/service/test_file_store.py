"""The folder of files: whole or not at all, also where two write the same file at once; nothing is left lying."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from livechat_plugin.storage.file_store import Folder, TooLarge

FILE = "0123456789abcdef01234567"
LIMIT = 1_000


async def pieces(*content: bytes) -> AsyncIterator[bytes]:
    for piece in content:
        yield piece


class Halting:
    """Two pieces; `at_half` is set when the first one is written, the second comes when `go_on` is set."""

    def __init__(self) -> None:
        self.at_half, self.go_on = asyncio.Event(), asyncio.Event()

    async def pieces(self) -> AsyncIterator[bytes]:
        yield b"slow "
        self.at_half.set()
        await self.go_on.wait()
        yield b"writer"


async def read(store: Folder, file: str = FILE) -> bytes:
    return b"".join([chunk async for chunk in store.open(file)])


def kept(root: Path) -> list[str]:
    return [path.name for path in root.rglob("*") if path.is_file()]


async def test_two_writers_never_share_a_file(tmp_path: Path) -> None:
    """Both used one partial file: the second wrote into the first one's, and who was first took it away."""
    store, halting = Folder(tmp_path), Halting()
    slow = asyncio.create_task(store.save(FILE, halting.pieces(), LIMIT))
    await halting.at_half.wait()
    await store.save(FILE, pieces(b"quick ", b"writer"), LIMIT)
    assert await read(store) == b"quick writer"
    halting.go_on.set()
    assert (await slow)[0] == len(b"slow writer")
    assert await read(store) == b"slow writer"
    assert kept(tmp_path) == [FILE]


async def test_a_file_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    """Nor does one that is too large."""
    with pytest.raises(TooLarge):
        await Folder(tmp_path).save(FILE, pieces(bytes(LIMIT), b"more"), LIMIT)
    assert kept(tmp_path) == []


async def test_what_a_killed_writer_left_is_swept(tmp_path: Path) -> None:
    """By its age: a partial file that is still written to, and every whole one, stays."""
    store, halting = Folder(tmp_path), Halting()
    await store.sweep(1_000_000)
    await store.save(FILE, pieces(b"whole"), LIMIT)
    other = FILE[::-1]
    writing = asyncio.create_task(store.save(other, halting.pieces(), LIMIT))
    await halting.at_half.wait()
    left = tmp_path / "parts" / f"{FILE}.0123"
    left.write_bytes(b"half")
    for old in (left, tmp_path / FILE[:2] / FILE):
        os.utime(old, (500, 500))
    await store.sweep(1_000_000)
    halting.go_on.set()
    await writing
    assert (await read(store), await read(store, other)) == (b"whole", b"slow writer")
    assert sorted(kept(tmp_path)) == sorted([FILE, other])
