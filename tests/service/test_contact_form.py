"""The contact form: kept whole, thanked for once, in Pending while the bot goes on, and never lost beside a person."""

import asyncio
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from livechat_plugin import render
from livechat_plugin.ids import ConversationId
from livechat_plugin.links import Links
from livechat_plugin.settings.hours import BusinessHours
from livechat_plugin.settings.schema import LiveChat, Settings
from livechat_plugin.storage import events as stored
from livechat_plugin.storage.tables import customers
from livechat_plugin.usecases import button
from livechat_plugin.usecases.claim import claim
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.leave_details import takes_form
from livechat_plugin.usecases.open_handover import Answer
from livechat_plugin.usecases.receive import Said, receive
from livechat_plugin.wire.bridge import HandoverContact
from livechat_plugin.wire.common import EmailAddress, PersonName, PhoneNumber, Text
from livechat_plugin.wire.widget import ButtonKey, ContactForm

from .world import SettableClock, ask, audited, handovers_of, log_of, new_agent, new_conversation, says, state

DETAILS: dict[str, dict[str, list[str]]] = json.loads(
    (Path(__file__).parents[1] / "contract" / "forms" / "contact_details.json").read_text()
)
TYPES: dict[str, Any] = {"name": PersonName, "email": EmailAddress, "phone": PhoneNumber, "message": Text}
ANA = {"name": "Ana", "email": "ana@example.org", "phone": None, "message": "Please call me."}
NINE_TO_TWELVE = Settings(
    business_hours=BusinessHours(enabled=True, timezone="UTC", start="09:00", end="12:00"),
)
"""The clock of these tests stands at noon: just closed."""


async def leave(context: Context, conversation: ConversationId, key: str = "", **options: Any) -> Answer:
    options.setdefault("contact", ANA)
    return await ask(context, conversation, key, trigger="contact_form", **options)


async def said_by_system(context: Context, conversation: ConversationId) -> list[str]:
    log = await log_of(context, conversation)
    return [event["text"] for event in log if event["kind"] == "message" and event["actor_kind"] == "system"]


async def forms(context: Context, conversation: ConversationId) -> list[Any]:
    """The forms in the log, as they are kept."""
    async with context.database.read() as connection:
        log = await stored.after(connection, conversation, 0)
    return [event for event in log if "contact" in ((event["body"] or {}).get("data") or {})]


async def customer(context: Context, conversation: ConversationId) -> Any:
    row = await state(context, conversation)
    async with context.database.read() as connection:
        found = await connection.execute(customers.select().where(customers.c.id == row["customer_id"]))
        return found.mappings().one()


@pytest.mark.parametrize("field", list(DETAILS))
def test_what_a_form_takes(field: str) -> None:
    """The examples that the bot's form is held to as well."""
    for good in DETAILS[field]["good"]:
        assert msgspec.convert(good, TYPES[field]) == good
    for bad in DETAILS[field]["bad"]:
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(bad, TYPES[field])


def test_both_forms_are_under_the_same_checks() -> None:
    """A field of one is of the type of the other's."""
    widget = {field.name: field.type for field in msgspec.structs.fields(ContactForm)}
    bot = {field.name: field.type for field in msgspec.structs.fields(HandoverContact)}
    assert {name: widget[name] for name in bot} == bot


async def test_form_waits_while_the_bot_keeps_the_floor(context: Context) -> None:
    """Pending with its details and its own text; no handover message, no new epoch, the bot goes on."""
    conversation = await new_conversation(context)
    answer = await leave(context, conversation)
    row = await state(context, conversation)
    assert (answer.status, row["holder_kind"], row["epoch"]) == ("pending", "bot", 0)
    assert await said_by_system(context, conversation) == [context.settings.messages.form_received]
    (form,) = await forms(context, conversation)
    assert (form["text"], form["actor_kind"], form["audience"]) == ("Please call me.", "customer", "all")
    shown = render.event(form, 0, "team", Links(key=b"k" * 32))  # type: ignore[arg-type]
    assert shown.data == {"contact": {"name": "Ana", "email": "ana@example.org", "phone": None}}
    assert render.event(form, 0, "customer", Links(key=b"k" * 32)).data is None  # type: ignore[arg-type]
    assert row["last_customer_seq"] == form["seq"]
    assert (await customer(context, conversation))["email"] == "ana@example.org"
    assert (await says(context, row["external_user"])).answer == "bot"


async def test_what_was_told_to_the_bot_is_for_the_team_alone(context: Context) -> None:
    """The customer has typed it into the chat and need not see it twice; the form is whole for the agent."""
    conversation = await new_conversation(context, channel="telegram")
    await leave(context, conversation, told_bot=True)
    (form,) = await forms(context, conversation)
    assert (form["audience"], form["text"]) == ("team", "Please call me.")


async def test_repeated_form_is_one_form(context: Context) -> None:
    """Twenty times under one key: one handover, one message, one thank-you; also for a second form."""
    conversation = await new_conversation(context)
    for key in ("first", "second"):
        answers = await asyncio.gather(*(leave(context, conversation, key) for _ in range(20)))
        assert {answer.status for answer in answers} <= {"pending", "already_open"}
        assert len({answer.handover_id for answer in answers}) == 1
    assert len(await handovers_of(context, conversation)) == 1
    assert [form["key"] for form in await forms(context, conversation)] == ["form:first", "form:second"]
    assert await said_by_system(context, conversation) == [context.settings.messages.form_received] * 2


