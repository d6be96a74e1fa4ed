"""The outbox of outside channels: in order, never lost, doubled only where the channel's answer was ambiguous."""

import asyncio
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import RowMapping

from livechat_plugin.delivery.outbox import OutboxRunner
from livechat_plugin.delivery.rasa import Rasa
from livechat_plugin.errors import Invalid, NotFound
from livechat_plugin.ids import ConversationId
from livechat_plugin.storage import outbox
from livechat_plugin.usecases import deliver
from livechat_plugin.usecases.claim import claim
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.receipts import note_receipt
from livechat_plugin.usecases.send import send
from livechat_plugin.wire.bridge import Receipt

from .connector_server import ConnectorServer
from .world import SettableClock, log_of, new_agent, new_conversation, outbox_of, state

CHANNEL = "telegram"


async def replies(context: Context, count: int, channel: str = CHANNEL) -> ConversationId:
    """A claimed conversation on an outside channel, in which an agent has written so often."""
    conversation = await new_conversation(context, channel=channel)
    agent = await new_agent(context)
    claimed = await claim(context, agent, conversation)
    for number in range(count):
        await send(context, agent, conversation, f"m{number}", claimed.epoch, f"reply {number}")
    return conversation


async def due(context: Context) -> list[RowMapping]:
    return list(await deliver.take_due(context, 16))


async def states(context: Context, conversation: ConversationId) -> list[str]:
    """The delivery states of the agent's messages, in order."""
    return [row["state"] for row in await outbox_of(context, conversation)]


async def test_only_the_head_of_the_line_is_taken(context: Context) -> None:
    """Three replies: one is sent at a time, the next only when the one before is done."""
    await replies(context, 3)
    for number in range(3):
        (row,) = await due(context)
        assert row["text"] == f"reply {number}"
        assert await due(context) == []
        await deliver.note_sent(context, row, [f"x{number}"], 1)


async def test_many_dispatchers_take_a_message_once(context: Context) -> None:
    """Ten looks at the same moment take each of five conversations' heads once."""
    for _ in range(5):
        await replies(context, 2)
    taken = await asyncio.gather(*(due(context) for _ in range(10)))
    assert sorted(row["text"] for rows in taken for row in rows) == ["reply 0"] * 5


async def test_web_needs_no_outbox(context: Context) -> None:
    """On the web the pushed event is the delivery."""
    conversation = await new_conversation(context)
    agent = await new_agent(context)
    claimed = await claim(context, agent, conversation)
    await send(context, agent, conversation, "m1", claimed.epoch, "hello")
    assert await due(context) == []


async def test_later_waits_as_long_as_the_channel_asked(context: Context, clock: SettableClock) -> None:
    """429 with retry_after: not before, and from the part where it stopped."""
    await replies(context, 1)
    (row,) = await due(context)
    await deliver.note_later(context, row, parts_done=1, retry_after=7)
    clock.shift(seconds=6.9)
    assert await due(context) == []
    clock.shift(seconds=0.2)
    (again,) = await due(context)
    assert (again["parts_done"], again["attempt"]) == (1, 2)


async def test_a_day_of_refusals_is_a_failure_and_the_next_goes_on(context: Context, clock: SettableClock) -> None:
    """After 24 h the message is failed, the team sees an event, and what is behind it is not held back."""
    conversation = await replies(context, 2)
    (row,) = await due(context)
    clock.shift(hours=25)
    await deliver.note_later(context, row, parts_done=0)
    assert await states(context, conversation) == ["failed", "pending"]
    event = (await log_of(context, conversation))[-1]
    assert (event["kind"], event["audience"], event["body"]["status"]) == ("delivery", "team", "failed")
    (row,) = await due(context)
    assert row["text"] == "reply 1"


async def test_unknown_holds_the_line_until_it_is_settled(context: Context, clock: SettableClock) -> None:
    """No answer: nothing overtakes, the connector is asked again when the lock lapses, and the team can see it."""
    conversation = await replies(context, 2)
    (row,) = await due(context)
    await deliver.note_unknown(context, row, 0)
    assert await due(context) == []
    clock.shift(seconds=6)
    (again,) = await due(context)
    assert again["seq"] == row["seq"]
    await deliver.note_sent(context, again, ["x"], 1)
    assert await states(context, conversation) == ["sent", "pending"]


