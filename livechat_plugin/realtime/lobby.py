"""The visitors' sockets of this process: each is shown its button, the settings and availability, whenever they
change.
"""

from dataclasses import dataclass

from .. import render
from ..ids import ConversationId
from ..usecases import button, read_inbox, wording
from ..usecases.context import Context
from ..usecases.read_conversation import find_all
from ..wire.sockets import SettingsChange
from .hub import Subscription, frame_of
from .outlet import Outlet

Shown = tuple[bool, bool, int, str]
"""What a widget shows: the button, the form, the settings' version, why live chat is open or not."""


@dataclass(eq=False)
class Guest:
    """One widget socket."""

    conversation: ConversationId
    outlet: Outlet
    subscription: Subscription | None = None
    shown: Shown | None = None


class Lobby:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._guests: dict[ConversationId, set[Guest]] = {}

    def __len__(self) -> int:
        return sum(len(guests) for guests in self._guests.values())

    def add(self, guest: Guest) -> None:
        self._guests.setdefault(guest.conversation, set()).add(guest)

    def remove(self, guest: Guest) -> None:
        guests = self._guests.get(guest.conversation, set())
        guests.discard(guest)
        if not guests:
            self._guests.pop(guest.conversation, None)

    def here(self, conversation: ConversationId) -> bool:
        return conversation in self._guests

    async def refresh(self, conversations: list[ConversationId] | None = None) -> None:
        """Tells the widgets of these conversations (or all) what they show now, if it is something else than before."""
        wanted = list(self._guests) if conversations is None else [one for one in conversations if self.here(one)]
        if not wanted:
            return
        rows = await find_all(self._context, wanted)
        verdict = self._context.availability()
        late: list[tuple[Guest, Shown]] = []
        for row in rows:
            ask = button.may_ask(self._context, row, verdict)
            form = button.may_leave_details(self._context, row, verdict)
            shown = (ask, form, self._context.version, verdict.reason)
            guests = self._guests.get(ConversationId(row["id"]), ())
            late += [(guest, shown) for guest in guests if guest.shown != shown]
        if late:
            await self._tell(late)

    async def _tell(self, late: list[tuple[Guest, Shown]]) -> None:
        """Rare, unlike the look above: only now is it counted how many wait."""
        availability = render.availability(self._context, await read_inbox.waiting(self._context))
        ids = list({guest.conversation for guest, _ in late})
        readers = await wording.readers_of(self._context, ids, *wording.IN_THE_WIDGET)
        configs = {reader: render.widget_config(self._context, reader) for reader in set(readers.values())}
        for guest, shown in late:
            guest.shown = shown
            config = configs[readers[guest.conversation]]
            change = SettingsChange(availability=availability, config=config, button=shown[0], form=shown[1])
            guest.outlet.put(frame_of(change))
