"""A customer who opens the chat on an outside channel is greeted, and the bot is left out of it."""

import asyncio
from dataclasses import replace

from livechat_plugin.settings.schema import Settings
from livechat_plugin.settings.texts import Messages, Translation
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.greet import greet
from livechat_plugin.usecases.open_handover import open_handover
from livechat_plugin.usecases.receive import Said, receive
from livechat_plugin.usecases.request import Request

from .test_amend import turns_of
from .world import log_of, outbox_of, state

START = Said(channel="telegram", account="shop", external_user="ana", external_id="u1", ref="m1", text="/start")


async def test_start_is_greeted_once(context: Context) -> None:
    """The same press ten times at once: one greeting, on its way to the customer; no turn, nothing counted."""
    received = await asyncio.gather(*(greet(context, START) for _ in range(10)))
    conversation = received[0].conversation
    assert {one.conversation for one in received} == {conversation}
    assert [(event["actor_kind"], event["text"]) for event in await log_of(context, conversation)] == [
        ("bot", "Hello! How can I help you?")
    ]
    assert len(await outbox_of(context, conversation)) == 1
    assert await turns_of(context) == 0
    assert (await state(context, conversation))["exchanged"] == 0


async def test_start_again_is_greeted_again(context: Context) -> None:
    """Who presses Start a second time wants to see that somebody is there."""
    conversation = (await greet(context, START)).conversation
    await greet(context, replace(START, external_id="u2"))
    assert len(await log_of(context, conversation)) == 2


async def test_start_that_comes_late_was_pressed_when_it_was(context: Context) -> None:
    """A window of the channel counts from there."""
    pressed = context.clock() - 3600_000
    conversation = (await greet(context, replace(START, sent_at=pressed))).conversation
    assert (await state(context, conversation))["customer_at"] == pressed


async def test_greeting_is_in_the_customers_language(context: Context) -> None:
    """Telegram tells the language with the press itself."""
    messages = Messages(translations={"de": Translation(greeting="Hallo! Wie kann ich helfen?")})
    context.settings = Settings(messages=messages)
    received = await greet(context, replace(START, profile={"name": "Ana", "locale": "de"}))
    assert [event["text"] for event in await log_of(context, received.conversation)] == ["Hallo! Wie kann ich helfen?"]


async def test_without_a_greeting_the_bot_answers(context: Context) -> None:
    """A team that greets nobody leaves the press to its bot."""
    context.settings = Settings(messages=Messages(greeting=""))
    received = await greet(context, START)
    assert [event["text"] for event in await log_of(context, received.conversation)] == ["/start"]
    assert await turns_of(context) == 1


async def test_start_while_a_person_is_asked_is_a_line(context: Context) -> None:
    """The bot says nothing into the queue, not even hello."""
    conversation = (await receive(context, replace(START, external_id="u0", text="a person, please"))).conversation
    await open_handover(context, Request(key="k", conversation=conversation, trigger="button"))
    before = len(await log_of(context, conversation))
    await greet(context, START)
    event = (await log_of(context, conversation))[-1]
    assert len(await log_of(context, conversation)) == before + 1
    assert (event["actor_kind"], event["text"]) == ("customer", "/start")
