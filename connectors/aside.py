"""What the bot says without a turn: a reminder, a push. Each bubble gets a key of its own that its repeats share.

The bubbles of one conversation go out in the order in which Rasa said them. The service takes them only while the bot
holds the conversation.
"""

import asyncio
import logging
import uuid
from weakref import WeakValueDictionary

from .bridge import Bridge
from .errors import ConnectorError
from .model import Body

logger = logging.getLogger(__name__)


class Asides:
    """The posts of one channel that belong to no turn."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._places: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._posts: set[asyncio.Task[None]] = set()

    def say(self, conversation_id: str, body: Body) -> None:
        """Post one bubble in a task of its own; never waits, never raises."""
        place = self._places.setdefault(conversation_id, asyncio.Lock())
        post = asyncio.get_running_loop().create_task(self._post(place, conversation_id, uuid.uuid4().hex, body))
        self._posts.add(post)
        post.add_done_callback(self._posts.discard)

    async def close(self) -> None:
        """Give up what could not be posted so far."""
        for post in list(self._posts):
            post.cancel()
        await asyncio.gather(*self._posts, return_exceptions=True)

    async def _post(self, place: asyncio.Lock, conversation_id: str, key: str, body: Body) -> None:
        async with place:
            try:
                await self._bridge.post_aside(conversation_id, key, [body])
            except ConnectorError as reason:
                logger.warning("A message of the bot without a turn was not taken: %s", reason)
