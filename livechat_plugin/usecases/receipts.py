"""The provider's word about our messages: sent, delivered, read or failed, in any order and more than once.

What must hold: a message never goes back; a failure counts until it was delivered. A message of several parts is
delivered when its last part is; an earlier part that fails after that is told to the team. A file that is refused late
holds back no words beside it. Of a message that was sent again only words about the newest round count.
"""

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..errors import Invalid, NotFound
from ..ids import ConversationId
from ..storage import events, outbox
from ..wire.bridge import Receipt
from .button import HUMAN
from .context import Change, Context
from .deliver import RANK, WITHOUT, catch_up, settle_doubt
from .say import tell_team

NOT_ARRIVED = "A part of the message did not arrive."


async def note_receipt(context: Context, receipt: Receipt) -> None:
    """Raises `Invalid`, `NotFound`."""
    conversation_id, _, number = (receipt.message_id or "").rpartition(":")
    if not conversation_id or not number.isdigit():
        raise Invalid("This receipt names no message of ours.", {"message_id": "<conversation>:<seq>"})
    conversation, seq = ConversationId(conversation_id), int(number)
    async with context.database.write() as connection:
        row = await outbox.hold(connection, conversation, seq)
        if row is None or (row["channel"], row["account"]) != (receipt.channel, receipt.account):
            raise NotFound("message")
        if receipt.round != row["round"]:  # a repeat, or a late one: it would settle what is on its way anew
            return
        if receipt.status == "failed":
            changed = await _fail(connection, row, receipt, context.clock())
        else:
            changed = await _rise(connection, row, receipt)
    if changed:
        failed = receipt.status == "failed"
        context.announce(Change(conversation=conversation, seq=0, marks=True, inbox=failed, outbox=True))


async def _rise(connection: AsyncConnection, row: RowMapping, receipt: Receipt) -> bool:
    """Notes the provider's best word about the last part that it has told of; an earlier part says nothing more."""
    if row["state"] in ("failed", "skipped"):  # a late word about a try that is over; the next one has to be answered
        return False
    part = max(row["parts_done"] - 1, 0) if receipt.part is None else receipt.part
    newer = part > row["heard_part"] or RANK.get(receipt.status, 0) > RANK.get(row["heard"], 0)
    if part < row["heard_part"] or not newer:
        return False
    conversation = ConversationId(row["conversation_id"])
    heard = await outbox.mark(connection, conversation, row["seq"], heard_part=part, heard=receipt.status)
    assert heard is not None, "it was found in this transaction"
    await settle_doubt(connection, heard, part)
    await catch_up(connection, conversation, heard)
    return True


async def _fail(connection: AsyncConnection, row: RowMapping, receipt: Receipt, at: int) -> bool:
    """What the provider had taken can't be delivered after all."""
    if receipt.code == "file" and await _has_words(connection, row):
        return await _leave_out(connection, row, receipt, at)
    if row["status"] in ("delivered", "read"):
        earlier = receipt.part is not None and receipt.part < row["heard_part"]
        return earlier and await _tell_once(connection, row, receipt, at, "not arrived", NOT_ARRIVED)
    if row["status"] == "failed":
        return await _fail_earlier(connection, row, receipt)
    if row["status"] == "skipped":
        return False
    error = receipt.error or "The channel could not deliver the message."
    conversation = ConversationId(row["conversation_id"])
    values = {"status": "failed", "state": "failed", "error": error[:500], "parts_done": receipt.part or 0}
    values |= {"heard_part": -1, "heard": None}
    await outbox.mark(connection, conversation, row["seq"], **values)
    await tell_team(connection, conversation, row["seq"], "failed", error[:500], at)
    return True


async def _fail_earlier(connection: AsyncConnection, row: RowMapping, receipt: Receipt) -> bool:
    """The team knows that the message failed; who sends it again must begin with the first part that did."""
    if receipt.part is not None and receipt.part < row["parts_done"]:
        await outbox.mark(connection, row["conversation_id"], row["seq"], parts_done=receipt.part)
    return False


async def _has_words(connection: AsyncConnection, row: RowMapping) -> bool:
    """Whether something is left of the message without its files."""
    message = await events.find(connection, row["conversation_id"], row["seq"])
    return message is not None and bool(message["text"] or {"buttons", HUMAN} & set(message["body"] or ()))


async def _leave_out(connection: AsyncConnection, row: RowMapping, receipt: Receipt, at: int) -> bool:
    """The file's part is no longer in doubt, nor will be; and the message has arrived when all before it has."""
    told = await _tell_once(connection, row, receipt, at, "left out", WITHOUT)
    part = receipt.part or 0
    if told and row["state"] == "sending" and part > row["heard_part"]:
        await outbox.mark(connection, row["conversation_id"], row["seq"], heard_part=part, heard="sent")
    elif told and row["state"] == "sent" and 0 < part == row["parts_done"] - 1:
        rest = await outbox.mark(connection, row["conversation_id"], row["seq"], parts_done=part)
        assert rest is not None, "it is held by this transaction"
        await catch_up(connection, ConversationId(row["conversation_id"]), rest)
    elif told:
        await settle_doubt(connection, row, part)
    return told


async def _tell_once(
    connection: AsyncConnection, row: RowMapping, receipt: Receipt, at: int, what: str, so: str
) -> bool:
    """The team hears of the part, and `so` what that means, however often the provider says it."""
    conversation = ConversationId(row["conversation_id"])
    key = f"{what}:{row['seq']}:{row['round']}:{receipt.part or 0}"
    if await events.find_by_key(connection, conversation, key) is not None:
        return False
    why = f"{receipt.error or 'The channel did not take it.'} {so}"
    await tell_team(connection, conversation, row["seq"], None, why[:500], at, key=key)
    return True
