"""Fetches customers' files from their provider through the connector: bytes come to us, addresses and secrets don't.

Up to `IN_FLIGHT` at once, and none waits for another: one that is slow or fails holds up nothing but itself.
"""

import asyncio
import logging

import aiohttp
from sqlalchemy import RowMapping

from ..errors import LiveChatError
from ..loop import Loop
from ..usecases import files
from ..usecases.context import Context
from ..wire.connector import MediaRequest
from .rasa import FETCH, Rasa, RasaDown, RasaSilent

log = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
IN_FLIGHT = 8
REFUSALS = {410: "The channel has this file no more.", 413: "This file is too large."}
"""For good. Not 404: that is a bearer that differs, or a proxy whose Rasa is away, and says nothing of the file."""

NOT_GIVEN = "The channel did not give us this file for a whole day."
NOT_KEPT = "This file could not be stored for a whole day."


class MediaFetcher:
    def __init__(self, context: Context, rasa: Rasa, bounds: aiohttp.ClientTimeout = FETCH) -> None:
        self._context = context
        self._rasa = rasa
        self._bounds = bounds
        self.loop = Loop("files", BEAT_SECONDS, self.run_once)

    async def run_once(self) -> None:
        """Fetches until nothing is due and nothing under way; what is under way when this is ended is put back."""
        fetches: set[asyncio.Task[None]] = set()
        try:
            while True:
                fetches |= await self._start(IN_FLIGHT - len(fetches), alone=not fetches)
                if not fetches:
                    return
                _, fetches = await asyncio.wait(fetches, timeout=BEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for fetch in fetches:
                fetch.cancel()
            await asyncio.gather(*fetches, return_exceptions=True)

    async def _start(self, limit: int, *, alone: bool) -> set[asyncio.Task[None]]:
        try:
            if not await self._rasa.is_there():
                await files.give_up_old(self._context, NOT_GIVEN)
                return set()
            due = await files.take_due(self._context, limit)
        except LiveChatError:
            if alone:
                raise
            return set()  # what is under way may outlive the outage
        return {asyncio.create_task(self._fetch(row)) for row in due}

    async def _fetch(self, row: RowMapping) -> None:
        """Ends with the file stored, refused or due again; no error of it reaches the others."""
        try:
            await self._try(row)
        except Exception as error:  # what became of it could not even be noted: it is due when its lock ends
            log.warning("file %s: %s", row["id"], error, exc_info=not isinstance(error, LiveChatError))

    async def _try(self, row: RowMapping) -> None:
        try:
            await self._pass_on(row)
        except asyncio.CancelledError:
            await files.put_back(self._context, row)
            raise
        except RasaDown:
            await files.put_back(self._context, row)
        except RasaSilent:
            await files.fetch_later(self._context, row, NOT_GIVEN)
        except Exception as error:
            log.warning("file %s: %s", row["id"], error, exc_info=not isinstance(error, LiveChatError))
            await files.fetch_later(self._context, row, NOT_KEPT)

    async def _pass_on(self, row: RowMapping) -> None:
        limit = self._context.settings.attachments.max_bytes
        request = MediaRequest(account=row["account"], ref=row["ref"], max_bytes=limit)
        async with self._rasa.fetch(row["channel"], "media", request, self._bounds) as (status, chunks):
            if status == 200:
                await files.store_fetched(self._context, row, chunks)
            elif status in REFUSALS:
                await files.refuse(self._context, row, REFUSALS[status])
            else:
                await files.fetch_later(self._context, row, NOT_GIVEN)
