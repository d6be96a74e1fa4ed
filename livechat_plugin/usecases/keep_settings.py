"""Settings in force: a version in SQL. A changed, valid livechat.yml becomes the next one; a broken one changes
nothing.

What must hold: all workers follow the highest version, so they agree within one look (`realtime/upkeep.py`); two
workers that import the same edit make one version, because a number is given out once. The database decides and the
file follows: a Save (`save_settings.py`) commits its version with the text that the file is to have, and then the file
is brought up to date. So a file may be behind for a while: the service was killed between the two, the file can't be
written, or it came with a new container. A file is not taken for an edit, but brought up to date, if it still is what a
version was before the latest Saves, unless this process has seen it newer: then somebody went back by hand. Nor is a
text an edit that this process has seen last: where two processes have a copy each, the later import wins, in both.

The file is written under a lock that lets no other version be added meanwhile, so two Saves write it in their order,
and never over a text that nobody has imported yet.
"""

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..settings import SettingsError, read_bytes, read_stored
from ..settings.file import SettingsFile, digest_of
from ..storage import audit, settings_versions
from ..storage.database import connect
from ..storage.tables import settings_versions as versions_table
from .context import Context

log = logging.getLogger(__name__)


async def import_file(context: Context, file: SettingsFile) -> None:
    """Makes a changed file the next version; what is wrong with it is kept in `file.error` and logged."""
    async with file.lock:
        await look_at_file(context, file)


async def look_at_file(context: Context, file: SettingsFile) -> None:
    """The same, for one who holds the file's lock."""
    if not file.changed() and not file.behind:
        return
    try:
        await _take_in(context, file)
    except BaseException:
        file.stamp = None  # what came to nothing is looked at again
        raise


async def _take_in(context: Context, file: SettingsFile) -> None:
    read = _read(context, file)
    if read is None:
        return
    document, raw = read
    digest = digest_of(raw)
    async with context.database.write() as connection:
        await settings_versions.lock(connection)
        if file.digest_now() != digest:  # somebody was faster: what was read is not what is there
            file.stamp = None
            return
        latest = await settings_versions.newest_file_hash(connection) == digest
        behind = not latest and await _is_behind(connection, digest, file.digest)
        if not latest and not behind:
            await _add(context, connection, file, document, raw)
    file.digest, file.refused, file.behind = digest, None, behind  # not before the commit, which may fail
    if behind:
        await bring_up_to_date(context, file)
    else:
        file.error = None


async def _is_behind(connection: AsyncConnection, digest: str, seen: str | None) -> bool:
    """Whether the file only lacks what came after it: it is as this process saw it last, or as it was before the latest
    Saves. One that goes back behind what this process has seen is an edit, and so is one that the database has lost.
    """
    if digest == seen and await _is_stored(connection, digest):
        return True
    there, before = (
        await settings_versions.saved_as(connection, digest),
        await settings_versions.saved_as(connection, seen),
    )
    return there is not None and (before is None or before <= there)


async def _is_stored(connection: AsyncConnection, digest: str) -> bool:
    query = select(versions_table.c.version).where(versions_table.c.file_hash == digest).limit(1)
    return await connection.scalar(query) is not None


def _read(context: Context, file: SettingsFile) -> tuple[dict[str, Any], bytes] | None:
    """What the file says, and its bytes; None if that can't be used."""
    raw = b""
    try:
        raw = _bytes_of(file)
        settings = read_bytes(raw, str(file.path), datetime.fromtimestamp(context.clock() / 1000, UTC))
    except SettingsError as error:
        file.error, file.refused, file.behind = str(error), digest_of(raw) if raw else None, False
        log.warning("settings: %s; the settings in force stay", file.error)
        return None
    return settings.document(), raw


def _bytes_of(file: SettingsFile) -> bytes:
    try:
        return file.path.read_bytes()
    except OSError as error:
        raise SettingsError(f"can't be read ({error.strerror})", path=str(file.path)) from error


async def _add(
    context: Context, connection: AsyncConnection, file: SettingsFile, document: dict[str, Any], raw: bytes
) -> None:
    at = context.clock()
    version = await settings_versions.latest_number(connection) + 1
    text = raw.decode()
    if await settings_versions.add(connection, version, document, at, file_hash=digest_of(raw), file_text=text):
        await audit.note(connection, at, "settings.imported", actor_kind="system", data={"version": version})
        log.info("settings: version %s from %s", version, file.path)


async def bring_up_to_date(context: Context, file: SettingsFile) -> None:
    """Writes the text of the version in force into the file, unless the file holds an edit that is yet to be imported;
    if that can't be done, it is said, and tried again at the next look.
    """
    async with context.database.write() as connection:
        await settings_versions.lock(connection)
        latest = await settings_versions.latest(connection)
        assert latest is not None, "only a version can be ahead of the file"
        try:
            here = file.digest_now()
            if here == latest["file_hash"]:
                file.behind, file.error = False, None
            elif here is None or here == file.refused or await _is_behind(connection, here, file.digest):
                await asyncio.to_thread(file.replace, latest["file_text"])
        except OSError as error:
            _say_unwritten(file, latest, error)


def _say_unwritten(file: SettingsFile, latest: RowMapping, error: OSError) -> None:
    made = "was saved on the Settings page" if latest["author"] else "came from another copy of it"
    said = (
        f"{file.path}: can't be written ({error.strerror}); version {latest['version']}, which {made}, "
        "is in force all the same"
    )
    if said != file.error:
        log.warning("settings: %s", said)
    file.error, file.behind = said, True


async def follow(context: Context) -> bool:
    """Takes the highest version into force; True when it is another than before."""
    async with context.database.read() as connection:
        if await settings_versions.latest_number(connection) == context.version:
            return False
        latest = await settings_versions.latest(connection)
    if latest is None:
        return False
    context.settings, context.version = read_stored(latest["document"]), latest["version"]
    return True


async def catch_up(context: Context, file: SettingsFile) -> bool:
    """The same, for a worker with this file."""
    newer = await follow(context)
    if newer:
        file.stamp = None  # a Save may have ended before the file was written: it is looked at again
    return newer


async def has_settings(database_url: str) -> bool:
    """Whether any version is stored."""
    database = connect(database_url)
    try:
        async with database.read() as connection:
            return await settings_versions.latest_number(connection) > 0
    finally:
        await database.close()
