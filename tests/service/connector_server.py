"""A connector inside Rasa as the service sees it: one of its routes, answered by plan, on loopback."""

from abc import ABC, abstractmethod
from typing import ClassVar, Self

from aiohttp import web

from tests.harness.waiting import free_port


class ConnectorServer(ABC):
    """`async with Provider(503, 200) as provider:`; after the plan every call is answered with 200. It is there from
    the first line to the last, at `url`, and may be there again.
    """

    route: ClassVar[str]

    def __init__(self, *plan: int) -> None:
        self.plan = list(plan)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/", self._greet)
        app.router.add_post(f"/webhooks/{{channel}}/{self.route}", self._take)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _greet(self, _: web.Request) -> web.Response:
        return web.Response(text="Hello from Rasa")

    async def _take(self, request: web.Request) -> web.Response:
        return await self.answer(request, self.plan.pop(0) if self.plan else 200)

    @abstractmethod
    async def answer(self, request: web.Request, status: int) -> web.Response:
        """What a call gets whose turn in the plan is `status`."""
