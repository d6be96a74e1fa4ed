"""Shows a customer of an outside channel that somebody writes to them; now and then, and nobody waits for it."""

import asyncio
import time
from collections import OrderedDict

from sqlalchemy import RowMapping

from ..domain import window
from ..usecases.context import Context
from ..usecases.say import WEB
from ..wire.connector import Deliver
from .rasa import Rasa, RasaDown, RasaSilent

EVERY_SECONDS = 4.0
"""Telegram shows it for five seconds; more often would be wasted."""

REMEMBERED = 10_000


class TypingSender:
    def __init__(self, context: Context, rasa: Rasa) -> None:
        self._context = context
        self._rasa = rasa
        self._shown: OrderedDict[str, float] = OrderedDict()
        self._sends: set[asyncio.Task[None]] = set()

    def show(self, conversation: RowMapping) -> None:
        """`conversation` is its row; on the web the sockets do it."""
        name = conversation["id"]
        open_ = window.is_open(conversation["channel"], conversation["customer_at"], self._context.clock())
        if (
            conversation["channel"] == WEB
            or not open_
            or time.monotonic() - self._shown.get(name, -9.0) < EVERY_SECONDS
        ):
            return
        self._shown[name] = time.monotonic()
        self._shown.move_to_end(name)
        if len(self._shown) > REMEMBERED:
            self._shown.popitem(last=False)
        send = asyncio.create_task(self._send(conversation))
        self._sends.add(send)
        send.add_done_callback(self._sends.discard)

    async def _send(self, conversation: RowMapping) -> None:
        body = Deliver(
            message_id=f"{conversation['id']}:typing",
            account=conversation["account"],
            conversation_id=conversation["id"],
            external_user=conversation["external_user"],
            typing=True,
            reply_ref=conversation["customer_ref"],
        )
        try:
            await self._rasa.post(conversation["channel"], "deliver", body)
        except (RasaDown, RasaSilent):
            return  # a passing sign, not a message
