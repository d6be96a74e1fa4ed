"""What is in stock. The shop's stock system can be slow: SHOP_STOCK_SECONDS makes it take its time (default 0)."""

import asyncio
import os
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from .shop import find_product, products

LONGEST_SECONDS = 120.0


class ActionCheckStock(Action):
    """Says how many there are of a product, or of which there are any."""

    def name(self) -> str:
        return "action_check_stock"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        await asyncio.sleep(stock_seconds())
        product = find_product(tracker.get_slot("product"))
        if product is not None:
            dispatcher.utter_message(text=product.describe())
        else:
            names = ", ".join(product.name.lower() for product in products() if product.stock)
            dispatcher.utter_message(text=f"In stock right now: {names}.")
        return [SlotSet("product", None)]


def stock_seconds() -> float:
    """How long a look at the stock takes; what is no number counts as nothing."""
    try:
        return min(max(float(os.environ.get("SHOP_STOCK_SECONDS", "0")), 0.0), LONGEST_SECONDS)
    except ValueError:
        return 0.0
