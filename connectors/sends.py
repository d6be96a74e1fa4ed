"""The sends of one channel: a message goes out part by part, and never twice at the same time.

- To one customer one message goes at a time. Also of one that the service has given up meanwhile, since the provider
  said that a part failed, the rest is out before the next begins: the parts of two never mix.
- A send runs in a task of its own: a caller that hangs up doesn't stop it, and a repeat of the call joins it. Nobody
  waits longer than `PATIENCE_SECONDS`: who asks about a longer send hears how far it is, and asks again.
- The ids of the parts that the provider accepted are kept, so a repeat goes on behind them. Failures are not kept, once
  they were told: asking again is a new try, from the part that failed.
- A file that the provider refuses takes nothing else with it: the rest of the message goes, and the answer says what
  was left out. A message of which nothing is left is refused.
- Whether a part may be sent again after nobody answered is for the service to decide: it says so in `from_part`, and
  in `round` that nothing of an earlier round counts.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from .base import Files, PushConnector
from .errors import ConnectorError, Gone, ProviderDown, Rejected, TooLarge
from .model import Delivery, Outbound

logger = logging.getLogger(__name__)

KEPT_MESSAGES = 10_000
"""Messages whose parts are remembered, the newest: far more than can wait for an answer at once."""

PATIENCE_SECONDS = 15.0
"""So long a call waits for its send: less than the 20 s after which the service takes silence for a doubt. A message
with large files may well take minutes.
"""

CLOSING_SECONDS = 5.0
"""What a send in flight gets at the end of the server. One cut off later may have been sent."""


@dataclass(frozen=True)
class Taken:
    """A part that is done: its id at the provider, None when nothing of it was sent; why its file was left out."""

    external_id: str | None
    left_out: str | None = None


@dataclass(frozen=True)
class Sent:
    """How far a message got. `external_ids` and `left_out`, the reasons for files that were not sent, are those of the
    parts from the one asked for up to `parts_done`, which counts from the first part; `reason` is why the next one was
    not sent. With `going` it is being sent.
    """

    external_ids: tuple[str, ...]
    parts_done: int
    reason: ConnectorError | None = None
    left_out: tuple[str, ...] = ()
    going: bool = False


@dataclass
class Running:
    """A send on its way: `taken` grows with each part from `from_part` on; the task gives how far it got, and why no
    further. `owed` is its end to somebody who was told that it is still going.
    """

    round: int
    from_part: int
    taken: list[Taken]
    task: "asyncio.Task[tuple[int, ConnectorError | None]]"
    owed: bool = False

    def told(self, from_part: int) -> Sent:
        """The answer to who asks from `from_part` on, which may be behind where this began."""
        taken = self.taken[max(from_part - self.from_part, 0) :]
        self.owed = not self.task.done()
        if not self.owed:
            return _sent(taken, *self.task.result())
        if all(one.external_id is None for one in taken):
            taken = []  # if nothing of the message can be sent, that is said at its end, and alone
        return _going(taken, from_part)


class Sends:
    """What this process sends on one channel."""

    def __init__(self, connector: PushConnector[Any], files: Files) -> None:
        self._connector = connector
        self._files = files
        self._kept: OrderedDict[tuple[str, int], dict[int, Taken]] = OrderedDict()
        self._running: dict[str, Running] = {}
        self._ended: OrderedDict[str, Running] = OrderedDict()
        self._places: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        """In which the messages to one customer wait for one another."""

    async def deliver(self, delivery: Delivery) -> Sent:
        """Send what is asked for, or join the send of that message that runs already."""
        if delivery.typing:
            return await self._show_typing(delivery.message)
        key, loop = delivery.message.message_id, asyncio.get_running_loop()
        until = loop.time() + PATIENCE_SECONDS
        while (left := until - loop.time()) > 0:
            running = self._running.get(key) or self._ended.pop(key, None) or self._start(delivery)
            await asyncio.wait([running.task], timeout=left)
            if running.task.done():
                self._ended.pop(key, None)
            if running.round == delivery.message.round:
                return running.told(delivery.from_part)
        return _going([], delivery.from_part)

    async def close(self) -> None:
        """Let what is in flight end, for a while."""
        if self._running:
            _, late = await asyncio.wait([one.task for one in self._running.values()], timeout=CLOSING_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _start(self, delivery: Delivery) -> Running:
        key, taken = delivery.message.message_id, list[Taken]()
        task = asyncio.get_running_loop().create_task(self._send(delivery, taken))
        self._running[key] = Running(delivery.message.round, delivery.from_part, taken, task)
        task.add_done_callback(lambda _: self._end(key))
        return self._running[key]

    def _end(self, key: str) -> None:
        """Keep how it ended for who was told that it is going: it may be a doubt, and asking again would double it."""
        running = self._running.pop(key)
        if running.owed:
            self._ended[key] = running
            while len(self._ended) > KEPT_MESSAGES:
                self._ended.popitem(last=False)

    async def _send(self, delivery: Delivery, taken: list[Taken]) -> tuple[int, ConnectorError | None]:
        customer = delivery.message.account, delivery.message.external_user
        async with self._places.setdefault(customer, asyncio.Lock()):
            return await self._send_parts(delivery, taken)

    async def _send_parts(self, delivery: Delivery, taken: list[Taken]) -> tuple[int, ConnectorError | None]:
        message, at = delivery.message, delivery.from_part
        try:
            self._check_account(message)
            parts = self._connector.parts(message)
            kept = self._keep(message)
            for at in range(delivery.from_part, len(parts)):
                if at not in kept:
                    kept[at] = await self._send_part(message, parts[at])
                taken.append(kept[at])
        except ConnectorError as reason:
            return at, reason
        except asyncio.CancelledError:  # by `close`, and nobody knows of the part that is on its way
            return at, ProviderDown("Rasa was stopped while this was being sent.", sent=None)
        except Exception as error:
            logger.exception("Message %s could not be sent on %s", message.message_id, self._connector.name)
            return at, Rejected("rejected", f"The channel failed on it: {type(error).__name__}.")
        if delivery.from_part == 0 and taken and all(one.external_id is None for one in taken):
            why = Rejected("rejected", " ".join(_reasons(taken)))
            kept.clear()
            taken.clear()
            return 0, why
        return max(len(parts), delivery.from_part), None

    async def _send_part(self, message: Outbound, part: Any) -> Taken:
        try:
            return Taken(await self._connector.send(message, part, self._files))
        except (Rejected, Gone, TooLarge) as reason:
            rest = self._connector.without_file(part)
            if rest is part or getattr(reason, "code", "rejected") != "rejected":
                raise  # a customer who is out of reach gets no words either
            why = str(reason)
        logger.info("A file of message %s was left out on %s", message.message_id, self._connector.name)
        external_id = None if rest is None else await self._connector.send(message, rest, self._files)
        return Taken(external_id, why)

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

    def _keep(self, message: Outbound) -> dict[int, Taken]:
        kept = self._kept.setdefault((message.message_id, message.round), {})
        self._kept.move_to_end((message.message_id, message.round))
        while len(self._kept) > KEPT_MESSAGES:
            self._kept.popitem(last=False)
        return kept


def _sent(taken: Sequence[Taken], parts_done: int, reason: ConnectorError | None = None) -> Sent:
    return Sent(_ids(taken), parts_done, reason, tuple(_reasons(taken)))


def _going(taken: Sequence[Taken], from_part: int) -> Sent:
    return Sent(_ids(taken), from_part + len(taken), left_out=tuple(_reasons(taken)), going=True)


def _ids(taken: Sequence[Taken]) -> tuple[str, ...]:
    return tuple(one.external_id for one in taken if one.external_id is not None)


def _reasons(taken: Sequence[Taken]) -> list[str]:
    """Each once."""
    return list(dict.fromkeys(one.left_out for one in taken if one.left_out is not None))
