"""The website's channel for credentials.yml: `connectors.web.channel.WebChannel:`."""

from collections.abc import Mapping
from typing import Any

from rasa.shared.exceptions import RasaException

try:
    from ..base import Connector
    from ..channel import LiveChatChannel
except (ImportError, AttributeError) as reason:  # Rasa would only say "unknown input channel"
    raise RasaException(f"The channel web can't be loaded: {reason}") from reason


class WebConnector(Connector):
    """The name is all that the website needs here."""

    name = "web"

    @classmethod
    def from_credentials(cls, credentials: Mapping[str, Any]) -> "WebConnector":
        return cls()


class WebChannel(LiveChatChannel):
    """Customers on the website."""

    connector = WebConnector
