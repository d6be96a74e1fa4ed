"""The gate in front of a claim: Redis `SET NX PX`, so that of many clicks at once hardly any reach the database.

`livechat:claim:<conversation>` reads `<agent>:x<nonce>` while an agent attempts to claim (2 s at most) and
`<agent>:<epoch>` from the commit on, for as long as the lease. What must hold: the gate decides nothing. An absent,
broken, stale or always-open gate costs speed; who holds a conversation is decided by the UPDATE behind it
(`usecases/claim.py`).
"""

import contextlib
import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis

from ..ids import AgentId, ConversationId
from .redis_link import RedisDown, RedisLink

ATTEMPT_MS = 2_000
"""How long an attempt may keep others waiting; its maker is dead or stuck when it takes longer."""

PREFIX = "livechat:claim:"

RELEASE = """
-- KEYS[1] a gate (string). ARGV[1] the value we put there. Removes the gate only if it is still ours.
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""

RAISE = """
-- KEYS[1] a gate (string). ARGV[1] agent:epoch, ARGV[2] the epoch, ARGV[3] how long it lives in ms.
-- Writes a claim only if none with a newer epoch stands there; an attempt is overwritten.
local standing = redis.call('GET', KEYS[1])
if standing then
  local epoch = string.match(standing, ':(%d+)$')
  if epoch and tonumber(epoch) > tonumber(ARGV[2]) then return 0 end
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
return 1
"""


@dataclass(frozen=True)
class Attempt:
    """Our own attempt stands in the gate; `value` is needed to take it away again."""

    value: str


@dataclass(frozen=True)
class Taken:
    """Somebody else's value stands there: an attempt, or a claim (`agent:epoch`)."""

    is_claim: bool


@dataclass(frozen=True)
class NoGate:
    """Redis did not answer in time: go on without it."""


Entry = Attempt | Taken | NoGate


class Gate:
    """The gates of all conversations, in one Redis or in none."""

    def __init__(self, link: RedisLink | None) -> None:
        self._link = link

    async def enter(self, conversation: ConversationId, agent: AgentId) -> Entry:
        """Puts our attempt into an empty gate, or says what stands there."""
        value = f"{agent}:x{secrets.token_hex(8)}"
        try:
            was_empty = await self._put(conversation, value)
            if was_empty:
                return Attempt(value)
            standing = await self._ask(lambda redis: redis.get(_key(conversation)))
        except RedisDown:
            return NoGate()
        return Taken(is_claim=standing is not None and standing.rpartition(b":")[2].isdigit())

    async def _put(self, conversation: ConversationId, value: str) -> bool:
        """True when the gate was empty."""
        answer = await self._ask(lambda redis: redis.set(_key(conversation), value, nx=True, px=ATTEMPT_MS))
        return bool(answer)

    async def leave(self, conversation: ConversationId, value: str) -> None:
        """Takes away exactly this value: an attempt that failed, or a claim that ended."""
        with contextlib.suppress(RedisDown):
            await self._ask(lambda redis: redis.eval(RELEASE, 1, _key(conversation), value))

    async def record(self, conversation: ConversationId, agent: AgentId, epoch: int, lease_ms: int) -> None:
        """After the commit: the gate reads who holds the conversation, unless a newer claim stands there."""
        value = claim_value(agent, epoch)
        with contextlib.suppress(RedisDown):
            await self._ask(lambda redis: redis.eval(RAISE, 1, _key(conversation), value, epoch, lease_ms))

    async def renew(self, held: Iterable[ConversationId], lease_ms: int) -> None:
        """Prolongs the claims of agents that are here, in one round trip."""

        async def prolong(redis: "Redis") -> None:
            async with redis.pipeline(transaction=False) as pipeline:
                for conversation in held:
                    _ = pipeline.pexpire(_key(conversation), lease_ms)
                await pipeline.execute()

        with contextlib.suppress(RedisDown):
            await self._ask(prolong)

    async def _ask(self, call: Callable[["Redis"], Awaitable[Any]]) -> Any:
        if self._link is None:
            raise RedisDown
        client = self._link.client
        return await self._link.ask(lambda: call(client))


def _key(conversation: ConversationId) -> str:
    return PREFIX + conversation


def claim_value(agent: AgentId, epoch: int) -> str:
    return f"{agent}:{epoch}"
