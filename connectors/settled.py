"""Rasa's calls of the action server, each made when what the bot has said so far is with the service.

An action may ask for a person. What the bot said before must then stand before the handover in the log.
"""

from typing import Any

from .running import current_turn


class SettledEndpoint:
    """The action server as it was configured; in a turn of ours each call waits for the turn's line."""

    def __init__(self, endpoint: Any) -> None:
        self._endpoint = endpoint

    def __getattr__(self, name: str) -> Any:
        return getattr(self._endpoint, name)

    async def request(self, *words: Any, **options: Any) -> Any:
        running = current_turn.get(None)
        if running is not None:
            await running.settle()
        return await self._endpoint.request(*words, **options)


def settle_before_actions(processor: Any) -> None:
    """From now on; a processor of Rasa's that is prepared already stays as it is."""
    endpoint = processor.action_endpoint
    if endpoint is not None and not isinstance(endpoint, SettledEndpoint):
        processor.action_endpoint = SettledEndpoint(endpoint)
