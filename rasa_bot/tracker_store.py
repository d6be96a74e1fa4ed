"""Rasa's SQL tracker store, in a folder that may not exist yet.

Rasa retries a database that it can't open every five seconds for ever; on a fresh machine the missing `var/` would look
like a server that hangs.
"""

from pathlib import Path
from typing import Any

from rasa.core.tracker_store import SQLTrackerStore


class ShopTrackerStore(SQLTrackerStore):
    """The SQL tracker store that makes the folder of its SQLite file."""

    def __init__(self, *args: Any, dialect: str = "sqlite", db: str = "rasa.db", **kwargs: Any) -> None:
        if dialect == "sqlite" and db != ":memory:":
            Path(db).parent.mkdir(parents=True, exist_ok=True)
        super().__init__(*args, dialect=dialect, db=db, **kwargs)
