"""WhatsApp's channel for credentials.yml: `connectors.whatsapp.channel.WhatsAppChannel:`."""

from rasa.shared.exceptions import RasaException

try:
    from ..channel import LiveChatChannel
    from .connector import WhatsAppConnector
except (ImportError, AttributeError) as reason:  # Rasa would only say "unknown input channel"
    raise RasaException(f"The channel whatsapp can't be loaded: {reason}") from reason


class WhatsAppChannel(LiveChatChannel):
    """Customers on WhatsApp."""

    connector = WhatsAppConnector
