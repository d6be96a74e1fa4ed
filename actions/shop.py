"""The shop behind the assistant: a small sample of orders and products, read once from data/."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"
_NUMBER = re.compile(r"\b(?:lk[- ]?)?(\d{5})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Order:
    """One order; `when` says when it arrived or will arrive."""

    number: str
    status: str
    when: str
    carrier: str
    items: tuple[str, ...]
    returnable: bool

    def describe(self) -> str:
        """Its status in a sentence."""
        if self.status == "delivered":
            return f"Order {self.number} was delivered {self.when} by {self.carrier}."
        if self.status == "shipped":
            return f"Order {self.number} is on its way with {self.carrier} and should arrive {self.when}."
        return f"We are packing order {self.number}; it leaves us {self.when} with {self.carrier}."


@dataclass(frozen=True)
class Product:
    """One product; `back` says when it is to be had again."""

    name: str
    price: str
    stock: int
    back: str | None

    def describe(self) -> str:
        """Its stock in a sentence."""
        if self.stock == 0:
            return f"The {self.name.lower()} ({self.price}) is sold out; we expect it back {self.back}."
        left = f"only {self.stock} left" if self.stock < 5 else f"{self.stock} in stock"
        return f"The {self.name.lower()} costs {self.price}, {left}."


def order_number(text: str | None) -> str | None:
    """The order number in a text, as it is written on the confirmation."""
    found = _NUMBER.search(text or "")
    return f"LK-{found.group(1)}" if found else None


def find_order(number: str | None) -> Order | None:
    """The order of that number."""
    return next((order for order in _orders() if order.number == number), None)


def find_product(name: str | None) -> Product | None:
    """The product of that name, in upper or lower case."""
    wanted = (name or "").strip().lower()
    return next((product for product in products() if product.name.lower() == wanted), None)


@lru_cache(maxsize=1)
def products() -> tuple[Product, ...]:
    """All products."""
    return tuple(Product(**entry) for entry in _read("products.json"))


@lru_cache(maxsize=1)
def _orders() -> tuple[Order, ...]:
    return tuple(Order(**{**entry, "items": tuple(entry["items"])}) for entry in _read("orders.json"))


def _read(name: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((_DATA / name).read_text(encoding="utf-8"))
    return entries
