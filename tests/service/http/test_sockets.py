"""Both browser sockets: the client speaks first, events come once and in order, a bad frame ends nothing."""

import json
import time
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from tests.harness.client import AgentClient, VisitorClient, body
from tests.harness.running import Service

from .sockets import Socket, dashboard, widget

pytestmark = pytest.mark.usefixtures("closed_sockets")


def claimed(visitor: VisitorClient, agent: AgentClient) -> int:
    """The visitor asks, the agent takes over; the epoch."""
    body(visitor.ask_for_person())
    return int(body(agent.claim(visitor.conversation))["epoch"])


def is_chained(events: list[dict[str, Any]]) -> bool:
    """Each event's `prev` is the seq of the one before."""
    return all(later["prev"] == earlier["seq"] for earlier, later in pairwise(events))


async def test_both_ways_with_acknowledgement(service: Service, agent: AgentClient) -> None:
    """A line of each reaches the other's screen, is acknowledged to its author, and keeps its order."""
    visitor = service.visitor()
    epoch = claimed(visitor, agent)
    customer, desk = await widget(service, visitor), await dashboard(service, agent, visitor.conversation)
    await customer.say("send", client_msg_id="c1", text="Hello?")
    assert (await customer.next("ack"))["client_msg_id"] == "c1"
    await desk.until(lambda frame: frame["type"] == "event" and frame["event"]["text"] == "Hello?")
    await desk.say("send", conversation_id=visitor.conversation, client_msg_id="a1", epoch=epoch, text="Hi there")
    assert (await desk.next("ack"))["client_msg_id"] == "a1"
    heard = await customer.until(lambda frame: frame["type"] == "event" and frame["event"]["text"] == "Hi there")
    assert heard["event"]["actor"]["kind"] == "agent"
    assert is_chained(customer.events())
    assert is_chained(desk.events())


async def test_resume_brings_what_was_missed_once(service: Service, agent: AgentClient) -> None:
    """A browser that was away asks from its last seq: everything missed, nothing twice."""
    visitor = service.visitor()
    epoch = claimed(visitor, agent)
    first = await widget(service, visitor)
    held = first.events()
    await first.connection.close()
    for n in range(20):
        body(agent.send(visitor.conversation, epoch, f"line {n}"))
        agent.note(visitor.conversation, f"note {n}")
    again = await widget(service, visitor, after=held[-1]["seq"])
    assert [event["text"] for event in again.events()] == [f"line {n}" for n in range(20)]
    assert is_chained(held + again.events())


async def test_notes_are_holes_but_no_gaps_for_the_customer(service: Service, agent: AgentClient) -> None:
    """20 private notes between two replies: the customer sees neither notes nor a gap to ask for."""
    visitor = service.visitor()
    epoch = claimed(visitor, agent)
    customer = await widget(service, visitor)
    body(agent.send(visitor.conversation, epoch, "before"))
    for n in range(20):
        body(agent.note(visitor.conversation, f"secret {n}"))
    body(agent.send(visitor.conversation, epoch, "after"))
    await customer.until(lambda frame: frame["type"] == "event" and frame["event"]["text"] == "after")
    assert is_chained(customer.events())
    assert "secret" not in json.dumps(customer.frames)


async def test_far_behind_is_a_reset(service: Service, agent: AgentClient) -> None:
    """More than 500 events behind: `reset`, then the newest hundred, chained among themselves."""
    visitor = service.visitor()
    epoch = claimed(visitor, agent)
    for n in range(520):
        body(agent.send(visitor.conversation, epoch, f"line {n}"))
    customer = await widget(service, visitor)
    assert customer.frames[1]["type"] == "reset"
    assert len(customer.events()) == 100
    assert customer.events()[-1]["text"] == "line 519"
    assert is_chained(customer.events())


async def test_customer_does_not_learn_what_is_the_teams(service: Service, agent: AgentClient) -> None:
    """State changes reach the customer without reasons, epochs or handover ids."""
    visitor = service.visitor()
    claimed(visitor, agent)
    customer = await widget(service, visitor)
    states = [event for event in customer.events() if event["kind"] == "state"]
    assert [event["state"] for event in states] == ["requested", "claimed"]
    assert all(event["data"] is None and event["handover_id"] is None and event["epoch"] is None for event in states)


@pytest.mark.parametrize(
    "raw", ["{", '"hello"', "[]", '{"type": "nonsense"}', '{"type": "send"}', '{"type": 5}', "\x00"]
)
async def test_bad_frame_is_refused_and_the_socket_goes_on(service: Service, raw: str) -> None:
    """A frame that we can't read gets an error with a code; the next good one works."""
    visitor = service.visitor()
    customer = await widget(service, visitor)
    await customer.connection.send(raw)
    refused = await customer.next("error")
    assert refused["code"] == "invalid"
    assert "Traceback" not in refused["message"]
    await customer.say("send", client_msg_id="m1", text="still here")
    assert (await customer.next("ack"))["client_msg_id"] == "m1"


@pytest.mark.parametrize("raw", ["{", '{"type": "send", "client_msg_id": "m1", "text": "x"}', '{"type": "hello"}'])
async def test_who_does_not_say_hello_is_sent_away(service: Service, raw: str) -> None:
    """The first frame must be a hello that we understand."""
    socket = await Socket.open(service.url, "/widget/v1/socket")
    await socket.connection.send(raw)
    assert await socket.closed_with() == 4400


