"""The sends of one channel: a message goes out part by part, and never twice at the same time.

- A send runs in a task of its own: a caller that hangs up doesn't stop it, and a repeat of the call joins it.
- The ids of the parts that the provider accepted are kept, so a repeat goes on behind them. Failures are not kept:
  asking again is a new try, from the part that failed.
- Whether a part may be sent again after nobody answered is for the service to decide: it says so in `from_part`, and
  in `round` that nothing of an earlier round counts.
"""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from .base import Files, PushConnector
from .errors import ConnectorError, Rejected
from .model import Delivery, Outbound

logger = logging.getLogger(__name__)

KEPT_MESSAGES = 10_000
"""Messages whose parts are remembered, the newest: far more than can wait for an answer at once."""

CLOSING_SECONDS = 5.0
"""What a send in flight gets at the end of the server. One cut off later may have been sent."""


@dataclass(frozen=True)
class Sent:
    """How far a message got. `external_ids` are those of the parts from the one asked for up to `parts_done`, which
    counts from the first part; `reason` is why the next one was not sent.
    """

    external_ids: tuple[str, ...]
    parts_done: int
    reason: ConnectorError | None = None


class Sends:
    """What this process sends on one channel."""

    def __init__(self, connector: PushConnector[Any], files: Files) -> None:
        self._connector = connector
        self._files = files
        self._kept: OrderedDict[tuple[str, int], dict[int, str]] = OrderedDict()
        self._running: dict[str, tuple[int, asyncio.Task[Sent]]] = {}

    async def deliver(self, delivery: Delivery) -> Sent:
        """Send what is asked for, or join the send of that message that runs already."""
        if delivery.typing:
            return await self._show_typing(delivery.message)
        while True:
            round_, task = self._running.get(delivery.message.message_id) or self._start(delivery)
            if round_ == delivery.round:
                return await asyncio.shield(task)
            await asyncio.wait([task])

    async def close(self) -> None:
        """Let what is in flight end, for a while."""
        if self._running:
            _, late = await asyncio.wait([task for _, task in self._running.values()], timeout=CLOSING_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _start(self, delivery: Delivery) -> tuple[int, asyncio.Task[Sent]]:
        key = delivery.message.message_id
        task = asyncio.get_running_loop().create_task(self._send(delivery))
        self._running[key] = (delivery.round, task)
        task.add_done_callback(lambda _: self._running.pop(key, None))
        return self._running[key]

    async def _send(self, delivery: Delivery) -> Sent:
        message, at = delivery.message, delivery.from_part
        ids: list[str] = []
        try:
            self._check_account(message)
            parts = self._connector.parts(message)
            kept = self._keep(message.message_id, delivery.round)
            for at in range(delivery.from_part, len(parts)):
                if at not in kept:
                    kept[at] = await self._connector.send(message, parts[at], self._files)
                ids.append(kept[at])
        except ConnectorError as reason:
            return Sent(tuple(ids), at, reason)
        except Exception as error:
            logger.exception("Message %s could not be sent on %s", message.message_id, self._connector.name)
            return Sent(tuple(ids), at, Rejected("rejected", f"The channel failed on it: {type(error).__name__}."))
        return Sent(tuple(ids), max(len(parts), delivery.from_part))

    async def _show_typing(self, message: Outbound) -> Sent:
        try:
            self._check_account(message)
            await self._connector.typing(message)
        except ConnectorError as reason:
            return Sent((), 0, reason)
        return Sent((), 0)

    def _check_account(self, message: Outbound) -> None:
        if message.account not in self._connector.accounts:
            raise Rejected("rejected", f"{self._connector.name} has no account {message.account} in credentials.yml.")

    def _keep(self, message_id: str, round_: int) -> dict[int, str]:
        kept = self._kept.setdefault((message_id, round_), {})
        self._kept.move_to_end((message_id, round_))
        while len(self._kept) > KEPT_MESSAGES:
            self._kept.popitem(last=False)
        return kept
