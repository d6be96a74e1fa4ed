"""The gate in Redis: what stands in it and for how long, and that nothing depends on it."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
import redis

from livechat_plugin.errors import AlreadyClaimed
from livechat_plugin.ids import AgentId, ConversationId
from livechat_plugin.storage.gate import ATTEMPT_MS, PREFIX, Attempt, Entry, Gate, Taken
from livechat_plugin.storage.redis_link import RedisLink
from livechat_plugin.usecases import presence
from livechat_plugin.usecases.claim import Claim, claim
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.resolve import release, reopen, resolve, transfer
from tests.harness.redis_server import RedisServer
from tests.service.conftest import REDIS_PATIENCE_SECONDS
from tests.service.world import SettableClock, new_agent, new_conversation, pending, refused, state

from .conftest import MakeWorker
from .counting import counted

CLICKS = 64
ROUNDS = 10


class AlwaysOpen(Gate):
    """A gate that lets everybody through."""

    async def enter(self, conversation: ConversationId, agent: AgentId) -> Entry:
        return Attempt(f"{agent}:xbroken")


@pytest.fixture
def gated(context: Context, redis_link: RedisLink) -> Context:
    context.gate = Gate(redis_link)
    return context


@pytest.fixture
def keys(redis_url: str) -> Iterator["redis.Redis"]:
    """What stands in Redis, as a bystander sees it."""
    client = redis.Redis.from_url(redis_url, decode_responses=True)
    yield client
    client.close()


async def test_the_gate_reads_agent_and_epoch(gated: Context, keys: "redis.Redis") -> None:
    """After the commit the key reads `agent:epoch` and lives no longer than the lease."""
    conversation, priya = await pending(gated), await new_agent(gated)
    taken = await claim(gated, priya, conversation)
    assert keys.get(PREFIX + conversation) == f"{priya['id']}:{taken.epoch}"
    assert 0 < keys.pttl(PREFIX + conversation) <= gated.lease_ms


async def test_resolve_and_release_empty_the_gate(gated: Context, keys: "redis.Redis") -> None:
    """Whoever ends a claim takes its key away; Undo puts the new one there."""
    conversation, priya = await pending(gated), await new_agent(gated)
    taken = await claim(gated, priya, conversation)
    resolved = await resolve(gated, priya, conversation, taken.epoch, seen=None)
    assert keys.get(PREFIX + conversation) is None
    reopened = await reopen(gated, priya, conversation, resolved)
    assert keys.get(PREFIX + conversation) == f"{priya['id']}:{reopened}"
    await release(gated, priya, conversation, reopened)
    assert keys.get(PREFIX + conversation) is None


async def test_transfer_hands_the_gate_over(gated: Context, keys: "redis.Redis") -> None:
    """The receiver's claim stands in it at once."""
    conversation = await pending(gated)
    priya, tom = await new_agent(gated, "Priya"), await new_agent(gated, "Tom")
    taken = await claim(gated, priya, conversation)
    epoch = await transfer(gated, priya, conversation, taken.epoch, tom["id"])
    assert keys.get(PREFIX + conversation) == f"{tom['id']}:{epoch}"


async def test_renewing_the_lease_prolongs_the_gate(gated: Context, keys: "redis.Redis") -> None:
    """The server renews it for as long as it sees the agent."""
    conversation, priya = await pending(gated), await new_agent(gated)
    await claim(gated, priya, conversation)
    keys.pexpire(PREFIX + conversation, 1_000)
    await presence.renew(gated, [AgentId(priya["id"])])
    assert 1_000 < keys.pttl(PREFIX + conversation) <= gated.lease_ms


async def test_an_attempt_stands_for_two_seconds_at_most(gated: Context, keys: "redis.Redis") -> None:
    """An agent whose claim hangs keeps nobody out for longer."""
    conversation, priya = await new_conversation(gated), await new_agent(gated)
    entry = await gated.gate.enter(conversation, priya["id"])
    assert isinstance(entry, Attempt)
    assert keys.get(PREFIX + conversation) == entry.value
    assert 0 < keys.pttl(PREFIX + conversation) <= ATTEMPT_MS


