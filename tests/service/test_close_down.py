"""Live chat closes while customers wait: told once, offered the form, with the bot again, and nobody is lost."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from livechat_plugin import render
from livechat_plugin.ids import ConversationId
from livechat_plugin.settings.hours import BusinessHours
from livechat_plugin.settings.schema import ContactForm, LiveChat, Settings
from livechat_plugin.storage.tables import audit
from livechat_plugin.usecases import presence
from livechat_plugin.usecases.claim import claim
from livechat_plugin.usecases.close_down import sweep
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.resolve import release, resolve

from .world import (
    Recorder,
    SettableClock,
    ask,
    audited,
    bot_answers,
    handovers_of,
    log_of,
    new_agent,
    outbox_of,
    pending,
    refused,
    says,
    state,
)

CLOSED: dict[str, Settings] = {
    "plan": Settings(plan="free"),
    "off": Settings(live_chat=LiveChat(enabled=False)),
    "hours": Settings(business_hours=BusinessHours(enabled=True, timezone="UTC", start="09:00", end="12:00")),
}
"""The clock of these tests stands at noon."""
FORM = {"name": "Ana", "email": "ana@example.org", "phone": None, "message": "Please call me."}
OFFER_SECONDS = ContactForm().offer_seconds


async def the_handover(context: Context, conversation: ConversationId) -> Any:
    (handover,) = await handovers_of(context, conversation)
    return handover


async def told(context: Context, conversation: ConversationId) -> int:
    """How often the customer was told that live chat is closed."""
    text = context.settings.messages.out_of_hours
    return [event["text"] for event in await log_of(context, conversation)].count(text)


async def states(context: Context, conversation: ConversationId) -> list[str]:
    return [event["body"]["state"] for event in await log_of(context, conversation) if event["kind"] == "state"]


@pytest.mark.parametrize("reason", list(CLOSED))
@pytest.mark.parametrize("channel", ["web", "telegram"])
async def test_who_waits_is_told_once_and_has_the_bot_again(
    context: Context, changes: Recorder, reason: str, channel: str
) -> None:
    """In the log and on the channel, with the offer under it, for each reason; the handover stays Pending."""
    conversation = await pending(context, channel=channel)
    before = await state(context, conversation)
    context.settings = CLOSED[reason]
    changes.take()
    for _ in range(3):
        await sweep(context)
    row, handover = await state(context, conversation), await the_handover(context, conversation)
    assert (row["holder_kind"], row["epoch"], row["waiting_since"]) == ("bot", before["epoch"] + 1, None)
    assert (handover["status"], handover["offered_at"]) == ("pending", context.clock())
    assert await told(context, conversation) == 1
    note, offer = (await log_of(context, conversation))[-2:]
    assert (note["audience"], note["body"]["state"], note["body"]["data"]["reason"]) == ("all", "offered", reason)
    assert [button.key for button in render.buttons(offer["seq"], offer["body"])] == [f"b:{offer['seq']}:form"]
    lines = await outbox_of(context, conversation)
    assert [line["seq"] for line in lines][-1:] == ([offer["seq"]] if channel != "web" else [])
    (change,) = changes.take()
    assert (change.inbox, change.outbox) == (True, channel != "web")
    assert "handover.offered" in await audited(context, conversation)
    assert (await says(context, row["external_user"], channel=channel)).answer == "bot"
    assert await bot_answers(context, conversation)


async def test_nobody_signed_in_is_no_reason(context: Context) -> None:
    """Who waits goes on waiting when the last agent signs out for lunch."""
    conversation = await pending(context)
    context.settings = Settings(live_chat=LiveChat(only_when_agents_are_here=True))
    context.somebody_here = False
    await sweep(context)
    assert (await state(context, conversation))["holder_kind"] == "queue"


@pytest.mark.parametrize("reason", list(CLOSED))
async def test_what_an_agent_holds_goes_on(context: Context, reason: str) -> None:
    """To Resolve, and nobody is told anything."""
    conversation, agent = await pending(context), await new_agent(context)
    epoch = (await claim(context, agent, conversation)).epoch
    context.settings = CLOSED[reason]
    await sweep(context)
    assert (await state(context, conversation))["holder_id"] == agent["id"]
    assert await told(context, conversation) == 0
    await resolve(context, agent, conversation, epoch, seen=None)
    assert (await the_handover(context, conversation))["outcome"] == "resolved"


@pytest.mark.parametrize("reason", list(CLOSED))
async def test_taken_form_waits_on_as_the_same_handover(context: Context, clock: SettableClock, reason: str) -> None:
    """Also with live chat off for good, and for longer than the offer stood."""
    conversation = await pending(context)
    context.settings = CLOSED[reason]
    await sweep(context)
    answer = await ask(context, conversation, trigger="contact_form", contact=FORM)
    clock.shift(seconds=OFFER_SECONDS + 1)
    await sweep(context)
    handover = await the_handover(context, conversation)
    assert (answer.status, answer.handover_id) == ("pending", handover["id"])
    assert (handover["status"], handover["trigger"], handover["offered_at"]) == ("pending", "contact_form", None)
    assert await told(context, conversation) == 1
    assert (await state(context, conversation))["holder_kind"] == "bot"


async def test_offer_that_is_not_taken_ends(context: Context, clock: SettableClock) -> None:
    """Not a moment before its time; then it is resolved as returned to the bot, and the bot's turn goes on."""
    conversation = await pending(context)
    context.settings = CLOSED["off"]
    await sweep(context)
    row = await state(context, conversation)
    await says(context, row["external_user"])
    clock.shift(seconds=OFFER_SECONDS - 1)
    await sweep(context)
    assert (await the_handover(context, conversation))["status"] == "pending"
    clock.shift(seconds=1)
    for _ in range(2):
        await sweep(context)
    handover, after = await the_handover(context, conversation), await state(context, conversation)
    assert (handover["status"], handover["outcome"]) == ("resolved", "returned_to_bot")
    assert (after["handover_id"], after["epoch"], after["exchanged"]) == (None, row["epoch"], 0)
    assert (await states(context, conversation))[-2:] == ["offered", "ended"]
    assert (await audited(context, conversation)).count("handover.ended") == 1
    assert await bot_answers(context, conversation)


