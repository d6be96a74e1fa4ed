"""Hands the bot's turns to the connector inside Rasa, and watches that the customer gets an answer."""

import asyncio
import logging
import time

from ..ids import TurnId
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
        self._quiet: dict[TurnId, tuple[Started, float]] = {}
        """Turns that Rasa has taken, and when to look whether the customer still waits for a word."""
        self.loop = Loop("turns", BEAT_SECONDS, self._round)

    async def _round(self) -> None:
        for started in await bot_turn.take_due(self._context):
            post = asyncio.create_task(self._post(started))
            self._posts.add(post)
            post.add_done_callback(self._posts.discard)
        await self._watch()

    async def _watch(self) -> None:
        """Once a beat, not with every poke: nobody is given up, or shown that we write, within a second."""
        if time.monotonic() >= self._watch_at:
            self._watch_at = time.monotonic() + BEAT_SECONDS
            await bot_turn.give_up_unanswered(self._context)
            await self._show_typing()

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
            self._quiet[started.row["id"]] = started, time.monotonic() + TYPING_AFTER_SECONDS

    async def _show_typing(self) -> None:
        """A customer sees that an answer is being written, if it is not there within a moment; one look for all."""
        now = time.monotonic()
        due = {turn: started for turn, (started, at) in self._quiet.items() if at <= now}
        if not due:
            return
        silent = set(await bot_turn.still_silent(self._context, list(due)))
        for turn, started in due.items():
            del self._quiet[turn]
            if turn in silent:
                self._typing.show(started.conversation)
                self._quiet[turn] = started, now + EVERY_SECONDS