async def test_a_claim_waits_for_anothers_attempt(gated: Context) -> None:
    """An attempt that fails is taken away by its maker, and the one who waited goes on."""
    conversation = await pending(gated)
    priya, tom = await new_agent(gated, "Priya"), await new_agent(gated, "Tom")
    attempt = await gated.gate.enter(conversation, priya["id"])
    assert isinstance(attempt, Attempt)
    waiting = asyncio.create_task(claim(gated, tom, conversation))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await gated.gate.leave(conversation, attempt.value)
    await waiting
    assert (await state(gated, conversation))["holder_id"] == tom["id"]


async def test_a_stale_claim_in_the_gate_keeps_nobody_out(gated: Context, keys: "redis.Redis") -> None:
    """SQL says that nobody holds the conversation, so the key is wrong: the claim goes on and puts it right."""
    conversation = await pending(gated)
    priya, tom = await new_agent(gated, "Priya"), await new_agent(gated, "Tom")
    keys.set(PREFIX + conversation, f"{tom['id']}:1", px=60_000)
    taken = await claim(gated, priya, conversation)
    assert keys.get(PREFIX + conversation) == f"{priya['id']}:{taken.epoch}"


async def test_an_older_claim_never_overwrites_a_newer_one(gated: Context, keys: "redis.Redis") -> None:
    """A worker that was slow between its commit and Redis finds the newer epoch and leaves it."""
    conversation = await new_conversation(gated)
    await gated.gate.record(conversation, AgentId("tom"), 7, 60_000)
    await gated.gate.record(conversation, AgentId("priya"), 6, 60_000)
    await gated.gate.leave(conversation, "priya:6")
    assert keys.get(PREFIX + conversation) == "tom:7"


async def test_a_flushed_redis_loses_no_claim(gated: Context, keys: "redis.Redis") -> None:
    """Without its key the claim still stands."""
    conversation = await pending(gated)
    priya, tom = await new_agent(gated, "Priya"), await new_agent(gated, "Tom")
    taken = await claim(gated, priya, conversation)
    keys.flushall()
    assert isinstance(await refused(claim(gated, tom, conversation)), AlreadyClaimed)
    assert (await claim(gated, priya, conversation)).epoch == taken.epoch


async def test_redis_that_dies_between_gate_and_commit_changes_nothing(
    context: Context, redis_server: RedisServer
) -> None:
    """The claim is committed and answered; the next claimer is refused without Redis."""
    conversation = await pending(context)
    priya, tom = await new_agent(context, "Priya"), await new_agent(context, "Tom")
    link = RedisLink(redis_server.url, REDIS_PATIENCE_SECONDS)

    class Dying(Gate):
        async def enter(self, conversation: ConversationId, agent: AgentId) -> Entry:
            entry = await super().enter(conversation, agent)
            redis_server.kill()
            return entry

    context.gate = Dying(link)
    taken = await claim(context, priya, conversation)
    assert (await state(context, conversation))["epoch"] == taken.epoch
    assert isinstance(await refused(claim(context, tom, conversation)), AlreadyClaimed)
    await link.close()


