"""Reading who is of the team."""

from collections.abc import Sequence

from sqlalchemy import RowMapping

from ..storage import agents
from .context import Context


async def everyone(context: Context) -> Sequence[RowMapping]:
    async with context.database.read() as connection:
        return await agents.everyone(connection)
