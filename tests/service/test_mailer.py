"""Sending mails: each arrives once, whatever the server does; what it refuses for good is said and over."""

import asyncio
import itertools
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import RowMapping, select

from livechat_plugin.delivery.mail import UNSET, Mailer
from livechat_plugin.domain.letter import Letter
from livechat_plugin.ids import AgentId, ConversationId
from livechat_plugin.mail_server import read_mail_server
from livechat_plugin.storage import agents, handovers, notices
from livechat_plugin.storage.tables import mails
from livechat_plugin.usecases import mailing
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.tidy import tidy
from tests.fakes.mailbox import Fault, Mailbox

from .world import SettableClock, new_agent, new_conversation, pending

URL = "https://chat.example.org"


@pytest.fixture
def mailer(context: Context, mailbox: Mailbox) -> Mailer:
    return mailer_to(context, mailbox)


def mailer_to(context: Context, mailbox: Mailbox) -> Mailer:
    """As one worker has it."""
    return Mailer(context, read_mail_server(mailbox.url), URL)


def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that hangs is waited for only shortly."""
    for name in ("COMMAND_SECONDS", "SEND_SECONDS"):
        monkeypatch.setattr(f"livechat_plugin.delivery.smtp.{name}", 0.3)


async def mails_of(context: Context) -> Sequence[RowMapping]:
    async with context.database.read() as connection:
        return (await connection.execute(select(mails).order_by(mails.c.created_at, mails.c.id))).mappings().all()


async def states(context: Context) -> list[str]:
    return [mail["state"] for mail in await mails_of(context)]


async def run(mailer: Mailer) -> None:
    """One round of each loop, at once."""
    await mailer.write_up()
    mailer.breaker.try_now()
    await mailer.send_due()


async def test_a_new_handover_is_mailed(context: Context, mailbox: Mailbox, mailer: Mailer) -> None:
    """To each owner by itself, in two forms, known by its Message-ID, and answering machines are asked to be silent."""
    owners = [await new_agent(context, name, "owner") for name in ("Olivia", "Omar")]
    await pending(context)
    await run(mailer)
    assert sorted(mail.recipients for mail in mailbox.mails) == sorted((owner["email"],) for owner in owners)
    assert mailbox.connections == 1
    for mail in mailbox.mails:
        assert mail.sender == "livechat@example.org"
        assert str(mail.message["To"]) == mail.recipients[0]
        assert mail.message["Auto-Submitted"] == "auto-generated"
        assert mail.message["Cc"] is None
        assert "/live-chat/pending/c/" in mail.text
        assert "/live-chat/pending/c/" in mail.html
        (other,) = {owner["email"] for owner in owners} - {*mail.recipients}
        assert other.encode() not in mail.content
    assert len({mail.message["Message-ID"] for mail in mailbox.mails}) == 2
    assert await states(context) == ["sent", "sent"]


async def test_headers_hold_whatever_people_call_themselves(context: Context, mailbox: Mailbox, mailer: Mailer) -> None:
    """A line break in a name makes no header, and no recipient."""
    olivia = await new_agent(context, "Olivia", "owner")
    names = ("Ana\r\nBcc: evil@example.org", "Ana\nX-Evil: 1", "\x00\x1b[31mred", "Zoë 👩‍👧 " * 20)
    async with context.database.write() as connection:
        for number, name in enumerate(names):
            words = {"subject": f"{name} waits", "text": f"{name}\n.\nend", "html": f"<p>{name.strip()}</p>"}
            row = {"kind": "handover", "key": f"k{number}", "recipient": olivia["email"], "created_at": 0}
            await mailing.mails.add(
                connection, [{**row, **{key: value.replace("\x00", "") for key, value in words.items()}}]
            )
    await run(mailer)
    assert len(mailbox.mails) == len(names)
    known = {"From", "To", "Auto-Submitted", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"}
    for mail in mailbox.mails:
        assert set(mail.message.keys()) == known
        assert mail.recipients == (olivia["email"],)
        assert mail.text.rstrip().endswith(".\nend")


@pytest.mark.parametrize("fault", ["refuse", "hang", "421", "451", "drop"])
async def test_mail_arrives_once_when_the_server_is_back(
    context: Context,
    clock: SettableClock,
    mailbox: Mailbox,
    mailer: Mailer,
    fault: Fault,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Refused, hung, put off or cut off: the mail waits, says why, and goes out once."""
    impatient(monkeypatch)
    await new_agent(context, "Olivia", "owner")
    await pending(context)
    mailbox.fail(fault)
    for _ in range(3):
        await run(mailer)
        clock.shift(minutes=6)
    (mail,) = await mails_of(context)
    assert mail["state"] == "waiting"
    assert mail["error"] or mailer.trouble
    assert mailbox.mails == []
    mailbox.fail(None)
    await run(mailer)
    clock.shift(minutes=6)
    await run(mailer)
    assert (await states(context), len(mailbox.mails), mailer.trouble) == (["sent"], 1, None)


