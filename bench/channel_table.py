"""The channels side by side, each beside Rasa's REST channel of the same run, and whether ours are fast enough."""

from .channel_stand import CALLBACK, RASA_TELEGRAM, REST, TELEGRAM_OURS, WHATSAPP_OURS
from .channels import Figures
from .table import lines_of

HEADINGS = ("channel", "at once", "messages", "p50 / p99", "of REST", "processor: Rasa / service / the asking side")
MANY = (8, 32)
LEAST_OF_REST = 0.75
"""Ours must answer at least this share of what REST answers, where several customers write at once."""


def of(figures: Figures, name: str, other: str, at_once: int) -> float:
    """How many times the messages of the other channel."""
    return figures[name, at_once].rate.per_second / figures[other, at_once].rate.per_second


def render(title: str, figures: Figures) -> str:
    """As Markdown."""
    names = [one for one in (REST, CALLBACK, RASA_TELEGRAM, TELEGRAM_OURS, WHATSAPP_OURS) if (one, 1) in figures]
    rows = [
        (name, str(at_once), f"{one.rate.per_second:.1f}/s", str(one.latency), f"{share:.2f}", str(one.costs))
        for at_once in sorted({number for _, number in figures})
        for name in names
        for one, share in [(figures[name, at_once], of(figures, name, REST, at_once))]
    ]
    return lines_of(title, [HEADINGS, *rows])


def missed(figures: Figures) -> list[str]:
    """What was promised of our Telegram channel and did not hold; WhatsApp's also carries three receipts a message."""
    found = []
    for at_once in MANY:
        share, lead = (of(figures, TELEGRAM_OURS, other, at_once) for other in (REST, RASA_TELEGRAM))
        if share < LEAST_OF_REST:
            found.append(f"{at_once} at once: {share:.2f} of REST, at least {LEAST_OF_REST} promised")
        if lead < 1:
            found.append(f"{at_once} at once: {lead:.2f} of Rasa's own Telegram channel, more than that promised")
    return found


def summary(figures: Figures) -> str:
    """In one line, for `make prove`."""
    parts = []
    for at_once in MANY:
        rate = figures[TELEGRAM_OURS, at_once].rate.per_second
        shares = " and ".join(
            f"{of(figures, TELEGRAM_OURS, other, at_once):.2f} of {name}"
            for other, name in ((REST, "REST"), (CALLBACK, "callback"), (RASA_TELEGRAM, "Rasa's Telegram"))
        )
        whatsapp = of(figures, WHATSAPP_OURS, REST, at_once)
        parts.append(f"{at_once} at once: Telegram {rate:.0f}/s, {shares}; WhatsApp {whatsapp:.2f} of REST")
    return "; ".join(parts)
