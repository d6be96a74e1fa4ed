"""Save on the Settings page: one version, in force, in livechat.yml; nothing accepted is lost, come what may."""

import asyncio
import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import RowMapping, func, select

from livechat_plugin.errors import Invalid, StaleVersion
from livechat_plugin.settings import Settings, check_document, read_text
from livechat_plugin.settings.file import SettingsFile, replace_text
from livechat_plugin.settings.in_place import write_over
from livechat_plugin.storage.database import connect
from livechat_plugin.storage.tables import audit, settings_versions
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.keep_settings import follow, import_file
from livechat_plugin.usecases.save_settings import save

from .world import new_agent, refused

TEXT = "# Ours.\nplan: basic   # paid\nlive_chat:\n  enabled: true\n"


class Crash(BaseException):
    """The process is gone."""


@dataclass
class Worker:
    """One process of the service, as far as it concerns the settings."""

    context: Context
    file: SettingsFile

    async def looks(self) -> None:
        """What each worker does once a second, when the file's stamp has changed."""
        self.file.stamp = None
        await import_file(self.context, self.file)
        await follow(self.context)

    async def saves(self, author: RowMapping, base: int | None = None, **changes: Any) -> bool:
        document = self.context.settings.document()
        document.update(changes)
        return await save(self.context, self.file, self.context.version if base is None else base, document, author)

    @property
    def text(self) -> str:
        return self.file.path.read_bytes().decode()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "settings" / "livechat.yml"
    path.parent.mkdir()
    path.write_text(TEXT)
    return path


@pytest.fixture
async def worker(context: Context, path: Path) -> Worker:
    """One that has imported the file: version 1."""
    worker = Worker(context, SettingsFile(path))
    await worker.looks()
    return worker


@pytest.fixture
async def owner(context: Context) -> RowMapping:
    return await new_agent(context, "Ana", "owner")


def another(worker: Worker) -> Worker:
    """Another process on the same database and file, or the same one after a restart."""
    context = Context(database=worker.context.database, gate=worker.context.gate, clock=worker.context.clock)
    return Worker(context, SettingsFile(worker.file.path))


async def rows(context: Context) -> list[RowMapping]:
    async with context.database.read() as connection:
        query = select(settings_versions).order_by(settings_versions.c.version)
        return list((await connection.execute(query)).mappings().all())


async def test_save_is_a_version_in_force_and_in_the_file(worker: Worker, owner: RowMapping) -> None:
    """With its author, the file's new text, whose comments stay, and a line in the audit that names the keys."""
    assert await worker.saves(owner, plan="free")
    assert (worker.context.version, worker.context.settings.plan) == (2, "free")
    assert worker.text == TEXT.replace("plan: basic   #", "plan: free    #")
    latest = (await rows(worker.context))[-1]
    assert (latest["author"], latest["file_text"]) == (owner["id"], worker.text)
    async with worker.context.database.read() as connection:
        noted = (await connection.execute(select(audit).where(audit.c.action == "settings.saved"))).mappings().one()
    assert (noted["actor_id"], noted["data"]) == (owner["id"], {"version": 2, "keys": ["plan"]})
    await worker.looks()
    await another(worker).looks()
    assert len(await rows(worker.context)) == 2, "the written file is no edit"


async def test_unchanged_document_is_no_version(worker: Worker, owner: RowMapping) -> None:
    """Save without a change does nothing."""
    assert not await worker.saves(owner)
    assert len(await rows(worker.context)) == 1
    assert worker.text == TEXT


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"plan": "gold"}, "plan", "basic, free, pro or scale"),
    ({"colour": 1}, "colour", "misspelled"),
    (
        {"business_hours": {"enabled": True, "weekly": {"mon": []}}},
        "business_hours.weekly",
        "an opening in the next 400",
    ),
    ({"business_hours": {"weekly": {"mon": ["9"]}}}, "business_hours.weekly.mon[0]", "09:00-17:00"),
]


@pytest.mark.parametrize(("changes", "key", "expected"), BAD)
async def test_wrong_document_is_refused_by_key(
    worker: Worker, owner: RowMapping, changes: dict[str, Any], key: str, expected: str
) -> None:
    """What was expected there; nothing is saved."""
    error = await refused(worker.saves(owner, **changes))
    assert isinstance(error, Invalid)
    assert expected in error.data["fields"][key]
    assert (len(await rows(worker.context)), worker.text) == (1, TEXT)


