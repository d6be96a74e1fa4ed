"""Asking for a person opens one handover for each key, silences the bot in that commit, and is honest when closed."""

import asyncio

import pytest

from livechat_plugin.settings.hours import BusinessHours
from livechat_plugin.settings.schema import LiveChat, Settings
from livechat_plugin.usecases.context import Context

from .world import Recorder, SettableClock, ask, handovers_of, log_of, new_conversation, state

CARD = {"rule": "request", "reason": "The customer asked for a person."}


async def texts(context: Context, conversation: str) -> list[str]:
    """What the system said, in order."""
    log = await log_of(context, conversation)  # type: ignore[arg-type]
    return [event["text"] for event in log if event["kind"] == "message" and event["actor_kind"] == "system"]


async def test_live_handover_makes_the_queue_the_holder(context: Context, changes: Recorder) -> None:
    """Holder, epoch, state event, handover message and the waiting clock change in one commit."""
    conversation = await new_conversation(context)
    changes.take()
    answer = await ask(context, conversation)
    row = await state(context, conversation)
    assert (answer.status, row["holder_kind"], row["epoch"]) == ("pending", "queue", 1)
    assert row["waiting_since"] == context.clock()
    log = await log_of(context, conversation)
    assert [(event["kind"], event["actor_kind"]) for event in log] == [
        ("message", "customer"),
        ("state", "system"),
        ("message", "system"),
    ]
    assert log[-1]["text"] == context.settings.messages.handover
    (change,) = changes.take()
    assert change.inbox
    assert change.card


async def test_one_key_opens_once_and_adds_the_card(context: Context) -> None:
    """Action and connector call with the turn's id: one handover, one message, the card of whoever has it."""
    conversation = await new_conversation(context)
    first = await ask(context, conversation, "turn-1", trigger="words")
    second = await ask(context, conversation, "turn-1", trigger="words", card=CARD)
    assert first.handover_id == second.handover_id
    (handover,) = await handovers_of(context, conversation)
    assert handover["card"] == CARD
    assert len(await texts(context, conversation)) == 1


async def test_a_form_that_becomes_live_gets_the_card(context: Context) -> None:
    """It says how the bot saw the request for a person; one that comes without a card takes none away."""
    contact = {"name": "Ana", "email": "ana@example.org", "message": "Please call me."}
    for card, kept in ((CARD, CARD), (None, {"rule": "form"})):
        conversation = await new_conversation(context)
        await ask(context, conversation, trigger="contact_form", contact=contact, card={"rule": "form"})
        await ask(context, conversation, trigger="words", card=card)
        (handover,) = await handovers_of(context, conversation)
        assert (handover["trigger"], handover["card"]) == ("words", kept)


async def test_second_call_does_not_replace_the_card(context: Context) -> None:
    """A second call only adds what is missing."""
    conversation = await new_conversation(context)
    await ask(context, conversation, "turn-1", trigger="bot", card=CARD)
    await ask(context, conversation, "turn-1", trigger="bot", card={"rule": "other"})
    (handover,) = await handovers_of(context, conversation)
    assert handover["card"] == CARD


async def test_many_requests_at_once_open_one_handover(context: Context) -> None:
    """Button, words and bot at the same moment: one episode, one handover message."""
    conversation = await new_conversation(context)
    answers = await asyncio.gather(*(ask(context, conversation) for _ in range(20)))
    assert sorted(answer.status for answer in answers) == ["already_open"] * 19 + ["pending"]
    assert len(await handovers_of(context, conversation)) == 1
    assert len(await texts(context, conversation)) == 1


@pytest.mark.parametrize(("plan", "enabled", "reason"), [("free", True, "plan"), ("pro", False, "off")])
async def test_closed_live_chat_opens_nothing(context: Context, plan: str, enabled: bool, reason: str) -> None:
    """On the free plan, or switched off: the reason is answered and the bot keeps the floor."""
    context.settings = Settings(plan=plan, live_chat=LiveChat(enabled=enabled))  # type: ignore[arg-type]
    conversation = await new_conversation(context)
    answer = await ask(context, conversation)
    assert (answer.status, answer.reason) == ("disabled", reason)
    assert (await state(context, conversation))["holder_kind"] == "bot"
    assert await handovers_of(context, conversation) == []


async def test_out_of_hours_says_so_once_for_each_request(context: Context, clock: SettableClock) -> None:
    """The text comes once however often the request is repeated, and again with the next request."""
    context.settings = Settings(business_hours=BusinessHours(enabled=True, timezone="UTC", start="09:00", end="12:00"))
    clock.shift(minutes=1)  # one minute after closing
    conversation = await new_conversation(context)
    answer = await ask(context, conversation, "turn-1", trigger="words")
    await ask(context, conversation, "turn-1", trigger="words")
    assert answer.status == "out_of_hours"
    assert answer.next_opening is not None
    assert answer.next_opening.hour == 9
    assert await texts(context, conversation) == [context.settings.messages.out_of_hours]
    await ask(context, conversation, "turn-2", trigger="words")
    assert len(await texts(context, conversation)) == 2


async def test_live_request_after_a_form_takes_the_form_along(context: Context) -> None:
    """Somebody who left a form and then asks for a person has one handover, not a forgotten one beside it."""
    conversation = await new_conversation(context)
    await ask(context, conversation, trigger="contact_form", contact={"name": "Ana", "message": "Hello?"})
    await ask(context, conversation, trigger="words")
    (handover,) = await handovers_of(context, conversation)
    assert (handover["status"], handover["trigger"]) == ("pending", "words")
    assert (await state(context, conversation))["holder_kind"] == "queue"
