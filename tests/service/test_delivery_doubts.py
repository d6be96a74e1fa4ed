"""What a channel did not answer, refused, or took back: the team sees it; the channel or an agent settles it."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import RowMapping

from livechat_plugin.errors import ClaimLost, Invalid, WindowClosed
from livechat_plugin.ids import ConversationId
from livechat_plugin.storage import conversations, outbox as store
from livechat_plugin.storage.tables import events, outbox
from livechat_plugin.usecases import deliver, redeliver
from livechat_plugin.usecases.claim import Claim, claim
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.presence import sweep
from livechat_plugin.usecases.receipts import note_receipt
from livechat_plugin.usecases.send import send
from livechat_plugin.wire.bridge import Receipt

from .world import SettableClock, log_of, meanwhile, new_agent, new_conversation, outbox_of, says, state


class Desk:
    """An agent who holds a conversation on an outside channel."""

    def __init__(self, context: Context, agent: RowMapping, conversation: ConversationId, claimed: Claim) -> None:
        self.context, self.agent, self.id, self.claim = context, agent, conversation, claimed

    @classmethod
    async def take(cls, context: Context, channel: str) -> "Desk":
        conversation = await new_conversation(context, channel=channel)
        agent = await new_agent(context)
        return cls(context, agent, conversation, await claim(context, agent, conversation))

    async def write(self, text: str) -> int:
        seq, _ = await send(self.context, self.agent, self.id, text, self.claim.epoch, text)
        return seq

    async def due(self) -> RowMapping:
        (row,) = await deliver.take_due(self.context, 16)
        return row

    async def states(self) -> list[str]:
        return [row["state"] for row in await outbox_of(self.context, self.id)]

    async def told(self) -> list[tuple[int, str]]:
        """What the team was told about deliveries: the message and its state."""
        log = await log_of(self.context, self.id)
        return [(e["body"]["target"], e["body"]["status"]) for e in log if e["kind"] == "delivery"]

    async def receipt(self, seq: int, status: Any, part: int | None = None, **more: Any) -> None:
        row = await state(self.context, self.id)
        await note_receipt(
            self.context,
            Receipt(
                channel=row["channel"],
                account=row["account"],
                message_id=f"{self.id}:{seq}",
                part=part,
                status=status,
                at="",
                **more,
            ),
        )


async def test_no_answer_is_asked_again_and_marked(context: Context, clock: SettableClock) -> None:
    """Without an answer the message is in doubt; the second try gets through; the team reads that it may be double."""
    desk = await Desk.take(context, "telegram")
    seq = await desk.write("one")
    await deliver.note_unknown(context, await desk.due(), 0)
    clock.shift(seconds=6)
    await deliver.note_sent(context, await desk.due(), ["x"], 1)
    assert await desk.told() == [(seq, "unknown"), (seq, "sent")]
    assert (await log_of(context, desk.id))[-1]["text"] == deliver.TWICE


async def test_whatsapp_waits_for_the_status_and_goes_on_behind_the_part(
    context: Context, clock: SettableClock
) -> None:
    """WhatsApp tells by itself: the part counts as taken, nothing is sent twice, and no doubt is left."""
    desk = await Desk.take(context, "whatsapp")
    seq = await desk.write("one")
    await deliver.note_unknown(context, await desk.due(), 0)
    clock.shift(seconds=30)
    assert await deliver.take_due(context, 16) == []
    await desk.receipt(seq, "sent", part=0)
    row = await desk.due()
    assert (row["parts_done"], row["doubts"]) == (1, 0)
    await deliver.note_sent(context, row, [], 1)
    assert await desk.told() == [(seq, "unknown"), (seq, "sent")]
    assert (await log_of(context, desk.id))[-1]["text"] is None


async def test_provider_that_tells_before_it_answers_leaves_no_doubt(context: Context) -> None:
    """The status came while our call still waited: nothing is sent twice, nobody is alarmed, and no word is lost."""
    desk = await Desk.take(context, "whatsapp")
    seq = await desk.write("one")
    row = await desk.due()
    await desk.receipt(seq, "delivered", part=0)
    await deliver.note_unknown(context, row, 0)
    again = await desk.due()
    assert again["parts_done"] == 1
    await deliver.note_sent(context, again, [], 1)
    (kept,) = await outbox_of(context, desk.id)
    assert (kept["state"], kept["status"]) == ("sent", "delivered")
    assert (await state(context, desk.id))["delivered_upto"] == seq
    assert await desk.told() == []


async def test_provider_that_tells_while_the_doubt_is_written_leaves_none(
    context: Context, clock: SettableClock
) -> None:
    """Whichever is first, the other finds it: the part is not sent again when the time for a status is over."""
    desk = await Desk.take(context, "whatsapp")
    seq = await desk.write("one")
    row = await desk.due()
    await asyncio.gather(deliver.note_unknown(context, row, 0), desk.receipt(seq, "sent", part=0))
    clock.shift(seconds=61)
    assert (await desk.due())["parts_done"] == 1


async def test_receipts_at_the_same_moment_are_read_one_after_the_other(context: Context) -> None:
    """What the provider told of a later part is not taken back by a worker that began before that was stored."""
    desk = await Desk.take(context, "whatsapp")
    seq = await desk.write("one")
    await desk.due()
    async with context.database.write() as connection:
        await store.mark(connection, desk.id, seq, heard_part=1, heard="sent")
        other = asyncio.create_task(desk.receipt(seq, "delivered", part=0))
        await meanwhile(context, other)
    await other
    (row,) = await outbox_of(context, desk.id)
    assert (row["heard_part"], row["heard"]) == (1, "sent")


async def test_try_whose_worker_died_is_a_doubt(context: Context, clock: SettableClock) -> None:
    """The worker was killed in the middle of a send: the next one sends, and says that it may be double."""
    desk = await Desk.take(context, "telegram")
    seq = await desk.write("one")
    await desk.due()
    clock.shift(seconds=31)
    await deliver.note_sent(context, await desk.due(), ["x"], 1)
    assert await desk.told() == [(seq, "sent")]


async def test_part_of_a_dead_worker_that_the_provider_tells_of_is_not_sent_again(
    context: Context, clock: SettableClock
) -> None:
    """The machine went down in the middle of a send, Rasa with it; only the status says how far it was."""
    desk = await Desk.take(context, "whatsapp")
    seq = await desk.write("one")
    await desk.due()
    await desk.receipt(seq, "sent", part=0)
    clock.shift(seconds=31)
    assert (await desk.due())["parts_done"] == 1


async def test_endless_doubt_is_left_to_the_team(context: Context, clock: SettableClock) -> None:
    """A channel that never answers is not asked for ever: the message fails, and what waits behind it goes."""
    desk = await Desk.take(context, "telegram")
    await desk.write("one")
    await desk.write("two")
    for _ in range(deliver.DOUBTS_MAX):
        await deliver.note_unknown(context, await desk.due(), 0)
        clock.shift(seconds=6)
    assert await desk.states() == ["failed", "pending"]


async def test_agent_sends_a_failed_message_again(context: Context) -> None:
    """Retry is a new round from the part where it stopped; its end is told."""
    desk = await Desk.take(context, "telegram")
    seq = await desk.write("one")
    await deliver.note_failed(context, await desk.due(), "The customer blocked the bot.", 1, ["a"])
    await redeliver.retry(context, desk.agent, desk.id, seq, desk.claim.epoch)
    row = await desk.due()
    assert (row["round"], row["parts_done"], row["attempt"]) == (1, 1, 1)
    await deliver.note_sent(context, row, ["b"], 2)
    (kept,) = await outbox_of(context, desk.id)
    assert (kept["state"], kept["external_ids"]) == ("sent", ["a", "b"])
    assert await desk.told() == [(seq, "failed"), (seq, "queued"), (seq, "sent")]


async def retried_in_front(desk: Desk) -> tuple[int, int, RowMapping]:
    """A failed message that is sent again while a later one, the row, is on its way."""
    first, second = await desk.write("one"), await desk.write("two")
    await deliver.note_failed(desk.context, await desk.due(), "Refused.", 0)
    later = await desk.due()
    await redeliver.retry(desk.context, desk.agent, desk.id, first, desk.claim.epoch)
    return first, second, later


async def test_retry_waits_for_the_later_message_that_is_on_its_way(context: Context) -> None:
    """Two at once would mix their parts; then it goes before what waits."""
    desk = await Desk.take(context, "telegram")
    first, _, later = await retried_in_front(desk)
    await desk.write("three")
    assert await deliver.take_due(context, 16) == []
    await deliver.note_sent(context, later, ["b"], 1)
    assert (await desk.due())["seq"] == first
    assert await desk.states() == ["sending", "sent", "pending"]


async def test_retry_and_a_later_doubt_do_not_wait_for_each_other(context: Context, clock: SettableClock) -> None:
    """The one in doubt is asked about again first, or its dead worker's lock runs out."""
    desk = await Desk.take(context, "telegram")
    first, second, later = await retried_in_front(desk)
    clock.shift(seconds=31)
    later = await desk.due()
    assert (later["seq"], later["doubts"]) == (second, 1)
    await deliver.note_unknown(context, later, 0)
    assert await deliver.take_due(context, 16) == []
    clock.shift(seconds=6)
    later = await desk.due()
    assert later["seq"] == second
    await deliver.note_sent(context, later, ["b"], 1)
    assert (await desk.due())["seq"] == first


