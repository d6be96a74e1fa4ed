"""The visitors' sockets of a process: told what they show when it changes, and cheap to look after."""

from dataclasses import dataclass

from livechat_plugin.domain.availability import Verdict
from livechat_plugin.realtime.lobby import Guest, Lobby
from livechat_plugin.realtime.outlet import Outlet
from livechat_plugin.settings.hours import BusinessHours
from livechat_plugin.settings.schema import Settings
from livechat_plugin.usecases.context import Context

from .world import SettableClock, new_conversation

MORNING = Settings(business_hours=BusinessHours(enabled=True, timezone="UTC", start="09:00", end="12:00"))
"""The clock of these tests stands at noon."""


class Socket:
    """Nobody reads here."""

    async def send(self, message: str) -> None:
        raise AssertionError("nothing empties the outlet")

    async def close(self, code: int = 1000, reason: str = "") -> None:
        raise AssertionError("nothing empties the outlet")


@dataclass(kw_only=True)
class CountingContext(Context):
    """Counts how often availability is judged."""

    judged: int = 0

    def availability(self) -> Verdict:
        self.judged += 1
        return super().availability()


async def test_availability_is_judged_once_a_refresh_not_for_each_socket(context: Context) -> None:
    """Bug: while closed, each widget's socket had the next opening searched once or twice, every few seconds."""
    counting = CountingContext(database=context.database, gate=context.gate, clock=context.clock, settings=MORNING)
    lobby = Lobby(counting)
    guests = [Guest(await new_conversation(counting), Outlet(Socket())) for _ in range(5)]
    for guest in guests:
        lobby.add(guest)
    await lobby.refresh()
    assert {guest.shown for guest in guests} == {(False, True, 0, "hours")}
    counting.judged = 0
    await lobby.refresh()
    assert counting.judged == 1


async def test_hours_that_are_remembered_end_with_their_edge_and_their_settings(
    context: Context, clock: SettableClock
) -> None:
    """The closing second is closed, the opening one open, also when the clock goes back; new hours count at once."""
    context.settings = MORNING
    assert context.availability().reason == "hours"
    clock.shift(seconds=-0.001)
    assert context.availability().open
    clock.shift(seconds=0.001)
    closed = context.availability()
    assert (closed.reason, closed.next_opening and closed.next_opening.hour) == ("hours", 9)
    clock.shift(hours=21, seconds=-0.001)
    assert context.availability() == closed
    clock.shift(seconds=0.001)
    assert context.availability().open
    context.settings = Settings(business_hours=BusinessHours(enabled=True, timezone="UTC", start="13:00", end="14:00"))
    assert context.availability().reason == "hours"
    context.settings = Settings()
    assert context.availability().open
