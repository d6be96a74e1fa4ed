"""`/api/v1/agents` and `/api/v1/settings`: the team and the settings in force, for reading."""

from .. import render
from ..usecases import read_inbox, read_team
from ..wire.dashboard import AgentRow, Agents, SettingsDocument
from .call import Call
from .routing import Routes

routes = Routes("/api/v1", "agent")


@routes("GET", "/agents", Agents, action="see_agents")
async def agents(call: Call) -> Agents:
    """The team, and who of it is here."""
    now = call.services.context.clock()
    return Agents(
        items=[
            AgentRow(
                id=row["id"],
                name=row["name"],
                email=row["email"],
                role=row["role"],
                present=row["present_until"] > now,
                disabled=row["disabled_at"] is not None,
            )
            for row in await read_team.everyone(call.services.context)
        ]
    )


@routes("GET", "/settings", SettingsDocument, action="see_settings")
async def settings(call: Call) -> SettingsDocument:
    """The settings in force, and what is wrong with the file when it was refused."""
    context = call.services.context
    return SettingsDocument(
        version=context.version,
        document=context.settings.document(),
        availability=render.availability(context, await read_inbox.waiting(context)),
        file_error=call.services.settings_file.error,
    )
