"""The bot's turns: one at a time, fenced by the epoch, each bubble once, and never silence."""

import asyncio
from typing import Any

import pytest

from livechat_plugin.ids import ConversationId, TurnId
from livechat_plugin.settings.schema import Bot, LiveChat, Settings
from livechat_plugin.storage import conversations, turns
from livechat_plugin.usecases import bot_turn
from livechat_plugin.usecases.bot_says import speak_unasked
from livechat_plugin.usecases.bot_turn import Started
from livechat_plugin.usecases.claim import claim
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.resolve import resolve
from livechat_plugin.usecases.send import send

from .world import SettableClock, ask, handovers_of, log_of, meanwhile, new_agent, says, state


async def start(context: Context) -> Started:
    (started,) = await bot_turn.take_due(context)
    return started


async def answer(context: Context, started: Started, *texts: str, first: int = 0, **options: Any) -> bool:
    """The connector posts bubbles of a turn; it is done unless said otherwise."""
    options = {"done": True, "failed": None, **options}
    messages: list[dict[str, Any]] = [{"text": text} for text in texts]
    return await bot_turn.take_in(context, TurnId(started.body.turn), started.body.epoch, first, messages, **options)


async def said_by_bot(context: Context, conversation: ConversationId) -> list[tuple[str, str]]:
    """What the bot said, with the gate's verdict."""
    return [(e["text"], e["verdict"]) for e in await log_of(context, conversation) if e["actor_kind"] == "bot"]


async def test_one_turn_at_a_time_in_the_order_of_the_messages(context: Context) -> None:
    """Three messages in a row are answered one after the other, the lowest seq first."""
    for text in ("one", "two", "three"):
        conversation = (await says(context, "ana", text)).conversation
    for text in ("one", "two", "three"):
        started = await start(context)
        assert started.body.message.text == text
        assert await bot_turn.take_due(context) == []
        assert await answer(context, started, f"answer to {text}")
    assert [text for text, _ in await said_by_bot(context, conversation)] == [
        "answer to one",
        "answer to two",
        "answer to three",
    ]


async def test_many_takers_start_a_turn_once(context: Context) -> None:
    """Ten dispatchers that look at the same moment: one of them gets the turn."""
    await says(context, "ana")
    taken = await asyncio.gather(*(bot_turn.take_due(context) for _ in range(10)))
    assert sum(len(one) for one in taken) == 1


async def test_repeated_posts_do_not_double(context: Context) -> None:
    """A connector that did not hear our answer posts again: each bubble is stored once."""
    conversation = (await says(context, "ana")).conversation
    started = await start(context)
    await answer(context, started, "a", "b", done=False)
    await answer(context, started, "a", "b", "c", done=False)
    await answer(context, started, "c", first=2)
    assert [text for text, _ in await said_by_bot(context, conversation)] == ["a", "b", "c"]


async def test_late_words_of_the_bot_are_suppressed(context: Context) -> None:
    """A person was asked for in mid-turn: what the bot still says is in the log, and reaches nobody."""
    conversation = (await says(context, "ana")).conversation
    started = await start(context)
    assert await answer(context, started, "before", done=False)
    await ask(context, conversation)
    assert not await answer(context, started, "after", first=1)
    assert await said_by_bot(context, conversation) == [("before", "sent"), ("after", "suppressed")]
    late = (await log_of(context, conversation))[-1]
    assert late["audience"] == "log"


async def test_turn_of_an_old_epoch_is_dropped(context: Context) -> None:
    """A message that waited for the bot when a person took over and resolved is not answered afterwards."""
    await says(context, "ana", "first")
    started = await start(context)
    conversation = (await says(context, "ana", "second")).conversation
    agent = await new_agent(context)
    claimed = await claim(context, agent, conversation)
    await resolve(context, agent, conversation, claimed.epoch, seen=None)
    await answer(context, started)
    assert await bot_turn.take_due(context) == []


