"""`/api/v1/handovers` and the list "With the bot": the team's tabs, and waiting for their next change without a
socket.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

import msgspec

from .. import render
from ..clock import iso
from ..ids import AgentId
from ..storage.inbox import Filter, Page
from ..usecases import read_inbox
from ..wire.common import HandoverStatus
from ..wire.dashboard import Inbox
from .call import Call
from .routing import Routes

routes = Routes("/api/v1", "agent")

Wait = Annotated[int, msgspec.Meta(ge=0, le=25)]
Limit = Annotated[int, msgspec.Meta(ge=1, le=200)]


class ListQuery(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`since` is the `version` of the answer that the caller holds; with `wait` the answer comes when it is another."""

    mine: bool = False
    q: Annotated[str, msgspec.Meta(max_length=100)] | None = None
    channel: str | None = None
    cursor: Annotated[str, msgspec.Meta(max_length=300)] | None = None
    limit: Limit = 50
    wait: Wait = 0
    since: Annotated[str, msgspec.Meta(max_length=64)] | None = None


class HandoverQuery(ListQuery, kw_only=True):
    status: HandoverStatus = "pending"


class BotQuery(ListQuery, kw_only=True):
    holder: Literal["bot"]


@routes("GET", "/handovers", Inbox, action="see_conversations", query=HandoverQuery)
async def handovers(call: Call) -> Inbox:
    """One tab: handovers of a status, with the counts of all three."""
    query: HandoverQuery = call.query
    wanted = _filter(query, AgentId(call.agent["id"]))
    return await _answer(call, lambda: read_inbox.list_handovers(call.services.context, query.status, wanted))


@routes("GET", "/conversations", Inbox, action="see_conversations", query=BotQuery)
async def with_bot(call: Call) -> Inbox:
    """The conversations that the bot is handling."""
    wanted = _filter(call.query, AgentId(call.agent["id"]))
    return await _answer(call, lambda: read_inbox.list_with_bot(call.services.context, wanted))


def _filter(query: ListQuery, agent: AgentId) -> Filter:
    return Filter(
        mine=agent if query.mine else None, channel=query.channel, q=query.q, cursor=query.cursor, limit=query.limit
    )


async def _answer(call: Call, read: Callable[[], Awaitable[tuple[Page, dict[str, int]]]]) -> Inbox:
    """Reads the list; with `wait`, again whenever it changes, until it differs from what the caller holds."""
    with call.services.desk.polling(AgentId(call.agent["id"])):
        inbox = await _wait_for_change(call, read)
    inbox.server_time = iso(call.services.context.clock())
    return inbox


async def _wait_for_change(call: Call, read: Callable[[], Awaitable[tuple[Page, dict[str, int]]]]) -> Inbox:
    query: ListQuery = call.query
    desk = call.services.desk
    deadline = asyncio.get_running_loop().time() + query.wait
    changed = desk.listen()
    try:
        while True:
            changed.clear()
            inbox = _inbox(*await read())
            left = deadline - asyncio.get_running_loop().time()
            if inbox.version != query.since or left <= 0:
                return inbox
            try:
                async with asyncio.timeout(left):
                    await changed.wait()
            except TimeoutError:
                return inbox
    finally:
        desk.forget(changed)


def _inbox(page: Page, numbers: dict[str, int]) -> Inbox:
    rows, counts = render.inbox_rows(page.rows), render.counts(numbers)
    inbox = Inbox(items=rows, counts=counts, next=page.next, version="", server_time="")
    inbox.version = hashlib.sha256(msgspec.json.encode(inbox)).hexdigest()[:16]
    return inbox
