"""The provider's word about our messages: sent, delivered, read or failed, in any order and more than once.

What must hold: a message never goes back; a failure counts until it was delivered. A message of several parts is
delivered when its last part is.
"""

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from ..errors import Invalid, NotFound
from ..ids import ConversationId
from ..storage import conversations, outbox
from ..wire.bridge import Receipt
from .context import Change, Context
from .deliver import settle_doubt
from .say import tell_team

RANK = {"queued": 0, "unknown": 0, "sent": 1, "delivered": 2, "read": 3}


async def note_receipt(context: Context, receipt: Receipt) -> None:
    """Raises `Invalid`, `NotFound`."""
    conversation_id, _, number = (receipt.message_id or "").rpartition(":")
    if not conversation_id or not number.isdigit():
        raise Invalid("This receipt names no message of ours.", {"message_id": "<conversation>:<seq>"})
    conversation, seq = ConversationId(conversation_id), int(number)
    async with context.database.write() as connection:
        row = await outbox.find(connection, conversation, seq)
        if row is None or (row["channel"], row["account"]) != (receipt.channel, receipt.account):
            raise NotFound("message")
        if receipt.status == "failed":
            changed = await _fail(connection, row, receipt, context.clock())
        else:
            changed = await _rise(connection, row, receipt)
    if changed:
        failed = receipt.status == "failed"
        context.announce(Change(conversation=conversation, seq=0, marks=True, inbox=failed, outbox=True))


async def _rise(connection: AsyncConnection, row: RowMapping, receipt: Receipt) -> bool:
    if receipt.part is not None:
        await settle_doubt(connection, row, receipt.part)
        if receipt.part + 1 < row["parts_done"]:
            return True  # an earlier part of several: the last one speaks for all
    if row["state"] != "sent" or RANK.get(receipt.status, -1) <= RANK.get(row["status"] or "queued", 0):
        return bool(row["state"] == "unknown")
    await outbox.mark(connection, row["conversation_id"], row["seq"], status=receipt.status)
    if receipt.status in ("delivered", "read"):
        upto = row["seq"]
        read = upto if receipt.status == "read" else 0
        await conversations.raise_marks(connection, ConversationId(row["conversation_id"]), upto, read)
    return True


async def _fail(connection: AsyncConnection, row: RowMapping, receipt: Receipt, at: int) -> bool:
    """What the provider had taken can't be delivered after all."""
    if row["status"] in ("delivered", "read", "failed", "skipped"):
        return False
    error = receipt.error or "The channel could not deliver the message."
    conversation = ConversationId(row["conversation_id"])
    values = {"status": "failed", "state": "failed", "error": error[:500], "parts_done": receipt.part or 0}
    await outbox.mark(connection, conversation, row["seq"], **values)
    await tell_team(connection, conversation, row["seq"], "failed", error[:500], at)
    return True
