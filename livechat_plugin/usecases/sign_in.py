"""Agents sign in, stay signed in, and sign out: the one way there is.

What must hold: the token is known only to the browser (its hash is stored) and is new at each sign-in; it ends after
12 idle hours or 7 days, with the account or by signing out. Failures slow down an account and an address, each by
itself, and lock nobody out for good; an unknown account costs the same work and gets the same answer as a wrong
password.
"""

from collections.abc import Mapping

from sqlalchemy import RowMapping

from ..errors import NotSignedIn, TooManyRequests
from ..ids import AgentId, new_token, token_hash
from ..passwords import Passwords
from ..storage import agents, audit, sign_ins
from .context import Context

IDLE_MS = 12 * 3_600_000
ABSOLUTE_MS = 7 * 24 * 3_600_000
TOUCH_MS = 60_000
"""`last_seen_at` is written at most so often."""

FREE_FAILURES = {"account": 5, "address": 20}
LONGEST_WAIT_SECONDS = 900
FORGET_MS = 3_600_000


async def sign_in(
    context: Context, passwords: Passwords, email: str, password: str, address: str, browser: str | None
) -> tuple[str, RowMapping]:
    """The session's token and the agent. Raises `NotSignedIn`, `TooManyRequests`."""
    subjects = (f"account:{email.lower()}", f"address:{address}")
    await _check_pace(context, subjects)
    async with context.database.read() as connection:
        agent = await agents.find_by_email(connection, email)
    stored = agent["password_hash"] if agent is not None and agent["disabled_at"] is None else None
    if not await passwords.verify(stored, password) or agent is None:
        await _count_failure(context, subjects)
        raise NotSignedIn("That e-mail address and password don't go together.")
    return await _begin(context, agent, subjects[0], address, browser), agent


async def _begin(context: Context, agent: RowMapping, account: str, address: str, browser: str | None) -> str:
    at = context.clock()
    token = new_token()
    async with context.database.write() as connection:
        await sign_ins.clear_failures(connection, account)
        await sign_ins.forget(connection, at - IDLE_MS, at - ABSOLUTE_MS)
        await sign_ins.add(connection, token_hash(token), agent["id"], at, address, (browser or "")[:300])
        await agents.renew(connection, [AgentId(agent["id"])], at + context.lease_ms)
        await audit.note(connection, at, "agent.signed_in", actor_kind="agent", actor_id=agent["id"])
    return token


async def _check_pace(context: Context, subjects: tuple[str, ...]) -> None:
    at = context.clock()
    async with context.database.read() as connection:
        failures = await sign_ins.failures(connection, subjects)
    waits = [_wait_ms(row) - (at - row["last_at"]) for row in failures.values() if at - row["last_at"] < FORGET_MS]
    longest = max(waits, default=0)
    if longest > 0:
        seconds = -(-longest // 1000)
        raise TooManyRequests(f"Too many attempts. Please wait {seconds} s and try again.", seconds)


def _wait_ms(row: RowMapping) -> int:
    """Doubles with each failure beyond the free ones: 1, 2, 4 … s, 15 minutes at most."""
    beyond = row["failures"] - FREE_FAILURES[row["subject"].partition(":")[0]]
    return 0 if beyond < 0 else min(1 << min(beyond, 20), LONGEST_WAIT_SECONDS) * 1000


async def _count_failure(context: Context, subjects: tuple[str, ...]) -> None:
    at = context.clock()
    async with context.database.write() as connection:
        for subject in subjects:
            await sign_ins.add_failure(connection, subject[:300], at, at - FORGET_MS)


async def find_agent(context: Context, token: str) -> RowMapping:
    """The agent behind a session's token. Raises `NotSignedIn`."""
    at = context.clock()
    digest = token_hash(token)
    async with context.database.read() as connection:
        agent = await sign_ins.find_agent(connection, digest, at - IDLE_MS, at - ABSOLUTE_MS)
    if agent is None:
        raise NotSignedIn
    if at - agent["last_seen_at"] > TOUCH_MS:
        async with context.database.write() as connection:
            await sign_ins.touch(connection, digest, at)
    return agent


async def ended(context: Context, tokens: Mapping[str, str]) -> list[str]:
    """Those of these sessions (token → role) that are over: signed out, expired, disabled, or of another role now."""
    if not tokens:
        return []
    at = context.clock()
    async with context.database.read() as connection:
        valid = await sign_ins.valid(connection, map(token_hash, tokens), at - IDLE_MS, at - ABSOLUTE_MS)
    return [token for token, role in tokens.items() if valid.get(token_hash(token)) != role]


async def sign_out(context: Context, token: str) -> None:
    async with context.database.write() as connection:
        await sign_ins.remove(connection, token_hash(token))
