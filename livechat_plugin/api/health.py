"""`/health` says that the process lives, `/ready` pings each part, `/api/openapi.json` describes the interfaces."""

import msgspec
from sanic import HTTPResponse, Request, Sanic

from ..services import Services
from ..wire.dashboard import PartState
from . import openapi
from .routing import Routes, encoded


class Alive(msgspec.Struct):
    status: str = "ok"


class Ready(msgspec.Struct):
    """`ready`, `degraded` (works, with a part missing) or `unavailable` (the database is gone)."""

    status: str
    parts: dict[str, PartState]


def install(app: Sanic, apis: list[Routes]) -> None:  # type: ignore[type-arg]
    description = msgspec.json.encode(openapi.document(openapi.paths(apis)))

    async def health(_: Request) -> HTTPResponse:
        return encoded(Alive())

    async def ready(request: Request) -> HTTPResponse:
        services: Services = request.app.ctx.services
        parts = await services.parts()
        if not parts["database"].ok:
            return encoded(Ready("unavailable", parts), 503)
        return encoded(Ready("ready" if all(part.ok for part in parts.values()) else "degraded", parts))

    async def description_file(_: Request) -> HTTPResponse:
        return HTTPResponse(description, content_type="application/json")

    app.add_route(health, "/health", methods=["GET"], name="health")
    app.add_route(ready, "/ready", methods=["GET"], name="ready")
    app.add_route(description_file, "/api/openapi.json", methods=["GET"], name="openapi")
