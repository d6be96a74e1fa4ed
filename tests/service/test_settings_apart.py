"""A file and a database that do not go together for a while: copies that differ, outages, imports that were lost."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from livechat_plugin.errors import Unavailable
from livechat_plugin.settings import read_text
from livechat_plugin.settings.file import SettingsFile
from livechat_plugin.storage.database import Database
from livechat_plugin.storage.tables import settings_versions
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.keep_settings import follow, import_file

from .test_save_settings import TEXT, Crash, Worker, another, rows
from .world import new_agent


@pytest.fixture
async def worker(context: Context, tmp_path: Path) -> Worker:
    """One that has imported its file: version 1."""
    path = tmp_path / "livechat.yml"
    path.write_text(TEXT)
    worker = Worker(context, SettingsFile(path))
    await worker.looks()
    return worker


@pytest.fixture
async def owner(context: Context) -> RowMapping:
    return await new_agent(context, "Ana", "owner")


@pytest.fixture
async def apart(worker: Worker, tmp_path: Path) -> Worker:
    """Another process on the same database with a copy of its own, which says something else: version 2."""
    path = tmp_path / "elsewhere.yml"
    path.write_text(TEXT.replace("basic", "scale"))
    other = another(worker)
    other.file = SettingsFile(path)
    await other.looks()
    return other


async def test_two_copies_of_the_file_do_not_fight(worker: Worker, apart: Worker) -> None:
    """Bug: each process imported its own untouched copy again as soon as it had followed the other, for ever."""
    for _ in range(3):
        await worker.looks()
        await apart.looks()
    assert len(await rows(worker.context)) == 2
    assert worker.context.settings.plan == apart.context.settings.plan == "scale"
    assert worker.text == apart.text
    worker.file.path.write_text(TEXT.replace("basic", "pro"))
    for _ in range(2):
        await worker.looks()
        await apart.looks()
    assert len(await rows(worker.context)) == 3, "an edit still is one"
    assert worker.text == apart.text == TEXT.replace("basic", "pro")


async def test_copy_that_can_not_be_written_says_so(worker: Worker, apart: Worker) -> None:
    """It stays as it is, and nobody imports it again."""

    def refuse(path: Path, text: str) -> None:
        raise OSError(30, "Read-only file system")

    worker.file.write = refuse
    for _ in range(3):
        await worker.looks()
        await apart.looks()
    assert (len(await rows(worker.context)), worker.text) == (2, TEXT)
    assert "version 2, which came from another copy of it, is in force" in str(worker.file.error)


async def test_save_brings_a_copy_up_to_date(worker: Worker, apart: Worker, owner: RowMapping) -> None:
    """In both processes, though one of them had not looked since the other's import."""
    await follow(worker.context)
    assert await worker.saves(owner, live_chat={"enabled": False})
    await apart.looks()
    assert worker.text == apart.text == TEXT.replace("basic", "scale").replace("true", "false")


async def test_seen_text_that_the_database_has_lost_is_imported_again(worker: Worker) -> None:
    """After a failover to a copy without the last import: what is in no version is nowhere but in the file."""
    worker.file.path.write_text(TEXT.replace("basic", "scale"))
    await worker.looks()
    async with worker.context.database.write() as connection:
        await connection.execute(settings_versions.delete().where(settings_versions.c.version == 2))
    await worker.looks()
    assert [read_text(row["file_text"]).plan for row in await rows(worker.context)] == ["basic", "scale"]


class Outage(Database):
    """The database is gone after some transactions: before the next one begins, or before it is committed."""

    def __init__(self, working: Database, *, after: int = 0, at_commit: bool = False) -> None:
        self._working, self._left, self._at_commit = working, after, at_commit

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        self._left -= 1
        if self._left < 0 and not self._at_commit:
            raise Unavailable
        async with self._working.write() as connection:
            yield connection
            if self._left < 0:
                raise Unavailable


@pytest.mark.parametrize("at_commit", [False, True])
async def test_hand_edit_during_an_outage_is_imported_after_it(worker: Worker, at_commit: bool) -> None:
    """Bug: the file counted as seen, though nothing was stored, and nobody was told."""
    working = worker.context.database
    worker.file.path.write_text(TEXT.replace("basic", "scale"))
    worker.context.database = Outage(working, at_commit=at_commit)
    for _ in range(2):
        with pytest.raises(Unavailable):
            await import_file(worker.context, worker.file)
    worker.context.database = working
    await import_file(worker.context, worker.file)
    assert await follow(worker.context)
    assert (worker.context.settings.plan, len(await rows(worker.context))) == ("scale", 2)


async def test_file_that_is_behind_during_an_outage_is_written_after_it(worker: Worker, owner: RowMapping) -> None:
    """Bug: that it lacks a Save was forgotten when it could not be written at once."""
    other = another(worker)

    def crash(path: Path, text: str) -> None:
        raise Crash

    worker.file.write = crash
    with pytest.raises(Crash):
        await worker.saves(owner, plan="free")
    working = other.context.database
    other.context.database = Outage(working, after=1)
    with pytest.raises(Unavailable):
        await import_file(other.context, other.file)
    other.context.database = working
    await import_file(other.context, other.file)
    assert read_text(other.text).plan == "free"
    assert len(await rows(other.context)) == 2
