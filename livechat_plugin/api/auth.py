"""Who is calling: an agent by cookie, a visitor or the bridge by bearer; and from where.

What must hold: everything is refused that is not allowed here. Cookies count only with a known Origin (a browser
always sends one with a state change or a socket), so another site can't act in an agent's name.
"""

import hmac

from sanic import HTTPResponse, Request

from ..config import Config
from ..domain.rights import Action, can
from ..errors import Forbidden, NotFound, NotSignedIn
from ..services import Services
from ..usecases import sign_in, visitor
from .call import Call, Who

COOKIE_PLAIN = "livechat_session"
COOKIE_HTTPS = "__Host-livechat_session"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


async def admit(call: Call, who: Who, action: Action | None, *, changes: bool) -> None:
    """Finds out who is calling and puts them into the call, or refuses."""
    if who in ("agent", "newcomer") and changes:
        check_header(call.request)
        check_origin(call.request, call.services.config)
    if who == "agent":
        call.agent = await sign_in.find_agent(call.services.context, cookie(call.request, call.services.config))
        check_right(call.agent["role"], action)
    elif who == "visitor":
        check_site(call.request, call.services)
        call.conversation = await visitor.find(call.services.context, bearer(call.request))
    elif who == "bridge":
        check_bridge(call.request, call.services.config)


def check_right(role: str, action: Action | None) -> None:
    if action is not None and not can(role, action):
        raise Forbidden("Your role does not allow this.")


def cookie_name(config: Config) -> str:
    return COOKIE_HTTPS if config.https else COOKIE_PLAIN


def cookie(request: Request, config: Config) -> str:
    value = request.cookies.get(cookie_name(config))
    if not value:
        raise NotSignedIn
    return str(value)


def set_cookie(response: HTTPResponse, config: Config, token: str) -> None:
    """The session's cookie; an empty token takes it away."""
    response.add_cookie(
        cookie_name(config),
        token,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=config.https,
        max_age=sign_in.ABSOLUTE_MS // 1000 if token else 0,
    )


def bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn("This chat session is over. A new one begins when the page is loaded again.")
    return token.strip()


def check_bridge(request: Request, config: Config) -> None:
    """To anybody without the shared secret the bridge does not exist."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), config.bridge_token.encode()):
        raise NotFound("page")


def check_header(request: Request) -> None:
    if request.headers.get("x-livechat") != "1":
        raise Forbidden("This call needs the header X-LiveChat: 1.")


def check_origin(request: Request, config: Config) -> None:
    """A browser's Origin must be ours; a program that sends none is no browser and holds the cookie itself."""
    origin = request.headers.get("origin")
    if origin is not None and not is_own_origin(origin, config):
        raise Forbidden("This page may not act for the dashboard: its origin is not known here.")


def is_own_origin(origin: str, config: Config) -> bool:
    """The public address, those of LIVECHAT_ORIGINS; on loopback also its other names, with the same port."""
    if origin == config.public_origin or origin in config.origins:
        return True
    scheme, _, place = config.public_origin.partition("://")
    host, _, port = place.rpartition(":")
    return host in LOOPBACK and origin in {f"{scheme}://{name}:{port}" for name in LOOPBACK}


def check_site(request: Request, services: Services) -> None:
    """The widget runs on our own pages and on the sites that the settings name."""
    origin = request.headers.get("origin")
    if origin is not None and not is_known_site(origin, services):
        raise Forbidden("This site may not use the chat: add it to widget.sites in the settings.")


def is_known_site(origin: str, services: Services) -> bool:
    return is_own_origin(origin, services.config) or origin in services.context.settings.widget.sites


def address(request: Request) -> str:
    """The caller's address: the nearest proxy's word if proxies are configured, else the connection's."""
    return str(request.remote_addr or request.ip or "")
