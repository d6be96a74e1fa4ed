"""Fetches the handover card from Rasa's tracker, in the background, for a handover that was opened without one.

The service never calls Rasa while it answers a call (a turn holds Rasa's lock while its action waits on us), so the
button's handover is in Pending at once and its card follows.
"""

import asyncio
import logging

import msgspec

from ..ids import ConversationId, HandoverId
from ..usecases import cards
from ..usecases.context import Context
from ..wire.connector import CardAnswer, CardRequest
from .rasa import Rasa, RasaDown, RasaSilent

log = logging.getLogger(__name__)

TRIES = 6
FIRST_WAIT_SECONDS = 0.5
"""Doubles with each try: half a minute in all, enough for a Rasa that starts again."""


class CardFetcher:
    def __init__(self, context: Context, rasa: Rasa) -> None:
        self._context = context
        self._rasa = rasa
        self._fetches: set[asyncio.Task[None]] = set()

    def fetch(self, conversation: ConversationId) -> None:
        task = asyncio.create_task(self._fetch(conversation))
        self._fetches.add(task)
        task.add_done_callback(self._fetches.discard)

    async def _fetch(self, conversation: ConversationId) -> None:
        for number in range(TRIES):
            missing = await cards.missing(self._context, conversation)
            if missing is None:
                return
            request = CardRequest(conversation_id=conversation, account=missing.account)
            if await self._ask(missing.channel, request, missing.handover):
                return
            await asyncio.sleep(FIRST_WAIT_SECONDS * 2**number)

    async def _ask(self, channel: str, request: CardRequest, handover: HandoverId) -> bool:
        """True when there is nothing more to ask."""
        try:
            status, answer = await self._rasa.post(channel, "card", request)
        except (RasaDown, RasaSilent):
            return False
        if status != 200:
            return False
        try:
            card = msgspec.convert(answer, CardAnswer).card
        except msgspec.ValidationError as error:
            log.warning("card: Rasa's answer can't be read: %s", error)
            return True
        if card is not None:
            await cards.add(self._context, ConversationId(request.conversation_id), handover, msgspec.to_builtins(card))
        return True
