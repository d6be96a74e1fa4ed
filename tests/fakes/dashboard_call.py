"""One call of the stand-in: who makes it, about what, with which body, and the answer."""

from typing import Any, TypeVar

import msgspec
from sanic import Request
from sanic.response import HTTPResponse, raw

from livechat_plugin.wire import dashboard

from .dashboard_refusal import RefusedError
from .dashboard_talk import Talk
from .dashboard_world import AGENTS

T = TypeVar("T")


def answer(body: Any, status: int = 200) -> HTTPResponse:
    return raw(msgspec.json.encode(body), status=status, content_type="application/json")


def who(request: Request) -> dashboard.Agent:
    agent = AGENTS.get(request.cookies.get("livechat_session") or "")
    if agent is None:
        raise RefusedError(401, "not_signed_in", "Sign in first.")
    return agent


def talk_of(request: Request, id: str) -> Talk:
    talk: Talk | None = request.app.ctx.world.talks.get(id)
    if talk is None:
        raise RefusedError(404, "not_found", "There is no such conversation.")
    return talk


def body(request: Request, kind: type[T]) -> T:
    if request.headers.get("X-LiveChat") != "1":
        raise RefusedError(403, "forbidden", "The header X-LiveChat is missing.")
    try:
        return msgspec.json.decode(request.body, type=kind)
    except msgspec.ValidationError as error:
        raise RefusedError(422, "invalid", str(error)) from error
