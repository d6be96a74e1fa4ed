"""What customers of outside channels do beside writing: edits, reactions, blocking; their other ids; the button."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select

from livechat_plugin.errors import Invalid
from livechat_plugin.settings.schema import LiveChat, Settings
from livechat_plugin.storage.conversations import advance
from livechat_plugin.storage.tables import conversations, files, turns
from livechat_plugin.usecases import bot_turn, deliver
from livechat_plugin.usecases.amend import amend
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.receive import Said, receive

from .world import Recorder, log_of, meanwhile, outbox_of, state

ANA = Said(channel="telegram", account="shop", external_user="ana", external_id="u1", ref="m1", text="helo")


async def turns_of(context: Context) -> int:
    async with context.database.read() as connection:
        return len((await connection.execute(select(turns.c.id))).all())


async def answer(context: Context, *texts: str) -> None:
    """The bot answers the turn that is due."""
    (started,) = await bot_turn.take_due(context)
    messages = [{"text": text} for text in texts]
    body = started.body
    await bot_turn.take_in(context, body.turn, body.epoch, 0, messages, done=True, failed=None)  # type: ignore[arg-type]


async def test_edit_names_the_line_and_is_no_turn(context: Context) -> None:
    """The edited line stays, the edit points to it; the bot answers once."""
    received = await receive(context, ANA)
    edited = await amend(context, "edit", replace(ANA, external_id="u2", text="hello"))
    event = (await log_of(context, edited.conversation))[-1]
    assert (event["kind"], event["text"], event["body"]) == ("edit", "hello", {"target": received.seq})
    assert await turns_of(context) == 1


async def test_two_edits_at_once_show_a_new_picture_once(context: Context) -> None:
    """Another picture, and then its caption: each of the two updates names it, and several workers take them."""
    photo = [{"kind": "image", "ref": "old", "mime": "image/jpeg"}]
    conversation = (await receive(context, replace(ANA, offered=photo))).conversation
    new = replace(ANA, offered=[{**photo[0], "ref": "new"}])
    async with context.database.write() as connection:
        await advance(connection, conversation, context.clock(), events=0)
        first = asyncio.create_task(amend(context, "edit", replace(new, external_id="u2")))
        await meanwhile(context, first)
        second = asyncio.create_task(amend(context, "edit", replace(new, external_id="u3", text="hello")))
        await asyncio.sleep(0.1)  # it has read, if it reads before it waits
    await asyncio.gather(first, second)
    assert [event["kind"] for event in await log_of(context, conversation)] == ["message", "edit", "message", "edit"]


async def test_bot_reads_a_line_as_it_was_last_edited(context: Context) -> None:
    """Edited while the turn waited: the bot answers what the customer means, not the slip."""
    await receive(context, ANA)
    await amend(context, "edit", replace(ANA, external_id="u2", text="hello"))
    await amend(context, "edit", replace(ANA, external_id="u3", text="hello there"))
    (started,) = await bot_turn.take_due(context)
    assert started.body.message.text == "hello there"


async def test_edit_of_an_unknown_line_is_a_line(context: Context) -> None:
    """What somebody said is never lost, even when its first form never reached us."""
    received = await amend(context, "edit", replace(ANA, external_id="u2", ref="m0", text="hello"))
    event = (await log_of(context, received.conversation))[-1]
    assert (event["kind"], event["text"]) == ("message", "hello")
    assert await turns_of(context) == 1


async def test_photo_that_replaces_another_reaches_the_team(context: Context, changes: Recorder) -> None:
    """The words are an edit, the new photo a line of its own behind it, once each, and no turn; back and forth, too."""
    old, new = ({"kind": "image", "ref": ref, "name": "photo.jpg", "mime": "image/jpeg"} for ref in ("a", "b"))
    sent = await receive(context, replace(ANA, offered=[old]))
    for number, photo in enumerate((new, old)):
        edit = replace(ANA, external_id=f"e{number}", text="the label", offered=[photo])
        changes.take()
        await asyncio.gather(*(amend(context, "edit", edit) for _ in range(3)))
        assert [change.files for change in changes.take()] == [True]
    log = await log_of(context, sent.conversation)
    assert [(event["kind"], event["text"]) for event in log[1:]] == [("edit", "the label"), ("message", None)] * 2
    assert [event["body"]["target"] for event in log[1:]] == [sent.seq] * 4
    async with context.database.read() as connection:
        refs = (await connection.execute(select(files.c.ref).order_by(files.c.seq))).scalars().all()
    assert refs == ["a", "b", "a"]
    assert (await state(context, sent.conversation))["last_customer_seq"] == log[-1]["seq"]
    assert await turns_of(context) == 1


async def test_photo_whose_words_alone_are_edited_is_not_shown_again(context: Context) -> None:
    """The provider names the photo with every edit of its caption."""
    photo = {"kind": "image", "ref": "a", "name": "photo.jpg", "mime": "image/jpeg"}
    conversation = (await receive(context, replace(ANA, offered=[photo]))).conversation
    await amend(context, "edit", replace(ANA, external_id="u2", text="hello", offered=[photo]))
    assert [event["kind"] for event in await log_of(context, conversation)] == ["message", "edit"]


async def test_rest_of_a_long_edit_is_a_line_and_no_turn(context: Context) -> None:
    """What does not fit into the edit follows it as a message of the same album."""
    await receive(context, ANA)
    edited = await amend(context, "edit", replace(ANA, external_id="u2", text="hello", album="u2"))
    await receive(context, replace(ANA, external_id="u2:2", text="there", album="u2"))
    log = await log_of(context, edited.conversation)
    assert [(event["kind"], event["text"]) for event in log[1:]] == [("edit", "hello"), ("message", "there")]
    assert await turns_of(context) == 1


async def test_reaction_to_our_message_names_it(context: Context) -> None:
    """A thumb under the bot's answer is for the team to see."""
    conversation = (await receive(context, ANA)).conversation
    await answer(context, "Hi!")
    (row,) = await deliver.take_due(context, 16)
    await deliver.note_sent(context, row, ["m2"], 1)
    await amend(context, "reaction", replace(ANA, external_id="u3", ref="m2", text="👍"))
    event = (await log_of(context, conversation))[-1]
    assert (event["kind"], event["audience"], event["body"]) == ("reaction", "team", {"target": row["seq"]})