async def test_mail_whose_answer_was_lost_is_known_again(
    context: Context, clock: SettableClock, mailbox: Mailbox, mailer: Mailer
) -> None:
    """The server took it and the line was cut: it comes again, to the letter, under the same Message-ID."""
    await new_agent(context, "Olivia", "owner")
    await pending(context)
    mailbox.fail("drop_kept")
    await run(mailer)
    clock.shift(minutes=6)
    mailbox.fail(None)
    await run(mailer)
    first, second = mailbox.mails
    assert first.content == second.content


async def test_refused_address_fails_at_once_and_alone(context: Context, mailbox: Mailbox, mailer: Mailer) -> None:
    """550 for one owner: the reason is kept, the other has their mail."""
    olivia, omar = [await new_agent(context, name, "owner") for name in ("Olivia", "Omar")]
    mailbox.refused.add(olivia["email"])
    await pending(context)
    await run(mailer)
    by_state = {mail["state"]: mail for mail in await mails_of(context)}
    assert "550 5.1.1 There is nobody of this name here" in by_state["failed"]["error"]
    assert by_state["sent"]["recipient"] == omar["email"]
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("The mail server refused the address: 550 5.1.1 <ana@example.org>: unknown", "550"),
        ("The mail server refused the mail: 554 <554@ana.example.org> is 501 to us", "554"),
        ("The mail server does not take this address.", "no code"),
    ],
)
async def test_no_address_gets_into_the_log_by_the_servers_words(
    context: Context, clock: SettableClock, caplog: pytest.LogCaptureFixture, words: str, code: str
) -> None:
    """Refused, or given up after days: the log has the code alone, the delivery log all that was said."""
    for number in range(2):
        await mailing.write_test(context, f"ana{number}@example.org", Letter("s", "t", "h"))
    refused, put_off = await mailing.take(context), await mailing.take(context)
    assert refused is not None
    assert put_off is not None
    await mailing.note_refused(context, refused, words)
    await mailing.note_later(context, put_off, words)
    clock.shift(hours=73)
    await tidy(context)
    assert {(mail["state"], mail["error"]) for mail in await mails_of(context)} == {("failed", words)}
    assert [record.getMessage() for record in caplog.records if record.name.endswith("mailing")] == [
        f"mail {mail['id']} (test) failed: {code}" for mail in (refused, put_off)
    ]
    assert "example.org" not in caplog.text


async def test_what_is_no_address_fails_at_once(context: Context, mailbox: Mailbox, mailer: Mailer) -> None:
    """It never comes near the server."""
    async with context.database.write() as connection:
        for number, address in enumerate(("nobody", "a@b.org\r\nRCPT TO:<c@d.org>", "a b@c.org", "")):
            words = {"subject": "s", "text": "t", "html": "h", "created_at": 0, "key": f"k{number}"}
            await mailing.mails.add(connection, [{"kind": "test", "recipient": address, **words}])
    await run(mailer)
    assert (await states(context), mailbox.mails) == (["failed"] * 4, [])


