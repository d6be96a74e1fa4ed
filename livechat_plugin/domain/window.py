"""The time in which a channel takes messages to a customer: on WhatsApp 24 hours after the customer's last one."""

HOUR_MS = 3_600_000
WINDOWS_MS = {"whatsapp": 24 * HOUR_MS, "twilio_whatsapp": 24 * HOUR_MS}
CLOSED = "WhatsApp takes messages only within 24 hours of the customer's last one. They have to write first."


def open_until(channel: str, customer_at: int | None) -> int | None:
    """The end of the window; None for a channel that has none. A customer who never wrote has opened none (0)."""
    length = WINDOWS_MS.get(channel)
    if length is None:
        return None
    return 0 if customer_at is None else customer_at + length


def is_open(channel: str, customer_at: int | None, at: int) -> bool:
    """May a message be sent at this moment?"""
    until = open_until(channel, customer_at)
    return until is None or at < until
