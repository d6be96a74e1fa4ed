"""Routes for the live chat service alone: for callers without its bearer they do not exist (404)."""

import hmac
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from sanic import response as answer
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from .errors import Malformed

Handler = Callable[[Request], Coroutine[Any, Any, "HTTPResponse | None"]]


def for_service(token: str, handler: Handler) -> Handler:
    """`handler` for callers with the bearer `token`. What it finds malformed is answered with 422."""

    async def checked(request: Request) -> HTTPResponse | None:
        if not _is_service(request.headers, token):
            return error(404, "not_found", "There is nothing here.")
        try:
            return await handler(request)
        except Malformed as reason:
            return error(422, "invalid", str(reason))

    return checked


def body(request: Request) -> Any:
    """The JSON of a request; raises Malformed."""
    try:
        return request.json
    except SanicException as reason:
        raise Malformed("body: expected JSON") from reason


def error(status: int, code: str, message: str, **more: Any) -> HTTPResponse:
    """A refusal in the form of the service's own."""
    return answer.json({"code": code, "message": message, "data": {}, **more}, status=status)


def _is_service(headers: Mapping[str, str], token: str) -> bool:
    given = headers.get("authorization", "").encode("utf-8", "replace")
    return hmac.compare_digest(given, f"Bearer {token}".encode())