async def test_button_threshold_counts_messages_and_turns(context: Context) -> None:
    """Customer messages plus the bot's turns; three bubbles of one turn are one; a Resolve begins anew."""
    conversation = (await says(context, "ana")).conversation
    await answer(context, await start(context), "a", "b", "c")
    assert (await state(context, conversation))["exchanged"] == 2
    agent = await new_agent(context)
    claimed = await claim(context, agent, conversation)
    await resolve(context, agent, conversation, claimed.epoch, seen=None)
    assert (await state(context, conversation))["exchanged"] == 0


async def test_next_turn_brings_what_people_said_and_how_to_go_on(context: Context) -> None:
    """After Resolve the bot learns the lines between people once, and answers only the new message."""
    conversation = (await says(context, "ana", "hello")).conversation
    await answer(context, await start(context), "hi")
    await ask(context, conversation)
    await says(context, "ana", "are you there?")
    agent = await new_agent(context, "Priya")
    claimed = await claim(context, agent, conversation)
    await send(context, agent, conversation, "m1", claimed.epoch, "Yes, I am")
    await resolve(context, agent, conversation, claimed.epoch, seen=None)
    await says(context, "ana", "thanks")
    started = await start(context)
    lines = [(line.actor, line.text) for line in started.body.history]
    assert lines == [
        ("system", context.settings.messages.handover),
        ("customer", "are you there?"),
        ("agent", "Yes, I am"),
    ]
    assert started.body.message.text == "thanks"
    assert started.body.resume is not None
    assert started.body.resume.mode == "fresh"
    await answer(context, started, "you are welcome")
    await says(context, "ana", "bye")
    later = await start(context)
    assert later.body.history == []
    assert later.body.resume is None


async def test_lapsed_turn_is_taken_up_again(context: Context, clock: SettableClock) -> None:
    """A connector that fell silent loses the turn after 30 s; the next try has the same id, so nothing doubles."""
    context.settings = Settings(bot=Bot(answer_within_seconds=600))
    await says(context, "ana")
    first = await start(context)
    clock.shift(seconds=29)
    assert await bot_turn.take_due(context) == []
    clock.shift(seconds=2)
    assert (await start(context)).body.turn == first.body.turn


async def test_turn_that_went_down_with_rasa_does_not_wait_for_its_lock(context: Context, clock: SettableClock) -> None:
    """Rasa was down and is back: what was running there is asked for at once, unless somebody has kept it since."""
    lost = (await says(context, "ana")).conversation
    kept = (await says(context, "ben")).conversation
    started = {turn.body.conversation_id: turn for turn in await bot_turn.take_due(context)}
    clock.shift(seconds=3)
    down_at = clock()
    clock.shift(seconds=5)
    await answer(context, started[kept], done=False)
    await bot_turn.take_again(context, down_at)
    assert [turn.body.turn for turn in await bot_turn.take_due(context)] == [started[lost].body.turn]


@pytest.mark.parametrize("open_", [True, False])
async def test_third_failure_ends_in_an_honest_text(context: Context, clock: SettableClock, open_: bool) -> None:
    """Three failures: the text and the queue; when live chat is off, the text alone and the bot keeps the floor."""
    context.settings = Settings(live_chat=LiveChat(enabled=open_))
    conversation = (await says(context, "ana")).conversation
    for _ in range(3):
        await answer(context, await start(context), failed="the model broke")
        clock.shift(seconds=2)
    assert await bot_turn.take_due(context) == []
    row = await state(context, conversation)
    messages = context.settings.messages
    last = (await log_of(context, conversation))[-1]
    assert row["holder_kind"] == ("queue" if open_ else "bot")
    assert last["text"] == (messages.bot_silent if open_ else messages.bot_silent_alone)
    assert len(await handovers_of(context, conversation)) == int(open_)


async def test_silence_ends_in_the_queue_once(context: Context, clock: SettableClock) -> None:
    """No word of the bot in time: an honest text and a person; what it says later is suppressed."""
    conversation = (await says(context, "ana")).conversation
    started = await start(context)
    clock.shift(seconds=context.settings.bot.answer_within_seconds + 1)
    await asyncio.gather(*(bot_turn.give_up_unanswered(context) for _ in range(3)))
    (handover,) = await handovers_of(context, conversation)
    assert handover["trigger"] == "bot"
    assert not await answer(context, started, "here I am")
    assert await said_by_bot(context, conversation) == [("here I am", "suppressed")]