async def test_retry_at_the_moment_in_which_the_next_is_taken(context: Context) -> None:
    """However they cross, one message of the conversation is on its way."""
    desk = await Desk.take(context, "telegram")
    for number in range(10):
        first = await desk.write(f"first {number}")
        await deliver.note_failed(context, await desk.due(), "Refused.", 0)
        await desk.write(f"second {number}")
        retry = redeliver.retry(context, desk.agent, desk.id, first, desk.claim.epoch)
        await asyncio.gather(retry, *(deliver.take_due(context, 16) for _ in range(3)))
        assert (await desk.states()).count("sending") <= 1
        async with context.database.write() as connection:
            await connection.execute(outbox.update().values(state="sent"))


async def test_agent_gives_up_a_message_and_the_next_goes(context: Context) -> None:
    """Skip lets go what waits behind a message that does not get through."""
    desk = await Desk.take(context, "telegram")
    first, second = await desk.write("one"), await desk.write("two")
    await deliver.note_unknown(context, await desk.due(), 0)
    await redeliver.skip(context, desk.agent, desk.id, first, desk.claim.epoch)
    assert (await desk.due())["seq"] == second
    assert await desk.states() == ["skipped", "sending"]


async def test_skip_at_the_moment_in_which_the_channel_tells(context: Context) -> None:
    """The doubt is being settled while the agent gives it up: neither is undone by the other's lock."""
    desk = await Desk.take(context, "whatsapp")
    seq = await desk.write("one")
    await deliver.note_unknown(context, await desk.due(), 0)
    async with context.database.write() as connection:
        await store.hold(connection, desk.id, seq)
        skip = asyncio.create_task(redeliver.skip(context, desk.agent, desk.id, seq, desk.claim.epoch))
        await meanwhile(context, skip)
        await conversations.raise_marks(connection, desk.id, seq, 0)
    await skip
    assert (await state(context, desk.id))["delivered_upto"] == seq


