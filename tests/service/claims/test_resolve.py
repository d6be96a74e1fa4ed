"""Ending a claim: Resolve with its stop for an unseen line, Undo, release and transfer."""

import pytest

from livechat_plugin.errors import AlreadyClaimed, ClaimLost, Invalid, NotClaimable, UnseenMessage
from livechat_plugin.ids import ConversationId
from livechat_plugin.usecases.bot_says import speak_unasked
from livechat_plugin.usecases.claim import claim
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.read_conversation import read_conversation
from livechat_plugin.usecases.receive import Received, Said, receive
from livechat_plugin.usecases.resolve import release, reopen, resolve, transfer
from livechat_plugin.usecases.send import send
from tests.service.world import (
    SettableClock,
    ask,
    audited,
    bot_answers,
    handovers_of,
    new_agent,
    pending,
    refused,
    state,
)


async def writes(context: Context, conversation: ConversationId, text: str) -> Received:
    """The customer of this conversation says something."""
    row = await state(context, conversation)
    who = {name: row[name] for name in ("channel", "account", "external_user")}
    return await receive(context, Said(**who, external_id=f"{conversation}:{text}", text=text))


async def test_resolve_gives_the_conversation_to_the_bot(context: Context) -> None:
    """The bot is the holder under the next epoch, and the handover is over with its outcome."""
    conversation, priya = await pending(context), await new_agent(context)
    taken = await claim(context, priya, conversation)
    epoch = await resolve(context, priya, conversation, taken.epoch, seen=taken.last_seq)
    row = await state(context, conversation)
    (handover,) = await handovers_of(context, conversation)
    assert (row["holder_kind"], row["holder_id"], row["epoch"]) == ("bot", None, taken.epoch + 1)
    assert epoch == taken.epoch + 1
    assert (handover["status"], handover["outcome"]) == ("resolved", "resolved")
    assert (await audited(context, conversation))[-1] == "conversation.resolved"


async def test_an_unseen_line_stops_resolve(context: Context) -> None:
    """A customer's message beyond `seen` is shown first; nothing is changed."""
    conversation, priya = await pending(context), await new_agent(context)
    taken = await claim(context, priya, conversation)
    line = await writes(context, conversation, "One more thing!")
    refusal = await refused(resolve(context, priya, conversation, taken.epoch, seen=taken.last_seq))
    assert isinstance(refusal, UnseenMessage)
    assert refusal.data == {"seq": line.seq}
    assert (await state(context, conversation))["epoch"] == taken.epoch
    assert await resolve(context, priya, conversation, taken.epoch, seen=line.seq) == taken.epoch + 1


async def test_resolve_may_be_forced(context: Context) -> None:
    """Without `seen` whatever came meanwhile is resolved too."""
    conversation, priya = await pending(context), await new_agent(context)
    taken = await claim(context, priya, conversation)
    await writes(context, conversation, "One more thing!")
    assert await resolve(context, priya, conversation, taken.epoch, seen=None) == taken.epoch + 1


@pytest.mark.parametrize("verb", ["resolve", "release", "transfer"])
async def test_only_the_holder_under_this_epoch_ends_a_claim(context: Context, verb: str) -> None:
    """Another agent and an old epoch are `claim_lost`."""
    conversation = await pending(context)
    priya, tom = await new_agent(context, "Priya"), await new_agent(context, "Tom")
    ana = await new_agent(context, "Ana")
    taken = await claim(context, priya, conversation)
    calls = {
        "resolve": lambda who, epoch: resolve(context, who, conversation, epoch, seen=None),
        "release": lambda who, epoch: release(context, who, conversation, epoch),
        "transfer": lambda who, epoch: transfer(context, who, conversation, epoch, ana["id"]),
    }
    for who, epoch in ((tom, taken.epoch), (priya, taken.epoch - 1), (priya, taken.epoch + 1)):
        assert isinstance(await refused(calls[verb](who, epoch)), ClaimLost)
    assert (await state(context, conversation))["epoch"] == taken.epoch


async def test_undo_gives_the_same_agent_the_same_handover(context: Context) -> None:
    """Reopen is a new epoch, but no new handover."""
    conversation, priya = await pending(context), await new_agent(context)
    taken = await claim(context, priya, conversation)
    resolved = await resolve(context, priya, conversation, taken.epoch, seen=None)
    reopened = await reopen(context, priya, conversation, resolved)
    (handover,) = await handovers_of(context, conversation)
    assert (handover["status"], handover["outcome"], handover["resolved_at"]) == ("claimed", None, None)
    assert (await send(context, priya, conversation, "m1", reopened, "Still here."))[1]


async def test_undo_after_the_customer_wrote_keeps_the_bot_silent(context: Context) -> None:
    """A line that came after Resolve waits for the agent again; the bot's turn for it ends."""
    conversation, priya = await pending(context), await new_agent(context)
    taken = await claim(context, priya, conversation)
    resolved = await resolve(context, priya, conversation, taken.epoch, seen=None)
    await writes(context, conversation, "Wait!")
    await reopen(context, priya, conversation, resolved)
    assert (await state(context, conversation))["waiting_since"] is not None
    with pytest.raises(ValueError, match="not enough values"):
        await bot_answers(context, conversation)


