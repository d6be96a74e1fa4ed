"""A customer's message is stored once, and the bot gets its turn only while it holds the conversation."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from livechat_plugin.errors import Invalid
from livechat_plugin.storage import conversations, events, turns
from livechat_plugin.storage.tables import conversations as conversations_table, turns as turns_table
from livechat_plugin.usecases import bot_turn
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.receive import Said, receive

from .world import Recorder, SettableClock, bot_answers, log_of, new_conversation, pending, says, state


async def turns_of(context: Context) -> int:
    async with context.database.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(turns_table))).scalar_one())


async def test_message_is_stored_with_its_turn(context: Context, changes: Recorder) -> None:
    """The bot holds a new conversation, so its first message comes with a turn under the same epoch."""
    received = await says(context, "ana", "Where is my order?")
    assert (received.seq, received.duplicate, received.answer) == (1, False, "bot")
    async with context.database.read() as connection:
        (turn,) = await turns.due(connection, context.clock(), 10)
    assert (turn["seq"], turn["epoch"], turn["state"]) == (1, 0, "waiting")
    assert [change.turn for change in changes.take()] == [True]


async def test_same_message_50_times_at_once_is_one_message_and_one_turn(context: Context) -> None:
    """Whatever a provider repeats is stopped by the UNIQUE receipt, not by a look before."""
    answers = await asyncio.gather(*(says(context, "ana", key="update-7") for _ in range(50)))
    assert {answer.seq for answer in answers} == {1}
    assert sum(not answer.duplicate for answer in answers) == 1
    assert len(await log_of(context, answers[0].conversation)) == 1
    assert await turns_of(context) == 1


async def test_ten_first_messages_at_once_make_one_conversation(context: Context) -> None:
    """Ten different messages of a person whom we have never seen belong to one conversation, densely numbered."""
    answers = await asyncio.gather(*(says(context, "ben", f"line {n}") for n in range(10)))
    assert len({answer.conversation for answer in answers}) == 1
    assert sorted(answer.seq for answer in answers) == list(range(1, 11))
    async with context.database.read() as connection:
        count = (await connection.execute(select(func.count()).select_from(conversations_table))).scalar_one()
    assert count == 1


async def test_same_id_in_two_conversations_is_two_messages_on_the_web(context: Context) -> None:
    """A widget's message id is its visitor's own: another visitor's equal id is another message."""
    first = await says(context, "ana", key="c1:m1")
    second = await says(context, "ben", key="c2:m1")
    assert first.conversation != second.conversation


async def test_no_turn_while_the_queue_holds(context: Context) -> None:
    """A line written while waiting for a person is kept for the agent; the bot is not asked."""
    conversation = await pending(context)
    row = await state(context, conversation)
    before = await turns_of(context)
    received = await says(context, row["external_user"])
    assert received.answer == "human"
    assert await turns_of(context) == before


async def test_pressed_button_says_its_title_and_carries_its_payload(context: Context) -> None:
    """The key is resolved from the stored message, so the payload never left the service."""
    conversation = await new_conversation(context)
    row = await state(context, conversation)
    await _bot_asks(context, conversation)
    received = await receive(context, _press(row["external_user"], f"b:{row['last_seq'] + 1}:1"))
    async with context.database.read() as connection:
        event = await events.find(connection, conversation, received.seq)
    assert event is not None
    assert event["text"] == "No"
    assert event["body"]["payload"] == "/deny"


@pytest.mark.parametrize("key", ["b:1:0", "b:2:7", "b:99:0"])
async def test_button_that_we_never_issued_is_refused(context: Context, key: str) -> None:
    """A made-up key, an index beyond the last button, or a message without buttons: refused, and nothing is stored."""
    conversation = await new_conversation(context)
    row = await state(context, conversation)
    await _bot_asks(context, conversation)
    with pytest.raises(Invalid):
        await receive(context, _press(row["external_user"], key))
    assert len(await log_of(context, conversation)) == 2


FORGED = [
    "b:2:²",
    "b:²:0",
    "b:2:-1",
    "b:2:0_0",
    "b: 2:0",
    f"b:2:{'9' * 30}",
    f"b:{'9' * 30}:0",
    "b:2:0:0",
    "b:2:0\n",
    "b::",
    "",
]


@pytest.mark.parametrize("key", FORGED)
async def test_forged_button_is_refused_and_not_an_error_of_ours(context: Context, key: str) -> None:
    """What is no key at all must not be answered 500: the provider would repeat it for hours."""
    conversation = await new_conversation(context)
    row = await state(context, conversation)
    await _bot_asks(context, conversation)
    with pytest.raises(Invalid):
        await receive(context, _press(row["external_user"], key))
    assert len(await log_of(context, conversation)) == 2


async def test_empty_message_is_refused(context: Context) -> None:
    """Neither text nor button nor attachment is nothing to store."""
    with pytest.raises(Invalid):
        await receive(context, Said(channel="web", account="shop", external_user="ana", external_id="m1"))