async def test_only_the_holder_may_retry_or_skip(context: Context) -> None:
    """Somebody else, or an old claim, changes nothing."""
    desk = await Desk.take(context, "telegram")
    seq = await desk.write("one")
    other = await new_agent(context, "Marco")
    for act in (redeliver.retry, redeliver.skip):
        with pytest.raises(ClaimLost):
            await act(context, other, desk.id, seq, desk.claim.epoch)
        with pytest.raises(ClaimLost):
            await act(context, desk.agent, desk.id, seq, desk.claim.epoch - 1)
    assert await desk.states() == ["pending"]


async def test_what_has_arrived_is_neither_sent_again_nor_given_up(context: Context) -> None:
    """Retry and Skip name what they are for."""
    desk = await Desk.take(context, "telegram")
    seq = await desk.write("one")
    await deliver.note_sent(context, await desk.due(), ["x"], 1)
    for act in (redeliver.retry, redeliver.skip):
        with pytest.raises(Invalid):
            await act(context, desk.agent, desk.id, seq, desk.claim.epoch)


async def test_failure_after_acceptance_is_told_and_can_be_sent_again_whole(context: Context) -> None:
    """The provider took it and could not deliver it: failed with its reason; a retry begins with the failed part."""
    desk = await Desk.take(context, "whatsapp")
    seq = await desk.write("one")
    await deliver.note_sent(context, await desk.due(), ["a"], 1)
    await desk.receipt(seq, "failed", part=0, error="This number is not on WhatsApp.")
    assert await desk.states() == ["failed"]
    assert (await log_of(context, desk.id))[-1]["text"] == "This number is not on WhatsApp."
    await redeliver.retry(context, desk.agent, desk.id, seq, desk.claim.epoch)
    assert (await desk.due())["parts_done"] == 0


