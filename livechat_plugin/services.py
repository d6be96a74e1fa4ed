"""Everything one process of the service is made of; put together by `app.create_app`, found in handlers as
`app.ctx.services`.
"""

from dataclasses import dataclass, field

from .api.pace import Pace
from .config import Config
from .delivery.mail import Mailer
from .delivery.rasa import Rasa
from .delivery.typing import TypingSender
from .errors import Unavailable
from .passwords import Passwords
from .realtime.desk import Desk
from .realtime.hints import Hints
from .realtime.hub import Hub
from .realtime.lobby import Lobby
from .settings.file import SettingsFile
from .storage.redis_link import RedisDown, RedisLink
from .usecases.context import Context
from .wire.dashboard import PartState

RASA_SILENT = "Rasa does not answer: customers get no bot answers, and what goes to Telegram or WhatsApp waits."


@dataclass(kw_only=True)
class Services:
    """`health` is the last `health` frame, for dashboards that connect."""

    config: Config
    context: Context
    link: RedisLink | None
    hub: Hub
    desk: Desk
    lobby: Lobby
    hints: Hints
    rasa: Rasa
    typing: TypingSender
    mailer: Mailer
    settings_file: SettingsFile
    passwords: Passwords = field(default_factory=Passwords)
    pace: Pace = field(default_factory=Pace)
    health: str | None = None

    async def parts(self) -> dict[str, PartState]:
        """Each part that the service leans on, pinged now."""
        rasa = await self.rasa.ping()
        error = self.settings_file.error
        return {
            "database": await self._database(),
            "redis": await self._redis(),
            "rasa": PartState(ok=rasa, note=None if rasa else RASA_SILENT),
            "mail": self._mail(),
            "settings": PartState(ok=error is None, note=error),
        }

    async def _database(self) -> PartState:
        try:
            await self.context.database.ping()
        except Unavailable:
            return PartState(ok=False, note="The database does not answer.")
        return PartState(ok=True)

    def _mail(self) -> PartState:
        """A server that is not set up is no trouble where no mails are wanted."""
        trouble = self.mailer.trouble
        wanted = self.mailer.is_set_up or self.context.settings.notifications.email.enabled
        return PartState(ok=trouble is None or not wanted, note=trouble)

    async def _redis(self) -> PartState:
        if self.link is None:
            return PartState(ok=True, note="not used")
        client = self.link.client
        try:
            await self.link.ask(client.ping)
        except RedisDown:
            return PartState(ok=False, note="Redis does not answer: claims go on, updates may take 5 s longer.")
        return PartState(ok=True)
