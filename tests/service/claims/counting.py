"""Counts the claims that reach the database: the conditional UPDATE that makes somebody the holder."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from livechat_plugin.storage.database import Database


class Claims:
    """How many claimers have reached the UPDATE."""

    def __init__(self) -> None:
        self.reached = 0


@contextmanager
def counted(*databases: Database) -> Iterator[Claims]:
    claims = Claims()

    def look(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        values = parameters.values() if isinstance(parameters, dict) else parameters
        if statement.startswith("UPDATE conversations SET holder_kind") and "agent" in values:
            claims.reached += 1

    engines = [database._writer.sync_engine for database in databases]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", look)
    try:
        yield claims
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", look)
