"""Adding somebody to the team, from the command line."""

from ..clock import now_ms
from ..passwords import hash_now
from ..storage import agents, audit
from ..storage.database import connect


async def add_agent(database_url: str, email: str, name: str, role: str, password: str) -> bool:
    """False when the address is taken."""
    database = connect(database_url)
    at = now_ms()
    try:
        async with database.write() as connection:
            agent = await agents.add(connection, email, name, role, hash_now(password), at)
            if agent is not None:
                data = {"agent_id": agent, "role": role}
                await audit.note(connection, at, "agent.added", actor_kind="operator", data=data)
    finally:
        await database.close()
    return agent is not None