async def test_more_than_a_file_may_hold_is_refused(worker: Worker, owner: RowMapping) -> None:
    """Bug: what is right for itself, but too much for livechat.yml, answered 500 instead of naming the limit."""
    spans = [f"{hour:02}:00-{hour:02}:30" for hour in range(24)]
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(400)]
    exceptions = [{"date": str(day), "open": spans, "name": "🎄" * 80} for day in days]
    error = await refused(worker.saves(owner, business_hours={"exceptions": exceptions}))
    assert isinstance(error, Invalid)
    assert error.data["fields"] == {"document": "expected at most 256 kB"}
    assert (len(await rows(worker.context)), worker.text) == (1, TEXT)


async def test_file_that_says_only_nothing_can_be_saved_over(worker: Worker, owner: RowMapping) -> None:
    """Bug: `null` was accepted, and then every Save answered 500."""
    worker.file.path.write_text("null\n")
    await worker.looks()
    assert worker.file.error is None
    assert await worker.saves(owner, plan="scale")
    assert read_text(worker.text).plan == worker.context.settings.plan == "scale"


async def test_stale_save_is_refused_with_the_difference(worker: Worker, owner: RowMapping) -> None:
    """Who, when, and what changed since the version that was read, over several versions."""
    await worker.saves(owner, plan="pro")
    await worker.saves(owner, plan="scale", live_chat={"enabled": False})
    error = await refused(worker.saves(owner, base=1, plan="free"))
    assert isinstance(error, StaleVersion)
    assert (error.data["version"], error.data["author"]) == (3, {"id": owner["id"], "name": "Ana"})
    assert error.data["changes"] == [
        {"key": "plan", "before": "basic", "after": "scale"},
        {"key": "live_chat.enabled", "before": True, "after": False},
    ]
    assert error.data["document"] == worker.context.settings.document()
    assert (worker.context.settings.plan, "plan: scale" in worker.text) == ("scale", True)


@pytest.mark.parametrize("base", [0, 99])
async def test_version_that_never_was_is_stale(worker: Worker, owner: RowMapping, base: int) -> None:
    """The page gets what is in force, without a difference to something nobody knows."""
    error = await refused(worker.saves(owner, base=base, plan="free"))
    assert (error.code, error.data["version"], error.data["changes"]) == ("stale_version", 1, [])


@pytest.mark.promise("settings", "5b")
@pytest.mark.parametrize("round_", range(5))
async def test_of_two_saves_at_once_one_wins(worker: Worker, owner: RowMapping, database_url: str, round_: int) -> None:
    """In two workers: the other is told who was faster and with what, and the file says what is in force."""
    database = connect(database_url)
    try:
        other = another(worker)
        other.context.database = database
        await other.looks()
        ben = await new_agent(worker.context, "Ben", "admin")
        answers = await asyncio.gather(
            worker.saves(owner, plan="pro"), other.saves(ben, plan="scale"), return_exceptions=True
        )
        (lost,) = [answer for answer in answers if isinstance(answer, StaleVersion)]
        assert [answer for answer in answers if answer is True] == [True]
        name, plan = ("Ana", "pro") if answers[0] is True else ("Ben", "scale")
        assert lost.data["author"]["name"] == name
        assert lost.data["changes"] == [{"key": "plan", "before": "basic", "after": plan}]
        await worker.looks()
        await other.looks()
        assert worker.context.settings == other.context.settings == read_text(worker.text)
        assert len(await rows(worker.context)) == 2
    finally:
        await database.close()


@pytest.mark.promise("settings", "5c")
async def test_saves_one_after_the_other_leave_the_last_in_the_file(worker: Worker, owner: RowMapping) -> None:
    """A slow worker does not write its older text over a newer one."""
    held: list[Callable[[], None]] = []
    worker.file.write = lambda path, text: held.append(lambda: replace_text(path, text))  # its disk hangs
    other = another(worker)
    await other.looks()
    await worker.saves(owner, plan="pro")
    await other.looks()
    await other.saves(owner, plan="scale")
    worker.file.write = replace_text
    worker.file.behind = True
    await worker.looks()
    await other.looks()
    assert worker.context.settings.plan == other.context.settings.plan == "scale"
    assert read_text(worker.text).plan == "scale"
    assert len(await rows(worker.context)) == 3


@pytest.mark.promise("settings", "5c")
async def test_hand_edit_comes_first(worker: Worker, owner: RowMapping) -> None:
    """One that nobody has imported yet is, and the Save is stale and shows it."""
    worker.file.path.write_text(TEXT.replace("basic", "scale"))
    error = await refused(worker.saves(owner, live_chat={"enabled": False}))
    assert (error.code, error.data["author"]) == ("stale_version", None)
    assert error.data["changes"] == [{"key": "plan", "before": "basic", "after": "scale"}]
    assert "livechat.yml changed the settings" in error.message
    await follow(worker.context)
    assert await worker.saves(owner, live_chat={"enabled": False})
    assert worker.text == TEXT.replace("basic", "scale").replace("true", "false")