async def test_a_reaction_that_is_changed_or_taken_back_still_names_our_message(context: Context) -> None:
    """The first reaction came about our message, but is not that message."""
    conversation = (await receive(context, ANA)).conversation
    await answer(context, "Hi!")
    (row,) = await deliver.take_due(context, 16)
    await deliver.note_sent(context, row, ["m2"], 1)
    for number, sign in enumerate(("👍", "❤", None)):
        await amend(context, "reaction", replace(ANA, external_id=f"r{number}", ref="m2", text=sign))
    reactions = [event for event in await log_of(context, conversation) if event["kind"] == "reaction"]
    assert [event["body"]["target"] for event in reactions] == [row["seq"]] * 3


async def test_only_the_customers_own_messages_are_what_we_have_read(context: Context) -> None:
    """Neither a press under our message nor a reaction to it takes the place of what they wrote last."""
    conversation = (await receive(context, ANA)).conversation
    await answer(context, "Hi!")
    await amend(context, "reaction", replace(ANA, external_id="u2", ref="m2", text="👍"))
    context.settings = Settings(live_chat=LiveChat(message_threshold=0))
    await receive(context, replace(ANA, external_id="u3", ref=None, text="hm"))
    await answer(context, "Sorry?")
    await receive(context, replace(ANA, external_id="u4", ref=None, text=None, button="b:5:human"))
    assert (await state(context, conversation))["customer_ref"] == "m1"