async def test_late_word_about_a_failed_try_says_nothing_about_the_next(context: Context) -> None:
    """Failed, then a belated "sent": an unanswered retry stays in doubt. Else it would count as sent, and be lost."""
    desk = await Desk.take(context, "whatsapp")
    seq = await desk.write("one")
    await deliver.note_sent(context, await desk.due(), ["a"], 1)
    await desk.receipt(seq, "failed", part=0, error="This number is not on WhatsApp.")
    await desk.receipt(seq, "sent", part=0)
    await redeliver.retry(context, desk.agent, desk.id, seq, desk.claim.epoch)
    await deliver.note_unknown(context, await desk.due(), 0)
    assert await desk.states() == ["unknown"]


@pytest.mark.parametrize("status", ["failed", "sent", "delivered"])
async def test_repeated_status_of_an_earlier_round_does_not_undo_a_retry(context: Context, status: str) -> None:
    """Providers repeat what they said: the message sent again is neither failed nor sent by that."""
    desk = await Desk.take(context, "whatsapp")
    seq = await desk.write("one")
    await deliver.note_sent(context, await desk.due(), ["a"], 1)
    await desk.receipt(seq, "failed", part=0, error="This number is not on WhatsApp.")
    await redeliver.retry(context, desk.agent, desk.id, seq, desk.claim.epoch)
    await desk.receipt(seq, status, part=0, error="This number is not on WhatsApp.")
    row = await desk.due()
    await desk.receipt(seq, status, part=0)
    await deliver.note_unknown(context, row, 0)
    await desk.receipt(seq, status, part=0)
    assert await desk.states() == ["unknown"]
    await desk.receipt(seq, "sent", part=0, round=1)
    assert await desk.states() == ["pending"]


async def test_late_answer_to_an_earlier_round_settles_nothing_of_a_retry(context: Context) -> None:
    """A long send failed by a status and was sent again meanwhile: its end is not that of the new round."""
    desk = await Desk.take(context, "whatsapp")
    seq = await desk.write("one")
    earlier = await desk.due()
    await desk.receipt(seq, "failed", part=0, error="This number is not on WhatsApp.")
    await redeliver.retry(context, desk.agent, desk.id, seq, desk.claim.epoch)
    newest = await desk.due()
    assert earlier["attempt"] == newest["attempt"]
    assert await deliver.note_going(context, earlier, ["a"], 1) is None
    await deliver.note_sent(context, earlier, ["a", "b"], 2)
    assert await desk.states() == ["sending"]
    await deliver.note_sent(context, newest, ["c", "d"], 2)
    assert await desk.states() == ["sent"]


async def test_message_of_parts_is_delivered_with_its_last_one(context: Context) -> None:
    """An earlier part's receipt raises no mark."""
    desk = await Desk.take(context, "whatsapp")
    seq = await desk.write("one")
    await deliver.note_sent(context, await desk.due(), ["a", "b"], 2)
    await desk.receipt(seq, "read", part=0)
    assert (await state(context, desk.id))["read_upto"] == 0
    await desk.receipt(seq, "read", part=1)
    marks = await state(context, desk.id)
    assert (marks["sent_upto"], marks["delivered_upto"], marks["read_upto"]) == (seq, seq, seq)


async def test_earlier_part_that_fails_after_the_last_was_delivered_is_told_once(context: Context) -> None:
    """The words arrived, the picture before them did not: the message stays delivered, and the team reads of it."""
    desk = await Desk.take(context, "whatsapp")
    seq = await desk.write("one")
    await deliver.note_sent(context, await desk.due(), ["a", "b"], 2)
    await desk.receipt(seq, "delivered", part=1)
    for _ in range(2):
        await desk.receipt(seq, "failed", part=0, error="WhatsApp had a fault of its own.")
    await desk.receipt(seq, "failed", part=1, error="It says so of a part that it has delivered.")
    assert [row["status"] for row in await outbox_of(context, desk.id)] == ["delivered"]
    assert await desk.told() == [(seq, None)]
    told = (await log_of(context, desk.id))[-1]["text"]
    assert told == "WhatsApp had a fault of its own. A part of the message did not arrive."


async def test_earlier_part_that_fails_after_a_later_one_is_sent_again_with_it(context: Context) -> None:
    """Failures come in any order: Retry begins with the first, and the team is told of the message once."""
    desk = await Desk.take(context, "whatsapp")
    seq = await desk.write("one")
    await deliver.note_sent(context, await desk.due(), ["a", "b", "c"], 3)
    for part in (1, 0, 2, 1):
        await desk.receipt(seq, "failed", part=part, error="This number is not on WhatsApp.")
    assert await desk.told() == [(seq, "failed")]
    await redeliver.retry(context, desk.agent, desk.id, seq, desk.claim.epoch)
    assert (await desk.due())["parts_done"] == 0


