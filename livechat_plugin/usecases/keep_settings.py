"""Settings in force: a version in SQL. A changed, valid livechat.yml becomes the next one; a broken one changes
nothing.

What must hold: all workers follow the highest version, so they agree within one look (`realtime/upkeep.py`); two
workers that import the same edit make one version, because a number is given out once.
"""

import logging
from dataclasses import dataclass
from pathlib import Path

from ..settings import SettingsError, read_file, read_stored
from ..storage import audit, settings_versions
from ..storage.database import connect
from .context import Context

log = logging.getLogger(__name__)


@dataclass
class SettingsFile:
    """The file as it was last looked at; `error` is why it was refused, ready to be shown."""

    path: Path
    error: str | None = None
    stamp: tuple[int, int, int] | None = None

    def changed(self) -> bool:
        """Whether the file looks different from last time; a file that is gone is different once."""
        try:
            stat = self.path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        except OSError:
            stamp = (0, 0, 0)
        seen, self.stamp = self.stamp, stamp
        return stamp != seen


async def import_file(context: Context, file: SettingsFile) -> None:
    """Makes a changed file the next version; what is wrong with it is kept in `file.error` and logged."""
    if not file.changed():
        return
    try:
        settings, digest = read_file(file.path)
    except SettingsError as error:
        file.error = str(error)
        log.warning("settings: %s; the settings in force stay", file.error)
        return
    file.error = None
    at = context.clock()
    async with context.database.write() as connection:
        if await settings_versions.newest_file_hash(connection) == digest:
            return
        version = await settings_versions.latest_number(connection) + 1
        if await settings_versions.add(connection, version, settings.document(), at, file_hash=digest):
            await audit.note(connection, at, "settings.imported", actor_kind="system", data={"version": version})
            log.info("settings: version %s from %s", version, file.path)


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


async def has_settings(database_url: str) -> bool:
    """Whether any version is stored."""
    database = connect(database_url)
    try:
        async with database.read() as connection:
            return await settings_versions.latest_number(connection) > 0
    finally:
        await database.close()