async def test_the_same_update_many_times_is_stored_once(context: Context) -> None:
    """Ten equal edits and ten equal blocks at once are one of each."""
    conversation = (await receive(context, ANA)).conversation
    edit, block = replace(ANA, external_id="u2", text="hello"), replace(ANA, external_id="u3", text=None, ref=None)
    await asyncio.gather(*(amend(context, "edit", edit) for _ in range(10)))
    await asyncio.gather(*(amend(context, "blocked", block) for _ in range(10)))
    kinds = [event["kind"] for event in await log_of(context, conversation)]
    assert (kinds.count("edit"), kinds.count("state")) == (1, 1)


async def test_blocked_until_they_come_back(context: Context) -> None:
    """Blocking is noted; unblocking, or writing again, takes it back."""
    conversation = (await receive(context, ANA)).conversation
    await amend(context, "blocked", replace(ANA, external_id="u2", ref=None, text=None))
    assert (await state(context, conversation))["blocked_at"] is not None
    await receive(context, replace(ANA, external_id="u3", ref="m3", text="I am back"))
    assert (await state(context, conversation))["blocked_at"] is None


@pytest.mark.parametrize("second", ["user-7", "+4915"])
async def test_one_customer_under_several_ids_has_one_conversation(context: Context, second: str) -> None:
    """First by phone, then by id and phone, then by either alone: one conversation, whatever is left out."""
    base = replace(ANA, channel="whatsapp", external_user="+4915", ref=None)
    first = await receive(context, base)
    both = await receive(context, replace(base, external_user="user-7", aliases=["+4915"], external_id="u2"))
    alone = await receive(context, replace(base, external_user=second, external_id="u3"))
    assert first.conversation == both.conversation == alone.conversation


async def test_replies_go_to_the_newest_id_of_a_customer(context: Context) -> None:
    """Ana came by phone, then by user id; her number is another's since. What is sent to her goes by the user id."""
    base = replace(ANA, channel="whatsapp", external_user="4915", ref=None)
    conversation = (await receive(context, base)).conversation
    reached = [(await state(context, conversation))["external_user"]]
    for number, phone in enumerate(("4915", "4917"), 2):
        said = replace(base, external_user="DE.ANA", aliases=[phone], external_id=f"u{number}")
        assert (await receive(context, said)).conversation == conversation
        reached.append((await state(context, conversation))["external_user"])
    assert (await receive(context, replace(base, external_user="4917", external_id="u4"))).conversation == conversation
    reached.append((await state(context, conversation))["external_user"])
    assert reached == ["4915", "DE.ANA", "DE.ANA", "DE.ANA"]
    await answer(context, "Hi!")
    assert [row["external_user"] for row in await deliver.take_due(context, 16)] == ["DE.ANA"]


@pytest.mark.parametrize("both_first", [False, True])
async def test_recycled_number_does_not_merge_two_people(context: Context, both_first: bool) -> None:
    """Bob has Ana's old number: what he writes is a conversation of his own, by his number alone, too."""
    base = replace(ANA, channel="whatsapp", external_user="4915", ref=None)
    if not both_first:
        await receive(context, base)
    ana = await receive(context, replace(base, external_user="DE.ANA", aliases=["4915"], external_id="u2"))
    bob = await receive(context, replace(base, external_user="DE.BOB", aliases=["4915"], external_id="u3"))
    assert bob.conversation != ana.conversation
    alone = [
        (await receive(context, replace(base, external_user=user, external_id=f"by {user}"))).conversation
        for user in ("DE.ANA", "DE.BOB", "4915")
    ]
    assert alone == [ana.conversation, bob.conversation, bob.conversation]
    again = await receive(context, replace(base, external_user="DE.ANA", aliases=["4917"], external_id="u4"))
    assert again.conversation == ana.conversation


async def test_number_of_a_conversation_that_knew_a_user_id_before_replies_followed_it(context: Context) -> None:
    """Conversations of before still have the phone as their id: it leads nobody else there, and gives way to hers."""
    base = replace(ANA, channel="whatsapp", external_user="DE.ANA", aliases=["4915"], ref=None)
    ana = (await receive(context, base)).conversation
    async with context.database.write() as connection:
        await connection.execute(conversations.update().where(conversations.c.id == ana).values(external_user="4915"))
    bob = await receive(context, replace(base, external_user="DE.BOB", external_id="u2"))
    assert bob.conversation != ana
    await receive(context, replace(base, aliases=["4917"], external_id="u3"))
    assert (await state(context, ana))["external_user"] == "DE.ANA"