@pytest.mark.parametrize("fault", ["hang", "421"])
async def test_one_probe_however_many_wait(
    context: Context,
    clock: SettableClock,
    mailbox: Mailbox,
    mailer: Mailer,
    fault: Fault,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While the server does not answer, or takes nothing from us, one mail is tried in each pause, not all of them."""
    impatient(monkeypatch)
    for name in ("Olivia", "Omar", "Otto"):
        await new_agent(context, name, "owner")
    await pending(context)
    mailbox.fail(fault)
    await mailer.write_up()
    for _ in range(20):
        await mailer.send_due()
    assert mailbox.connections == 1
    assert mailer.trouble
    mailbox.fail(None)
    clock.shift(minutes=6)
    await run(mailer)
    assert await states(context) == ["sent"] * 3


async def test_server_that_is_back_is_noticed_without_a_mail(
    context: Context, mailbox: Mailbox, mailer: Mailer
) -> None:
    """Another worker has sent what waited; this one's banner goes, too."""
    await new_agent(context, "Olivia", "owner")
    await pending(context)
    mailbox.fail("refuse")
    await run(mailer)
    assert mailer.trouble == "The mail server can't be reached."
    mailbox.fail(None)
    await run(mailer_to(context, mailbox))
    await run(mailer)
    assert (mailer.trouble, len(mailbox.mails)) == (None, 1)


OUTAGE_SECONDS, EACH_SECONDS = 3 * 3_600, 8
MOST_MAILS = 8
"""Those of the first half minute by themselves; then digests, a thousand handovers in each."""


async def test_an_outage_ends_with_few_mails_and_every_handover_is_named(
    context: Context, clock: SettableClock, mailbox: Mailbox, mailer: Mailer, figure: Callable[[str], None]
) -> None:
    """Three hours without a mail server, a handover every eight seconds: no owner gets hundreds of mails afterwards."""
    owners = [await new_agent(context, name, "owner") for name in ("Olivia", "Omar")]
    conversation, number = await new_conversation(context), OUTAGE_SECONDS // EACH_SECONDS
    mailbox.fail("refuse")
    for one in range(number):
        await hand_over(context, conversation, f"It is number {one}.")
        await mailer.write_up()
        clock.shift(seconds=EACH_SECONDS)
    await run(mailer)
    assert mailer.trouble
    mailbox.fail(None)
    for _ in range(4):
        await run(mailer)
        clock.shift(seconds=1)
    for owner in owners:
        own = mailbox.to(owner["email"])
        assert len(own) <= MOST_MAILS
        named = "".join(mail.text for mail in own)
        assert all(named.count(f"It is number {one}.") == 1 for one in range(number))
    figure(f"{number} handovers in an outage: {len(mailbox.mails) // len(owners)} mails to each owner")


async def hand_over(context: Context, conversation: ConversationId, why: str) -> None:
    """As the bot does, without what is said: there are many."""
    at = context.clock()
    async with context.database.write() as connection:
        opened = await handovers.add(connection, conversation, why, at, status="pending", trigger="bot", reason=why)
        assert opened is not None, "the key is new"
        await notices.add(connection, opened, at)


@pytest.mark.parametrize("left", [{"disabled_at": 1}, {"role": "agent"}])
async def test_who_is_no_owner_any_more_is_told_of_no_customer(
    context: Context, mailbox: Mailbox, mailer: Mailer, left: dict[str, Any]
) -> None:
    """A mail may wait for days: who has left the team meanwhile does not get it, the others do."""
    olivia, omar = [await new_agent(context, name, "owner") for name in ("Olivia", "Omar")]
    await pending(context)
    mailbox.fail("refuse")
    await run(mailer)
    async with context.database.write() as connection:
        await agents.change(connection, AgentId(olivia["id"]), **left)
    mailbox.fail(None)
    await run(mailer)
    assert [mail.recipients for mail in mailbox.mails] == [(omar["email"],)]
    by_state = {mail["state"]: mail for mail in await mails_of(context)}
    assert (by_state["dropped"]["recipient"], by_state["dropped"]["error"]) == (olivia["email"], mailing.LEFT)


async def test_two_workers_send_each_mail_once(context: Context, mailbox: Mailbox) -> None:
    """Whoever takes a mail has it."""
    for number in range(4):
        await new_agent(context, f"Owner{number}", "owner")
    for _ in range(4):
        await pending(context)
    workers = [mailer_to(context, mailbox) for _ in range(3)]
    await asyncio.gather(*(run(worker) for worker in workers))
    await asyncio.gather(*(run(worker) for worker in workers))
    assert await states(context) == ["sent"] * 16
    assert len({mail.message["Message-ID"] for mail in mailbox.mails}) == len(mailbox.mails) == 16


async def test_mail_of_a_killed_worker_is_sent_by_another(
    context: Context, clock: SettableClock, mailbox: Mailbox, mailer: Mailer
) -> None:
    """Its lock lapses; a late word about the first try says nothing any more."""
    await new_agent(context, "Olivia", "owner")
    await pending(context)
    await mailer.write_up()
    lost = await mailing.take(context)
    assert lost is not None
    await run(mailer)
    assert mailbox.mails == []
    clock.shift(seconds=mailing.LOCK_MS / 1000 + 1)
    await run(mailer)
    await mailing.note_refused(context, lost, "late")
    assert (await states(context), len(mailbox.mails)) == (["sent"], 1)


async def test_without_a_server_mails_wait(context: Context, mailbox: Mailbox) -> None:
    """They are written up, and go out when there is one."""
    unset = Mailer(context, None, URL)
    await new_agent(context, "Olivia", "owner")
    await pending(context)
    await run(unset)
    assert (await states(context), unset.trouble) == (["waiting"], UNSET)
    await run(mailer_to(context, mailbox))
    assert await states(context) == ["sent"]


async def test_three_days_are_enough(
    context: Context, clock: SettableClock, mailbox: Mailbox, mailer: Mailer, caplog: pytest.LogCaptureFixture
) -> None:
    """Then a mail has failed, and the log says so; what it said is forgotten after a month, the line after a year."""
    await new_agent(context, "Olivia", "owner")
    await pending(context)
    await mailer.write_up()
    clock.shift(hours=71)
    await tidy(context)
    assert await states(context) == ["waiting"]
    clock.shift(hours=2)
    await tidy(context)
    (mail,) = await mails_of(context)
    assert (mail["state"], mail["error"]) == ("failed", mailing.GAVE_UP)
    assert mail["id"] in caplog.text
    clock.shift(hours=24 * 30)
    await tidy(context)
    (mail,) = await mails_of(context)
    assert (mail["text"], mail["html"], mail["subject"] is None) == (None, None, False)
    clock.shift(hours=24 * 366)
    await tidy(context)
    assert await mails_of(context) == []


async def test_pause_grows_and_is_jittered(
    context: Context, clock: SettableClock, mailbox: Mailbox, mailer: Mailer
) -> None:
    """From one second to five minutes, never the same for all."""
    await new_agent(context, "Olivia", "owner")
    await pending(context)
    mailbox.fail("451")
    waits = []
    for _ in range(12):
        await run(mailer)
        (mail,) = await mails_of(context)
        waits.append(mail["not_before"] - clock.at)
        clock.at += waits[-1]
    limits = [min(1_000 << number, 300_000) for number in itertools.islice(itertools.count(), 12)]
    assert all(1_000 <= wait <= limit for wait, limit in zip(waits, limits, strict=True))
    assert len(set(waits)) > 6
