"""The lease: away, back, and Pending again with priority; and what a clock that steps can't do."""

import pytest

from livechat_plugin.errors import AlreadyClaimed, ClaimLost
from livechat_plugin.ids import AgentId
from livechat_plugin.usecases import presence
from livechat_plugin.usecases.claim import claim
from livechat_plugin.usecases.context import Change, Context
from livechat_plugin.usecases.read_log import read_log
from livechat_plugin.usecases.resolve import transfer
from livechat_plugin.usecases.send import send
from tests.service.world import (
    Recorder,
    SettableClock,
    audited,
    handovers_of,
    log_of,
    new_agent,
    pending,
    refused,
    state,
)

LEASE = 45
REQUEUE = 120


def states(events: list[dict[str, object]]) -> list[str]:
    return [event["body"]["state"] for event in events if event["kind"] == "state"]


async def test_nothing_happens_within_the_lease(context: Context, clock: SettableClock) -> None:
    """An agent who is seen is neither away nor relieved."""
    conversation, priya = await pending(context), await new_agent(context)
    taken = await claim(context, priya, conversation)
    for _ in range(20):
        clock.shift(seconds=LEASE / 3)
        await presence.renew(context, [AgentId(priya["id"])])
        await presence.sweep(context)
    row = await state(context, conversation)
    assert (row["epoch"], row["last_seq"], row["away_at"]) == (taken.epoch, taken.last_seq, None)


async def test_after_the_lease_the_holder_is_away(context: Context, clock: SettableClock) -> None:
    """The team's screens say so, once; the epoch stays and the customer is told nothing."""
    conversation, priya = await pending(context), await new_agent(context)
    taken = await claim(context, priya, conversation)
    clock.shift(seconds=LEASE + 1)
    await presence.sweep(context)
    await presence.sweep(context)
    row = await state(context, conversation)
    assert (row["away_at"], row["epoch"], row["holder_id"]) == (clock(), taken.epoch, priya["id"])
    assert states(await log_of(context, conversation))[-2:] == ["claimed", "away"]
    assert (await read_log(context, conversation, taken.last_seq, "customer")).rows == []


async def test_an_agent_who_comes_back_keeps_the_epoch(context: Context, clock: SettableClock) -> None:
    """Just before the end of the wait is early enough."""
    conversation, priya = await pending(context), await new_agent(context)
    taken = await claim(context, priya, conversation)
    clock.shift(seconds=LEASE + 1)
    await presence.sweep(context)
    clock.shift(seconds=REQUEUE - 2)
    await presence.renew(context, [AgentId(priya["id"])])
    await presence.sweep(context)
    row = await state(context, conversation)
    assert (row["away_at"], row["epoch"]) == (None, taken.epoch)
    assert states(await log_of(context, conversation))[-2:] == ["away", "back"]
    assert (await send(context, priya, conversation, "m1", taken.epoch, "Sorry!"))[1]


async def test_after_the_wait_it_is_pending_again_with_priority(
    context: Context, clock: SettableClock, changes: Recorder
) -> None:
    """Queue, next epoch, before everybody else; and the customer is told, in the same transaction."""
    conversation, priya = await pending(context), await new_agent(context)
    taken = await claim(context, priya, conversation)
    clock.shift(seconds=LEASE + REQUEUE + 1)
    changes.take()
    await presence.sweep(context)
    row = await state(context, conversation)
    (handover,) = await handovers_of(context, conversation)
    *_, note, told = await log_of(context, conversation)
    assert (row["holder_kind"], row["epoch"], row["waiting_since"]) == ("queue", taken.epoch + 1, clock())
    assert (handover["status"], handover["priority"], handover["claimed_by"]) == ("pending", 1, None)
    assert (note["body"]["state"], told["text"]) == ("requeued", context.settings.messages.requeued)
    assert changes.take() == [Change(conversation=conversation, seq=row["last_seq"], inbox=True)]
    assert (await audited(context, conversation))[-1] == "conversation.requeued"


async def test_a_requeue_happens_once(context: Context, clock: SettableClock) -> None:
    """Another sweep, of this worker or another, finds nothing to do."""
    conversation, priya = await pending(context), await new_agent(context)
    await claim(context, priya, conversation)
    clock.shift(seconds=LEASE + REQUEUE + 1)
    await presence.sweep(context)
    before = await log_of(context, conversation)
    await presence.sweep(context)
    assert await log_of(context, conversation) == before


async def test_who_wakes_up_too_late_has_lost_the_claim(context: Context, clock: SettableClock) -> None:
    """A stale reply never leaves; claiming again works, as for anybody."""
    conversation, priya = await pending(context), await new_agent(context)
    taken = await claim(context, priya, conversation)
    clock.shift(seconds=LEASE + REQUEUE + 1)
    await presence.sweep(context)
    await presence.renew(context, [AgentId(priya["id"])])
    assert isinstance(await refused(send(context, priya, conversation, "m1", taken.epoch, "Hm?")), ClaimLost)
    assert (await claim(context, priya, conversation)).epoch == taken.epoch + 2


async def test_a_colleague_who_was_not_there_gets_time_to_come(context: Context, clock: SettableClock) -> None:
    """What is transferred to somebody unseen is not put back into the queue by the next sweep."""
    conversation = await pending(context)
    priya, tom = await new_agent(context, "Priya"), await new_agent(context, "Tom")
    taken = await claim(context, priya, conversation)
    epoch = await transfer(context, priya, conversation, taken.epoch, tom["id"])
    clock.shift(seconds=REQUEUE - 1)
    await presence.sweep(context)
    assert (await state(context, conversation))["epoch"] == epoch
    clock.shift(seconds=2)
    await presence.sweep(context)
    assert (await state(context, conversation))["holder_kind"] == "queue"


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_clock_step_never_makes_two_owners(context: Context, clock: SettableClock, hours: int) -> None:
    """It changes when a claim is put back, never who holds it: whoever wrote last held the epoch then."""
    conversation = await pending(context)
    priya, tom = await new_agent(context, "Priya"), await new_agent(context, "Tom")
    first = await claim(context, priya, conversation)
    clock.shift(hours=hours)
    await presence.sweep(context)
    if hours > 0:  # the lease is over at once: the conversation is Pending again, and Tom may take it
        second = await claim(context, tom, conversation)
        assert isinstance(await refused(send(context, priya, conversation, "m1", first.epoch, "Hm?")), ClaimLost)
        assert (await send(context, tom, conversation, "m1", second.epoch, "Hello!"))[1]
    else:
        assert isinstance(await refused(claim(context, tom, conversation)), AlreadyClaimed)
        assert (await send(context, priya, conversation, "m1", first.epoch, "Hello!"))[1]
    clock.shift(hours=-hours)
    await presence.sweep(context)
    seqs = [event["seq"] for event in await log_of(context, conversation)]
    assert seqs == list(range(1, len(seqs) + 1))
