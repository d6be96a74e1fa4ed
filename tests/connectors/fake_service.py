"""A live chat service on loopback that keeps what it is told and can be made slow or to fail."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TOKEN = "a-token-for-tests-0123456789"

Body = dict[str, Any]


@dataclass
class FakeService:
    """The bridge as the connector sees it. `faults` are HTTP statuses for the next calls, before they are kept
    (404: as of a server that is not ours);
    `delay` is what each call takes, in seconds.
    """

    handover: Body = field(default_factory=lambda: {"status": "pending", "handover_id": "h1"})
    verdict: str = "accepted"
    faults: list[int] = field(default_factory=list)
    calls: list[tuple[str, Body]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    availability: Body = field(default_factory=lambda: {"open": True, "reason": "open", "opening": None})
    asked: list[str] = field(default_factory=list)
    refused_tokens: int = 0
    delay: float = 0.0
    url: str = ""
    _runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> "FakeService":
        """Listen on a free port, or on the one it had before."""
        app = web.Application()
        app.router.add_post("/bridge/v1/{path:.*}", self._take)
        app.router.add_get("/bridge/v1/files/{id}", self._give)
        app.router.add_get("/bridge/v1/availability", self._tell)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def stop(self) -> None:
        """Be gone."""
        if self._runner is not None:
            await self._runner.cleanup()

    def bodies(self, path: str) -> list[Body]:
        """What was posted to `path`, in order."""
        return [body for called, body in self.calls if called == path]

    def said(self, turn: str) -> list[Body]:
        """The bubbles of a turn as the service stores them: by number, repeats dropped."""
        bubbles: dict[int, Body] = {}
        for body in self.bodies(f"turns/{turn}/messages"):
            for at, message in enumerate(body["messages"], start=body["from"]):
                bubbles.setdefault(at, message)
        return [bubbles[at] for at in sorted(bubbles)]

    def texts(self, turn: str) -> list[str]:
        """The texts of a turn."""
        return [message.get("text", "") for message in self.said(turn)]

    def is_done(self, turn: str) -> bool:
        """Whether the turn was ended."""
        return any(body["done"] for body in self.bodies(f"turns/{turn}/messages"))

    async def _give(self, request: web.Request) -> web.Response:
        content = self.files.get(request.match_info["id"])
        if request.headers.get("Authorization") != f"Bearer {TOKEN}" or content is None:
            return web.json_response({"code": "not_found", "message": "no"}, status=404)
        return web.Response(body=content)

    async def _tell(self, request: web.Request) -> web.Response:
        self.asked.append(request.query.get("conversation_id", ""))
        if request.headers.get("Authorization") != f"Bearer {TOKEN}" or self.faults:
            return web.json_response({"code": "unavailable", "message": "not now"}, status=503)
        return web.json_response(self.availability)

    async def _take(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.refused_tokens += 1
            return web.json_response({"code": "not_signed_in", "message": "no"}, status=401)
        if self.faults:
            status = self.faults.pop(0)
            if status == 404:
                return web.Response(status=404, text="this is somebody else")
            return web.json_response({"code": "unavailable", "message": "not now"}, status=status)
        await asyncio.sleep(self.delay)
        path = request.match_info["path"]
        self.calls.append((path, await request.json()))
        if path == "handovers":
            return web.json_response(self.handover)
        if path == "inbound":
            return web.json_response({"conversation_id": "c1", "seq": 1, "duplicate": False, "answer": "bot"})
        return web.json_response({"status": self.verdict})
