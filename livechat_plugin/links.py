"""Addresses of files, for each kind of reader. A customer's is signed and ends: an `<img>` can carry no bearer token.

What must hold: without the key nobody makes an address; one address reaches one file, for two days at most.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

from .clock import Clock, now_ms

DAY_MS = 24 * 3_600_000


@dataclass(frozen=True, kw_only=True)
class Links:
    """`key` is a secret of all workers; `clock` says when an address ends."""

    key: bytes = field(repr=False)
    clock: Clock = now_ms

    @classmethod
    def from_secret(cls, secret: str) -> "Links":
        """With a key that is drawn from another secret of the service, and tells nothing about it."""
        return cls(key=hmac.digest(secret.encode(), b"livechat: addresses of files", hashlib.sha256))

    def for_team(self, file: str) -> str:
        return f"/api/v1/files/{file}"

    def for_rasa(self, file: str) -> str:
        return f"/bridge/v1/files/{file}"

    def for_customer(self, file: str) -> str:
        """The same for a whole day, so that browsers keep what they have loaded."""
        until = self.clock() // DAY_MS + 2
        return f"/widget/v1/files/{file}?until={until}&key={self._sign(file, until)}"

    def is_customers(self, file: str, until: int, key: str) -> bool:
        """Whether we made this address and it has not ended."""
        return until * DAY_MS > self.clock() and hmac.compare_digest(key.encode(), self._sign(file, until).encode())

    def _sign(self, file: str, until: int) -> str:
        return hmac.new(self.key, f"{file}:{until}".encode(), hashlib.sha256).hexdigest()[:32]
