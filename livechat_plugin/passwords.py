"""Passwords: argon2id (46 MiB, one pass), in a thread, at most two at once so that signing in can't starve the rest."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

MIN_LENGTH = 8

_hasher = PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1)
_NOBODY = _hasher.hash("no account has this password")
"""Verified against when the account is unknown, so that both answers cost the same."""


class Passwords:
    def __init__(self) -> None:
        self._at_once = asyncio.Semaphore(2)

    async def hash(self, password: str) -> str:
        async with self._at_once:
            return await asyncio.to_thread(_hasher.hash, password)

    async def verify(self, stored: str | None, password: str) -> bool:
        """False for a wrong password and for an account that does not exist (`stored` None)."""
        async with self._at_once:
            matches = await asyncio.to_thread(_matches, stored or _NOBODY, password)
        return matches and stored is not None


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except VerificationError:
        return False


def hash_now(password: str) -> str:
    """For the command line, which has nothing else to do meanwhile."""
    return _hasher.hash(password)