async def test_customer_wrote_when_they_wrote_not_when_it_arrived(context: Context) -> None:
    """A window of the channel counts from there: late, out of order, or by a clock that is ahead of ours."""
    now, said = (
        context.clock(),
        Said(channel="whatsapp", account="shop", external_user="ana", external_id="m", text="Hi"),
    )
    seen = []
    for number, sent_at in enumerate((now - 7200_000, now - 3600_000, now - 9000_000, now + 60_000)):
        received = await receive(context, replace(said, external_id=f"m{number}", sent_at=sent_at))
        seen.append((await state(context, received.conversation))["customer_at"])
    assert seen == [now - 7200_000, now - 3600_000, now - 3600_000, now]


async def test_profile_of_any_length_costs_no_message(context: Context) -> None:
    """Names and languages are what a customer's program says; an error of ours would be repeated for hours."""
    profile = dict.fromkeys(("name", "username", "phone", "locale"), "x" * 500)
    said = Said(channel="telegram", account="shop", external_user="ana", external_id="m", text="Hello", profile=profile)
    received = await receive(context, said)
    async with context.database.read() as connection:
        customer = (await state(context, received.conversation))["customer_id"]
        known = await conversations.find_customer(connection, customer)
    assert (known["name"], known["phone"], known["locale"]) == ("x" * 200, "x" * 40, "x" * 35)


ALBUM = Said(channel="telegram", account="shop", external_user="ana", external_id="p", album="g1")


def picture(number: int, text: str | None = None, **more: Any) -> Said:
    """One of an album, with or without words under it."""
    offered = [{"kind": "image", "ref": f"file-{number}", "name": "photo.jpg", "mime": "image/jpeg"}]
    return replace(ALBUM, external_id=f"p{number}", offered=offered, text=text, **more)


async def due_turns(context: Context) -> list[tuple[int, str | None]]:
    """Seq and text of what the bot may answer now."""
    return [(turn.row["seq"], turn.body.message.text) for turn in await bot_turn.take_due(context)]


async def test_album_at_once_and_repeated_is_one_turn(context: Context, clock: SettableClock) -> None:
    """Five pictures, each brought four times in any order, are five lines; the bot reads the one with words."""
    album = [picture(number, "Is this the right part?" if number == 3 else None) for number in range(5)]
    received = await asyncio.gather(*(receive(context, one) for one in album[::-1] * 4))
    assert len(await log_of(context, received[0].conversation)) == 5
    clock.shift(seconds=2)
    assert [text for _, text in await due_turns(context)] == ["Is this the right part?"]
    assert await turns_of(context) == 1


async def test_album_whose_words_come_last_is_read_with_them(context: Context) -> None:
    """A picture without words waits a moment for them; then nobody waits."""
    for number in range(2):
        await receive(context, picture(number))
    assert await due_turns(context) == []
    last = await receive(context, picture(2, "Is this the right part?"))
    assert await due_turns(context) == [(last.seq, "Is this the right part?")]
    await receive(context, picture(3, "Or this?"))
    assert await turns_of(context) == 1


async def test_album_without_words_is_one_turn(context: Context, clock: SettableClock) -> None:
    """After the moment; a picture that comes when the bot has begun is a line of the customer and no second turn."""
    first = await receive(context, picture(0))
    clock.shift(seconds=2)
    assert await due_turns(context) == [(first.seq, None)]
    await receive(context, picture(1))
    assert await turns_of(context) == 1


async def test_words_of_an_album_that_come_late_are_answered(context: Context, clock: SettableClock) -> None:
    """The provider brought the part with the question again after an outage, when the bot had answered the pictures."""
    pictures = await receive(context, picture(0))
    clock.shift(seconds=2)
    assert await bot_answers(context, pictures.conversation)
    words = await receive(context, picture(1, "Is this the right part?"))
    assert await due_turns(context) == [(words.seq, "Is this the right part?")]
    await receive(context, picture(2))
    assert await turns_of(context) == 2


async def test_each_album_is_a_turn_of_its_own(context: Context) -> None:
    """Another album of the same customer, and an equal id of another's, are answered."""
    for number, more in enumerate(({}, {"album": "g2"}, {"external_user": "ben"})):
        await receive(context, picture(number, "Look", **more))
    assert await turns_of(context) == 3


async def test_album_is_lines_while_a_person_holds(context: Context) -> None:
    """As everything is."""
    conversation = await pending(context, channel="telegram")
    user = (await state(context, conversation))["external_user"]
    before = await turns_of(context)
    answers = [await receive(context, picture(number, external_user=user)) for number in range(3)]
    assert {answer.answer for answer in answers} == {"human"}
    assert await turns_of(context) == before


async def _bot_asks(context: Context, conversation: conversations.ConversationId) -> None:
    buttons = [{"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}]
    async with context.database.write() as connection:
        row = await conversations.advance(connection, conversation, context.clock())
        assert row is not None
        await events.append(
            connection,
            conversation,
            row["last_seq"],
            actor_kind="bot",
            text="Are you sure?",
            body={"buttons": buttons},
            epoch=0,
            at=context.clock(),
        )


def _press(user: str, key: str) -> Said:
    return Said(channel="web", account="shop", external_user=user, external_id=f"press {key}", button=key)
