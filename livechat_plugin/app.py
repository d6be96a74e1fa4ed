"""All the wiring on one page: `create_app` builds the Sanic application and everything that runs in its process."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from sanic import HTTPResponse, Request, Sanic
from sanic.exceptions import SanicException

from .api import bridge, conversations, files, headers, health, lists, mails, pages, session, settings, team, widget
from .api.dashboard_socket import dashboard_socket
from .api.routing import encoded
from .api.widget_socket import widget_socket
from .config import Config
from .delivery.cards import CardFetcher
from .delivery.mail import Mailer
from .delivery.media import MediaFetcher
from .delivery.outbox import OutboxRunner
from .delivery.rasa import Rasa
from .delivery.turns import TurnRunner
from .delivery.typing import TypingSender
from .errors import LiveChatError, TooManyRequests
from .ids import ConversationId
from .links import Links
from .realtime.desk import Desk
from .realtime.hints import Hint, Hints
from .realtime.hub import Hub
from .realtime.lobby import Lobby
from .realtime.marks import Marks
from .realtime.upkeep import Upkeep
from .services import Services
from .settings.file import SettingsFile
from .storage.database import connect
from .storage.file_store import Folder
from .storage.gate import Gate
from .storage.redis_link import RedisLink
from .usecases.context import Change, Context
from .wire.common import ErrorBody

log = logging.getLogger(__name__)

REQUEST_MAX_BYTES = 1_000_000
SOCKET_MAX_BYTES = 64_000
SENTENCES = {
    404: "There is no such page.",
    405: "This address can't be called that way.",
    413: f"That is too large: at most {REQUEST_MAX_BYTES // 1000} kB.",
}
APIS = [
    session.routes,
    lists.routes,
    conversations.routes,
    team.routes,
    settings.routes,
    mails.routes,
    widget.routes,
    bridge.routes,
    files.team,
    files.visitors,
    files.rasa,
]


def create_app(config: Config, name: str = "livechat") -> Sanic:  # type: ignore[type-arg]
    app: Sanic = Sanic(name, configure_logging=False)  # type: ignore[type-arg]
    app.config.REQUEST_MAX_SIZE = REQUEST_MAX_BYTES
    app.config.WEBSOCKET_MAX_SIZE = SOCKET_MAX_BYTES
    app.config.WEBSOCKET_PING_INTERVAL = 20
    app.config.WEBSOCKET_PING_TIMEOUT = 20
    app.config.RESPONSE_TIMEOUT = 60
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 3.0
    app.config.PROXIES_COUNT = config.proxies or None
    for api in APIS:
        api.install(app)
    app.add_websocket_route(dashboard_socket, "/api/v1/socket", name="dashboard_socket")
    app.add_websocket_route(widget_socket, "/widget/v1/socket", name="widget_socket")
    health.install(app, APIS)
    pages.install(app, config)
    headers.install(app)
    app.error_handler.add(Exception, _refuse)

    @app.before_server_start
    async def start(app: Sanic) -> None:  # type: ignore[type-arg]
        process = Process(config)
        app.ctx.process, app.ctx.services = process, process.services
        await process.start()

    @app.after_server_stop
    async def stop(app: Sanic) -> None:  # type: ignore[type-arg]
        await app.ctx.process.stop()

    return app


async def _refuse(request: Request, error: Exception) -> HTTPResponse:
    """Whatever goes wrong, the caller gets a code and a sentence; what we did not expect is logged once, here."""
    if isinstance(error, LiveChatError):
        response = encoded(ErrorBody(code=error.code, message=error.message, data=error.data), error.status)
        if isinstance(error, TooManyRequests):
            response.headers["Retry-After"] = str(error.retry_after)
        return response
    if isinstance(error, SanicException):
        code = "not_found" if error.status_code in (404, 405) else "invalid"
        message = SENTENCES.get(error.status_code, "This request can't be read.")
        return encoded(ErrorBody(code=code, message=message), error.status_code)
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return encoded(ErrorBody(code="internal", message="Something went wrong here. Please try again."), 500)


class Process:
    """What runs in one process beside the requests; made when its event loop runs, ended before it stops."""

    def __init__(self, config: Config) -> None:
        link = RedisLink(config.redis_url) if config.redis_url else None
        context = Context(
            database=connect(config.database_url),
            gate=Gate(link),
            store=Folder(config.data_dir / "files"),
            links=Links.from_secret(config.bridge_token),
        )
        self._rasa = Rasa(config.rasa_url, config.bridge_token)
        self._typing = TypingSender(context, self._rasa)
        self._turns = TurnRunner(context, self._rasa, self._typing)
        self._outbox = OutboxRunner(context, self._rasa)
        self._cards = CardFetcher(context, self._rasa)
        self._media = MediaFetcher(context, self._rasa)
        self._mailer = Mailer(context, config.smtp, config.public_url)
        self._hints = Hints(link, config.redis_url, self._receive)
        self._context = context
        self._tasks: list[asyncio.Task[None]] = []
        self.services = Services(
            config=config,
            context=context,
            link=link,
            hub=Hub(context),
            desk=Desk(context),
            lobby=Lobby(context),
            hints=self._hints,
            rasa=self._rasa,
            typing=self._typing,
            mailer=self._mailer,
            settings_file=SettingsFile(config.settings_path),
        )
        self._marks = Marks(context, self.services.hub)
        self._upkeep = Upkeep(self.services)
        context.announce = self._announce

    async def start(self) -> None:
        """Takes the settings into force, then starts what runs by itself."""
        await self._upkeep.look_at_settings()
        runs = [
            self._hints.publish(),
            self._hints.listen(),
            self.services.desk.run(),
            self._marks.run(),
            self._upkeep.renew_leases(),
            self._turns.loop.run(),
            self._outbox.loop.run(),
            self._media.loop.run(),
            self._mailer.writing.run(),
            self._mailer.sending.run(),
            *(loop.run() for loop in self._upkeep.loops),
        ]
        self._tasks = [asyncio.create_task(run) for run in runs]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._rasa.close()
        if self.services.link is not None:
            await self.services.link.close()
        await self._context.database.close()

    def _announce(self, change: Change) -> None:
        """After a commit of this process."""
        if change.card:
            self._cards.fetch(change.conversation)
        if change.files:
            self._media.loop.poke()
        if change.mail:
            self._mailer.poke()
        self._hints.announce(change)

    def _receive(self, hint: Hint) -> None:
        """A hint of this or another process: whoever may be concerned looks for themselves."""
        conversation = ConversationId(hint.conversation)
        if hint.frame is not None:
            self.services.hub.broadcast(conversation, hint.frame)
            return
        if hint.settings:
            self._spawn(self._upkeep.look_at_settings())
        if hint.conversation:
            self.services.hub.hint(conversation)
            if self.services.lobby.here(conversation):
                self._spawn(self.services.lobby.refresh([conversation]))
        if hint.inbox:
            self.services.desk.mark(conversation)
        if hint.marks:
            self._marks.rise(conversation)
        if hint.turn:
            self._turns.loop.poke()
        if hint.outbox:
            self._outbox.loop.poke()

    def _spawn(self, run: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(run)
        self._tasks.append(task)
        task.add_done_callback(self._tasks.remove)