async def test_ten_messages_at_once_that_tell_a_new_id_find_the_one_conversation(context: Context) -> None:
    """Who was known by phone alone tells the user id ten times at once."""
    base = replace(ANA, channel="whatsapp", external_user="4915", ref=None)
    first = await receive(context, base)
    both = replace(base, external_user="DE.ANA", aliases=["4915"])
    found = await asyncio.gather(*(receive(context, replace(both, external_id=f"n{n}")) for n in range(10)))
    assert {received.conversation for received in found} == {first.conversation}
    assert (await state(context, first.conversation))["external_user"] == "DE.ANA"


async def test_ten_first_messages_with_two_ids_make_one_conversation(context: Context) -> None:
    """At once, and each with both ids."""
    base = replace(ANA, channel="whatsapp", external_user="user-7", aliases=["+4915"], ref=None)
    found = await asyncio.gather(*(receive(context, replace(base, external_id=f"u{n}")) for n in range(10)))
    assert len({received.conversation for received in found}) == 1


async def test_talk_to_human_stands_under_the_answers_from_the_threshold_on(context: Context) -> None:
    """Not at threshold - 1; from then on under each turn's first bubble; pressed, it is no turn."""
    context.settings = Settings(live_chat=LiveChat(message_threshold=4))
    conversation = (await receive(context, ANA)).conversation
    await answer(context, "Hi!", "How can I help?")
    await receive(context, replace(ANA, external_id="u2", ref="m2", text="hm"))
    await answer(context, "Sorry?", "Say it otherwise.")
    offers = [(e["text"], "human" in (e["body"] or {})) for e in await log_of(context, conversation)]
    assert offers == [
        ("helo", False),
        ("Hi!", False),
        ("How can I help?", False),
        ("hm", False),
        ("Sorry?", True),
        ("Say it otherwise.", False),
    ]
    pressed = replace(ANA, external_id="u3", ref=None, text=None, button="b:5:human")
    received = await receive(context, pressed)
    assert (received.asks_human, (await log_of(context, conversation))[-1]["text"]) == (True, "Talk to Human")
    assert await turns_of(context) == 2
    assert (await receive(context, pressed)).asks_human, "a webhook that comes again must ask again"


@pytest.mark.parametrize(
    "off", [Settings(plan="free"), Settings(live_chat=LiveChat(enabled=False))], ids=["plan", "switched off"]
)
async def test_press_after_live_chat_was_switched_off_is_answered(context: Context, off: Settings) -> None:
    """The button stays in the chat for ever; the bot answers what the button says, instead of silence."""
    context.settings = Settings(live_chat=LiveChat(message_threshold=0))
    await receive(context, ANA)
    await answer(context, "Hi!")
    context.settings = off
    pressed = await receive(context, replace(ANA, external_id="u3", ref=None, text=None, button="b:2:human"))
    assert not pressed.asks_human
    (started,) = await bot_turn.take_due(context)
    assert started.body.message.text == "Talk to Human"


async def test_button_that_was_not_offered_is_refused(context: Context) -> None:
    """Nobody reaches a person by a key that we did not give out."""
    await receive(context, ANA)
    await answer(context, "Hi!")
    with pytest.raises(Invalid):
        await receive(context, replace(ANA, external_id="u3", text=None, button="b:2:human"))


async def test_the_website_has_its_own_button(context: Context) -> None:
    """In the widget nothing is put under the bot's words."""
    context.settings = Settings(live_chat=LiveChat(message_threshold=0))
    conversation = (await receive(context, replace(ANA, channel="web"))).conversation
    await answer(context, "Hi!")
    assert (await log_of(context, conversation))[-1]["body"] is None
    assert await outbox_of(context, conversation) == []