async def test_second_form_adds_to_the_one_that_waits(context: Context) -> None:
    """Both messages are kept, the newer details are in force, each form is thanked for, nothing new is opened."""
    conversation = await new_conversation(context)
    first = await leave(context, conversation)
    second = await leave(
        context, conversation, contact={"name": "Ana", "phone": "+49 40 123456", "message": "Or ring me."}
    )
    assert (second.status, second.handover_id) == ("pending", first.handover_id)
    assert [form["text"] for form in await forms(context, conversation)] == ["Please call me.", "Or ring me."]
    known = await customer(context, conversation)
    assert (known["email"], known["phone"]) == ("ana@example.org", "+49 40 123456")
    assert (await audited(context, conversation)).count("handover.opened") == 1


async def test_form_beside_a_person_is_a_line_of_the_customer(context: Context) -> None:
    """In the queue and with an agent: kept, with the details, and nobody is told to expect an answer later."""
    conversation = await new_conversation(context)
    await ask(context, conversation)
    before = await said_by_system(context, conversation)
    assert (await leave(context, conversation)).status == "already_open"
    await claim(context, await new_agent(context), conversation)
    assert (await leave(context, conversation)).status == "already_open"
    assert len(await forms(context, conversation)) == 2
    assert await said_by_system(context, conversation) == before
    row = await state(context, conversation)
    assert (row["holder_kind"], row["last_customer_seq"]) == ("agent", row["last_seq"])


@pytest.mark.parametrize(("plan", "enabled", "reason"), [("free", True, "plan"), ("pro", False, "off")])
async def test_with_live_chat_off_no_form_opens_anything(
    context: Context, plan: str, enabled: bool, reason: str
) -> None:
    """But one that waits already takes what is added to it."""
    waiting, new = await new_conversation(context), await new_conversation(context)
    await leave(context, waiting)
    context.settings = Settings(plan=plan, live_chat=LiveChat(enabled=enabled))  # type: ignore[arg-type]
    assert (await leave(context, waiting)).status == "pending"
    refused = await leave(context, new)
    assert (refused.status, refused.reason) == ("disabled", reason)
    assert await forms(context, new) == []
    assert [await takes_form(context, one) for one in (waiting, new, None)] == [True, False, False]


@pytest.mark.parametrize("settings", [Settings(), NINE_TO_TWELVE], ids=["open", "out of hours"])
async def test_whoever_asks_is_told_that_forms_are_taken(context: Context, settings: Settings) -> None:
    """Open, or closed until some opening: also of somebody who has not written yet."""
    context.settings = settings
    assert await takes_form(context, await new_conversation(context))
    assert await takes_form(context, None)


async def test_live_request_after_a_form_takes_the_form_along(context: Context) -> None:
    """Somebody who left a form and then asks for a person has one handover, not a forgotten one beside it."""
    conversation = await new_conversation(context)
    await leave(context, conversation)
    await ask(context, conversation, trigger="words")
    (handover,) = await handovers_of(context, conversation)
    assert (handover["status"], handover["trigger"]) == ("pending", "words")
    assert (await state(context, conversation))["holder_kind"] == "queue"


@pytest.mark.parametrize("channel", ["web", "telegram", "whatsapp"])
async def test_the_words_that_it_is_closed_offer_the_form(context: Context, channel: str) -> None:
    """Under the message itself, on every channel, with the team's title; pressed it is a turn of the bot."""
    context.settings = NINE_TO_TWELVE
    conversation = await new_conversation(context, channel=channel)
    row = await state(context, conversation)
    assert (await ask(context, conversation, trigger="words")).status == "out_of_hours"
    offer = (await log_of(context, conversation))[-1]
    for for_channel in (True, False):
        (shown,) = render.buttons(offer["seq"], offer["body"], for_channel=for_channel)
        assert (shown.key, shown.title) == (f"b:{offer['seq']}:form", context.settings.messages.leave_details)
    msgspec.convert(shown.key, ButtonKey)
    received = await receive(
        context,
        Said(channel=channel, account="shop", external_user=row["external_user"], external_id="p1", button=shown.key),
    )
    pressed = (await log_of(context, conversation))[-1]
    assert (received.answer, received.asks_human) == ("bot", False)
    assert (pressed["text"], pressed["body"]["payload"]) == (shown.title, "/leave_details")


async def test_offer_pressed_while_a_person_is_there_is_just_said(context: Context, clock: SettableClock) -> None:
    """An old button does no harm: the agent reads its title, and the bot gets no turn."""
    context.settings = NINE_TO_TWELVE
    conversation = await new_conversation(context, channel="telegram")
    row = await state(context, conversation)
    await ask(context, conversation, trigger="words")
    offer = (await log_of(context, conversation))[-1]
    clock.shift(hours=21)  # nine the next morning
    await ask(context, conversation, trigger="words")
    received = await receive(
        context,
        Said(
            channel="telegram",
            account="shop",
            external_user=row["external_user"],
            external_id="late",
            button=f"b:{offer['seq']}:form",
        ),
    )
    assert received.answer == "human"


async def test_the_form_stands_where_the_button_stood(context: Context, clock: SettableClock) -> None:
    """While closed for now; not while open, not beside a person; for good only if something of theirs waits."""
    conversation = await new_conversation(context)
    other = await new_conversation(context)

    async def offered(one: ConversationId) -> bool:
        return button.may_leave_details(context, await state(context, one))

    assert not await offered(conversation)
    context.settings = NINE_TO_TWELVE
    assert await offered(conversation)
    await leave(context, conversation)
    context.settings = Settings(plan="free")
    assert await offered(conversation)
    assert not await offered(other)
    await claim(context, await new_agent(context), conversation)
    assert not await offered(conversation)
