"""A bug that was: a holder who gave back at the wrong moment made somebody else's claim an error 500."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import event

from livechat_plugin.storage.database import connect
from livechat_plugin.storage.gate import Gate
from livechat_plugin.usecases.claim import claim
from livechat_plugin.usecases.context import Context
from tests.harness.postgres import PostgresCluster
from tests.service.world import new_agent, pending

GIVE_BACK = "UPDATE conversations SET holder_kind = 'queue', holder_id = NULL, epoch = epoch + 1 WHERE id = '{}'"


@pytest.fixture
async def on_postgres(migrated_postgres: str) -> AsyncIterator[Context]:
    """On SQLite writers come one after the other, so this can't happen there."""
    database = connect(migrated_postgres)
    yield Context(database=database, gate=Gate(None))
    await database.close()


async def test_a_release_between_the_refused_update_and_the_look_at_the_holder(
    on_postgres: Context, postgres: PostgresCluster, migrated_postgres: str
) -> None:
    """The claim is tried again and wins."""
    conversation = await pending(on_postgres)
    priya, tom = await new_agent(on_postgres, "Priya"), await new_agent(on_postgres, "Tom")
    taken = await claim(on_postgres, priya, conversation)
    database = migrated_postgres.rsplit("/", 1)[1]
    released: list[str] = []

    def release_now(_: Any, cursor: Any, statement: str, *__: Any) -> None:
        if statement.startswith("UPDATE conversations SET holder_kind") and not released:
            released.append(statement)
            postgres.execute(GIVE_BACK.format(conversation), database)

    event.listen(on_postgres.database._writer.sync_engine, "after_cursor_execute", release_now)
    assert (await claim(on_postgres, tom, conversation)).epoch == taken.epoch + 2
    assert len(released) == 1
