"""What the settings page calls on the stand-in."""

from typing import Any

import msgspec
from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from livechat_plugin.settings import check_document
from livechat_plugin.wire import settings as wire
from livechat_plugin.wire.dashboard import Person
from livechat_plugin.wire.mails import Mail, SentTestMail

from .dashboard_call import answer, body, who
from .dashboard_settings import SettingsShelf, offered, preview
from .dashboard_world import AGENTS

admin = Blueprint("admin", url_prefix="/api/v1")


def shelf(request: Request) -> SettingsShelf:
    found: SettingsShelf = request.app.ctx.shelf
    return found


@admin.put("/settings")
async def save(request: Request) -> HTTPResponse:
    agent = who(request)
    shelf(request).save(agent, body(request, wire.SaveSettings))
    request.app.ctx.tell_settings()
    return answer(shelf(request).answer(agent, request.app.ctx.availability()))


@admin.post("/settings/preview")
async def foresee(request: Request) -> HTTPResponse:
    who(request)
    wish = body(request, wire.PreviewSettings)
    return answer(preview(shelf(request).check(wish.document), wish))


@admin.get("/settings/choices")
async def choose(request: Request) -> HTTPResponse:
    who(request)
    return answer(offered())


@admin.get("/settings/versions")
async def versions(request: Request) -> HTTPResponse:
    who(request)
    before = request.args.get("before")
    return answer(shelf(request).page(int(before) if before else None))


@admin.post("/settings/test-mail")
async def test_mail(request: Request) -> HTTPResponse:
    agent = who(request)
    return answer(SentTestMail(to=agent.email, state="sent", error=None))


@admin.get("/mails")
async def mails(request: Request) -> HTTPResponse:
    who(request)
    return answer(shelf(request).log())


def tell(held: SettingsShelf, said: dict[str, Any]) -> int:
    """`document` becomes a version by `author` (none: the file); the others stand as they are told. The version."""
    if "document" in said:
        agent = AGENTS.get(said.get("author", ""))
        held.put(check_document(said["document"]), Person(id=agent.id, name=agent.name) if agent else None)
    held.file_error = said.get("file_error")
    held.mail = msgspec.convert(said["mail"], wire.MailSetup) if "mail" in said else held.mail
    held.mails = msgspec.convert(said.get("mails", []), list[Mail])
    return held.latest.version
