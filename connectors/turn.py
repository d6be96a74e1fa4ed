"""Runs the bot's turns inside Rasa: at most one at a time for a conversation, and each of them to the end only once.

A turn holds Rasa's lock once (it is not re-entrant, so `Agent.handle_message` is not used) and looks first for a user
event whose `message_id` is the turn's id, in all sessions:

- there: Rasa saved the turn, but its end never reached the service. What the bot said is read from the tracker and
  posted again from number 0; a request for a person that nobody carried out is made again. Rasa does nothing.
- not there: what people said meanwhile and how the bot goes on are written and saved first, with their ids, so that a
  repeat after a crash skips them. A fresh session begins after the people's lines: the full history keeps them, the
  bot's policies don't see them. Then Rasa handles the message.

The service decides which turn is next and asks again when nobody ends one. A turn of ours that is still running when it
is asked for again is simply joined.
"""

import asyncio
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from .aside import Asides
from .bridge import Bridge
from .model import Turn
from .notes import KEY, LEAVE_DETAILS, find_answer, noted_ids, opening
from .running import RunningTurn, current_turn
from .settled import settle_before_actions
from .words import bubble, for_rasa

logger = logging.getLogger(__name__)

TURN_SECONDS = 300.0
"""The longest that Rasa may work on a message; it gives a custom action as much. Then the turn counts as failed."""

BREATH_SECONDS = 0.001
"""Before each turn. Rasa computes an answer without a pause, and turns that are asked for together would be computed in
one go: nothing of the first would leave before the last is done, and Rasa and the service would work by turns, each
waiting for the other.
"""

LOCK_POLL_SECONDS = 0.05
"""How often Rasa's lock is asked for; Rasa's own second would be felt."""


class TurnOutput(OutputChannel):
    """Where Rasa sends what it says in one turn: into the turn's line while it runs, and beside it ever after.

    Rasa's reminders keep this object for as long as they wait, so a turn that is over must not be spoken for.
    """

    def __init__(self, asides: Asides, channel: str) -> None:
        super().__init__()
        self._asides = asides
        self._channel = channel
        self._running: RunningTurn | None = None

    def name(self) -> str:  # Rasa asks the object, and each channel has its own
        return self._channel

    @contextmanager
    def speaking_for(self, running: RunningTurn) -> Iterator[None]:
        """Bind this output to `running` for the time of the block."""
        self._running = running
        try:
            yield
        finally:
            self._running = None

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        body = bubble(message)
        if body is None:
            return
        running = self._running
        if running is not None:
            running.say(body)
        else:
            self._asides.say(recipient_id, body)

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        await self.send_response(recipient_id, {"text": text})


class Turns:
    """The turns of one channel that run in this process."""

    def __init__(self, bridge: Bridge, channel: str) -> None:
        self._bridge = bridge
        self._channel = channel
        self._asides = Asides(bridge)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._breath = asyncio.Lock()
        self._places: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def start(self, agent: Agent, turn: Turn) -> None:
        """Run `turn` in a task of its own; a turn that runs already is left to it."""
        if turn.id in self._running:
            return
        task = asyncio.get_running_loop().create_task(self._run(agent, turn))
        self._running[turn.id] = task
        task.add_done_callback(lambda _: self._running.pop(turn.id, None))

    def output(self) -> TurnOutput:
        """An output that belongs to no turn (yet)."""
        return TurnOutput(self._asides, self._channel)

    async def close(self) -> None:
        """Stop what runs; the service will ask for it again."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._asides.close()

    async def _run(self, agent: Agent, turn: Turn) -> None:
        running = RunningTurn(turn, self._bridge)
        post = asyncio.get_running_loop().create_task(running.post())
        failed: str | None = None
        try:
            async with self._places.setdefault(turn.conversation_id, asyncio.Lock()):
                await self._breathe()
                await asyncio.wait_for(self._answer(agent, turn, running), TURN_SECONDS)
        except asyncio.CancelledError:
            post.cancel()
            raise
        except Exception as error:
            logger.exception("Rasa could not run turn %s", turn.id)
            failed = f"{type(error).__name__}: {error}"
        running.end(failed)
        await post

    async def _breathe(self) -> None:
        """One after the other, so that each has its own."""
        async with self._breath:
            await asyncio.sleep(BREATH_SECONDS)

    async def _answer(self, agent: Agent, turn: Turn, running: RunningTurn) -> None:
        processor = agent.processor
        if processor is None:
            raise RuntimeError("no model is loaded")
        out = self.output()
        async with agent.lock_store.lock(turn.conversation_id, wait_time_in_seconds=LOCK_POLL_SECONDS):
            tracker = await _what_is_known(agent, turn)
            events = list(tracker.events) if tracker else []
            if any(getattr(event, "message_id", None) == turn.id for event in events):
                _say_again(running, agent, tracker)
                return
            settle_before_actions(processor)
            current_turn.set(running)
            with out.speaking_for(running):
                if turn.history or turn.resume or turn.payload == LEAVE_DETAILS:
                    known = noted_ids(event.as_dict() for event in events if event.metadata)
                    await _open(processor, turn, known, out)
                await _handle(processor, turn, out)


async def _what_is_known(agent: Agent, turn: Turn) -> DialogueStateTracker | None:
    """All that Rasa has written down of the conversation, where it may hold something of this turn or its opening.

    Reading it takes a fifth of a turn, and a turn that is posted for the first time can't be in it.
    """
    if turn.attempt == 1 and not turn.history and turn.resume is None:
        return None
    return await agent.tracker_store.retrieve_full_tracker(turn.conversation_id)


async def _open(processor: MessageProcessor, turn: Turn, known: set[str], out: OutputChannel) -> None:
    """Write down what happened since the bot's last turn. Old time stamps would fall out of the live session."""
    tracker = await processor.fetch_tracker_with_initial_session(turn.conversation_id, out)
    for parameters in opening(turn, known):
        if parameters["event"] == "slot" and parameters["name"] not in tracker.slots:
            logger.warning("The bot has no slot %s to resume with", parameters["name"])
            continue
        event = Event.from_parameters({**parameters, "timestamp": time.time()})
        if event is not None:
            tracker.update(event, processor.domain)
    await processor.save_tracker(tracker)


async def _handle(processor: MessageProcessor, turn: Turn, out: TurnOutput) -> None:
    reading = for_rasa(turn)
    message = UserMessage(
        reading.text,
        out,
        turn.conversation_id,
        parse_data=reading.parse_data,
        input_channel=out.name(),
        message_id=turn.id,
        metadata={KEY: {"turn": turn.id}},
    )
    await processor.handle_message(message)


def _say_again(running: RunningTurn, agent: Agent, tracker: DialogueStateTracker) -> None:
    answered = find_answer([event.as_dict() for event in tracker.events], running.turn.id)
    if answered is None:
        return
    for body in answered.messages:
        running.say(body)
    if answered.decision is not None:
        domain = agent.domain.as_dict() if agent.domain else {}
        running.escalate(answered.decision, tracker.current_state(EventVerbosity.ALL), domain)
