"""A bare Sanic server, `python -m bench.bare PORT`: answers a POST and echoes WebSocket frames, and nothing else."""

import sys

from sanic import HTTPResponse, Request, Sanic, Websocket


def create_app() -> Sanic:  # type: ignore[type-arg]
    app: Sanic = Sanic("bare", configure_logging=False)  # type: ignore[type-arg]

    @app.post("/echo")
    async def answer(request: Request) -> HTTPResponse:
        return HTTPResponse(request.body, content_type="application/json")

    @app.websocket("/socket")
    async def echo(_: Request, socket: Websocket) -> None:
        async for frame in socket:
            await socket.send(frame)

    return app


if __name__ == "__main__":
    create_app().run(host="127.0.0.1", port=int(sys.argv[1]), single_process=True, access_log=False, motd=False)
