"""The pages: the dashboard at `/`, the widget's files for any site, and with LIVECHAT_DEMO the demo shop at `/demo`.

What must hold: the dashboard is never framed and runs only its own scripts; the widget's files may be loaded from
anywhere (they hold nothing secret); a path never leads out of the built folder.
"""

from pathlib import Path

from sanic import HTTPResponse, Request, Sanic
from sanic.response import file

from ..config import Config
from ..errors import NotFound

DASHBOARD_CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'"
)
DEMO_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; connect-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'none'; require-trusted-types-for 'script'"
)
FOREVER = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"

SAFE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
ANY_SITE = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


def install(app: Sanic, config: Config) -> None:  # type: ignore[type-arg]
    root = config.static_dir.resolve()

    async def dashboard(_: Request, **__: str) -> HTTPResponse:
        headers = {**SAFE, "Content-Security-Policy": DASHBOARD_CSP, "Cache-Control": REVALIDATE}
        return await _file(root / "agent", "index.html", headers)

    async def asset(_: Request, path: str) -> HTTPResponse:
        return await _file(root / "agent" / "assets", path, {**SAFE, "Cache-Control": FOREVER})

    async def loader(_: Request) -> HTTPResponse:
        return await _file(root / "widget", "widget.js", {**SAFE, **ANY_SITE, "Cache-Control": "public, max-age=300"})

    async def widget_app(_: Request, path: str) -> HTTPResponse:
        return await _file(root / "widget", path, {**SAFE, **ANY_SITE, "Cache-Control": FOREVER})

    async def demo(_: Request, path: str = "index.html") -> HTTPResponse:
        headers = {**SAFE, "Content-Security-Policy": DEMO_CSP, "Cache-Control": REVALIDATE}
        name = path if "." in path.rpartition("/")[2] else f"{path.rstrip('/')}.html"
        return await _file(root / "demo", name, headers)

    for path in ("/", "/live-chat", "/live-chat/<rest:path>"):
        app.add_route(dashboard, path, methods=["GET"], name=f"dashboard_{len(path)}")
    app.add_route(asset, "/assets/<path:path>", methods=["GET"], name="asset")
    app.add_route(loader, "/widget.js", methods=["GET"], name="loader")
    app.add_route(loader, "/widget/v1/widget.js", methods=["GET"], name="loader_v1")
    app.add_route(widget_app, "/widget/v1/app/<path:path>", methods=["GET"], name="widget_app")
    if config.demo:
        app.add_route(demo, "/demo", methods=["GET"], name="demo")
        app.add_route(demo, "/demo/<path:path>", methods=["GET"], name="demo_page")


async def _file(folder: Path, name: str, headers: dict[str, str]) -> HTTPResponse:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise NotFound("page")
    return await file(path, headers=headers, validate_when_requested=False)
