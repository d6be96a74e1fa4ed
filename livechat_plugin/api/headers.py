"""Headers of every answer, and CORS for the widget API: the sites that the settings name may call it, nobody else."""

from sanic import HTTPResponse, Request, Sanic
from sanic.response import BaseHTTPResponse

from ..services import Services
from .auth import is_known_site

WIDGET = "/widget/v1/"
APIS = ("/api/", WIDGET, "/bridge/")
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "authorization, content-type",
    "Access-Control-Max-Age": "600",
}


def install(app: Sanic) -> None:  # type: ignore[type-arg]
    app.register_middleware(_answer_preflight, "request")
    app.register_middleware(_complete, "response")


async def _answer_preflight(request: Request) -> HTTPResponse | None:
    if request.method != "OPTIONS" or not request.path.startswith(WIDGET):
        return None
    return HTTPResponse(status=204, headers=PREFLIGHT)


async def _complete(request: Request, response: BaseHTTPResponse) -> None:
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    if request.path.startswith(APIS):
        headers.setdefault("Cache-Control", "no-store")
    origin = request.headers.get("origin")
    if origin is None or not request.path.startswith(WIDGET) or "access-control-allow-origin" in headers:
        return
    services: Services = request.app.ctx.services
    if is_known_site(origin, services):
        headers["Access-Control-Allow-Origin"] = origin
        headers["Vary"] = "Origin"