async def test_window_closes_a_day_after_the_customers_last_message(context: Context, clock: SettableClock) -> None:
    """Until then agents write; after it they are refused before anything is stored; the customer's word opens it."""
    desk = await Desk.take(context, "whatsapp")
    user = (await state(context, desk.id))["external_user"]
    clock.shift(hours=23.99)
    await desk.write("in time")
    clock.shift(hours=0.02)
    before = (await state(context, desk.id))["last_seq"]
    with pytest.raises(WindowClosed):
        await desk.write("too late")
    assert (await state(context, desk.id))["last_seq"] == before
    await says(context, user, "I am back", channel="whatsapp")
    await desk.write("welcome back")


async def test_window_holds_for_the_systems_words_too(context: Context, clock: SettableClock) -> None:
    """A text of the system outside the window is in the log as failed, with the reason, and never leaves."""
    desk = await Desk.take(context, "whatsapp")
    seq = await desk.write("waits in line")
    clock.shift(hours=25)
    await sweep(context)
    assert (await state(context, desk.id))["holder_kind"] == "queue"
    assert await desk.states() == ["pending", "failed"]
    assert next(told for told in await desk.told() if told[0] != seq)[1] == "failed"


async def test_telegram_has_no_window(context: Context, clock: SettableClock) -> None:
    """Only channels with a window close."""
    desk = await Desk.take(context, "telegram")
    clock.shift(hours=1000)
    assert await desk.write("still here")


@pytest.mark.parametrize("known", [False, True])
async def test_a_file_that_is_refused_late_takes_no_words_with_it(
    known: bool, context: Context, clock: SettableClock
) -> None:
    """Before or after our call was answered: the words count, the team is told of the file once."""
    desk = await Desk.take(context, "whatsapp")
    seq = await desk.write("Our lake")
    if known:
        await deliver.note_sent(context, await desk.due(), ["file", "words"], 2)
    else:
        await deliver.note_unknown(context, await desk.due(), 0)
    for _ in range(2):
        await desk.receipt(seq, "failed", part=0, code="file", error="WhatsApp could not use the file.")
    if not known:
        await deliver.note_sent(context, await desk.due(), ["words"], 2)
    await desk.receipt(seq, "read", part=1)
    assert [row["status"] for row in await outbox_of(context, desk.id)] == ["read"]
    assert [one for one in await desk.told() if one[1] is None] == [(seq, None)]
    (told,) = [e for e in await log_of(context, desk.id) if e["kind"] == "delivery" and e["body"]["status"] is None]
    assert told["text"] == "WhatsApp could not use the file. The message goes without it."


@pytest.mark.parametrize("first", ["failed", "delivered"])
async def test_a_last_file_that_is_refused_late_leaves_the_message_delivered(first: str, context: Context) -> None:
    """The words stood under the file before it; whatever is told first, they have arrived, and are read."""
    desk = await Desk.take(context, "whatsapp")
    seq = await desk.write("one")
    await deliver.note_sent(context, await desk.due(), ["a", "b"], 2)
    receipts = [desk.receipt(seq, "failed", part=1, code="file"), desk.receipt(seq, "delivered", part=0)]
    for receipt in receipts if first == "failed" else receipts[::-1]:
        await receipt
    marks = await state(context, desk.id)
    assert (marks["delivered_upto"], marks["read_upto"]) == (seq, 0)
    await desk.receipt(seq, "read", part=0)
    assert (await state(context, desk.id))["read_upto"] == seq


async def test_a_file_that_is_refused_before_our_call_is_answered_is_no_doubt(context: Context) -> None:
    """It is not sent again to be refused again, and nothing waits for a word about it."""
    desk = await Desk.take(context, "whatsapp")
    seq = await desk.write("one")
    row = await desk.due()
    await desk.receipt(seq, "failed", part=0, code="file")
    await deliver.note_unknown(context, row, 0)
    assert (await desk.due())["parts_done"] == 1


async def test_a_file_alone_that_is_refused_late_has_failed(context: Context) -> None:
    """Nothing else of the message could have arrived."""
    desk = await Desk.take(context, "whatsapp")
    seq = await desk.write("only its words are forgotten here")
    async with context.database.write() as connection:
        await connection.execute(events.update().where(events.c.seq == seq).values(text=None))
    await deliver.note_sent(context, await desk.due(), ["file"], 1)
    await desk.receipt(seq, "failed", part=0, code="file", error="WhatsApp could not use the file.")
    assert await desk.states() == ["failed"]