async def test_words_that_are_being_stored_are_no_silence(context: Context, clock: SettableClock) -> None:
    """The watch looks while the bot's first word is on its way to its commit: nobody is called."""
    conversation = (await says(context, "ana")).conversation
    started = await start(context)
    clock.shift(seconds=context.settings.bot.answer_within_seconds + 1)
    async with context.database.write() as connection:
        await conversations.advance(connection, conversation, context.clock(), events=0)
        watch = asyncio.create_task(bot_turn.give_up_unanswered(context))
        await meanwhile(context, watch)
        await turns.change(connection, started.row["id"], spoke=True)
    await watch
    assert await handovers_of(context, conversation) == []
    assert (await state(context, conversation))["holder_kind"] == "bot"


async def test_words_behind_a_watch_that_gave_up_are_late(context: Context, clock: SettableClock) -> None:
    """The watch is about to commit that the bot is silent: what comes behind it does not go out."""
    context.settings = Settings(live_chat=LiveChat(enabled=False))  # the bot keeps the floor, so only the turn tells
    conversation = (await says(context, "ana")).conversation
    started = await start(context)
    async with context.database.write() as connection:
        await bot_turn.give_up(context, connection, started.row, context.clock(), "The assistant did not answer.")
        words = asyncio.create_task(answer(context, started, "here I am"))
        await meanwhile(context, words)
    assert not await words
    assert await said_by_bot(context, conversation) == [("here I am", "suppressed")]


async def test_message_behind_a_slow_turn_gets_its_own_time(context: Context, clock: SettableClock) -> None:
    """The watch counts from when a message could have been answered, not from when it had to queue."""
    await says(context, "ana", "one")
    first = await start(context)
    conversation = (await says(context, "ana", "two")).conversation
    await answer(context, first, "still thinking", done=False)
    clock.shift(seconds=context.settings.bot.answer_within_seconds + 1)
    await bot_turn.give_up_unanswered(context)
    await answer(context, first, first=1)
    await bot_turn.give_up_unanswered(context)
    assert (await state(context, conversation))["holder_kind"] == "bot"
    assert (await start(context)).body.message.text == "two"


async def test_unreachable_rasa_is_not_a_failure_of_the_turn(context: Context, clock: SettableClock) -> None:
    """A turn that Rasa could not take waits a second and starts again, as often as it must."""
    await says(context, "ana")
    for _ in range(5):
        started = await start(context)
        await bot_turn.postpone(context, started.row)
        assert await bot_turn.take_due(context) == []
        clock.shift(seconds=1.1)
    assert await answer(context, await start(context), "hello")


async def test_reminder_speaks_only_while_the_bot_holds(context: Context) -> None:
    """A word without a turn goes out at the bot's time, once for each key, and never over a person."""
    conversation = (await says(context, "ana")).conversation
    assert await speak_unasked(context, conversation, "reminder-1", [{"text": "It is time"}])
    assert await speak_unasked(context, conversation, "reminder-1", [{"text": "It is time"}])
    await ask(context, conversation)
    assert not await speak_unasked(context, conversation, "reminder-2", [{"text": "Hello?"}])
    assert await said_by_bot(context, conversation) == [("It is time", "sent"), ("Hello?", "suppressed")]


async def test_late_turn_does_not_open_a_handover_after_resolve(context: Context) -> None:
    """A slow action that asks for a person when people have long talked opens nothing."""
    conversation = (await says(context, "ana")).conversation
    started = await start(context)
    agent = await new_agent(context)
    claimed = await claim(context, agent, conversation)
    await resolve(context, agent, conversation, claimed.epoch, seen=None)
    late = await ask(context, conversation, started.body.turn, trigger="bot")
    assert late.status == "already_open"
    assert (await state(context, conversation))["holder_kind"] == "bot"
