"""64 claims at once over HTTP, again and again: one winner, one epoch, and everybody else is told who.

`make prove` runs 100 rounds of each variant, `make test` fewer of the same; the figure says how many.
"""

from collections import Counter
from collections.abc import Callable

import pytest

from tests.harness.redis_server import RedisServer
from tests.harness.running import Service

from .racing import CLICKS, NAMES, Arena, Reply, arena

PROVEN_ROUNDS = 100
TESTED_ROUNDS = 30

VARIANTS = {
    "1a": ("sqlite", 1, True),
    "1b": ("sqlite", 1, False),
    "1c": ("postgres", 2, True),
    "1d": ("postgres", 2, False),
}


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    return PROVEN_ROUNDS if request.config.getoption("--promises") else TESTED_ROUNDS


async def judge(ring: Arena, conversation: str, before: int, replies: list[Reply]) -> Reply:
    """The winner, after everything that must hold in a round."""
    won = [reply for reply in replies if reply.status == 200]
    lost = [reply for reply in replies if reply.status != 200]
    assert {(reply.racer.id, reply.body["epoch"]) for reply in won} == {(won[0].racer.id, before + 1)}
    assert len(won) == CLICKS
    told = {(reply.status, reply.body["code"], reply.body["data"]["holder"]["id"]) for reply in lost}
    assert told == {(409, "already_claimed", won[0].racer.id)}
    seen = (await ring.call(won[0].racer, conversation)).body
    assert (seen["holder"]["id"], seen["epoch"]) == (won[0].racer.id, before + 1)
    events = (await ring.call(won[0].racer, f"{conversation}/events")).body["events"]
    assert [event["actor"]["id"] for event in events if event["state"] == "claimed"] == [won[0].racer.id]
    return won[0]


async def run(ring: Arena, rounds: int) -> Counter[str]:
    """How often each agent won."""
    winners: Counter[str] = Counter()
    for _ in range(rounds):
        conversation = await ring.new_conversation()
        before = (await ring.call(ring.racers[0], conversation)).body["epoch"]
        winner = await judge(ring, conversation, before, await ring.race(conversation))
        winners[winner.racer.name] += 1
    return winners


@pytest.mark.parametrize(
    ("database", "workers", "with_redis"),
    [pytest.param(*variant, marks=pytest.mark.promise("main", name), id=name) for name, variant in VARIANTS.items()],
)
async def test_one_of_64_claims_wins(
    request: pytest.FixtureRequest,
    make_service: Callable[..., Service],
    redis_server: RedisServer,
    figure: Callable[[str], None],
    rounds: int,
    database: str,
    workers: int,
    with_redis: bool,
) -> None:
    """Of 64 claims by 8 agents at once one agent's are accepted, under one epoch; all others get 409 naming them."""
    url = request.getfixturevalue(f"{database}_url")
    service = make_service(database_url=url, redis_url=redis_server.url, workers=workers)
    async with arena(service, workers) as ring:
        if not with_redis:
            redis_server.kill()
        winners = await run(ring, rounds)
    assert winners.total() == rounds
    clicks = len(NAMES) * CLICKS
    figure(f"{rounds} rounds × {clicks} claims: {rounds} winners (of {len(winners)} agents), {rounds} epochs")


@pytest.mark.promise("main", "1e")
@pytest.mark.parametrize(("database", "workers"), [("sqlite", 1), ("postgres", 2)])
async def test_losers_are_silent_and_the_winner_stays(
    request: pytest.FixtureRequest,
    make_service: Callable[..., Service],
    redis_url: str,
    figure: Callable[[str], None],
    database: str,
    workers: int,
) -> None:
    """Nothing a loser writes is stored, whichever epoch they name; the winner's next click keeps the epoch."""
    url = request.getfixturevalue(f"{database}_url")
    service = make_service(database_url=url, redis_url=redis_url, workers=workers)
    refused = again = 0
    async with arena(service, workers) as ring:
        for _ in range(5):
            conversation = await ring.new_conversation()
            won = await judge(ring, conversation, 1, await ring.race(conversation))
            for racer in ring.racers:
                if racer is not won.racer:
                    for epoch in (won.body["epoch"], won.body["epoch"] - 1, won.body["epoch"] + 1):
                        message = {"client_msg_id": f"{racer.id}-{epoch}", "epoch": epoch, "text": "Mine!"}
                        reply = await ring.call(racer, f"{conversation}/messages", message)
                        assert (reply.status, reply.body["code"]) == (409, "claim_lost")
                        refused += 1
            repeated = await ring.call(won.racer, f"{conversation}/claim", {})
            assert (repeated.status, repeated.body["epoch"]) == (200, won.body["epoch"])
            again += 1
            events = (await ring.call(won.racer, f"{conversation}/events")).body["events"]
            assert "Mine!" not in [event["text"] for event in events]
    figure(f"{database}: {refused} messages of losers refused, {again} repeated claims with the same epoch")