async def test_wrong_token_and_wrong_cookie_are_closed_with_4401(service: Service) -> None:
    """A session that is over is told so by a code that the client knows."""
    customer = await Socket.open(service.url, "/widget/v1/socket")
    await customer.say("hello", token="made-up")
    assert await customer.closed_with() == 4401
    desk = await Socket.open(service.url, "/api/v1/socket", cookie="livechat_session=made-up")
    assert await desk.closed_with() == 4401


async def test_signing_out_closes_the_sockets(service: Service) -> None:
    """Whoever signs out in one tab is signed out in all."""
    agent = service.add_agent("Leaver")
    desk = await dashboard(service, agent, service.visitor().conversation)
    agent.call("DELETE", "/session")
    assert await desk.closed_with() == 4401


async def test_foreign_origin_gets_no_socket(service: Service, agent: AgentClient) -> None:
    """Another site's page can't open a socket with an agent's cookie, nor with a visitor's token."""
    desk = await Socket.open(service.url, "/api/v1/socket", agent.cookie, origin="https://evil.example")
    assert await desk.closed_with() == 4403
    customer = await Socket.open(service.url, "/widget/v1/socket", origin="https://evil.example")
    assert await customer.closed_with() == 4403


async def test_loser_of_a_claim_is_told_over_the_socket(service: Service, agent: AgentClient) -> None:
    """A message under a stale epoch is refused by name; the draft's id comes back with it."""
    visitor = service.visitor()
    epoch = claimed(visitor, agent)
    desk = await dashboard(service, agent, visitor.conversation)
    body(agent.release(visitor.conversation, epoch))
    await desk.say("send", conversation_id=visitor.conversation, client_msg_id="a9", epoch=epoch, text="too late")
    refused = await desk.next("error")
    assert (refused["code"], refused["client_msg_id"]) == ("claim_lost", "a9")


async def test_inbox_tells_every_dashboard(service: Service, agent: AgentClient) -> None:
    """A request appears as a row with the counts, and moves when somebody takes it, on a dashboard that did nothing."""
    other = service.add_agent("Watcher")
    visitor = service.visitor()
    desk = await dashboard(service, other, visitor.conversation)

    def row(status: str) -> Callable[[dict[str, Any]], bool]:
        return lambda frame: (
            frame["type"] == "inbox"
            and any(
                item["conversation_id"] == visitor.conversation and item["status"] == status for item in frame["items"]
            )
        )

    claimed(visitor, agent)
    await desk.until(row("claimed"))
    body(agent.resolve(visitor.conversation, agent.conversation(visitor.conversation)["epoch"]))
    await desk.until(row("resolved"))


async def test_typing_reaches_the_other_side_and_not_the_log(service: Service, agent: AgentClient) -> None:
    """Typing passes both ways while a person holds the conversation, and is no event."""
    visitor = service.visitor()
    claimed(visitor, agent)
    customer, desk = await widget(service, visitor), await dashboard(service, agent, visitor.conversation)
    await customer.say("typing")
    assert (await desk.next("typing"))["actor"]["kind"] == "customer"
    await desk.say("typing", conversation_id=visitor.conversation)
    assert (await customer.next("typing"))["actor"]["kind"] == "agent"
    assert all(event["kind"] != "typing" for event in agent.events(visitor.conversation))


async def test_seen_marks_come_as_a_watermark(service: Service, agent: AgentClient) -> None:
    """How far the customer has read is a mark that rises, not an event."""
    visitor = service.visitor()
    claimed(visitor, agent)
    customer, desk = await widget(service, visitor), await dashboard(service, agent, visitor.conversation)
    last = customer.events()[-1]["seq"]
    await customer.say("seen", delivered_upto=last, read_upto=last)
    mark = await desk.next("watermark")
    assert (mark["delivered_upto"], mark["read_upto"]) == (last, last)


async def test_ping_is_answered_on_both_sockets(service: Service, agent: AgentClient) -> None:
    """A browser that asks for a sign of life gets one with the time of the service, and not a refusal."""
    visitor = service.visitor()
    for socket in (await widget(service, visitor), await dashboard(service, agent, visitor.conversation)):
        await socket.say("ping")
        await socket.until(lambda frame: frame["type"] in ("pong", "error"))
        assert socket.frames[-1]["type"] == "pong"
        assert abs(datetime.fromisoformat(socket.frames[-1]["server_time"]).timestamp() - time.time()) < 60


async def test_long_replay_does_not_wait_for_itself(service: Service, agent: AgentClient) -> None:
    """300 missed events are more than fit into the way out at once, and arrive all the same, in order."""
    visitor = service.visitor()
    epoch = claimed(visitor, agent)
    for n in range(300):
        body(agent.send(visitor.conversation, epoch, f"line {n}"))
    for socket in (await widget(service, visitor), await dashboard(service, agent, visitor.conversation)):
        said = [event["text"] for event in socket.events() if event["actor"]["kind"] == "agent" and event["text"]]
        assert said == [f"line {n}" for n in range(300)]
        assert is_chained(socket.events())


async def test_unknown_conversation_in_a_hello_is_an_error_frame(service: Service, agent: AgentClient) -> None:
    """A conversation that does not exist is refused; the dashboard's socket goes on."""
    desk = await Socket.open(service.url, "/api/v1/socket", agent.cookie)
    await desk.say("hello", conversation_id="nothing")
    assert (await desk.next("error"))["code"] == "not_found"
    await desk.say("ping")
    await desk.next("pong")


async def test_nul_character_is_refused(service: Service) -> None:
    """No database column holds it, so it is refused at the door, with the field's name."""
    answer = service.visitor().send("a\x00b")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert "NUL" in answer.json()["message"]
