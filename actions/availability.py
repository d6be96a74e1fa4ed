"""Whether people can be asked now, as the service says it: the one question of the actions that speak by it.

What must hold: an answer that does not come decides nothing. It reads `unknown`; each action says what it does then.
"""

import logging
import os
from dataclasses import dataclass

from .siblings import Bridge, BridgeSettings, ConnectorError

logger = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds for which the service is asked; a customer waits for the answer."""


@dataclass(frozen=True)
class Availability:
    """`reason`: open, hours, nobody, off, plan or unknown. `opening`: when again, in words for this customer.
    `takes_form`: whether the service would take their contact form; unknown is no refusal.
    """

    reason: str
    opening: str | None = None
    takes_form: bool = True


UNKNOWN = Availability("unknown")


class Enquiry:
    """Asks for one customer at a time, over one HTTP session that the first question opens."""

    def __init__(self) -> None:
        self._bridge: Bridge | None = None

    async def ask(self, conversation_id: str) -> Availability:
        """What the service says now, or `UNKNOWN`."""
        try:
            if self._bridge is None:
                self._bridge = Bridge(BridgeSettings.read(os.environ))
            answer = await self._bridge.availability(conversation_id, patience=PATIENCE)
        except ConnectorError as reason:
            logger.warning("The live chat service could not be asked whether people are there: %s", reason)
            return UNKNOWN
        return Availability(str(answer.get("reason")), answer.get("opening"), answer.get("form") is not False)

    async def close(self) -> None:
        """Close the session; a later question opens a new one."""
        if self._bridge is not None:
            await self._bridge.close()
