"""Whether the team is there: the page, the API, the widget and the bot are told the same, also around clock changes."""

from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sanic import Request

from livechat_plugin.api import bridge, settings as settings_api
from livechat_plugin.api.call import Call
from livechat_plugin.api.widget import visitor_state
from livechat_plugin.config import Config
from livechat_plugin.services import Services
from livechat_plugin.settings import check_document
from livechat_plugin.settings.file import SettingsFile
from livechat_plugin.usecases.context import Context
from livechat_plugin.wire.common import Availability
from livechat_plugin.wire.settings import PreviewSettings

from .world import SettableClock, new_agent, new_conversation, state

EARLY = {"start": "02:30", "end": "05:00"}
NIGHT = {"start": "22:00", "end": "06:00"}
BRIEF = {"start": "02:00", "end": "02:30"}
OVER_MIDNIGHT = {"weekly": {"sat": ["22:00-04:00"], "mon": ["09:00-17:00"]}}
CHRISTMAS = {"start": "22:00", "end": "02:00", "exceptions": [{"date": "2026-12-25", "open": []}]}
LEAP = {"weekly": {"mon": []}, "exceptions": [{"date": "2028-02-29", "open": ["10:00-11:00"]}]}
ALL_DAY = {"start": "00:00", "end": "24:00"}

ANSWERS: list[tuple[str, dict[str, Any], str, str | None]] = [
    ("Europe/Berlin", EARLY, "2026-03-29T01:59:59+01:00", "2026-03-29T01:00:00.000Z"),  # 02:30 is left out
    ("Europe/Berlin", EARLY, "2026-03-29T03:00:00+02:00", None),
    ("Europe/Berlin", EARLY, "2026-10-25T02:30:00+02:00", None),  # and comes twice
    ("Europe/Berlin", EARLY, "2026-10-25T02:15:00+01:00", "2026-10-25T01:30:00.000Z"),
    ("Europe/Berlin", BRIEF, "2026-10-25T02:45:00+02:00", "2026-10-25T01:00:00.000Z"),
    ("Europe/Berlin", NIGHT, "2026-03-29T05:59:59+02:00", None),
    ("Europe/Berlin", NIGHT, "2026-03-29T06:00:00+02:00", "2026-03-29T20:00:00.000Z"),
    ("Europe/Berlin", OVER_MIDNIGHT, "2026-10-25T03:59:59+01:00", None),
    ("Europe/Berlin", OVER_MIDNIGHT, "2026-10-25T04:00:00+01:00", "2026-10-26T08:00:00.000Z"),
    ("Europe/Berlin", CHRISTMAS, "2026-12-25T01:59:00+01:00", None),
    ("Europe/Berlin", CHRISTMAS, "2026-12-25T23:00:00+01:00", "2026-12-26T21:00:00.000Z"),
    ("Europe/Berlin", LEAP, "2028-02-28T12:00:00+01:00", "2028-02-29T09:00:00.000Z"),
    ("America/New_York", EARLY, "2026-03-08T01:59:00-05:00", "2026-03-08T07:00:00.000Z"),
    ("America/New_York", EARLY, "2026-11-01T02:29:00-05:00", "2026-11-01T07:30:00.000Z"),
    ("Australia/Lord_Howe", BRIEF, "2026-10-04T01:59:00+10:30", "2026-10-04T15:00:00.000Z"),  # no 02:00 on this day
    ("Australia/Lord_Howe", NIGHT, "2026-04-05T05:59:00+10:30", None),
    ("Asia/Kathmandu", EARLY, "2026-11-24T02:29:00+05:45", "2026-11-23T20:45:00.000Z"),
    ("Asia/Kolkata", NIGHT, "2026-11-24T06:00:00+05:30", "2026-11-24T16:30:00.000Z"),
    ("Europe/Berlin", ALL_DAY, "2026-10-25T02:30:00+02:00", None),
]  # fmt: skip


async def answers(context: Context) -> list[Availability]:
    """Of the time machine, now and for that moment, of the settings, the widget and the bot, by their own handlers."""
    services = cast(
        "Services",
        SimpleNamespace(
            context=context, settings_file=SettingsFile(Path("livechat.yml")), config=Config(bridge_token="x" * 16)
        ),
    )
    call = Call(request=cast("Request", None), services=services, params={}, agent=await new_agent(context))
    document = context.settings.document()
    moment = datetime.fromtimestamp(context.clock() / 1000).astimezone().isoformat()
    previews = []
    for at in (None, moment):
        call.body = PreviewSettings(document=document, at=at)
        previews.append((await settings_api.preview(call)).availability)
    row = await state(context, await new_conversation(context))
    call.query = SimpleNamespace(conversation_id=None)
    told = [(await settings_api.document(call)).availability, (await visitor_state(services, row)).availability]
    bot = await bridge.availability(call)
    assert isinstance(bot, Availability)
    return [*previews, *told, bot]


@pytest.mark.promise("settings", "1c")
@pytest.mark.parametrize(("zone", "hours", "moment", "opening"), ANSWERS)
async def test_page_api_widget_and_bot_say_the_same(
    context: Context, clock: SettableClock, zone: str, hours: dict[str, Any], moment: str, opening: str | None
) -> None:
    """Open, or closed until the same moment."""
    context.settings = check_document({"business_hours": {"enabled": True, "timezone": zone, **hours}})
    clock.at = int(datetime.fromisoformat(moment).timestamp() * 1000)
    for said in await answers(context):
        assert (said.open, said.reason) == (opening is None, "open" if opening is None else "hours")
        assert said.next_opening == opening
