"""`/api/v1/agents`: the team, for reading."""

from ..usecases import read_team
from ..wire.dashboard import AgentRow, Agents
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