class EditedMeanwhile(SettingsFile):
    """Somebody saves their editor between the commit and the look at the disk."""

    def digest_now(self) -> str | None:
        self.path.write_text(TEXT.replace("basic", "scale"))
        return super().digest_now()


@pytest.mark.promise("settings", "5c")
async def test_hand_edit_during_a_save_is_not_overwritten(worker: Worker, owner: RowMapping) -> None:
    """It becomes the next version; what it undid stands in the one before."""
    worker.file = EditedMeanwhile(worker.file.path, digest=worker.file.digest, stamp=worker.file.stamp)
    assert await worker.saves(owner, live_chat={"enabled": False})
    assert worker.text == TEXT.replace("basic", "scale")
    await worker.looks()
    assert [row["author"] for row in await rows(worker.context)] == [None, owner["id"], None]
    assert worker.context.settings.plan == "scale"


@pytest.mark.promise("settings", "5c")
async def test_broken_file_is_kept_beside_and_its_comments_survive(worker: Worker, owner: RowMapping) -> None:
    """The new text is made from the last good one."""
    broken = TEXT.replace("enabled: true", "enabled: perhaps  # Ben asks")
    worker.file.path.write_text(broken)
    await worker.looks()
    assert worker.file.error is not None
    assert await worker.saves(owner, plan="scale")
    assert worker.text == TEXT.replace("plan: basic   #", "plan: scale   #")
    assert worker.file.path.with_name("livechat.yml.refused").read_text() == broken
    assert worker.file.error is None


@pytest.mark.promise("settings", "5c")
@pytest.mark.parametrize("who", ["restarted", "another worker"])
async def test_crash_between_commit_and_file(worker: Worker, owner: RowMapping, who: str) -> None:
    """The version is in force; the file is brought up to date, and its old text is not taken for an edit."""
    other = another(worker)
    if who == "another worker":
        await other.looks()

    def crash(path: Path, text: str) -> None:
        raise Crash

    worker.file.write = crash
    with pytest.raises(Crash):
        await worker.saves(owner, plan="free")
    assert worker.text == TEXT
    await other.looks()
    assert (other.context.version, other.context.settings.plan) == (2, "free")
    assert other.text == TEXT.replace("plan: basic   #", "plan: free    #")
    assert len(await rows(other.context)) == 2


def in_place(path: Path, text: str) -> None:
    """As where the file alone is mounted, and nothing can take its place."""
    write_over(path, text.encode())


