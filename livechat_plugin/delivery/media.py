"""Fetches customers' files from their provider through the connector: bytes come to us, addresses and secrets don't."""

import asyncio
import logging

from sqlalchemy import RowMapping

from ..loop import Loop
from ..usecases import files
from ..usecases.context import Context
from ..wire.connector import MediaRequest
from .rasa import Rasa, RasaDown, RasaSilent

log = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
REFUSALS = {404: "The channel has this file no more.", 413: "This file is too large."}


class MediaFetcher:
    def __init__(self, context: Context, rasa: Rasa) -> None:
        self._context = context
        self._rasa = rasa
        self.loop = Loop("files", BEAT_SECONDS, self.run_once)

    async def run_once(self) -> None:
        """One round, and the end of what it fetched."""
        due = await files.take_due(self._context)
        await asyncio.gather(*(self._fetch(row) for row in due))

    async def _fetch(self, row: RowMapping) -> None:
        limit = self._context.settings.attachments.max_bytes
        request = MediaRequest(account=row["account"], ref=row["ref"], max_bytes=limit)
        try:
            async with self._rasa.fetch(row["channel"], "media", request) as (status, chunks):
                if status == 200:
                    await files.store_fetched(self._context, row, chunks)
                elif status in REFUSALS:
                    await files.refuse(self._context, row, REFUSALS[status])
                else:
                    await files.fetch_later(self._context, row)
        except (RasaDown, RasaSilent):
            await files.fetch_later(self._context, row)