@pytest.mark.parametrize("reason", list(CLOSED))
async def test_agent_may_still_claim_what_was_offered(context: Context, clock: SettableClock, reason: str) -> None:
    """Then the offer is over: it does not lapse while they talk."""
    conversation, agent = await pending(context), await new_agent(context)
    context.settings = CLOSED[reason]
    await sweep(context)
    await claim(context, agent, conversation)
    clock.shift(seconds=OFFER_SECONDS + 1)
    await sweep(context)
    handover = await the_handover(context, conversation)
    assert (handover["status"], handover["offered_at"]) == ("claimed", None)


async def test_put_back_while_closed_is_told(context: Context) -> None:
    """Released by its agent it waits again, and must not wait for nobody."""
    conversation, agent = await pending(context), await new_agent(context)
    epoch = (await claim(context, agent, conversation)).epoch
    context.settings = CLOSED["off"]
    await release(context, agent, conversation, epoch)
    await sweep(context)
    assert await told(context, conversation) == 1
    assert (await state(context, conversation))["holder_kind"] == "bot"


@pytest.mark.parametrize("reason", list(CLOSED))
@pytest.mark.parametrize("channel", ["web", "telegram"])
async def test_agent_who_goes_away_while_closed_leaves_no_promise(
    context: Context, clock: SettableClock, changes: Recorder, reason: str, channel: str
) -> None:
    """Bug: the customer read that a colleague comes shortly, and a second later that nobody is there."""
    conversation, agent = await pending(context, channel=channel), await new_agent(context)
    taken = await claim(context, agent, conversation)
    context.settings = CLOSED[reason]
    claims = context.settings.claims
    clock.shift(seconds=claims.lease_seconds + claims.requeue_after_seconds + 1)
    changes.take()
    await presence.sweep(context)
    row = await state(context, conversation)
    assert (row["holder_kind"], row["epoch"], row["last_seq"]) == ("queue", taken.epoch + 1, taken.last_seq + 1)
    assert [(change.seq, change.inbox, change.outbox) for change in changes.take()] == [(row["last_seq"], True, False)]
    assert (await states(context, conversation))[-1] == "requeued"
    await sweep(context)
    log = await log_of(context, conversation)
    assert [event["text"] for event in log if event["kind"] == "message" and event["actor_kind"] == "system"][1:] == [
        context.settings.messages.out_of_hours
    ]
    assert [event["seq"] for event in log] == list(range(1, len(log) + 1))
    assert (await state(context, conversation))["holder_kind"] == "bot"


