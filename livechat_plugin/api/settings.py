"""`/api/v1/settings`: the settings in force, saving others, who changed what, and what there is to choose from."""

from typing import Annotated

import msgspec

from .. import render
from ..clock import iso_or_none
from ..domain.rights import can
from ..settings import choices
from ..usecases import foresee, keep_settings, read_inbox, read_settings, save_settings
from ..usecases.wording import Reader
from ..wire import settings as wire
from .call import Call
from .routing import Routes

routes = Routes("/api/v1/settings", "agent")


class VersionsQuery(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`before` is the `next` of the page before."""

    before: Annotated[int, msgspec.Meta(ge=1)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20


@routes("GET", "", wire.SettingsDocument, action="see_settings")
async def show(call: Call) -> wire.SettingsDocument:
    """The settings in force, and what is wrong with the file when it was refused."""
    # Whoever asks may have been told of a version by a worker that was faster, and is told of it once only.
    await keep_settings.catch_up(call.services.context, call.services.settings_file)
    return await document(call)


@routes("PUT", "", wire.SettingsDocument, action="change_settings", body=wire.SaveSettings)
async def save(call: Call) -> wire.SettingsDocument:
    """Save a changed document: in force everywhere at once, and written into livechat.yml."""
    body: wire.SaveSettings = call.body
    services = call.services
    await save_settings.save(services.context, services.settings_file, body.version, body.document, call.agent)
    services.hints.settings_changed()
    return await document(call)


@routes("POST", "/preview", wire.SettingsPreview, action="see_settings", body=wire.PreviewSettings)
async def preview(call: Call) -> wire.SettingsPreview:
    """What a customer would see with this document at some moment; nothing is saved."""
    body: wire.PreviewSettings = call.body
    reader = Reader(body.locale, body.timezone)
    return render.foresight(await foresee.foresee(call.services.context, body.document, body.at, reader))


async def document(call: Call) -> wire.SettingsDocument:
    """As this worker has them in force."""
    context = call.services.context
    version = await read_settings.in_force(context)
    return wire.SettingsDocument(
        version=context.version,
        document=context.settings.document(),
        availability=render.availability(context, await read_inbox.waiting(context)),
        file_error=call.services.settings_file.error,
        at=iso_or_none(version.at if version else None),
        author=render.author(version.author) if version else None,
        may_change=can(call.agent["role"], "change_settings"),
        mail=await _mail(call),
    )


async def _mail(call: Call) -> wire.MailSetup:
    owners = await read_settings.owners(call.services.context)
    told = [wire.Addressee(name=row["name"], email=row["email"]) for row in owners]
    smtp = call.services.config.smtp
    return wire.MailSetup(configured=smtp is not None, sender=smtp.sender if smtp else None, owners=told)


@routes("GET", "/versions", wire.SettingsVersions, action="see_settings", query=VersionsQuery)
async def versions(call: Call) -> wire.SettingsVersions:
    """Who changed what and when, newest first."""
    query: VersionsQuery = call.query
    page = await read_settings.list_versions(call.services.context, query.before, query.limit)
    return wire.SettingsVersions(items=[render.settings_version(one) for one in page.versions], next=page.next)


@routes("GET", "/choices", wire.SettingsChoices, action="see_settings")
async def choose(_: Call) -> wire.SettingsChoices:
    """Time zones, countries with their regions, and languages."""
    return wire.SettingsChoices(
        timezones=choices.timezones(),
        countries=[
            wire.Country(code=code, name=name, regions=[wire.Region(code=one, name=own) for one, own in regions])
            for code, name, regions in choices.countries()
        ],
        languages=[wire.Language(code=code, name=name) for code, name in choices.languages()],
    )
