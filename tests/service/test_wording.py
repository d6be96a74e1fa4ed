"""What a customer reads: their language, and the next opening by the team's clock and their own."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event, update

from livechat_plugin.ids import ConversationId
from livechat_plugin.settings import check_document
from livechat_plugin.storage import conversations
from livechat_plugin.storage.tables import customers
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.moments import in_words
from livechat_plugin.usecases.presence import sweep
from livechat_plugin.usecases.visitor import begin
from livechat_plugin.usecases.wording import IN_THE_WIDGET, Reader, opening_for, readers_of, word

from .world import SettableClock, ask, log_of, new_conversation

OPENING = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
CLOSED = {"enabled": True, "timezone": "Europe/Berlin", "weekly": {"tue": ["09:00-17:00"]}}
TEXTS = {
    "language": "en",
    "greeting": "Hello!",
    "talk_to_human": "Ask us",
    "out_of_hours": "We are away. Back {next_opening}.",
    "translations": {
        "de": {
            "greeting": "Hallo!",
            "out_of_hours": "Wir sind nicht da. Zurück: {next_opening}.",
            "handover": "Gleich.",
        }
    },
}

MOMENTS = [
    ("en", None, "America/New_York", "Tuesday, 24 November, 09:00 (Berlin), 03:00 (New York)"),
    ("en", None, None, "Tuesday, 24 November, 09:00 (Berlin)"),
    ("en", None, "Mars/Olympus", "Tuesday, 24 November, 09:00 (Berlin)"),
    ("en", "de-DE", "Europe/Vienna", "Tuesday, 24 November, 09:00 (Berlin)"),
    ("en", "en-US", None, "Tuesday, November 24, 9:00\N{NARROW NO-BREAK SPACE}AM (Berlin)"),
    ("en", None, "Pacific/Honolulu", "Tuesday, 24 November, 09:00 (Berlin), Monday, 23 November, 22:00 (Honolulu)"),
    ("de", "de-AT", "Asia/Kathmandu", "Dienstag, 24. November, 09:00 (Berlin), 13:45 (Kathmandu)"),
    ("fr", "nonsense-locale-???", None, "mardi 24 novembre, 09:00 (Berlin)"),
    ("ja", None, None, "11月24日火曜日, 9:00 (ベルリン)"),
]


@pytest.mark.parametrize(("language", "locale", "zone", "said"), MOMENTS)
def test_opening_by_both_clocks(language: str, locale: str | None, zone: str | None, said: str) -> None:
    """In the text's language; the customer's own clock where it is known and differs, their day where that differs."""
    assert in_words(OPENING, "Europe/Berlin", language, locale, zone) == said


@pytest.mark.parametrize(
    ("reader", "opening", "said"),
    [
        (Reader(), OPENING, "We are away. Back Tuesday, 24 November, 09:00 (Berlin)."),
        (Reader("de-AT"), OPENING, "Wir sind nicht da. Zurück: Dienstag, 24. November, 09:00 (Berlin)."),
        (Reader("de"), None, "Wir sind nicht da."),
        (Reader("fr"), None, "We are away."),
    ],
)
def test_text_for_one_customer(reader: Reader, opening: datetime | None, said: str) -> None:
    """The translation if there is one, else the team's; a sentence without its value is left out."""
    settings = check_document({"messages": TEXTS, "business_hours": CLOSED})
    assert word(settings, "out_of_hours", reader, opening) == said


async def describe(context: Context, conversation: ConversationId, **known: str) -> None:
    async with context.database.write() as connection:
        row = await conversations.find(connection, conversation)
        assert row is not None
        await connection.execute(update(customers).where(customers.c.id == row["customer_id"]).values(**known))


@pytest.mark.parametrize("channel", ["web", "telegram"])
async def test_closed_in_the_customers_language_on_every_channel(
    context: Context, clock: SettableClock, channel: str
) -> None:
    """The message, with the opening by both clocks, and the button under it."""
    context.settings = check_document({"messages": TEXTS, "business_hours": CLOSED})
    clock.at = int(datetime(2026, 11, 23, 20, 0, tzinfo=UTC).timestamp() * 1000)
    conversation = await new_conversation(context, channel=channel)
    await describe(context, conversation, locale="de", timezone="America/New_York")
    await ask(context, conversation)
    said = (await log_of(context, conversation))[-1]
    assert said["text"] == "Wir sind nicht da. Zurück: Dienstag, 24. November, 09:00 (Berlin), 03:00 (New York)."
    assert said["body"]["form"] == "Leave a message"


async def test_live_handover_and_greeting_in_the_customers_language(context: Context) -> None:
    """What the browser tells is enough."""
    context.settings = check_document({"messages": TEXTS})
    _, conversation = await begin(context, locale="de-CH", timezone="Europe/Zurich")
    await ask(context, conversation)
    assert [line["text"] for line in await log_of(context, conversation) if line["text"]] == ["Hallo!", "Gleich."]


async def test_unknown_zone_is_not_written_down(context: Context) -> None:
    """A browser may say what it likes."""
    for said, kept in (("Mars/Olympus", None), ("Asia/Tokyo", "Asia/Tokyo")):
        _, conversation = await begin(context, locale="de", timezone=said)
        context.settings = check_document({"messages": TEXTS})
        readers = await readers_of(context, [conversation], *IN_THE_WIDGET)
        assert readers == {conversation: Reader("de", kept)}


async def test_bot_is_told_the_opening_in_words(context: Context, clock: SettableClock) -> None:
    """For this customer; for nobody in particular by the team's clock; nothing while live chat is open."""
    conversation = await new_conversation(context)
    await describe(context, conversation, timezone="America/New_York")
    assert await opening_for(context, conversation) is None
    context.settings = check_document({"business_hours": CLOSED})
    clock.at = int(datetime(2026, 11, 23, 20, 0, tzinfo=UTC).timestamp() * 1000)
    said = "Tuesday, 24 November, 09:00 (Berlin)"
    assert await opening_for(context, conversation) == f"{said}, 03:00 (New York)"
    assert await opening_for(context, None) == await opening_for(context, "nobody's") == said


@pytest.mark.parametrize(
    ("texts", "asks"),
    [({}, False), ({"translations": {"de": {"handover": "Gleich."}}}, True)],
    ids=["plain", "translated"],
)
async def test_one_language_costs_no_statement(context: Context, texts: dict[str, Any], asks: bool) -> None:
    """Who the customer is, is looked up only if a text depends on it."""
    context.settings = check_document({"messages": texts})
    conversation = await new_conversation(context)
    statements: list[str] = []
    engine = context.database._writer.sync_engine

    @event.listens_for(engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    await ask(context, conversation)
    await sweep(context)
    assert any("FROM customers" in statement for statement in statements) is asks