async def test_answer_of_a_lapsed_try_changes_nothing(context: Context, clock: SettableClock) -> None:
    """A worker that woke up late can't settle a message that another has taken since."""
    conversation = await replies(context, 1)
    (first,) = await due(context)
    clock.shift(seconds=31)
    (second,) = await due(context)
    await deliver.note_failed(context, first, "too late", 0)
    assert await states(context, conversation) == ["sending"]
    await deliver.note_sent(context, second, ["x"], 1)
    assert await states(context, conversation) == ["sent"]


async def test_receipts_only_rise(context: Context, clock: SettableClock) -> None:
    """Receipts come in any order: sent, delivered, read; never back, and never failed after delivered."""
    conversation = await replies(context, 1)
    (row,) = await due(context)
    await deliver.note_sent(context, row, ["x"], 1)

    async def receipt(status: Any) -> str:
        message = f"{conversation}:{row['seq']}"
        await note_receipt(context, Receipt(channel=CHANNEL, account="shop", message_id=message, status=status, at=""))
        async with context.database.read() as connection:
            found = await outbox.hold(connection, conversation, row["seq"])
        assert found is not None
        return str(found["status"])

    assert [await receipt(s) for s in ("delivered", "sent", "read", "delivered", "failed")] == [
        "delivered",
        "delivered",
        "read",
        "read",
        "read",
    ]
    marks = await state(context, conversation)
    assert (marks["delivered_upto"], marks["read_upto"]) == (row["seq"], row["seq"])


@pytest.mark.parametrize(("message", "error"), [("nonsense", Invalid), ("nothing:5", NotFound)])
async def test_receipt_for_no_message_of_ours_is_refused(context: Context, message: str, error: type) -> None:
    """What names no message of ours is a mistake worth saying."""
    with pytest.raises(error):
        await note_receipt(context, Receipt(channel=CHANNEL, account="shop", message_id=message, status="read", at=""))


class Provider(ConnectorServer):
    """A connector's `/deliver` that keeps a ledger."""

    route = "deliver"

    def __init__(self, *plan: int) -> None:
        super().__init__(*plan)
        self.ledger: list[str] = []
        self.calls: list[dict[str, Any]] = []
        self.pause: dict[str, Any] = {"retry_after": 0.01}
        self.left_out: dict[str, Any] = {}
        self.why = ""

    async def answer(self, request: web.Request, status: int) -> web.Response:
        self.calls.append(await request.json())
        if status == 202:
            going = {"external_ids": ["part 0"], "parts_done": 1, "complete": False, **self.left_out}
            return web.json_response(going, status=202)
        if status == 422:
            return web.json_response({"code": "blocked", "message": "The customer blocked the bot."}, status=422)
        if status == 429:
            return web.json_response({**self.pause, "parts_done": 0, **self.left_out}, status=429)
        if status == 200:
            self.ledger.append((await request.json())["text"])
            return web.json_response({"external_ids": ["x"], "parts_done": 1, "complete": True})
        return web.json_response({"message": self.why} if self.why else {}, status=status)


async def test_faulty_channel_gets_everything_once_in_order(context: Context, clock: SettableClock) -> None:
    """503, 429 and 500 in between: every reply arrives once, in order; a refused one fails and holds nothing back."""
    conversation = await replies(context, 6)
    async with Provider(503, 200, 429, 500, 200, 422) as provider:
        rasa = Rasa(f"http://127.0.0.1:{provider.port}", "token")
        runner = OutboxRunner(context, rasa)
        async with asyncio.timeout(20):
            while "pending" in (now := await states(context, conversation)) or "sending" in now:
                await runner.run_once()
                clock.shift(seconds=60)
        await rasa.close()
    assert provider.ledger == ["reply 0", "reply 1", "reply 3", "reply 4", "reply 5"]
    assert (await states(context, conversation)).count("failed") == 1


