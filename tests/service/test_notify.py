"""Owners are told of each new handover: one mail each, with what the customer saw and nothing else."""

import asyncio
from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, given, settings as hypothesis_settings, strategies as st
from sqlalchemy import RowMapping, select

from livechat_plugin.domain.mail_pace import DIGEST_MS, TRY_ANOTHER_MS
from livechat_plugin.ids import AgentId, new_id
from livechat_plugin.settings.schema import Email, Notifications, Settings
from livechat_plugin.storage import agents, conversations
from livechat_plugin.storage.tables import mails, notices
from livechat_plugin.usecases import mail_answers, mailing, notify, send
from livechat_plugin.usecases.claim import claim
from livechat_plugin.usecases.context import Context

from .world import SettableClock, ask, new_agent, new_conversation, pending, says, state

URL = "https://chat.example.org"


async def mails_of(context: Context) -> Sequence[RowMapping]:
    async with context.database.read() as connection:
        return (await connection.execute(select(mails).order_by(mails.c.created_at, mails.c.id))).mappings().all()


async def team(context: Context) -> list[str]:
    """Three owners of whom one is disabled, an admin and an agent; the addresses that are written to."""
    owners = [await new_agent(context, name, "owner") for name in ("Olivia", "Omar", "Otto")]
    await new_agent(context, "Adam", "admin")
    await new_agent(context, "Priya")
    async with context.database.write() as connection:
        await agents.change(connection, AgentId(owners[2]["id"]), disabled_at=context.clock())
    return sorted(owner["email"] for owner in owners[:2])


async def go_out(context: Context, *, but: str = "") -> None:
    """The mail server takes all that is due, except what is for one address."""
    while (mail := await mailing.take(context)) is not None:
        if mail["recipient"] == but:
            await mailing.note_later(context, mail, "452 4.2.2 Mailbox full")
        else:
            await mailing.note_sent(context, mail)


async def test_each_owner_gets_a_mail_of_their_own(context: Context) -> None:
    """Who, where, why, the last lines and the way there; nobody else is written to."""
    owners = await team(context)
    found = await says(context, "ana", "My <kettle> leaks", channel="telegram")
    await ask(context, found.conversation, trigger="words", reason="The customer asked for a person.")
    assert await notify.write_up(context, URL) == 1
    written = await mails_of(context)
    assert sorted(mail["recipient"] for mail in written) == owners
    (text,) = {mail["text"] for mail in written}
    customer = (await state(context, found.conversation))["customer_id"]
    assert {mail["subject"] for mail in written} == {f"Visitor {customer[-4:]} waits for a person (Telegram)"}
    for words in ("Telegram", "asked for a person", "My <kettle> leaks", "Tue 25 November 2025, 13:00 (Europe/Berlin)"):
        assert words in text
    assert f"{URL}/live-chat/pending/c/{found.conversation}" in text
    assert "My &lt;kettle&gt; leaks" in written[0]["html"]
    assert await notify.write_up(context, URL) == 0


@pytest.mark.parametrize(
    ("known", "who"),
    [
        ({}, "Visitor {id}"),
        ({"username": "ana_s"}, "@ana_s"),
        ({"phone": "+49 40 123456", "email": "ana@example.org"}, "ana@example.org"),
        ({"name": "Ana Silva", "username": "ana_s"}, "Ana Silva"),
    ],
)
async def test_a_customer_is_named_as_in_the_dashboard(context: Context, known: dict[str, str], who: str) -> None:
    """So that whoever reads the mail finds them in the list."""
    await team(context)
    found = await says(context, "c-1", "Hello?")
    customer = (await state(context, found.conversation))["customer_id"]
    async with context.database.write() as connection:
        await conversations.describe_customer(connection, customer, **known)
    await ask(context, found.conversation)
    await notify.write_up(context, URL)
    assert f"Who: {who.format(id=customer[-4:])}\n" in (await mails_of(context))[0]["text"]


