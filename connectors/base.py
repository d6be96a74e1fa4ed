"""What a channel must be able to do. A channel is a folder: wire.py (pure), api.py (the provider's calls), channel.py.

Every channel runs the bot's turns and draws cards; that needs nothing of its own but a name. A channel whose customers
are at a provider also takes the provider's webhooks, delivers and fetches files: a `PushConnector`. One connector
serves all accounts (bots, numbers) of its channel in this Rasa.
"""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from .errors import UnsupportedUpdate
from .model import Inbound, Outbound, Receipt

Part = TypeVar("Part")
"""One request to the provider, as the channel sees it. A message is sent in one or more of them."""


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
    """A webhook as it came: the raw bytes are what a signature covers. Header names are in lower case."""

    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Media:
    """A customer's file on its way from the provider; `size` is in bytes, None when it isn't known before the end."""

    mime: str
    size: int | None
    chunks: AsyncIterator[bytes]


class Files(Protocol):
    """Where the files of the live chat service are read: those that agents send."""

    async def read_file(self, path: str, max_bytes: int) -> bytes:
        """A file whose `Attachment.is_ours`; raises Unreachable, Gone or TooLarge."""


class PushConnector(Connector, Generic[Part]):
    """A channel of a provider that calls our webhook and whose API we call."""

    max_webhook: ClassVar[int] = 1_000_000
    """The largest webhook in bytes that is read."""

    @property
    @abstractmethod
    def accounts(self) -> Collection[str]:
        """The accounts that are configured here. Nobody asks for another one."""

    @abstractmethod
    def verify(self, request: Request) -> Collection[str]:
        """The accounts for which the provider can have sent this: checked on the raw bytes, in constant time.

        Raises BadSignature.
        """

    def handshake(self, request: Request) -> str:
        """What the provider wants to hear on a GET of the webhook; raises BadSignature."""
        raise UnsupportedUpdate("a GET")

    @abstractmethod
    def parse(self, body: bytes, accounts: Collection[str]) -> Sequence[Inbound | Receipt]:
        """What happened, of `accounts` alone, in the provider's order; pure.

        Raises Malformed, or UnsupportedUpdate when nothing in it is of use. Of several things in one body those of
        no use are left out, with a line in the log that says their kind.
        """

    async def acknowledge(self, inbound: Inbound) -> None:
        """Tell the provider that `inbound` is stored, where that needs a call of its own. Errors are only logged."""
        return

    @abstractmethod
    def parts(self, message: Outbound) -> Sequence[Part]:
        """The provider's requests for one message, in order, within its limits; pure, the same for the same message."""

    def without_file(self, part: Part) -> Part | None:
        """What of `part` still goes when its file is refused, None when that is nothing. A part without a file is given
        back as it is.
        """
        return part

    @abstractmethod
    async def send(self, message: Outbound, part: Part, files: Files) -> str:
        """Send one part and give its id at the provider; raises RetryLater, Rejected or ProviderDown."""

    async def typing(self, message: Outbound) -> None:
        """Show the customer that somebody writes; raises like `send`. Nothing where the provider can't."""
        return

    @abstractmethod
    def media(self, account: str, ref: str) -> AbstractAsyncContextManager[Media]:
        """Open a customer's file; raises Gone, TooLarge, RetryLater or ProviderDown."""
