"""An action server on loopback: each action is a plain function of the tracker that gives its answer."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor

Answer = dict[str, Any]
Run = Callable[[Answer], Awaitable[Answer]]


def saying(*texts: str, events: list[Answer] | None = None) -> Answer:
    """An answer that says `texts` and leaves `events`."""
    return {"events": events or [], "responses": [{"text": text} for text in texts]}


def noting(status: str) -> Answer:
    """The answer of the action that asks for a person."""
    note = {"event": "agent", "text": None, "data": None, "metadata": {"livechat": {"handover": status}}}
    return saying(events=[note])


class FakeActions:
    """Answers with what is in `actions` under the action's name; without an entry it fails."""

    def __init__(self) -> None:
        self.actions: dict[str, Run] = {}
        self.calls: list[Answer] = []
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def start(self) -> "FakeActions":
        app = web.Application(client_max_size=10_000_000)
        app.router.add_post("/webhook", self._run)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/webhook"
        return self

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _run(self, request: web.Request) -> web.Response:
        call = await request.json()
        self.calls.append(call)
        run = self.actions.get(call["next_action"])
        if run is None:
            return web.json_response({"error": "broken"}, status=500)
        return web.json_response(await run(call["tracker"]))


class RealActions(FakeActions):
    """Runs the actions it was given, as the action server does."""

    def __init__(self, *actions: Action) -> None:
        super().__init__()
        self._executor = ActionExecutor()
        for action in actions:
            self._executor.register_action(action)

    async def _run(self, request: web.Request) -> web.Response:
        call = await request.json()
        self.calls.append(call)
        return web.json_response(await self._executor.run(call))
