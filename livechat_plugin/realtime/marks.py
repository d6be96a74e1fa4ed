"""How far customers have received and read, told to the readers of their conversations: once a second at most."""

import asyncio
import logging

from ..errors import LiveChatError
from ..ids import ConversationId
from ..usecases.context import Context
from ..usecases.read_conversation import find_all
from ..wire.sockets import Watermark
from .hub import Hub, frame_of

log = logging.getLogger(__name__)

COALESCE_SECONDS = 1.0


class Marks:
    def __init__(self, context: Context, hub: Hub) -> None:
        self._context = context
        self._hub = hub
        self._risen: set[ConversationId] = set()
        self._some = asyncio.Event()

    def rise(self, conversation: ConversationId) -> None:
        """A mark of this conversation has risen."""
        self._risen.add(conversation)
        self._some.set()

    async def run(self) -> None:
        """Runs for as long as the process."""
        while True:
            await self._some.wait()
            self._some.clear()
            risen, self._risen = self._risen, set()
            try:
                await self._tell(list(risen))
            except LiveChatError as error:
                log.warning("watermarks: %s; the next one says it", error.code)
            await asyncio.sleep(COALESCE_SECONDS)

    async def _tell(self, risen: list[ConversationId]) -> None:
        for row in await find_all(self._context, risen):
            frame = Watermark(
                conversation_id=row["id"],
                sent_upto=row["sent_upto"],
                delivered_upto=row["delivered_upto"],
                read_upto=row["read_upto"],
            )
            self._hub.broadcast(ConversationId(row["id"]), frame_of(frame))
