"""Hands the bot's turns to the connector inside Rasa, and watches that the customer gets an answer."""

import asyncio
import logging
import time

from ..loop import Loop
from ..usecases import bot_turn
from ..usecases.bot_turn import Started
from ..usecases.context import Context
from ..usecases.say import WEB
from .rasa import Rasa, RasaDown, RasaSilent
from .typing import EVERY_SECONDS, TypingSender

log = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
TYPING_AFTER_SECONDS = 1.0
ACCEPTED = 202


class TurnRunner:
    def __init__(self, context: Context, rasa: Rasa, typing: TypingSender) -> None:
        self._context = context
        self._rasa = rasa
        self._typing = typing
        self._posts: set[asyncio.Task[None]] = set()
        self._watch_at = 0.0
        self.loop = Loop("turns", BEAT_SECONDS, self._round)

    async def _round(self) -> None:
        for started in await bot_turn.take_due(self._context):
            post = asyncio.create_task(self._post(started))
            self._posts.add(post)
            post.add_done_callback(self._posts.discard)
        await self._watch()

    async def _watch(self) -> None:
        """Once a beat, not with every poke: nobody is given up within a second."""
        if time.monotonic() >= self._watch_at:
            self._watch_at = time.monotonic() + BEAT_SECONDS
            await bot_turn.give_up_unanswered(self._context)

    async def _post(self, started: Started) -> None:
        """A turn that Rasa did not take waits a moment; one that it may have taken is left to its lock."""
        try:
            status, _ = await self._rasa.post(started.conversation["channel"], "turn", started.body)
        except RasaDown:
            await bot_turn.postpone(self._context, started.row)
            return
        except RasaSilent:
            log.warning("turn %s: no answer from Rasa; it is taken up again when its lock lapses", started.row["id"])
            return
        if status != ACCEPTED:
            log.warning("turn %s: Rasa answered %s", started.row["id"], status)
            await bot_turn.postpone(self._context, started.row)
        elif started.conversation["channel"] != WEB:
            await self._show_typing(started)

    async def _show_typing(self, started: Started) -> None:
        """The customer sees that an answer is being written, if it is not there within a moment."""
        await asyncio.sleep(TYPING_AFTER_SECONDS)
        while await bot_turn.is_silent(self._context, started.row["id"]):
            self._typing.show(started.conversation)
            await asyncio.sleep(EVERY_SECONDS)
