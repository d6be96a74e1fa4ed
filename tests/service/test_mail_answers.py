"""An agent answers a visitor who left their details and has gone: one mail, once, unless they come back in time."""

import pytest
from sqlalchemy import RowMapping, update

from livechat_plugin.delivery.mail import Mailer
from livechat_plugin.ids import ConversationId, new_id
from livechat_plugin.mail_server import read_mail_server
from livechat_plugin.settings.schema import Settings, Widget
from livechat_plugin.settings.texts import Messages
from livechat_plugin.storage import conversations
from livechat_plugin.storage.tables import events
from livechat_plugin.usecases import mail_answers, mailing, send, visitor
from livechat_plugin.usecases.claim import claim
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.resolve import resolve
from livechat_plugin.usecases.tidy import tidy
from tests.fakes.mailbox import Kept, Mailbox

from .test_mailer import run
from .world import SettableClock, ask, log_of, new_agent, new_conversation, state

SHOP = "https://shop.example.org"
CONTACT = {"name": "Ana", "email": "ana@example.org", "message": "Where is my kettle?"}


@pytest.fixture
def mailer(context: Context, mailbox: Mailbox) -> Mailer:
    context.settings = Settings(widget=Widget(sites=[SHOP]))
    return Mailer(context, read_mail_server(mailbox.url), "https://chat.example.org")


class Talk:
    """A conversation that begins with a contact form, in which an agent answers."""

    def __init__(self, context: Context, mailbox: Mailbox) -> None:
        self._context = context
        self._mailbox = mailbox
        self.conversation = ConversationId("")
        self.agent: RowMapping
        self.epoch = 0

    async def begin(
        self, *, trigger: str = "contact_form", then: str | None = None, channel: str = "web", **known: str
    ) -> "Talk":
        self.conversation = await new_conversation(self._context, channel=channel)
        row = await state(self._context, self.conversation)
        async with self._context.database.write() as connection:
            await conversations.describe_customer(
                connection, row["customer_id"], **{"email": "ana@example.org", **known}
            )
        for trigger_now in filter(None, (trigger, then)):
            await ask(self._context, self.conversation, trigger=trigger_now, contact=CONTACT)
        self.agent = await new_agent(self._context, "Priya")
        await self.is_taken()
        return self

    async def is_taken(self) -> None:
        self.epoch = (await claim(self._context, self.agent, self.conversation)).epoch

    async def says(self, text: str) -> int:
        """The agent writes; the message's seq."""
        seq, _ = await send.send(self._context, self.agent, self.conversation, new_id(), self.epoch, text)
        return seq

    async def marks(self) -> list[RowMapping]:
        """What the log says of how the messages were delivered."""
        return [event for event in await log_of(self._context, self.conversation) if event["kind"] == "delivery"]

    def mails(self) -> list[Kept]:
        return self._mailbox.to("ana@example.org")


@pytest.fixture
async def talk(context: Context, mailbox: Mailbox, mailer: Mailer) -> Talk:
    return await Talk(context, mailbox).begin()


async def test_what_is_said_to_somebody_who_has_gone_is_mailed(
    context: Context, clock: SettableClock, mailer: Mailer, talk: Talk
) -> None:
    """One mail for what was said within a minute, with their question, and answers go to the team's address."""
    await talk.says("Hello Ana, it has left <us>.")
    clock.shift(seconds=30)
    last = await talk.says("It comes tomorrow.")
    clock.shift(seconds=29)
    await run(mailer)
    assert talk.mails() == []
    clock.shift(seconds=2)
    await run(mailer)
    (mail,) = talk.mails()
    for words in ("Priya has answered", "Hello Ana, it has left <us>.", "It comes tomorrow.", "> Where is my kettle?"):
        assert words in mail.text
    assert "it has left &lt;us&gt;" in mail.html
    assert str(mail.message["Reply-To"]) == "Rasa Live Chat <livechat@example.org>"
    assert mail.message["Subject"] == "Re: your message"
    (mark,) = await talk.marks()
    assert mark["audience"] == "team"
    assert mark["body"] == {"target": last, "status": "sent", "data": {"mailed_to": "a…@example.org"}}


async def test_never_twice(context: Context, clock: SettableClock, mailer: Mailer, talk: Talk) -> None:
    """What is said later goes in a mail of its own, without what was mailed before."""
    await talk.says("First.")
    clock.shift(minutes=2)
    await run(mailer)
    await talk.says("Second.")
    clock.shift(minutes=2)
    await run(mailer)
    await run(mailer)
    first, second = talk.mails()
    assert "Second." not in first.text
    assert "First." not in second.text
    assert len(await talk.marks()) == 2