async def test_undo_is_refused_once_the_bot_has_answered(context: Context) -> None:
    """Then the customer has moved on with the bot."""
    conversation, priya = await pending(context), await new_agent(context)
    taken = await claim(context, priya, conversation)
    resolved = await resolve(context, priya, conversation, taken.epoch, seen=None)
    await writes(context, conversation, "Hello again")
    assert await bot_answers(context, conversation)
    assert isinstance(await refused(reopen(context, priya, conversation, resolved)), NotClaimable)


async def test_undo_belongs_to_the_one_who_resolved(context: Context) -> None:
    """Neither a colleague, nor an old epoch, nor an open handover can be reopened."""
    conversation = await pending(context)
    priya, tom = await new_agent(context, "Priya"), await new_agent(context, "Tom")
    assert isinstance(await refused(reopen(context, priya, conversation, 1)), NotClaimable)
    taken = await claim(context, priya, conversation)
    resolved = await resolve(context, priya, conversation, taken.epoch, seen=None)
    assert isinstance(await refused(reopen(context, tom, conversation, resolved)), NotClaimable)
    assert isinstance(await refused(reopen(context, priya, conversation, resolved - 1)), NotClaimable)


async def test_the_bots_late_words_are_kept_from_the_customer(context: Context) -> None:
    """While a person or the queue holds the conversation nothing of the bot goes out; after Resolve it does."""
    conversation, priya = await pending(context), await new_agent(context)
    reminder = [{"text": "Are you still there?"}]
    assert not await speak_unasked(context, conversation, "r1", reminder)
    taken = await claim(context, priya, conversation)
    assert not await speak_unasked(context, conversation, "r2", reminder)
    await resolve(context, priya, conversation, taken.epoch, seen=None)
    assert await speak_unasked(context, conversation, "r3", reminder)


async def test_release_puts_it_back_into_the_queue(context: Context, clock: SettableClock) -> None:
    """It waits since now, in the same handover."""
    conversation, priya = await pending(context), await new_agent(context)
    taken = await claim(context, priya, conversation)
    clock.shift(minutes=5)
    assert await release(context, priya, conversation, taken.epoch, "Needs a technician.") == taken.epoch + 1
    row = await state(context, conversation)
    (handover,) = await handovers_of(context, conversation)
    assert (row["holder_kind"], row["holder_id"], row["waiting_since"]) == ("queue", None, clock())
    assert (handover["status"], handover["claimed_by"], handover["claimed_at"]) == ("pending", None, None)


async def test_transfer_gives_it_to_a_colleague_at_once(context: Context) -> None:
    """The receiver holds it under the next epoch; the giver's words are refused from then on."""
    conversation = await pending(context)
    priya, tom = await new_agent(context, "Priya"), await new_agent(context, "Tom")
    taken = await claim(context, priya, conversation)
    epoch = await transfer(context, priya, conversation, taken.epoch, tom["id"], "Yours.")
    assert epoch == taken.epoch + 1
    assert (await claim(context, tom, conversation)).epoch == epoch
    assert isinstance(await refused(send(context, priya, conversation, "m1", taken.epoch, "But…")), ClaimLost)
    assert isinstance(await refused(claim(context, priya, conversation)), AlreadyClaimed)


@pytest.mark.parametrize("to", ["nobody", "oneself"])
async def test_transfer_needs_somebody_else(context: Context, to: str) -> None:
    """An unknown agent, or oneself, is `invalid`, and the claim stays."""
    conversation, priya = await pending(context), await new_agent(context)
    taken = await claim(context, priya, conversation)
    receiver = priya["id"] if to == "oneself" else to
    assert isinstance(await refused(transfer(context, priya, conversation, taken.epoch, receiver)), Invalid)
    assert (await claim(context, priya, conversation)).epoch == taken.epoch


async def test_a_clock_that_steps_back_between_two_handovers_mixes_nothing_up(
    context: Context, clock: SettableClock
) -> None:
    """The second handover is requested "before" the first one; Resolve and Undo still find the right one."""
    conversation, priya = await pending(context), await new_agent(context)
    first = await claim(context, priya, conversation)
    await resolve(context, priya, conversation, first.epoch, seen=None)
    clock.shift(hours=-1)
    opened = await ask(context, conversation)
    second = await claim(context, priya, conversation)
    seen = await read_conversation(context, conversation)
    assert seen.handover is not None
    assert seen.handover["id"] == seen.line["handover_id"] == opened.handover_id
    resolved = await resolve(context, priya, conversation, second.epoch, seen=None)
    assert {one["status"] for one in await handovers_of(context, conversation)} == {"resolved"}
    await reopen(context, priya, conversation, resolved)
    by_id = {one["id"]: one["status"] for one in await handovers_of(context, conversation)}
    assert by_id.pop(opened.handover_id) == "claimed"
    assert set(by_id.values()) == {"resolved"}
