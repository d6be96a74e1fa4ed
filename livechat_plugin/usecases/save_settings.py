"""An admin saves the settings on the page: a new version, in force everywhere, and livechat.yml written back.

What must hold: nobody overwrites what they have not seen. A Save names the version it was made from; if another one is
in force by now (somebody else's Save, or an edit of the file, which is imported first), it is refused with what changed
since. Of two Saves at once one gets the number. The commit decides; for the file see `keep_settings.py`. Its text is
made from that of the version in force, so comments survive also when the file on the disk is broken by hand: that one
is kept beside it as livechat.yml.refused.
"""

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..clock import iso
from ..errors import Invalid, LiveChatError, NotFound, StaleVersion
from ..settings import Settings, SettingsError, check_document, read_stored
from ..settings.differences import Change
from ..settings.file import SettingsFile, digest_of
from ..settings.writing import merge
from ..storage import audit, settings_versions
from ..wire.common import Person
from ..wire.settings import ChangedKey, StaleSettings
from .context import Context
from .keep_settings import bring_up_to_date, follow, look_at_file
from .read_settings import changes, described

log = logging.getLogger(__name__)


async def save(context: Context, file: SettingsFile, base: int, document: dict[str, Any], author: RowMapping) -> bool:
    """`base` is the version that the document was made from. False when nothing was changed in it."""
    async with file.lock:
        return await _save(context, file, base, document, author)


async def _save(context: Context, file: SettingsFile, base: int, document: dict[str, Any], author: RowMapping) -> bool:
    await look_at_file(context, file)
    async with context.database.read() as connection:
        latest = await settings_versions.latest(connection)
        if latest is None or latest["version"] != base:
            raise await _stale(connection, base)
    settings = checked(document, context.clock())
    changed = changes(read_stored(latest["document"]), settings)
    if changed:
        text = await asyncio.to_thread(_merged, latest["file_text"] or _text_on_disk(file), settings)
        await _commit(context, base, settings, changed, text, author)
        await _write(context, file)
    await follow(context)
    return bool(changed)


def checked(document: dict[str, Any], at: int) -> Settings:
    """The document as settings. Raises `Invalid` with the key and what was expected there."""
    try:
        return check_document(document, datetime.fromtimestamp(at / 1000, UTC))
    except SettingsError as error:
        raise _invalid(error) from error


def _merged(text: str, settings: Settings) -> str:
    """Raises `Invalid` if that is more than a file may hold."""
    try:
        return merge(text, settings)
    except SettingsError as error:
        raise _invalid(error) from error


def _invalid(error: SettingsError) -> Invalid:
    key = error.key or "document"
    return Invalid(f"{key}: {error.problem}.", {key: error.problem})


async def _commit(
    context: Context, base: int, settings: Settings, changed: list[Change], text: str, author: RowMapping
) -> None:
    at = context.clock()
    version, digest = base + 1, digest_of(text.encode())
    async with context.database.write() as connection:
        newest = await settings_versions.latest_number(connection) == base
        if not newest or not await settings_versions.add(
            connection, version, settings.document(), at, file_hash=digest, file_text=text, author=author["id"]
        ):
            raise await _stale(connection, base)
        data = {"version": version, "keys": [one.key for one in changed]}
        await audit.note(connection, at, "settings.saved", actor_kind="agent", actor_id=author["id"], data=data)
    log.info("settings: version %s, saved on the page", version)


async def _write(context: Context, file: SettingsFile) -> None:
    """The version is in force already; if the file can't follow now, the next look tries again."""
    try:
        await bring_up_to_date(context, file)
    except LiveChatError as error:
        log.warning("settings: the file is not written yet (%s)", error.code)
        file.behind = True


def _text_on_disk(file: SettingsFile) -> str:
    """For a version that an older program stored without its text: that of the file, which is the same."""
    try:
        return file.path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return ""


async def _stale(connection: AsyncConnection, base: int) -> LiveChatError:
    """The refusal, with what the page needs to show the difference."""
    latest, read = await settings_versions.latest(connection), await settings_versions.find(connection, base)
    if latest is None:
        return NotFound("version of the settings")
    known, *older = await described(connection, [latest] if read is None else [latest, read])
    author = Person(id=known.author[0], name=known.author[1]) if known.author else None
    differences = known.changes if older else ()
    stale = StaleSettings(
        version=known.number,
        document=known.settings.document(),
        at=iso(known.at),
        author=author,
        changes=[ChangedKey(key=one.key, before=one.before, after=one.after) for one in differences],
    )
    return StaleVersion(author.name if author else "livechat.yml", iso(known.at), msgspec.to_builtins(stale))
