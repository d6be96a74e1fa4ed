"""What a channel must be able to do. A channel is a folder: wire.py (pure), api.py (the provider's calls), channel.py.

Every channel runs the bot's turns and draws cards; that needs nothing of its own but a name. A channel whose customers
are at a provider also takes the provider's webhooks and delivers: a `PushConnector`.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from .model import Inbound, Outbound


class Connector(ABC):
    """A way on which customers reach us. `name` is part of the routes and of the service's records."""

    name: ClassVar[str]

    @classmethod
    @abstractmethod
    def from_credentials(cls, credentials: Mapping[str, Any]) -> "Connector":
        """Make it from its part of credentials.yml; raises NotConfigured when something is missing."""

    async def close(self) -> None:
        """Let go of connections."""
        return


@dataclass(frozen=True)
class Request:
    """A webhook as it came: the raw bytes are what a signature covers."""

    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Limits:
    """What the provider takes in one message; `body` is the largest webhook in bytes that we read."""

    text: int
    buttons: int
    body: int = 1_000_000


class PushConnector(Connector):
    """A channel of a provider that calls our webhook and whose API we call."""

    account: str
    limits: Limits

    @abstractmethod
    def verify(self, request: Request) -> None:
        """Check that the provider sent this, on the raw bytes, in constant time; raises BadSignature."""

    @abstractmethod
    def parse(self, body: bytes) -> Sequence[Inbound]:
        """What customers did; pure. Raises Malformed or UnsupportedUpdate."""

    @abstractmethod
    def parts(self, message: Outbound) -> list[Any]:
        """The provider's requests for one message, in order, within its limits; pure, the same for the same message."""

    @abstractmethod
    async def send(self, message: Outbound, part: Any) -> str:
        """Send one part and give its id at the provider; raises RetryLater, Rejected or ProviderDown."""
