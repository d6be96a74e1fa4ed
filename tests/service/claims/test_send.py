"""An agent's words: stored under the epoch they hold, once, and never to a customer when they are a note."""

import asyncio

import pytest

from livechat_plugin.errors import ClaimLost, NotFound
from livechat_plugin.ids import ConversationId
from livechat_plugin.usecases.claim import claim
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.read_log import read_log
from livechat_plugin.usecases.resolve import release
from livechat_plugin.usecases.send import add_note, send
from tests.service.world import log_of, new_agent, new_conversation, pending, refused


async def test_the_holders_message_gets_the_next_seq(context: Context) -> None:
    """A message goes right behind what was there, under the holder's epoch."""
    conversation, priya = await pending(context), await new_agent(context)
    taken = await claim(context, priya, conversation)
    assert await send(context, priya, conversation, "m1", taken.epoch, "Hello!") == (taken.last_seq + 1, True)
    event = (await log_of(context, conversation))[-1]
    assert (event["text"], event["epoch"], event["verdict"]) == ("Hello!", taken.epoch, "sent")


@pytest.mark.parametrize("behind", [-1, 1])
async def test_another_epoch_than_the_holders_is_refused(context: Context, behind: int) -> None:
    """A stale epoch is `claim_lost` even for the holder, and so is one that nobody was given."""
    conversation, priya = await pending(context), await new_agent(context)
    taken = await claim(context, priya, conversation)
    before = await log_of(context, conversation)
    refusal = await refused(send(context, priya, conversation, "m1", taken.epoch + behind, "Hello!"))
    assert isinstance(refusal, ClaimLost)
    assert await log_of(context, conversation) == before


async def test_a_loser_is_refused_with_the_holders_name(context: Context) -> None:
    """Knowing the winner's epoch does not help: the holder is in the condition too."""
    conversation = await pending(context)
    priya, tom = await new_agent(context, "Priya"), await new_agent(context, "Tom")
    taken = await claim(context, priya, conversation)
    refusal = await refused(send(context, tom, conversation, "m1", taken.epoch, "Mine!"))
    assert isinstance(refusal, ClaimLost)
    assert "Priya" in refusal.message


async def test_nobody_writes_where_nobody_has_claimed(context: Context) -> None:
    """Neither in the queue nor while the bot holds the conversation."""
    priya = await new_agent(context)
    for conversation in (await pending(context), await new_conversation(context)):
        assert isinstance(await refused(send(context, priya, conversation, "m1", 1, "Hello!")), ClaimLost)


async def test_a_repeated_message_is_stored_once(context: Context) -> None:
    """The same `client_msg_id` gets the stored answer."""
    conversation, priya = await pending(context), await new_agent(context)
    taken = await claim(context, priya, conversation)
    first = await send(context, priya, conversation, "m1", taken.epoch, "Hello!")
    again = await send(context, priya, conversation, "m1", taken.epoch, "Hello!")
    assert (first, again) == ((taken.last_seq + 1, True), (taken.last_seq + 1, False))
    assert [event["text"] for event in await log_of(context, conversation)].count("Hello!") == 1


async def test_a_repeat_after_the_claim_was_lost_is_no_false_refusal(context: Context) -> None:
    """What was stored is answered as stored, whoever holds the conversation now."""
    conversation, priya = await pending(context), await new_agent(context)
    taken = await claim(context, priya, conversation)
    seq, _ = await send(context, priya, conversation, "m1", taken.epoch, "Hello!")
    await release(context, priya, conversation, taken.epoch)
    assert await send(context, priya, conversation, "m1", taken.epoch, "Hello!") == (seq, False)
    assert isinstance(await refused(send(context, priya, conversation, "m2", taken.epoch, "And?")), ClaimLost)


async def test_two_agents_may_use_the_same_client_msg_id(context: Context) -> None:
    """The id is the author's own: one agent can't fetch another's answer with it."""
    conversation = await pending(context)
    priya, tom = await new_agent(context, "Priya"), await new_agent(context, "Tom")
    taken = await claim(context, priya, conversation)
    await send(context, priya, conversation, "m1", taken.epoch, "Hello!")
    assert isinstance(await refused(send(context, tom, conversation, "m1", taken.epoch, "Hello!")), ClaimLost)


async def test_a_message_sent_twice_at_once_is_stored_once(context: Context) -> None:
    """A retry that overtakes the first try's answer gets the same seq, not an error."""
    conversation, priya = await pending(context), await new_agent(context)
    taken = await claim(context, priya, conversation)
    sends = [send(context, priya, conversation, "m1", taken.epoch, "Hello!") for _ in range(8)]
    answers = await asyncio.gather(*sends)
    assert sorted(answers) == [(taken.last_seq + 1, False)] * 7 + [(taken.last_seq + 1, True)]
    assert (await log_of(context, conversation))[-1]["seq"] == taken.last_seq + 1


async def test_a_note_is_for_the_team_alone(context: Context) -> None:
    """Anybody of the team may leave a note at any time; no customer's reader ever sees it."""
    conversation, tom = await new_conversation(context), await new_agent(context, "Tom")
    seq, new = await add_note(context, tom, conversation, "n1", "A loyal customer.")
    assert (seq, new) == (2, True)
    assert [row["seq"] for row in (await read_log(context, conversation, 0, "team")).rows] == [1, 2]
    assert [row["seq"] for row in (await read_log(context, conversation, 0, "customer")).rows] == [1]


async def test_a_note_sent_twice_at_once_is_stored_once(context: Context) -> None:
    """As with messages."""
    conversation, tom = await new_conversation(context), await new_agent(context, "Tom")
    answers = await asyncio.gather(*(add_note(context, tom, conversation, "n1", "Loyal.") for _ in range(8)))
    assert sorted(answers) == [(2, False)] * 7 + [(2, True)]


async def test_a_note_needs_a_conversation(context: Context) -> None:
    """An unknown id is `not_found`."""
    refusal = await refused(add_note(context, await new_agent(context), ConversationId("nowhere"), "n1", "?"))
    assert isinstance(refusal, NotFound)