@pytest.mark.parametrize(("whole_account", "sent"), [(True, []), (False, ["reply 0"])])
async def test_quiet_holds_for_whom_the_channel_named(context: Context, whole_account: bool, sent: list[str]) -> None:
    """A pause of the account holds back everybody, one of a customer nobody else."""
    async with Provider(429) as provider:
        provider.pause = {"retry_after": 600, "whole_account": whole_account}
        rasa = Rasa(f"http://127.0.0.1:{provider.port}", "token")
        runner = OutboxRunner(context, rasa)
        await replies(context, 1)
        await runner.run_once()
        await replies(context, 1)
        await runner.run_once()
        await rasa.close()
    assert provider.ledger == sent


async def test_a_file_that_is_left_out_holds_back_nothing_and_is_told(context: Context, clock: SettableClock) -> None:
    """The words went, perhaps only with the next try: the message is sent, and the team reads what went missing."""
    conversation = await replies(context, 1)
    async with Provider(429) as provider:
        provider.left_out = {"left_out": ["WhatsApp does not take GIF pictures."]}
        rasa = Rasa(f"http://127.0.0.1:{provider.port}", "token")
        runner = OutboxRunner(context, rasa)
        await runner.run_once()
        told = [event for event in await log_of(context, conversation) if event["kind"] == "delivery"]
        assert [(event["audience"], event["body"]["status"]) for event in told] == [("team", None)]
        assert told[0]["text"] == "WhatsApp does not take GIF pictures. The message goes without it."
        clock.shift(seconds=60)
        runner = OutboxRunner(context, rasa)
        await runner.run_once()
        await rasa.close()
    assert await states(context, conversation) == ["sent"]
    assert len([event for event in await log_of(context, conversation) if event["kind"] == "delivery"]) == 1


REVOKED = "Telegram does not know this bot's token (Unauthorized). An admin must renew it."


async def test_why_a_message_waits_is_told_once_and_with_its_end(context: Context, clock: SettableClock) -> None:
    """A revoked token: not for a short hiccup; then the team reads the reason, also when the day is over."""
    conversation = await replies(context, 1)

    async def told() -> list[tuple[str, str]]:
        events = [event for event in await log_of(context, conversation) if event["kind"] == "delivery"]
        assert all(event["audience"] == "team" for event in events)
        return [(event["body"]["status"], event["text"]) for event in events]

    async with Provider(503, 503, 503, 503) as provider:
        provider.why = REVOKED
        rasa = Rasa(f"http://127.0.0.1:{provider.port}", "token")
        runner = OutboxRunner(context, rasa)
        await runner.run_once()
        assert await told() == []
        assert [row["error"] for row in await outbox_of(context, conversation)] == [REVOKED]
        for _ in range(2):
            clock.shift(seconds=60)
            await runner.run_once()
            assert await told() == [("queued", REVOKED)]
        clock.shift(hours=25)
        await runner.run_once()
        await rasa.close()
    assert (await told())[1:] == [("failed", f"{deliver.WHOLE_DAY} {REVOKED}")]


async def test_a_long_pause_is_explained_at_once_and_forgotten_when_it_is_over(
    context: Context, clock: SettableClock
) -> None:
    """WhatsApp wants five minutes of quiet: nobody wonders until then."""
    conversation = await replies(context, 1)
    (row,) = await due(context)
    await deliver.note_later(context, row, parts_done=0, retry_after=300, reason="WhatsApp takes no more messages.")
    (event,) = [event for event in await log_of(context, conversation) if event["kind"] == "delivery"]
    assert (event["body"]["status"], event["text"]) == ("queued", "WhatsApp takes no more messages.")
    clock.shift(seconds=301)
    (row,) = await due(context)
    await deliver.note_sent(context, row, ["x"], 1)
    assert [row["error"] for row in await outbox_of(context, conversation)] == [None]


