"""Where a fake provider's webhooks go in tests of the fakes themselves: it keeps them and answers as told."""

import hmac
import json
from hashlib import sha256
from typing import Any

from aiohttp import web

from .server import Server
from .telegram_bot import SECRET_HEADER
from .whatsapp_number import SIGNATURE_HEADER

VERIFY_TOKEN = "verify-token"


class Receiver:
    """`answers` are the statuses of the next webhooks; then it is 200. `taken` are the bodies that got 200."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.taken: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.raw: list[bytes] = []
        self._server = Server()
        self._server.app.router.add_get("/webhook", self._greet)
        self._server.app.router.add_post("/webhook", self._take)

    @property
    def url(self) -> str:
        return f"{self._server.url}/webhook"

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._server.stop()

    def proof(self) -> str | None:
        """What the last webhook proved itself by: Telegram's secret or Meta's signature."""
        return self.headers[-1].get(SECRET_HEADER) or self.headers[-1].get(SIGNATURE_HEADER)

    def is_signed(self, app_secret: str) -> bool:
        wanted = hmac.new(app_secret.encode(), self.raw[-1], sha256).hexdigest()
        return self.headers[-1].get(SIGNATURE_HEADER) == f"sha256={wanted}"

    async def _greet(self, request: web.Request) -> web.Response:
        is_ours = request.query.get("hub.verify_token") == VERIFY_TOKEN
        return web.Response(text=request.query["hub.challenge"]) if is_ours else web.Response(status=403)

    async def _take(self, request: web.Request) -> web.Response:
        self.raw.append(await request.read())
        self.headers.append(dict(request.headers))
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:
            self.taken.append(json.loads(self.raw[-1]))
        return web.Response(status=status)