@pytest.mark.parametrize("trigger", ["button", "words", "bot", "contact_form"])
async def test_every_trigger_is_told(context: Context, trigger: str) -> None:
    """However a customer came to the team."""
    await team(context)
    contact = {"name": "Ana\r\nBcc: x@example.org", "email": "ana@example.org", "message": "Please call me."}
    await ask(context, await new_conversation(context), trigger=trigger, contact=contact)
    assert await notify.write_up(context, URL) == 1
    for mail in await mails_of(context):
        assert "\n" not in mail["subject"]
        if trigger == "contact_form":
            assert mail["subject"] == "Ana Bcc: x@example.org left a message (website)"
            assert "ana@example.org" in mail["text"]
            assert "Please call me." in mail["text"]


async def test_agent_who_steps_in_tells_nobody(context: Context) -> None:
    """A handover that an agent opens is no news to the team."""
    await team(context)
    await claim(context, await new_agent(context, "Marco"), await new_conversation(context))
    assert await notify.write_up(context, URL) == 0


async def test_switched_off_tells_nobody(context: Context) -> None:
    """Neither what is opened meanwhile, nor what was noted before."""
    await team(context)
    await pending(context)
    context.settings = Settings(notifications=Notifications(email=Email(enabled=False)))
    await pending(context)
    await notify.write_up(context, URL)
    context.settings = Settings()
    assert await notify.write_up(context, URL) == 0
    assert await mails_of(context) == []


async def test_a_form_that_becomes_live_is_told_once(context: Context) -> None:
    """It is the same handover."""
    await team(context)
    conversation = await new_conversation(context)
    contact = {"name": "Ana", "email": "ana@example.org", "message": "Please call me."}
    await ask(context, conversation, trigger="contact_form", contact=contact)
    await notify.write_up(context, URL)
    await ask(context, conversation)
    assert await notify.write_up(context, URL) == 0


NUMBER = 500
MOST_MAILS = 9
"""Five by themselves, a digest every half minute, and what goes as soon as a place is free."""


@pytest.mark.promise("settings", "4c")
async def test_many_in_a_minute_are_named_in_few_mails(
    context: Context, clock: SettableClock, figure: Callable[[str], None]
) -> None:
    """500 handovers: each owner gets a handful of mails, and each handover is named in one of them."""
    owners = await team(context)
    waiting = []
    for number in range(NUMBER):
        waiting.append(await pending(context))
        clock.shift(seconds=60 / NUMBER)
        if number % 8 == 0:  # about once a second, as the mailer looks
            await notify.write_up(context, URL)
            await go_out(context)
    for _ in range(40):
        await notify.write_up(context, URL)
        await go_out(context)
        clock.shift(seconds=1)
    written = await mails_of(context)
    for owner in owners:
        own = [mail for mail in written if mail["recipient"] == owner]
        assert len(own) <= MOST_MAILS
        named = "".join(mail["text"] for mail in own)
        assert all(named.count(f"/c/{conversation}\n") == 1 for conversation in waiting)
    figure(f"{NUMBER} handovers: {len(written) // len(owners)} mails to each owner, each handover in one")


async def test_digest_says_how_many_wait(context: Context, clock: SettableClock) -> None:
    """Five by themselves, then one that names the others, also those whom somebody has taken meanwhile."""
    owners = await team(context)
    waiting = []
    for _ in range(8):
        waiting.append(await pending(context))
        clock.shift(seconds=0.01)
    await notify.write_up(context, URL)
    await go_out(context)
    await claim(context, await new_agent(context, "Marco"), waiting[-1])
    clock.shift(seconds=DIGEST_MS / 1000)
    await notify.write_up(context, URL)
    own = [mail for mail in await mails_of(context) if mail["recipient"] == owners[0]]
    assert [mail["kind"] for mail in own] == ["handover"] * 5 + ["digest"]
    assert own[-1]["subject"] == "3 customers wait for a person"
    assert own[-1]["text"].count("somebody has taken it already") == 1


