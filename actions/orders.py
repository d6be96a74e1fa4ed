"""What happened to an order."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from .shop import find_order, order_number


class ActionOrderStatus(Action):
    """Says where an order is, or asks for its number."""

    def name(self) -> str:
        return "action_order_status"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        number = order_number(tracker.get_slot("order_number"))
        if number is None:
            dispatcher.utter_message(response="utter_ask_order_number")
            return []
        order = find_order(number)
        if order is None:
            dispatcher.utter_message(text=f"I can't find an order {number}. Could you check the number?")
            return [SlotSet("order_number", None)]
        dispatcher.utter_message(
            text=order.describe(), buttons=[{"title": "Return something", "payload": "/return_item"}]
        )
        return [SlotSet("order_number", number)]
