"""Taking a conversation over: what it changes, what it says, and whom it refuses."""

import pytest

from livechat_plugin.clock import iso
from livechat_plugin.errors import AlreadyClaimed, NotFound
from livechat_plugin.ids import ConversationId
from livechat_plugin.usecases.claim import Claim, claim
from livechat_plugin.usecases.context import Change, Context
from livechat_plugin.usecases.resolve import release, resolve
from tests.service.world import (
    Recorder,
    SettableClock,
    audited,
    bot_answers,
    handovers_of,
    log_of,
    new_agent,
    new_conversation,
    pending,
    present_until,
    refused,
    state,
)


async def test_a_waiting_conversation_becomes_the_agents(context: Context) -> None:
    """A claim makes the agent the holder under the next epoch."""
    conversation, priya = await pending(context), await new_agent(context)
    before = await state(context, conversation)
    taken = await claim(context, priya, conversation)
    after = await state(context, conversation)
    assert (after["holder_kind"], after["holder_id"], after["epoch"]) == ("agent", priya["id"], before["epoch"] + 1)
    assert (taken.epoch, taken.last_seq) == (after["epoch"], after["last_seq"])


async def test_a_claim_is_in_the_log_the_handover_and_the_audit(context: Context) -> None:
    """The same transaction writes the event, the handover and the audit."""
    conversation, priya = await pending(context), await new_agent(context)
    taken = await claim(context, priya, conversation)
    event = (await log_of(context, conversation))[-1]
    (handover,) = await handovers_of(context, conversation)
    assert (event["seq"], event["kind"], event["actor_name"]) == (taken.last_seq, "state", "Priya")
    assert event["body"]["state"] == "claimed"
    assert (handover["status"], handover["claimed_by"], handover["trigger"]) == ("claimed", priya["id"], "button")
    assert await audited(context, conversation) == ["handover.opened", "conversation.claimed"]


async def test_a_claim_is_announced_after_it_is_made(context: Context, changes: Recorder) -> None:
    """Every screen is told that the line of the list looks different."""
    conversation, priya = await pending(context), await new_agent(context)
    changes.take()
    taken = await claim(context, priya, conversation)
    assert changes.take() == [Change(conversation=conversation, seq=taken.last_seq, inbox=True)]


async def test_claiming_from_the_bot_opens_a_handover_by_the_agent(context: Context) -> None:
    """An agent may step in while the bot holds the conversation; the bot's waiting turn ends."""
    conversation, priya = await new_conversation(context), await new_agent(context)
    await claim(context, priya, conversation)
    (handover,) = await handovers_of(context, conversation)
    assert (handover["trigger"], handover["status"]) == ("agent", "claimed")
    with pytest.raises(ValueError, match="not enough values"):
        await bot_answers(context, conversation)


async def test_claiming_after_resolve_opens_another_handover(context: Context) -> None:
    """What was resolved stays resolved: a new claim is a new episode."""
    conversation, priya = await pending(context), await new_agent(context)
    first = await claim(context, priya, conversation)
    await resolve(context, priya, conversation, first.epoch, seen=None)
    second = await claim(context, priya, conversation)
    episodes = {one["trigger"]: one["status"] for one in await handovers_of(context, conversation)}
    assert episodes == {"button": "resolved", "agent": "claimed"}
    assert second.epoch == first.epoch + 2


async def test_claiming_twice_keeps_the_epoch(context: Context) -> None:
    """A second tab of the same agent gets the same claim, and nothing is written."""
    conversation, priya = await pending(context), await new_agent(context)
    first = await claim(context, priya, conversation)
    before = await log_of(context, conversation)
    assert await claim(context, priya, conversation) == first == Claim(first.epoch, before[-1]["seq"])
    assert await log_of(context, conversation) == before


async def test_the_loser_is_told_who_has_it_and_since_when(context: Context, clock: SettableClock) -> None:
    """`already_claimed` carries the holder and the moment of their claim."""
    conversation = await pending(context)
    priya, tom = await new_agent(context, "Priya"), await new_agent(context, "Tom")
    since = clock()
    await claim(context, priya, conversation)
    clock.shift(minutes=3)
    refusal = await refused(claim(context, tom, conversation))
    assert isinstance(refusal, AlreadyClaimed)
    assert refusal.data == {"holder": {"id": priya["id"], "name": "Priya"}, "since": iso(since)}
    assert refusal.status == 409


async def test_a_released_conversation_can_be_taken_by_another(context: Context) -> None:
    """Release puts it back to Pending; the next claim has the next epoch and the same handover."""
    conversation = await pending(context)
    priya, tom = await new_agent(context, "Priya"), await new_agent(context, "Tom")
    first = await claim(context, priya, conversation)
    given = await release(context, priya, conversation, first.epoch)
    second = await claim(context, tom, conversation)
    assert (given, second.epoch) == (first.epoch + 1, first.epoch + 2)
    (handover,) = await handovers_of(context, conversation)
    assert (handover["status"], handover["claimed_by"]) == ("claimed", tom["id"])


async def test_a_claim_begins_the_agents_lease(context: Context, clock: SettableClock) -> None:
    """An agent without a socket is not away at once."""
    conversation, priya = await pending(context), await new_agent(context)
    await claim(context, priya, conversation)
    assert await present_until(context, priya) == clock() + context.lease_ms


async def test_there_is_nothing_to_claim_in_a_conversation_that_is_not_there(context: Context) -> None:
    """An unknown id is `not_found`, not a stack trace."""
    refusal = await refused(claim(context, await new_agent(context), ConversationId("nowhere")))
    assert isinstance(refusal, NotFound)


async def test_a_clock_that_steps_back_an_hour_changes_no_owner(context: Context, clock: SettableClock) -> None:
    """A claim made before the step still stands against one made after it, and the other way round."""
    conversation = await pending(context)
    priya, tom = await new_agent(context, "Priya"), await new_agent(context, "Tom")
    taken = await claim(context, priya, conversation)
    for hours in (-1, 2, -1):
        clock.shift(hours=hours)
        assert isinstance(await refused(claim(context, tom, conversation)), AlreadyClaimed)
        assert (await claim(context, priya, conversation)).epoch == taken.epoch
