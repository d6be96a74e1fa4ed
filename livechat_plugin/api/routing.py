"""Routes as data: who may call, what comes in, what goes out. One place authenticates, decodes, encodes and documents.

A handler translates, it does not decide: it gets a `Call` and answers a wire struct. What must hold: a route without
an allowed caller does not exist; a state change by an agent needs the `X-LiveChat` header and a known Origin.
"""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec
from sanic import HTTPResponse, Request, Sanic
from sanic.response import ResponseStream

from ..domain.rights import Action
from ..errors import Invalid
from ..plain import explain
from . import auth
from .call import Call, Who

S = TypeVar("S", bound=msgspec.Struct)


@dataclass(frozen=True)
class Answer:
    """A body with another status than the route's own, or with cookies to set."""

    body: msgspec.Struct
    status: int | None = None
    cookie: str | None = None


Handler = Callable[[Call], Awaitable[msgspec.Struct | Answer | ResponseStream]]


@dataclass(frozen=True, kw_only=True)
class Route:
    method: str
    path: str
    who: Who
    answers: type[msgspec.Struct] | None  # None: the bytes of a file
    handler: Handler
    action: Action | None = None
    body: type[msgspec.Struct] | None = None
    query: type[msgspec.Struct] | None = None
    status: int = HTTPStatus.OK
    upload: bool = False  # the body is a file, read by the handler as it comes
    summary: str = ""


class Routes:
    """The routes of one API below `prefix`; `@routes("POST", "/messages", …)` adds a handler."""

    def __init__(self, prefix: str, who: Who) -> None:
        self.prefix = prefix
        self.who = who
        self.all: list[Route] = []

    def __call__(
        self, method: str, path: str, answers: type[msgspec.Struct] | None, **options: Any
    ) -> Callable[[Handler], Handler]:
        def add(handler: Handler) -> Handler:
            summary = (handler.__doc__ or handler.__name__).strip().splitlines()[0]
            self.all.append(
                Route(
                    method=method,
                    path=self.prefix + path,
                    answers=answers,
                    handler=handler,
                    summary=summary,
                    **{"who": self.who, **options},
                )
            )
            return handler

        return add

    def install(self, app: Sanic) -> None:  # type: ignore[type-arg]
        for route in self.all:
            name = f"{route.method}_{route.path}".replace("/", "_").replace("<", "").replace(">", "").replace(".", "_")
            app.add_route(_endpoint(route), route.path, methods=[route.method], name=name, stream=route.upload)  # type: ignore[arg-type]  # Sanic's own handlers answer streams, too


def _endpoint(route: Route) -> Callable[..., Coroutine[Any, Any, HTTPResponse | ResponseStream]]:
    decoder = msgspec.json.Decoder(route.body) if route.body is not None else None

    async def endpoint(request: Request, **params: str) -> HTTPResponse | ResponseStream:
        call = Call(request=request, services=request.app.ctx.services, params=params)
        await auth.admit(call, route.who, route.action, changes=route.method != "GET")
        if decoder is not None:
            call.body = _decode(decoder, request.body or b"{}")
        if route.query is not None:
            call.query = _query(route.query, request)
        answer = await route.handler(call)
        return answer if isinstance(answer, ResponseStream) else _respond(call, route, answer)

    return endpoint


def _respond(call: Call, route: Route, answer: msgspec.Struct | Answer) -> HTTPResponse:
    made = answer if isinstance(answer, Answer) else Answer(answer)
    response = encoded(made.body, made.status or route.status)
    if made.cookie is not None:
        auth.set_cookie(response, call.services.config, made.cookie)
    return response


def encoded(body: msgspec.Struct, status: int = HTTPStatus.OK) -> HTTPResponse:
    return HTTPResponse(msgspec.json.encode(body), status=status, content_type="application/json")


def _decode(decoder: "msgspec.json.Decoder[S]", raw: bytes) -> S:
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        raise invalid(error, decoder.type) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid("The body is not JSON.", {"body": "a JSON object in UTF-8"}) from error


def _query(query: type[S], request: Request) -> S:
    values = {name: values[-1] for name, values in request.args.items()}
    try:
        return msgspec.convert(values, query, strict=False)
    except msgspec.ValidationError as error:
        raise invalid(error, query) from error


def invalid(error: msgspec.ValidationError, kind: Any) -> Invalid:
    """What is wrong with a body of this type, as our refusal."""
    key, problem = explain(error, kind)
    return Invalid(f"{key or 'body'}: {problem}.", {key or "body": problem})