@pytest.mark.promise("settings", "5c")
@pytest.mark.parametrize("who", ["restarted", "another worker"])
@pytest.mark.parametrize("write", [1, 2])
async def test_file_half_written_by_a_kill_is_no_edit(
    worker: Worker, owner: RowMapping, monkeypatch: pytest.MonkeyPatch, write: int, who: str
) -> None:
    """The next look makes it whole. A half of the new text with a half of the old one was imported once, and undid the
    Save's second change.
    """
    other = another(worker)
    if who == "another worker":
        await other.looks()
    calls: list[int] = []

    def dies(file: int, raw: bytes, at: int) -> int:
        calls.append(at)
        whole = len(calls) < write
        written = pwrite(file, raw if whole else raw[: len(raw) // 2], at)
        if not whole:
            raise Crash
        return written

    pwrite, worker.file.write = os.pwrite, in_place
    with monkeypatch.context() as killed:
        killed.setattr(os, "pwrite", dies)
        with pytest.raises(Crash):
            await worker.saves(owner, plan="scale", live_chat={"enabled": False})
    text = TEXT.replace("basic", "scale").replace("true", "false")
    assert worker.file.path.read_bytes() not in (TEXT.encode(), text.encode())
    await other.looks()
    assert (other.context.version, other.context.settings, other.text) == (2, read_text(text), text)
    assert (len(await rows(other.context)), other.file.error) == (2, None)


@pytest.mark.promise("settings", "5c")
async def test_full_disk_costs_no_text(worker: Worker, owner: RowMapping, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk takes a part and then no more: the file stays as it was and is said to be behind, until there is room.
    What the disk left out was once not noticed.
    """
    room = 20

    def full(file: int, raw: bytes, at: int) -> int:
        nonlocal room
        if not room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = pwrite(file, raw[:room], at)
        room -= written
        return written

    pwrite, worker.file.write = os.pwrite, in_place
    with monkeypatch.context() as disk:
        disk.setattr(os, "pwrite", full)
        assert await worker.saves(owner, plan="scale")
    assert (worker.context.settings.plan, worker.text) == ("scale", TEXT)
    assert "can't be written (No space left on device)" in str(worker.file.error)
    await worker.looks()
    assert (worker.text, worker.file.error) == (TEXT.replace("basic", "scale"), None)
    assert len(await rows(worker.context)) == 2


@pytest.mark.promise("settings", "5c")
async def test_file_that_can_not_be_written(worker: Worker, owner: RowMapping) -> None:
    """The version is in force all the same and says why, also after a restart; it is written as soon as that works."""

    def refuse(path: Path, text: str) -> None:
        raise OSError(30, "Read-only file system")

    worker.file.write = refuse
    assert await worker.saves(owner, plan="free")
    again = another(worker)
    again.file.write = refuse
    for one in (worker, again):
        await one.looks()
        await import_file(one.context, one.file)
        assert one.context.settings.plan == "free"
        assert "can't be written (Read-only file system)" in str(one.file.error)
    assert (worker.text, len(await rows(worker.context))) == (TEXT, 2)
    again.file.write = replace_text
    await import_file(again.context, again.file)
    assert read_text(again.text).plan == "free"
    assert again.file.error is None


@pytest.mark.promise("settings", "5c")
async def test_old_file_of_a_new_container_undoes_no_save(worker: Worker, owner: RowMapping) -> None:
    """It came back with the image; the database knows that it was before the Saves."""
    await worker.saves(owner, plan="pro")
    await worker.saves(owner, plan="scale")
    worker.file.path.write_text(TEXT)
    started = another(worker)
    await started.looks()
    assert (started.context.version, started.context.settings.plan) == (3, "scale")
    assert read_text(started.text).plan == "scale"


async def test_going_back_by_hand_is_an_edit(worker: Worker, owner: RowMapping) -> None:
    """While the service runs and has seen the newer text: `git checkout livechat.yml` means it."""
    await worker.saves(owner, plan="pro")
    worker.file.path.write_text(TEXT)
    await worker.looks()
    assert (worker.context.version, worker.context.settings.plan, worker.text) == (3, "basic", TEXT)


async def test_going_back_without_a_save_is_an_edit_also_after_a_restart(worker: Worker) -> None:
    """Nobody saved on the page, so the file alone decides."""
    for plan in ("scale", "basic"):
        worker.file.path.write_text(TEXT.replace("basic", plan))
        started = another(worker)
        await started.looks()
        assert started.context.settings.plan == plan


async def test_deleted_file_is_written_again(worker: Worker, owner: RowMapping) -> None:
    """From the text that the database has, comments and all."""
    worker.file.path.unlink()
    assert await worker.saves(owner, plan="scale")
    assert worker.text == TEXT.replace("plan: basic   #", "plan: scale   #")


async def test_version_of_a_program_that_kept_no_text(worker: Worker, owner: RowMapping) -> None:
    """The file's own text is built upon: it is the same."""
    async with worker.context.database.write() as connection:
        await connection.execute(settings_versions.update().values(file_text=None))
    assert await worker.saves(owner, plan="scale")
    assert worker.text == TEXT.replace("plan: basic   #", "plan: scale   #")


async def test_many_saves_and_looks_at_once_end_in_one_truth(worker: Worker, owner: RowMapping) -> None:
    """Three workers save and look as they like: every accepted Save is a version, and file and workers agree."""
    workers = [worker, another(worker), another(worker)]

    async def busy(one: Worker, number: int) -> int:
        won = 0
        for n in range(4):
            await one.looks()
            answer = await asyncio.gather(
                one.saves(owner, claims={"lease_seconds": 10 + 10 * number + n}), return_exceptions=True
            )
            won += answer == [True]
        return won

    won = sum(await asyncio.gather(*(busy(one, n) for n, one in enumerate(workers))))
    for one in workers:
        await one.looks()
    async with worker.context.database.read() as connection:
        saved = await connection.scalar(select(func.count()).where(settings_versions.c.author.is_not(None)))
        imported = await connection.scalar(select(func.count()).where(settings_versions.c.author.is_(None)))
    assert (saved, imported) == (won, 1)
    assert {one.context.version for one in workers} == {won + 1}
    assert check_document(worker.context.settings.document()) == read_text(worker.text) != Settings()
