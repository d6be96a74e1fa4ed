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
    `waiting`: how many handovers of all customers are pending.
    """

    reason: str
    opening: str | None = None
    waiting: int = 0

    @property
    def refuses_forms(self) -> bool:
        """Closed for good, and nothing is pending. Of a customer with an open handover a form is taken even then, and
        the answer does not say whose the pending ones are.
        """
        return self.reason in ("off", "plan") and self.waiting == 0


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
        return Availability(str(answer.get("reason")), answer.get("opening"), int(answer.get("waiting") or 0))

    async def close(self) -> None:
        """Close the session; a later question opens a new one."""
        if self._bridge is not None:
            await self._bridge.close()