async def test_message_that_the_channel_took_before_its_window_closed_has_not_failed(
    context: Context, clock: SettableClock
) -> None:
    """In the window's last minute no answer came; the status that tells of it is read when the window is closed."""
    conversation = await replies(context, 1, "whatsapp")
    (row,) = await due(context)
    await deliver.note_unknown(context, row, 0)
    message = f"{conversation}:{row['seq']}"
    await note_receipt(
        context, Receipt(channel="whatsapp", account="shop", message_id=message, part=0, status="sent", at="")
    )
    clock.shift(hours=24)
    async with Provider() as provider:
        rasa = Rasa(f"http://127.0.0.1:{provider.port}", "token")
        await OutboxRunner(context, rasa).run_once()
        await rasa.close()
    assert [call["from_part"] for call in provider.calls] == [1]
    assert await states(context, conversation) == ["sent"]


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """A send that is still going is asked for again at once."""
    monkeypatch.setattr("livechat_plugin.delivery.outbox.GOING_PAUSE_SECONDS", 0)


@pytest.mark.usefixtures("no_pause")
async def test_a_send_that_takes_minutes_is_no_doubt_and_no_failure(context: Context) -> None:
    """Asked for again however often: no attempt, no doubt, and what was left out is told once; nothing overtakes it."""
    conversation = await replies(context, 2)
    async with Provider(*[202] * (deliver.DOUBTS_MAX + 1)) as provider:
        rasa = Rasa(f"http://127.0.0.1:{provider.port}", "token")
        await OutboxRunner(context, rasa).run_once()
        await rasa.close()
    assert [call["from_part"] for call in provider.calls] == [0] + [1] * (deliver.DOUBTS_MAX + 1)
    assert provider.ledger == ["reply 0"]
    first, second = await outbox_of(context, conversation)
    assert (first["state"], first["attempt"], first["doubts"]) == ("sent", 1, 0)
    assert first["external_ids"] == ["part 0", "x"]
    assert second["state"] == "pending"
    assert not [event for event in await log_of(context, conversation) if event["kind"] == "delivery"]


async def test_a_send_that_was_going_when_rasa_ended_is_a_doubt(context: Context, clock: SettableClock) -> None:
    """Its next part may have arrived: it is sent again, as a message of which that is known."""
    conversation = await replies(context, 1)
    async with Provider(*[202] * 100) as provider:
        rasa = Rasa(f"http://127.0.0.1:{provider.port}", "token")
        sending = asyncio.create_task(OutboxRunner(context, rasa).run_once())
        while not provider.calls:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await sending
    await rasa.close()
    (row,) = await outbox_of(context, conversation)
    assert (row["state"], row["parts_done"]) == ("unknown", 1)


async def test_a_send_that_is_going_stays_ours_and_cant_be_given_up(context: Context, clock: SettableClock) -> None:
    """The lock is renewed; no other worker takes it, nor what is behind it."""
    conversation = await replies(context, 2)
    (row,) = await due(context)
    clock.shift(seconds=29)
    going = await deliver.note_going(context, row, ["a"], 1)
    assert going is not None
    clock.shift(seconds=29)
    assert await due(context) == []
    assert await states(context, conversation) == ["sending", "pending"]
    await deliver.note_sent(context, going, ["b"], 2)
    assert (await outbox_of(context, conversation))[0]["external_ids"] == ["a", "b"]


async def test_a_send_that_never_ends_is_given_up_after_a_day(context: Context, clock: SettableClock) -> None:
    """As everything that the channel does not take; its late answer changes nothing."""
    conversation = await replies(context, 2)
    (row,) = await due(context)
    clock.shift(hours=25)
    assert await deliver.note_going(context, row, [], 0) is None
    assert await deliver.note_going(context, row, [], 0) is None
    assert await states(context, conversation) == ["failed", "pending"]


async def test_who_no_longer_has_a_message_says_nothing_of_it(context: Context, clock: SettableClock) -> None:
    """Another try has it; that one will hear it, too."""
    conversation = await replies(context, 1)
    (late,) = await due(context)
    clock.shift(seconds=31)
    await due(context)
    await deliver.note_left_out(context, late, ["No GIF pictures."])
    assert not [event for event in await log_of(context, conversation) if event["kind"] == "delivery"]