async def test_redis_that_does_not_answer_costs_a_moment(
    context: Context, redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    """A paused Redis is given up after its time-out, and the claim goes on."""
    conversation, priya = await pending(context), await new_agent(context)
    link = RedisLink(redis_server.url)
    context.gate = Gate(link)
    redis_server.pause()
    await claim(context, priya, conversation)
    assert "Redis did not answer (TimeoutError); going on without it" in caplog.messages
    redis_server.resume()
    await link.close()


async def click_all(workers: list[Context], conversation: ConversationId) -> list[Claim | AlreadyClaimed]:
    """64 claims at once by eight agents, spread over the workers."""
    racers = [await new_agent(workers[0], f"Agent{number}") for number in range(8)]

    async def click(number: int) -> Claim | AlreadyClaimed:
        worker = workers[number % len(workers)]
        try:
            return await claim(worker, racers[(number // len(workers)) % len(racers)], conversation)
        except AlreadyClaimed as refusal:
            return refusal

    return await asyncio.gather(*(click(number) for number in range(CLICKS)))


def assert_one_winner(answers: list[Claim | AlreadyClaimed], holder: str, epoch: int) -> None:
    claims = [answer for answer in answers if isinstance(answer, Claim)]
    assert {answer.epoch for answer in claims} == {epoch}
    assert len(claims) == CLICKS // 8
    assert {answer.data["holder"]["id"] for answer in answers if isinstance(answer, AlreadyClaimed)} == {holder}


@pytest.mark.promise("main", "1f")
async def test_at_most_two_of_64_reach_the_update(
    make_worker: MakeWorker, redis_url: str, keys: "redis.Redis", clock: SettableClock, figure: Callable[[str], None]
) -> None:
    """With Redis up the gate lets at most two of 64 claimers reach the UPDATE, and then reads the winner's claim."""
    workers = [make_worker(redis_url), make_worker(redis_url)]
    reached: list[int] = []
    for _ in range(ROUNDS):
        conversation = await pending(workers[0])
        with counted(*(worker.database for worker in workers)) as claims:
            answers = await click_all(workers, conversation)
        row = await state(workers[0], conversation)
        assert_one_winner(answers, row["holder_id"], row["epoch"])
        assert keys.get(PREFIX + conversation) == f"{row['holder_id']}:{row['epoch']}"
        assert 0 < keys.pttl(PREFIX + conversation) <= workers[0].lease_ms
        reached.append(claims.reached)
    assert max(reached) <= 2, f"claimers that reached the UPDATE: {reached}"
    figure(f"of 64 claimers at most {max(reached)} reached the UPDATE in {ROUNDS} rounds")


@pytest.mark.promise("main", "1g")
async def test_a_gate_that_always_says_yes_still_has_one_winner(
    make_worker: MakeWorker, redis_url: str, figure: Callable[[str], None]
) -> None:
    """The UPDATE decides: with the gate broken all 64 reach it, and one agent's claim is made."""
    workers = [make_worker(redis_url), make_worker(redis_url)]
    for worker in workers:
        worker.gate = AlwaysOpen(worker.gate._link)
    reached = []
    for _ in range(5):
        conversation = await pending(workers[0])
        with counted(*(worker.database for worker in workers)) as claims:
            answers = await click_all(workers, conversation)
        row = await state(workers[0], conversation)
        assert_one_winner(answers, row["holder_id"], row["epoch"])
        reached.append(claims.reached)
    assert min(reached) == CLICKS
    figure(f"{min(reached)} of {CLICKS} reached the UPDATE in each of {len(reached)} rounds, one won")


async def test_without_redis_there_is_one_winner(make_worker: MakeWorker) -> None:
    """No gate at all: every claimer reaches the UPDATE, and one wins."""
    workers = [make_worker(None), make_worker(None)]
    conversation = await pending(workers[0])
    answers = await click_all(workers, conversation)
    row = await state(workers[0], conversation)
    assert_one_winner(answers, row["holder_id"], row["epoch"])


async def test_what_the_gate_says_of_a_claim_and_of_an_attempt(gated: Context) -> None:
    """`agent:epoch` is a claim, `agent:x…` an attempt; only an attempt is worth waiting for."""
    conversation = await new_conversation(gated)
    await gated.gate.enter(conversation, AgentId("tom"))
    assert await gated.gate.enter(conversation, AgentId("priya")) == Taken(is_claim=False)
    await gated.gate.record(conversation, AgentId("tom"), 3, 60_000)
    assert await gated.gate.enter(conversation, AgentId("priya")) == Taken(is_claim=True)
