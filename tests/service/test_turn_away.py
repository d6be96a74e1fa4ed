"""With which code a socket is turned away: only a session that is over may make a browser forget it."""

import pytest

from livechat_plugin.api.socket import turn_away
from livechat_plugin.errors import Forbidden, LiveChatError, NotFound, NotSignedIn, Unavailable


class Line:
    """A socket's end that keeps how it was closed."""

    def __init__(self) -> None:
        self.closed: tuple[int, str] | None = None

    async def close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotSignedIn(), 4401),
        (NotFound("conversation"), 4401),
        (Forbidden("another site"), 4403),
        (Unavailable(), 1013),
    ],
)
async def test_outage_is_not_the_end_of_a_session(error: LiveChatError, code: int) -> None:
    """A database that is away closes with "try again later": a visitor who forgot their token would lose their chat."""
    line = Line()
    await turn_away(line, error)  # type: ignore[arg-type]
    assert line.closed == (code, error.code)