async def test_who_comes_back_in_time_gets_no_mail(
    context: Context, clock: SettableClock, mailer: Mailer, talk: Talk
) -> None:
    """Their screen has shown it."""
    seq = await talk.says("Are you still there?")
    await visitor.note_seen(context, talk.conversation, seq, seq)
    clock.shift(minutes=2)
    await run(mailer)
    assert (talk.mails(), await talk.marks()) == ([], [])
    (mail,) = await mailing.newest(context, None, 10)
    assert mail["state"] == "dropped"


async def test_a_tab_in_the_background_has_shown_nothing(
    context: Context, clock: SettableClock, mailer: Mailer, talk: Talk
) -> None:
    """What arrived there was on no screen, before the mail is written or while it waits for the server."""
    await visitor.note_seen(context, talk.conversation, await talk.says("Hello."), 0)
    clock.shift(minutes=2)
    await mailer.write_up()
    await visitor.note_seen(context, talk.conversation, await talk.says("Are you still there?"), 0)
    await run(mailer)
    (mail,) = talk.mails()
    assert "Hello." in mail.text


async def test_only_what_was_not_shown_is_mailed(
    context: Context, clock: SettableClock, mailer: Mailer, talk: Talk
) -> None:
    """They left between two messages."""
    seq = await talk.says("Seen.")
    await visitor.note_seen(context, talk.conversation, seq, seq)
    await talk.says("Missed.")
    clock.shift(minutes=2)
    await run(mailer)
    (mail,) = talk.mails()
    assert "Missed." in mail.text
    assert "Seen." not in mail.text


async def test_who_comes_back_while_the_server_is_away_gets_no_mail(
    context: Context, clock: SettableClock, mailer: Mailer, mailbox: Mailbox, talk: Talk
) -> None:
    """The mail was written, and is not needed any more."""
    mailbox.fail("refuse")
    seq = await talk.says("Hello.")
    clock.shift(minutes=2)
    await run(mailer)
    await visitor.note_seen(context, talk.conversation, seq, seq)
    mailbox.fail(None)
    await run(mailer)
    assert talk.mails() == []
    assert [mail["state"] for mail in await mailing.newest(context, None, 10)] == ["dropped"]


@pytest.mark.parametrize(
    ("trigger", "channel"), [("button", "web"), ("contact_form", "telegram"), ("words", "whatsapp")]
)
async def test_only_forms_on_the_website_are_answered_by_mail(
    context: Context, clock: SettableClock, mailer: Mailer, mailbox: Mailbox, trigger: str, channel: str
) -> None:
    """Others read it where they wrote."""
    talk = await Talk(context, mailbox).begin(trigger=trigger, channel=channel)
    await talk.says("Hello.")
    clock.shift(minutes=2)
    await run(mailer)
    assert talk.mails() == []


async def test_who_left_an_address_and_then_asked_for_a_person_is_answered_by_mail(
    context: Context, clock: SettableClock, mailer: Mailer, mailbox: Mailbox
) -> None:
    """It is a live handover now, and they may have gone all the same."""
    talk = await Talk(context, mailbox).begin(then="button")
    await talk.says("Hello.")
    clock.shift(minutes=2)
    await run(mailer)
    (mail,) = talk.mails()
    assert "> Where is my kettle?" in mail.text


async def test_a_form_that_comes_while_a_person_is_there_is_answered_by_mail(
    context: Context, clock: SettableClock, mailer: Mailer, mailbox: Mailbox
) -> None:
    """They asked with the button, left an address meanwhile, and went."""
    talk = await Talk(context, mailbox).begin(trigger="button")
    clock.shift(minutes=1)
    await ask(context, talk.conversation, trigger="contact_form", contact=CONTACT)
    await talk.says("Hello.")
    clock.shift(minutes=2)
    await run(mailer)
    assert len(talk.mails()) == 1


async def test_a_form_that_was_answered_is_over(
    context: Context, clock: SettableClock, mailer: Mailer, mailbox: Mailbox, talk: Talk
) -> None:
    """Who comes back on another day and asks for a person is there, and left no address for it."""
    await resolve(context, talk.agent, talk.conversation, talk.epoch, seen=None)
    clock.shift(hours=24)
    await ask(context, talk.conversation, trigger="button")
    await talk.is_taken()
    await talk.says("Hello again.")
    clock.shift(minutes=2)
    await run(mailer)
    assert talk.mails() == []


async def test_an_address_of_an_earlier_request_is_not_written_to(
    context: Context, clock: SettableClock, mailer: Mailer, talk: Talk
) -> None:
    """Who sits at the same browser on another day and leaves a phone number need not be who left that address."""
    await resolve(context, talk.agent, talk.conversation, talk.epoch, seen=None)
    clock.shift(hours=24)
    other = {"name": "Ben", "phone": "+49 40 123456", "message": "Please call."}
    await ask(context, talk.conversation, trigger="contact_form", contact=other)
    await talk.is_taken()
    await talk.says("We will, Ben.")
    clock.shift(minutes=2)
    await run(mailer)
    assert talk.mails() == []


