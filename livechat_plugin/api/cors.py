"""CORS for the widget API: the sites that the settings name may call it from their pages, and nobody else may."""

from sanic import HTTPResponse, Request, Sanic
from sanic.response import BaseHTTPResponse

from ..services import Services
from .auth import is_known_site

PREFIX = "/widget/v1/"
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "authorization, content-type",
    "Access-Control-Max-Age": "600",
}


def install(app: Sanic) -> None:  # type: ignore[type-arg]
    async def answer_preflight(request: Request) -> HTTPResponse | None:
        if request.method != "OPTIONS" or not request.path.startswith(PREFIX):
            return None
        return HTTPResponse(status=204, headers=PREFLIGHT)

    async def allow(request: Request, response: BaseHTTPResponse) -> None:
        origin = request.headers.get("origin")
        if origin is None or not request.path.startswith(PREFIX) or "access-control-allow-origin" in response.headers:
            return
        services: Services = request.app.ctx.services
        if is_known_site(origin, services):
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Vary"] = "Origin"

    app.register_middleware(answer_preflight, "request")
    app.register_middleware(allow, "response")
