"""Booking a return: the questions of the form, the check of its answers, and the booking."""

from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from .shop import find_order, order_number

REASONS = ("It is broken", "Wrong item", "Not what I expected", "I changed my mind")
_SLOTS = ("order_number", "return_item", "return_reason")

Events = list[dict[str, Any]]


class ActionAskReturnItem(Action):
    """Offers what was in the order."""

    def name(self) -> str:
        return "action_ask_return_item"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        order = find_order(tracker.get_slot("order_number"))
        buttons = [{"title": item, "payload": item} for item in (order.items if order else ())]
        dispatcher.utter_message(text="Which item would you like to return?", buttons=buttons)
        return []


class ActionAskReturnReason(Action):
    """Offers the usual reasons; any other is welcome."""

    def name(self) -> str:
        return "action_ask_return_reason"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        buttons = [{"title": reason, "payload": reason} for reason in REASONS]
        dispatcher.utter_message(text="What is the reason?", buttons=buttons)
        return []


class ValidateReturnForm(FormValidationAction):
    """Takes only orders and items that exist."""

    def name(self) -> str:
        return "validate_return_form"

    def validate_order_number(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        number = order_number(str(value))
        order = find_order(number)
        if number is None:
            dispatcher.utter_message(text="That doesn't look like an order number.")
        elif order is None:
            dispatcher.utter_message(text=f"I can't find an order {number}.")
        elif not order.returnable:
            dispatcher.utter_message(text=f"{order.describe()} It can be returned once it has arrived.")
            order = None
        return {"order_number": order.number if order else None}

    def validate_return_item(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        order = find_order(tracker.get_slot("order_number"))
        said = str(value).lower()
        for item in order.items if order else ():
            if said in item.lower() or item.lower() in said:
                return {"return_item": item}
        dispatcher.utter_message(text="I don't see that item in the order.")
        return {"return_item": None}


class ActionBookReturn(Action):
    """Books the return and forgets the answers, so that the next return starts clean."""

    def name(self) -> str:
        return "action_book_return"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        item, number = tracker.get_slot("return_item"), tracker.get_slot("order_number")
        dispatcher.utter_message(
            text=f"The return of {item} from order {number} is booked. You will get the label by mail today, and the "
            "money within five days after it arrives."
        )
        return _forget()


class ActionForgetReturn(Action):
    """Leaves the return without booking it."""

    def name(self) -> str:
        return "action_forget_return"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        dispatcher.utter_message(text="All right, I have cancelled the return.")
        return _forget()


def _forget() -> Events:
    return [SlotSet(name, None) for name in _SLOTS]