async def test_one_full_mailbox_keeps_nothing_from_the_other_owners(context: Context, clock: SettableClock) -> None:
    """Mails get through; it is theirs alone that wait."""
    full, other = await team(context)
    for _ in range(3):
        conversation = await pending(context)
        await notify.write_up(context, URL)
        await go_out(context, but=full)
        clock.shift(minutes=2)
    assert [mail["state"] for mail in await mails_of(context) if mail["recipient"] == other] == ["sent"] * 3
    assert conversation in (await mails_of(context))[-1]["text"]


async def test_one_mail_that_never_goes_out_ends_no_notices(context: Context, clock: SettableClock) -> None:
    """The server takes others: after some hours one is tried, and names what was opened since."""
    owner = await new_agent(context, "Olivia", "owner")
    await pending(context)
    await notify.write_up(context, URL)
    await go_out(context, but=owner["email"])
    clock.shift(minutes=1)
    late = [await pending(context) for _ in range(3)]
    assert await notify.write_up(context, URL) == 0
    clock.shift(seconds=TRY_ANOTHER_MS / 1000)
    assert await notify.write_up(context, URL) == len(late)
    assert [mail["kind"] for mail in await mails_of(context)] == ["handover", "digest"]


async def test_two_workers_write_each_batch_once(context: Context) -> None:
    """Both look at the same moment: each handover is in one batch, and each owner has one mail for it."""
    owners = await team(context)
    waiting = [await pending(context) for _ in range(4)]
    await asyncio.gather(*(notify.write_up(context, URL) for _ in range(6)))
    written = await mails_of(context)
    assert len(written) == len(waiting) * len(owners)
    async with context.database.read() as connection:
        batches = list((await connection.execute(select(notices.c.batch))).scalars())
    assert len(set(batches)) == len(waiting)


async def test_without_an_owner_nothing_waits(context: Context) -> None:
    """There is nobody to tell; the notice does not come back with the first owner."""
    await pending(context)
    await notify.write_up(context, URL)
    await new_agent(context, "Olivia", "owner")
    assert await notify.write_up(context, URL) == 0


MARK = "[for the team alone]"
said = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=40).filter(str.strip)
lines = st.lists(st.tuples(st.sampled_from(["note", "customer", "agent"]), said), max_size=8)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@hypothesis_settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(before=lines, after=lines)
async def test_no_private_note_in_any_mail(
    context: Context, clock: SettableClock, before: list[tuple[str, str]], after: list[tuple[str, str]]
) -> None:
    """Whatever is said and noted before and after a form: what a mail says was said to the customer or by them."""
    await new_agent(context, "Olivia", "owner")
    priya, user = await new_agent(context, "Priya"), f"user-{new_id()}"
    conversation = (await says(context, user)).conversation
    for kind, text in before:
        if kind == "note":
            await send.add_note(context, priya, conversation, new_id(), f"{MARK} {text}")
        else:
            await says(context, user, text)
    contact = {"name": "Ana", "email": "ana@example.org", "message": "Please call me."}
    await ask(context, conversation, trigger="contact_form", contact=contact)
    epoch = (await claim(context, priya, conversation)).epoch
    for kind, text in after:
        if kind == "note":
            await send.add_note(context, priya, conversation, new_id(), f"{MARK} {text}")
        elif kind == "agent":
            await send.send(context, priya, conversation, new_id(), epoch, text)
    clock.shift(minutes=2)
    await notify.write_up(context, URL)
    await mail_answers.write_up(context, URL)
    for mail in await mails_of(context):
        assert MARK not in f"{mail['subject']}{mail['text']}{mail['html']}"
    assert any(mail["kind"] == "answer" for mail in await mails_of(context)) or "agent" not in dict(after)


async def test_notes_and_held_back_words_are_not_quoted(context: Context) -> None:
    """What only the team or nobody may read is in no mail."""
    await team(context)
    conversation = await new_conversation(context)
    priya = await new_agent(context, "Priya")
    await send.add_note(context, priya, conversation, "n1", "A secret about the customer")
    await ask(context, conversation)
    await notify.write_up(context, URL)
    for mail in await mails_of(context):
        assert "secret" not in mail["subject"] + mail["text"] + mail["html"]
