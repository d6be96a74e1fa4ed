"""Where the bytes of files are kept: one small interface, and a local folder that keeps them.

What must hold: a file is there whole or not at all (written aside, synced, then renamed), also where two write it at
once: each has its own aside. Its name is our own random id, so nothing that anybody sent becomes a path.
"""

import asyncio
import contextlib
import os
import re
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO, Protocol

CHUNK = 256 * 1024
HEAD_BYTES = 64
"""So much of a file's beginning is given back, for whoever has to find out what it is."""

_ID = re.compile(r"^[0-9a-f]{24}$")


class TooLarge(Exception):
    """More bytes than are taken; nothing was kept."""


class FileStore(Protocol):
    """Keeps bytes under an id."""

    async def save(self, file: str, chunks: AsyncIterator[bytes], limit: int) -> tuple[int, bytes]:
        """Keeps all of `chunks`; their number of bytes and the first `HEAD_BYTES`. Raises `TooLarge` beyond `limit`."""
        ...

    def open(self, file: str) -> AsyncIterator[bytes]:
        """The bytes, in pieces. Raises `FileNotFoundError` before the first."""
        ...

    async def drop(self, file: str) -> None:
        """Forgets a file; one that is not there is no error."""
        ...

    async def sweep(self, before: int) -> None:
        """Forgets what is left of writers that were cut off: partial files untouched since `before` (ms since 1970)."""
        ...


class Folder:
    """A `FileStore` in a local folder; two levels, so that none grows too wide."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._parts = root / "parts"
        """Partial files, one for each try: of the same file there may be several."""

    async def save(self, file: str, chunks: AsyncIterator[bytes], limit: int) -> tuple[int, bytes]:
        path = self._path(file)
        part = self._parts / f"{file}.{secrets.token_hex(8)}"
        for folder in (path.parent, self._parts):
            await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        try:
            size, head = await _write(part, chunks, limit)
            await asyncio.to_thread(part.replace, path)
        except BaseException:
            await asyncio.to_thread(part.unlink, missing_ok=True)
            raise
        return size, head

    async def open(self, file: str) -> AsyncIterator[bytes]:
        source = await asyncio.to_thread(self._path(file).open, "rb")
        try:
            while chunk := await asyncio.to_thread(source.read, CHUNK):
                yield chunk
        finally:
            await asyncio.to_thread(source.close)

    async def drop(self, file: str) -> None:
        await asyncio.to_thread(self._path(file).unlink, missing_ok=True)

    async def sweep(self, before: int) -> None:
        await asyncio.to_thread(_sweep, self._parts, before / 1000)

    def _path(self, file: str) -> Path:
        if not _ID.match(file):
            raise FileNotFoundError(file)
        return self._root / file[:2] / file


async def _write(path: Path, chunks: AsyncIterator[bytes], limit: int) -> tuple[int, bytes]:
    size, head = 0, b""
    target = await asyncio.to_thread(path.open, "wb")
    try:
        async for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise TooLarge
            head = (head + chunk)[:HEAD_BYTES] if len(head) < HEAD_BYTES else head
            await asyncio.to_thread(target.write, chunk)
        await asyncio.to_thread(_sync, target)
    finally:
        await asyncio.to_thread(target.close)
    return size, head


def _sweep(parts: Path, before: float) -> None:
    for part in parts.glob("*"):
        with contextlib.suppress(FileNotFoundError):  # its writer ended just now, or another worker sweeps, too
            if part.stat().st_mtime < before:
                part.unlink()


def _sync(target: BinaryIO) -> None:
    target.flush()
    os.fsync(target.fileno())
