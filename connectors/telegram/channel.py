"""Telegram's channel for credentials.yml: `connectors.telegram.channel.TelegramChannel:`."""

from rasa.shared.exceptions import RasaException

try:
    from ..channel import LiveChatChannel
    from .connector import TelegramConnector
except (ImportError, AttributeError) as reason:  # Rasa would only say "unknown input channel"
    raise RasaException(f"The channel telegram can't be loaded: {reason}") from reason


class TelegramChannel(LiveChatChannel):
    """Customers on Telegram."""

    connector = TelegramConnector
