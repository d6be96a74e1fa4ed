"""Any order of claims, messages, bot turns, time and sweeps: whatever happens, the log and the owners stay right.

Hypothesis plays two agents, a customer and a bot with late answers against the use cases; after every step the rules
that must always hold are checked on what is stored, not on what was answered.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import RowMapping, event

from livechat_plugin import render
from livechat_plugin.errors import LiveChatError
from livechat_plugin.ids import AgentId, ConversationId, TurnId
from livechat_plugin.storage.database import connect
from livechat_plugin.storage.gate import Gate
from livechat_plugin.usecases import presence
from livechat_plugin.usecases.bot_says import speak_unasked
from livechat_plugin.usecases.bot_turn import Started, give_up_unanswered, take_due, take_in
from livechat_plugin.usecases.claim import claim
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.read_log import Reader, read_log
from livechat_plugin.usecases.resolve import release, reopen, resolve, transfer
from livechat_plugin.usecases.send import add_note, send
from livechat_plugin.wire.common import Event
from tests.service.world import SettableClock, ask, log_of, new_agent, says, state

T = TypeVar("T")
AGENT_VERBS = ["claims"] * 3 + ["sends"] * 4 + ["repeats", "notes", "resolves", "reopens", "releases", "transfers"]
BY = st.sampled_from(["holder", "holder", "holder", "other"])
BEHIND = st.sampled_from([0, 0, 0, 1, 2])
READERS: tuple[Reader, ...] = ("team", "customer")


class Conversation(RuleBasedStateMachine):
    """`told` is the epoch that each agent was last given, stale or not; `held` who held each epoch, `began` since which
    seq.
    """

    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="livechat-machine-"))
        shutil.copyfile(self.template, self.folder / "livechat.db")
        self.runner = asyncio.Runner()
        self.clock = SettableClock()
        database = connect(f"sqlite+aiosqlite:///{self.folder / 'livechat.db'}")
        event.listen(database._writer.sync_engine, "connect", without_fsync)
        self.context = Context(database=database, gate=Gate(None), clock=self.clock)
        self.numbers = 0
        self.turns: list[Started] = []
        self.posted: dict[str, int] = {}
        self.received: dict[str, int] = {}
        self.sent: dict[tuple[int, str], int] = {}
        self.looks: dict[Reader, tuple[int, list[Event]]] = {reader: (0, []) for reader in READERS}

    def run(self, call: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(call)

    def attempt(self, call: Coroutine[Any, Any, T]) -> T | None:
        """What may be refused; the refusal changes nothing, which the invariants see."""
        try:
            return self.run(call)
        except LiveChatError:
            return None

    def name(self) -> str:
        self.numbers += 1
        return f"n{self.numbers}"

    @initialize()
    def begin(self) -> None:
        self.agents: list[RowMapping] = [self.run(new_agent(self.context, name)) for name in ("Priya", "Tom")]
        self.received["first"] = 1
        self.id: ConversationId = self.run(says(self.context, "customer", key="first")).conversation
        self.told = [0, 0]
        self.held = {0: ("bot", None)}
        self.began = {0: 1}
        self.row = self.run(state(self.context, self.id))

    @rule(verb=st.sampled_from(["writes", "writes", "repeats", "asks"]))
    def customer(self, verb: str) -> None:
        if verb == "asks":
            self.run(ask(self.context, self.id))
            return
        key = min(self.received) if verb == "repeats" else self.name()
        answer = self.run(says(self.context, "customer", key=key))
        assert answer.seq == self.received.setdefault(key, answer.seq)

    @rule(verb=st.sampled_from(AGENT_VERBS), by=BY, behind=BEHIND)
    def agent(self, verb: str, by: str, behind: int) -> None:
        """Mostly the holder, sometimes from a tab that has missed a change or two; sometimes the other one."""
        holder = int(self.row["holder_id"] == self.agents[1]["id"])
        who = holder if by == "holder" else 1 - holder
        getattr(self, verb)(who, self.told[who] - behind)

    def claims(self, who: int, _: int) -> None:
        taken = self.attempt(claim(self.context, self.agents[who], self.id))
        if taken is not None:
            self.told[who] = taken.epoch

    def sends(self, who: int, epoch: int) -> None:
        self.put(who, epoch, self.name())

    def repeats(self, who: int, epoch: int) -> None:
        self.put(who, epoch, next((name for agent, name in self.sent if agent == who), self.name()))

    def put(self, who: int, epoch: int, name: str) -> None:
        known = (who, name) in self.sent
        answer = self.attempt(send(self.context, self.agents[who], self.id, name, epoch, name))
        assert answer is not None or not known, "what was stored is never refused"
        if answer is not None:
            assert answer == (self.sent.setdefault((who, name), answer[0]), not known)

    def notes(self, who: int, _: int) -> None:
        self.run(add_note(self.context, self.agents[who], self.id, self.name(), "Between us."))

    def resolves(self, who: int, epoch: int) -> None:
        seen = None if epoch % 2 else self.row["last_seq"]
        done = self.attempt(resolve(self.context, self.agents[who], self.id, epoch, seen=seen))
        self.told[who] = done or self.told[who]

    def reopens(self, who: int, epoch: int) -> None:
        self.told[who] = self.attempt(reopen(self.context, self.agents[who], self.id, epoch)) or self.told[who]

    def releases(self, who: int, epoch: int) -> None:
        self.attempt(release(self.context, self.agents[who], self.id, epoch))

    def transfers(self, who: int, epoch: int) -> None:
        other = 1 - who
        given = self.attempt(transfer(self.context, self.agents[who], self.id, epoch, self.agents[other]["id"]))
        self.told[other] = given or self.told[other]

    @rule(verb=st.sampled_from(["takes", "posts", "posts", "ends", "fails", "reminds"]), which=st.integers(0, 5))
    def bot(self, verb: str, which: int) -> None:
        """Its answers may come long after somebody else has taken the conversation."""
        if verb == "reminds":
            self.run(speak_unasked(self.context, self.id, self.name(), [{"text": "Are you still there?"}]))
        elif verb == "takes" or not self.turns:
            self.turns += self.run(take_due(self.context))
        else:
            self.posts(self.turns[which % len(self.turns)], verb)

    def posts(self, turn: Started, verb: str) -> None:
        first = self.posted.get(turn.row["id"], 0)
        words: list[dict[str, Any]] = [{"text": f"{turn.row['id']}:{first}"}] if verb != "fails" else []
        options = {"done": verb != "posts", "failed": "broken" if verb == "fails" else None}
        name = TurnId(turn.row["id"])
        self.attempt(take_in(self.context, name, turn.body.epoch, first, words, **options))
        self.posted[turn.row["id"]] = first + len(words)

    @rule(seconds=st.sampled_from([1, 16, 25, 46, 170, 3_600, -3_600]), seen=st.sampled_from([(), (0,), (1,)]))
    def time(self, seconds: int, seen: tuple[int, ...]) -> None:
        """The clock goes on, or steps; the server may see an agent; then the sweeps look."""
        self.clock.shift(seconds=seconds)
        self.run(presence.renew(self.context, [AgentId(self.agents[who]["id"]) for who in seen]))
        self.run(presence.sweep(self.context))

    @rule()
    def silence_is_noticed(self) -> None:
        self.run(give_up_unanswered(self.context))

    @rule(reader=st.sampled_from(READERS))
    def somebody_looks(self, reader: Reader) -> None:
        self.looks[reader] = (self.row["last_seq"], self.seen(reader, 0))

    def seen(self, reader: Reader, after: int) -> list[Event]:
        found = self.run(read_log(self.context, self.id, after, reader))
        return render.events(found.rows, found.prev, reader, self.context.links)

    @invariant()
    def everything_holds(self) -> None:
        """A step that was refused has changed nothing: the log need not be read again."""
        before = self.row["last_seq"]
        self.the_epoch_grows_by_one_with_each_holder()
        if self.row["last_seq"] != before:
            self.the_log_is_right()
            self.readers_miss_nothing()

    def the_epoch_grows_by_one_with_each_holder(self) -> None:
        before, self.row = self.row, self.run(state(self.context, self.id))
        holder = (self.row["holder_kind"], self.row["holder_id"])
        changed = holder != (before["holder_kind"], before["holder_id"])
        assert self.row["epoch"] == before["epoch"] + int(changed)
        assert (holder[0] == "agent") == (holder[1] is not None)
        if changed:
            self.held[self.row["epoch"]] = holder
            self.began[self.row["epoch"]] = before["last_seq"] + 1

    def the_log_is_right(self) -> None:
        log = self.run(log_of(self.context, self.id))
        assert [line["seq"] for line in log] == list(range(1, self.row["last_seq"] + 1))
        for line in log:
            if line["kind"] == "message" and line["audience"] == "all" and line["actor_kind"] in ("agent", "bot"):
                self.check_fence(line)
        heard = [line["key"] for line in log if line["actor_kind"] == "customer"]
        assert len(heard) == len(set(heard)) == len(self.received)

    def check_fence(self, line: RowMapping) -> None:
        """An accepted message was written under the epoch that its author held, while they held it."""
        assert self.held[line["epoch"]] == (line["actor_kind"], line["actor_id"])
        assert self.began[line["epoch"]] <= line["seq"] < self.began.get(line["epoch"] + 1, line["seq"] + 1)

    def readers_miss_nothing(self) -> None:
        for reader in READERS:
            whole = self.seen(reader, 0)
            assert [one.prev for one in whole] == [0, *(one.seq for one in whole)][: len(whole)]
            upto, looked = self.looks[reader]
            assert looked + self.seen(reader, upto) == whole
            assert reader == "team" or "note" not in {one.kind for one in whole}

    def teardown(self) -> None:
        self.run(self.context.database.close())
        self.runner.close()
        shutil.rmtree(self.folder)


def without_fsync(connection: Any, _: object) -> None:
    """What is asked here is order, not durability."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


def test_whatever_happens_log_and_owners_stay_right(sqlite_template: Path) -> None:
    """25 random lives of a conversation, of up to 50 steps each."""
    Conversation.template = sqlite_template
    bounds = settings(
        max_examples=25,
        stateful_step_count=50,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(Conversation, settings=bounds)