async def test_contact_form_that_is_put_back_waits_with_the_bot(context: Context, clock: SettableClock) -> None:
    """Its author has left their details: they are told nothing, and it does not lapse."""
    conversation, agent = await pending(context), await new_agent(context)
    context.settings = CLOSED["hours"]
    await sweep(context)
    await ask(context, conversation, trigger="contact_form", contact=FORM)
    epoch = (await claim(context, agent, conversation)).epoch
    await release(context, agent, conversation, epoch)
    await sweep(context)
    clock.shift(seconds=OFFER_SECONDS + 1)
    await sweep(context)
    handover = await the_handover(context, conversation)
    assert (handover["status"], handover["trigger"]) == ("pending", "contact_form")
    assert (await state(context, conversation))["holder_kind"] == "bot"
    assert await told(context, conversation) == 1


async def test_open_again_a_new_request_waits_anew(context: Context, clock: SettableClock) -> None:
    """Who asks again after it opened is in the queue, without an offer that lapses; and is told at the next closing."""
    conversation = await pending(context)
    context.settings = CLOSED["off"]
    await sweep(context)
    context.settings = Settings()
    assert (await ask(context, conversation)).status == "pending"
    clock.shift(seconds=OFFER_SECONDS + 1)
    await sweep(context)
    row = await state(context, conversation)
    assert (row["holder_kind"], (await the_handover(context, conversation))["status"]) == ("queue", "pending")
    context.settings = CLOSED["off"]
    await sweep(context)
    assert await told(context, conversation) == 2


async def test_old_turn_and_old_claim_are_fenced(context: Context) -> None:
    """The epoch grew: an agent's stale reply is refused as ever."""
    conversation, agent = await pending(context), await new_agent(context)
    epoch = (await state(context, conversation))["epoch"]
    context.settings = CLOSED["off"]
    await sweep(context)
    assert (await refused(resolve(context, agent, conversation, epoch, seen=None))).code == "claim_lost"


@pytest.mark.parametrize("rounds", [12])
async def test_claim_and_two_sweeps_at_once(context: Context, rounds: int) -> None:
    """Whoever comes first: nobody is told twice, an epoch is given out once, and an agent who claimed has it."""
    agent = await new_agent(context)
    waiting = [await pending(context) for _ in range(rounds)]
    context.settings = CLOSED["hours"]
    first = [sweep(context), sweep(context)]
    claims = [claim(context, agent, conversation) for conversation in waiting]
    await asyncio.gather(*first, *claims)
    await sweep(context)
    for conversation in waiting:
        row, handover = await state(context, conversation), await the_handover(context, conversation)
        assert (row["holder_id"], handover["status"], handover["offered_at"]) == (agent["id"], "claimed", None)
        log = await log_of(context, conversation)
        epochs = [event["epoch"] for event in log if event["kind"] == "state"]
        assert epochs == sorted(set(epochs))
        assert [event["seq"] for event in log] == list(range(1, row["last_seq"] + 1))
        offered = "offered" in await states(context, conversation)
        assert await told(context, conversation) == int(offered)


@pytest.mark.parametrize("rival", ["form", "claim"])
async def test_offer_lapses_at_the_moment_it_is_taken(context: Context, clock: SettableClock, rival: str) -> None:
    """Either it was taken in time, and waits or is claimed, or it ended and a new handover opens; never both in one."""
    agent = await new_agent(context)
    waiting = [await pending(context) for _ in range(8)]
    context.settings = CLOSED["hours"]
    await sweep(context)
    clock.shift(seconds=OFFER_SECONDS + 1)
    rivals = [
        ask(context, one, trigger="contact_form", contact=FORM) if rival == "form" else claim(context, agent, one)
        for one in waiting
    ]
    await asyncio.gather(*rivals, sweep(context), sweep(context))
    for conversation in waiting:
        row = await state(context, conversation)
        kept = {one["id"]: one for one in await handovers_of(context, conversation)}
        open_now = [one for one in kept.values() if one["status"] != "resolved"]
        assert [one["id"] for one in open_now] == [row["handover_id"]]
        assert open_now[0]["status"] == ("pending" if rival == "form" else "claimed")
        assert all(one["outcome"] == "returned_to_bot" for one in kept.values() if one["status"] == "resolved")


async def test_the_audit_says_why(context: Context) -> None:
    """The reason stands there, for whoever wonders later."""
    conversation = await pending(context)
    context.settings = CLOSED["plan"]
    await sweep(context)
    query = select(audit.c.data).where(audit.c.conversation_id == conversation, audit.c.action == "handover.offered")
    async with context.database.read() as connection:
        (data,) = (await connection.execute(query)).scalars()
    assert (data["reason"], data["told"]) == ("plan", True)
