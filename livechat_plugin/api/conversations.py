"""`/api/v1/conversations/{id}`: an agent looks at a conversation, takes it, writes, and gives it back."""

import asyncio
from typing import Annotated

import msgspec

from .. import render
from ..clock import iso_or_none
from ..ids import AgentId, ConversationId
from ..usecases import claim, redeliver, resolve, send, visitor
from ..usecases.read_conversation import find, read_conversation
from ..usecases.read_log import Reader, read_log
from ..wire.card import Card
from ..wire.common import Accepted, Events, Stored
from ..wire.dashboard import (
    AddNote,
    Claim,
    Claimed,
    Conversation,
    MarkRead,
    NewEpoch,
    Redeliver,
    Release,
    Reopen,
    Resolve,
    SendMessage,
    Transfer,
)
from .call import Call
from .lists import Limit, Wait
from .routing import Answer, Routes

routes = Routes("/api/v1/conversations/<conversation_id:str>", "agent")


class RangeQuery(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    after: Annotated[int, msgspec.Meta(ge=0)] = 0
    limit: Limit = 200
    wait: Wait = 0


def _id(call: Call) -> ConversationId:
    return ConversationId(call.params["conversation_id"])


@routes("GET", "", Conversation, action="see_conversations")
async def show(call: Call) -> Conversation:
    """The conversation's present state, with the handover card."""
    found = await read_conversation(call.services.context, _id(call))
    row, handover = found.row, found.handover
    card = handover["card"] if handover is not None else None
    return Conversation(
        id=row["id"],
        channel=row["channel"],
        account=row["account"],
        holder=render.holder(row, found.names),
        since=iso_or_none(row["held_since"]),
        epoch=row["epoch"],
        last_seq=row["last_seq"],
        customer=render.customer(found.line),
        handover=render.inbox_row(found.line) if handover is not None else None,
        card=msgspec.convert(card, Card) if card is not None else None,
        sent_upto=row["sent_upto"],
        delivered_upto=row["delivered_upto"],
        read_upto=row["read_upto"],
        team_read_upto=row["team_read_seq"],
        window_until=render.window_until(row),
        blocked=row["blocked_at"] is not None,
    )


@routes("GET", "/events", Events, action="see_conversations", query=RangeQuery)
async def events(call: Call) -> Events:
    """Events beyond `after`, oldest first; with `wait` the answer comes when there is one."""
    await find(call.services.context, _id(call))
    with call.services.desk.polling(AgentId(call.agent["id"])):
        return await wait_for_events(call, _id(call), "team")


async def wait_for_events(call: Call, conversation: ConversationId, reader: Reader) -> Events:
    """The range that the call asks for; waits for it to be more than nothing. Used by agents and visitors alike."""
    query: RangeQuery = call.query
    clock = asyncio.get_running_loop().time
    deadline = clock() + query.wait
    async with call.services.hub.listening(conversation) as happened:
        while True:
            happened.clear()
            found = await read_log(call.services.context, conversation, query.after, reader, query.limit)
            left = deadline - clock()
            if found.rows or left <= 0:
                break
            try:
                async with asyncio.timeout(left):
                    await happened.wait()
            except TimeoutError:
                break
    events = render.events(found.rows, found.prev, reader, call.services.context.links)
    return Events(events=events, last_seq=found.last_seq, reset=found.reset)


@routes("POST", "/claim", Claimed, action="claim", body=Claim)
async def take_over(call: Call) -> Claimed:
    """Take the conversation over; one agent gets it."""
    taken = await claim.claim(call.services.context, call.agent, _id(call))
    return Claimed(epoch=taken.epoch, last_seq=taken.last_seq)


@routes("POST", "/messages", Accepted, action="write", body=SendMessage, status=201)
async def write(call: Call) -> Answer:
    """Write to the customer."""
    body: SendMessage = call.body
    files = [one.id for one in body.attachments]
    seq, new = await send.send(
        call.services.context, call.agent, _id(call), body.client_msg_id, body.epoch, body.text, files
    )
    return Answer(Accepted(seq=seq), status=201 if new else 200)


@routes("POST", "/messages/<seq:int>/retry", Stored, action="write", body=Redeliver)
async def retry(call: Call) -> Stored:
    """Send a failed message again, as a new attempt."""
    await redeliver.retry(call.services.context, call.agent, _id(call), int(call.params["seq"]), call.body.epoch)
    return Stored()


@routes("POST", "/messages/<seq:int>/skip", Stored, action="write", body=Redeliver)
async def skip(call: Call) -> Stored:
    """Give a message up that does not get through; what waits behind it goes on."""
    await redeliver.skip(call.services.context, call.agent, _id(call), int(call.params["seq"]), call.body.epoch)
    return Stored()


@routes("POST", "/notes", Accepted, action="note", body=AddNote, status=201)
async def note(call: Call) -> Answer:
    """Write a private note; it never reaches the customer."""
    seq, new = await send.add_note(
        call.services.context, call.agent, _id(call), call.body.client_msg_id, call.body.text
    )
    return Answer(Accepted(seq=seq), status=201 if new else 200)


@routes("POST", "/read", Stored, action="see_conversations", body=MarkRead)
async def read(call: Call) -> Stored:
    """Mark as read what has been on the screen of the agent who holds the conversation."""
    row = await find(call.services.context, _id(call))
    if row["holder_id"] == call.agent["id"]:
        await visitor.note_team_read(call.services.context, _id(call), call.body.upto)
    return Stored()


@routes("POST", "/resolve", NewEpoch, action="resolve", body=Resolve)
async def end(call: Call) -> NewEpoch:
    """End the handover; the bot goes on with the customer's next message."""
    body: Resolve = call.body
    seen = None if body.force else body.seen
    epoch = await resolve.resolve(call.services.context, call.agent, _id(call), body.epoch, seen=seen, mode=body.mode)
    return NewEpoch(epoch=epoch)


@routes("POST", "/reopen", NewEpoch, action="resolve", body=Reopen)
async def undo(call: Call) -> NewEpoch:
    """Take Resolve back, as long as the bot has not answered."""
    return NewEpoch(epoch=await resolve.reopen(call.services.context, call.agent, _id(call), call.body.epoch))


@routes("POST", "/release", NewEpoch, action="give_away", body=Release)
async def release(call: Call) -> NewEpoch:
    """Put the conversation back into the queue."""
    body: Release = call.body
    return NewEpoch(epoch=await resolve.release(call.services.context, call.agent, _id(call), body.epoch, body.note))


@routes("POST", "/transfer", NewEpoch, action="give_away", body=Transfer)
async def transfer(call: Call) -> NewEpoch:
    """Give the conversation to a colleague."""
    body: Transfer = call.body
    return NewEpoch(
        epoch=await resolve.transfer(call.services.context, call.agent, _id(call), body.epoch, body.to, body.note)
    )
