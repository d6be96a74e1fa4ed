"""A Rasa server in this process: a real agent on a tracker store in a file, and the turns that run on it."""

import asyncio
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.utils.endpoints import EndpointConfig

from connectors.bridge import Bridge
from connectors.model import Turn
from connectors.turn import Turns
from rasa_bot.tracker_store import ShopTrackerStore

NOBODY = "http://127.0.0.1:9/webhook"
"""Where no action server listens."""


def turn(number: int, text: str | None = None, conversation: str = "c1", **more: Any) -> Turn:
    """The turn `<conversation>-t<number>`."""
    return Turn(f"{conversation}-t{number}", "site", conversation, epoch=1, text=text, **more)


class Stage:
    """Rasa as the connector finds it."""

    def __init__(self, agent: Agent, turns: Turns) -> None:
        self.agent = agent
        self.turns = turns

    @classmethod
    def load(cls, model: str, database: Path, bridge: Bridge, actions_url: str = NOBODY) -> "Stage":
        """Start a server; a second one on the same database finds what the first one saved."""
        agent = Agent.load(
            model,
            tracker_store=ShopTrackerStore(dialect="sqlite", db=str(database)),
            action_endpoint=EndpointConfig(actions_url),
        )
        return cls(agent, Turns(bridge, "web"))

    async def run(self, turn: Turn) -> None:
        """Run a turn to its end."""
        self.turns.start(self.agent, turn)
        await self.wait()

    async def wait(self, seconds: float = 20.0) -> None:
        """Wait until nothing runs."""
        await asyncio.wait_for(asyncio.gather(*self.turns._running.values()), seconds)

    async def events(self, conversation: str = "c1", full: bool = True) -> list[dict[str, Any]]:
        """What the tracker store holds."""
        store = self.agent.tracker_store
        tracker = await (store.retrieve_full_tracker(conversation) if full else store.retrieve(conversation))
        return [event.as_dict() for event in tracker.events] if tracker else []