async def test_refused_address_is_told_to_the_team(
    context: Context, clock: SettableClock, mailer: Mailer, mailbox: Mailbox, talk: Talk
) -> None:
    """An agent must know that nobody reads what they wrote."""
    mailbox.refused.add("ana@example.org")
    seq = await talk.says("Hello.")
    clock.shift(minutes=2)
    await run(mailer)
    (mark,) = await talk.marks()
    assert (mark["body"]["target"], mark["body"]["status"]) == (seq, None)
    assert "550" in mark["text"]


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        (f"{SHOP}/kettles?id=7", True),
        ("https://chat.example.org/demo", True),
        ("https://evil.example/phish", False),
        ("javascript:alert(1)", False),
        ("http://[", False),
        (f"{SHOP}/ Pay at https://evil.example", False),
        (f"{SHOP}/\n\nPay at https://evil.example", False),
        (f"{SHOP}/\tPay at https://evil.example", False),
        (f"{SHOP}/\u202eelpmaxe.live", False),
    ],
)
async def test_the_way_back_is_a_page_of_ours(
    context: Context, clock: SettableClock, mailer: Mailer, mailbox: Mailbox, page: str, shown: bool
) -> None:
    """Anybody can leave anybody's address and name any page: only our own sites become a link; in their language."""
    talk = await Talk(context, mailbox).begin(page=page, locale="de-AT")
    await talk.says("Servus.")
    clock.shift(minutes=2)
    await run(mailer)
    (mail,) = talk.mails()
    assert (page in mail.text) == shown
    assert ("im Chat weiterschreiben" in mail.text) == shown
    assert "evil" not in mail.text
    assert mail.message["Subject"] == "Re: Ihre Nachricht"
    assert "Priya hat auf Ihre Nachricht geantwortet" in mail.text


async def test_an_address_that_nobody_can_read_stops_no_answer(
    context: Context, clock: SettableClock, mailer: Mailer, mailbox: Mailbox
) -> None:
    """What one visitor says of their page holds up neither their own answer nor the others'."""
    for page in ("http://[", "http://\u2100.example"):
        talk = await Talk(context, mailbox).begin(page=page)
        await talk.says("Hello.")
    clock.shift(minutes=2)
    await run(mailer)
    assert len(talk.mails()) == 2


async def test_one_answer_that_cannot_be_written_stops_no_other(
    context: Context, clock: SettableClock, mailer: Mailer, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    """However many there are: they are in the log, and let the others go first."""
    for _ in range(mail_answers.AT_ONCE):
        talk = await Talk(context, mailbox).begin()
        await break_message(context, talk.conversation, await talk.says("Hello."))
    clock.shift(seconds=1)
    talk = await Talk(context, mailbox).begin()
    await talk.says("It has left.")
    clock.shift(minutes=2)
    await run(mailer)
    await run(mailer)
    (mail,) = talk.mails()
    assert "It has left." in mail.text
    assert caplog.text.count("could not be written") == mail_answers.AT_ONCE


async def break_message(context: Context, conversation: ConversationId, seq: int) -> None:
    """A file without name or kind: no mail can be made of it."""
    of_it = (events.c.conversation_id == conversation) & (events.c.seq == seq)
    async with context.database.write() as connection:
        await connection.execute(update(events).where(of_it).values(body={"attachments": [{}]}))


async def test_an_answer_that_was_never_written_is_told_to_the_team(
    context: Context, clock: SettableClock, talk: Talk
) -> None:
    """Agents must know that it did not go out, whatever stood in the way."""
    seq = await talk.says("Hello.")
    clock.shift(hours=73)
    await tidy(context)
    (mark,) = await talk.marks()
    assert (mark["body"]["target"], mark["body"]["status"]) == (seq, None)
    assert mailing.GAVE_UP in mark["text"]


@pytest.mark.parametrize(
    ("visitors", "teams", "subject"),
    [
        ("fr-FR", "de", "Re: Ihre Nachricht"),
        (None, "de-CH", "Re: Ihre Nachricht"),
        ("en-GB", "de", "Re: your message"),
        ("fr-FR", "nl", "Re: your message"),
    ],
)
async def test_who_speaks_none_of_our_languages_is_answered_in_the_teams(
    context: Context,
    clock: SettableClock,
    mailer: Mailer,
    mailbox: Mailbox,
    visitors: str | None,
    teams: str,
    subject: str,
) -> None:
    """English only where neither is spoken here."""
    context.settings = Settings(messages=Messages(language=teams))
    talk = await Talk(context, mailbox).begin(**({"locale": visitors} if visitors else {}))
    await talk.says("Hello.")
    clock.shift(minutes=2)
    await run(mailer)
    (mail,) = talk.mails()
    assert mail.message["Subject"] == subject
