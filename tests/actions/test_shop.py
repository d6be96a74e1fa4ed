"""What the shop's assistant can look up and book."""

from datetime import datetime, timezone
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from actions.orders import ActionOrderStatus
from actions.products import ActionCheckStock, stock_seconds
from actions.reminders import ActionSetReminder, ActionShowReminder, delay_seconds
from actions.returns import ActionAskReturnItem, ActionBookReturn, ValidateReturnForm
from actions.shop import find_order, find_product, order_number, products


def tracker(entities: list[dict[str, Any]] | None = None, **slots: Any) -> Tracker:
    return Tracker("c1", slots, {"entities": entities or []}, [], False, None, {}, "action_listen")


def run(action: Action, **slots: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The messages, and the slots that were set."""
    dispatcher = CollectingDispatcher()
    events = action.run(dispatcher, tracker(**slots), {})
    return dispatcher.messages, {event["name"]: event["value"] for event in events if event["event"] == "slot"}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("LK-10423", "LK-10423"),
        ("it is lk 10423, I think", "LK-10423"),
        ("lk10423", "LK-10423"),
        ("10423", "LK-10423"),
        ("104235", None),
        ("my order", None),
        (None, None),
    ],
)
def test_an_order_number_is_found_in_what_people_write(text: str | None, number: str | None) -> None:
    """With or without prefix, in any case."""
    assert order_number(text) == number


def test_an_order_has_a_status() -> None:
    """Known, unknown, and not given."""
    (known,), kept = run(ActionOrderStatus(), order_number="lk 10423")
    assert "on its way" in known["text"]
    assert kept == {"order_number": "LK-10423"}
    (unknown,), forgotten = run(ActionOrderStatus(), order_number="LK-99999")
    assert "can't find" in unknown["text"]
    assert forgotten == {"order_number": None}
    (asked,), _ = run(ActionOrderStatus(), order_number=None)
    assert asked["response"] == "utter_ask_order_number"


def test_a_return_takes_only_what_can_be_returned() -> None:
    """A number that is none, an unknown order, one still being packed, and a good one."""
    form = ValidateReturnForm()
    for value, kept in [("what?", None), ("LK-99999", None), ("LK-10511", None), ("LK-10388", "LK-10388")]:
        dispatcher = CollectingDispatcher()
        assert form.validate_order_number(value, dispatcher, tracker(), {}) == {"order_number": kept}
        assert bool(dispatcher.messages) == (kept is None)


def test_a_return_takes_only_items_of_the_order() -> None:
    """In the customer's own words."""
    form, there = ValidateReturnForm(), tracker(order_number="LK-10600")
    for value, kept in [("the trail kettle", "Trail kettle"), ("dripper", "Folding dripper"), ("a tent", None)]:
        assert form.validate_return_item(value, CollectingDispatcher(), there, {}) == {"return_item": kept}


def test_a_return_is_booked_and_forgotten() -> None:
    """The next return starts with empty slots."""
    (booked,), slots = run(ActionBookReturn(), return_item="Trail kettle", order_number="LK-10388")
    assert "Trail kettle from order LK-10388" in booked["text"]
    assert set(slots.values()) == {None}


def test_the_items_of_an_order_are_offered() -> None:
    """As buttons that say what the customer would type."""
    (asked,), _ = run(ActionAskReturnItem(), order_number="LK-10423")
    assert [button["payload"] for button in asked["buttons"]] == ["Hand grinder", "Camp blend 500 g"]


@pytest.mark.parametrize(
    ("product", "said"),
    [("trail kettle", "14 in stock"), ("Hand Grinder", "only 3 left"), ("ember stove", "sold out"), (None, "In stock")],
)
async def test_the_stock(product: str | None, said: str) -> None:
    """Plenty, few, none, and everything there is."""
    dispatcher = CollectingDispatcher()
    await ActionCheckStock().run(dispatcher, tracker(product=product), {})
    assert said in dispatcher.messages[0]["text"]


@pytest.mark.parametrize(("value", "seconds"), [("2.5", 2.5), ("-1", 0.0), ("soon", 0.0), ("9999", 120.0)])
def test_a_look_at_the_stock_can_take_its_time(value: str, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as SHOP_STOCK_SECONDS says, within reason."""
    monkeypatch.setenv("SHOP_STOCK_SECONDS", value)
    assert stock_seconds() == seconds


@pytest.mark.parametrize(
    ("said", "seconds"), [("30 seconds", 30), ("5 minutes", 300), ("1 hour", 3600), (None, 7), ("soon", 7)]
)
def test_a_reminder_is_due_when_it_was_asked_for(
    said: str | None, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the customer's words, or after SHOP_REMINDER_SECONDS."""
    monkeypatch.setenv("SHOP_REMINDER_SECONDS", "7")
    assert delay_seconds(said) == seconds


def test_a_reminder_is_scheduled_and_shown() -> None:
    """With a moment that needs no guessing about time zones."""
    dispatcher = CollectingDispatcher()
    entities = [{"entity": "delay", "value": "30 seconds"}]
    slot, due = ActionSetReminder().run(dispatcher, tracker(entities), {})
    assert "30 seconds" in dispatcher.messages[0]["text"]
    seconds = (datetime.fromisoformat(due["date_time"]) - datetime.now(timezone.utc)).total_seconds()
    assert 28 < seconds <= 30
    (shown,), _ = run(ActionShowReminder(), reminder=slot["value"])
    assert "your cart" in shown["text"]
    (none,), _ = run(ActionShowReminder(), reminder=None)
    assert "no reminder" in none["text"]


def test_the_sample_data_is_consistent() -> None:
    """Every product can be found by its name, and the orders of the examples exist."""
    assert all(find_product(product.name.upper()) == product for product in products())
    assert all(find_order(number) for number in ("LK-10388", "LK-10423", "LK-10511", "LK-10600"))


def test_the_action_server_finds_exactly_our_actions() -> None:
    """rasa-sdk registers whatever it can import: nothing shared, nothing missing."""
    executor = ActionExecutor()
    executor.register_package("actions")
    assert {name for name in executor.actions if not name.startswith("action_submit")} >= {
        "action_request_handover",
        "action_order_status",
        "validate_return_form",
        "action_check_stock",
        "action_set_reminder",
    }
