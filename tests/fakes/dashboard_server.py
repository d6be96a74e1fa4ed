"""A stand-in for the service's dashboard side: real HTTP and WebSocket on loopback, conversations in memory.

`python -m tests.fakes.dashboard_server --port 9000 --seed busy --static dashboard_app/dist/agent`. What customers do
and what goes wrong is told to it on `POST /fake/<verb>`.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from sanic import Request, Sanic, Websocket
from sanic.response import HTTPResponse, file

from livechat_plugin.wire import common, dashboard, sockets

from .dashboard_acts import acts, said
from .dashboard_admin import admin, tell
from .dashboard_call import answer, body, talk_of, who
from .dashboard_happenings import happen
from .dashboard_hub import Hub
from .dashboard_reads import conversation as as_conversation
from .dashboard_refusal import RefusedError
from .dashboard_seed import busy
from .dashboard_seed_outside import outside
from .dashboard_settings import SettingsShelf
from .dashboard_talk import iso
from .dashboard_world import AGENTS, PASSWORD, World, ago

CSP = "default-src 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"


def outside_too(world: World) -> None:
    busy(world)
    outside(world)


SEEDS: dict[str, Callable[[World], None]] = {"empty": lambda world: None, "busy": busy, "outside": outside_too}
frames = msgspec.json.Decoder(sockets.DashboardFrame)


app = Sanic("livechat-fake")
app.blueprint(acts)
app.blueprint(admin)


@app.exception(RefusedError)
async def refuse(_: Request, error: RefusedError) -> HTTPResponse:
    body = common.ErrorBody(code=error.code, message=error.message, data=error.data)
    return answer(body, error.status)


def availability() -> common.Availability:
    reason = app.ctx.ways["closed"] or app.ctx.shelf.reason
    return common.Availability(open=reason == "open", reason=reason, waiting=app.ctx.world.counts().pending)


def tell_settings() -> None:
    app.ctx.hub.all(sockets.SettingsChange(availability=availability(), version=app.ctx.shelf.latest.version))


app.ctx.availability, app.ctx.tell_settings = availability, tell_settings


@app.post("/api/v1/session")
async def sign_in(request: Request) -> HTTPResponse:
    wanted = body(request, dashboard.SignIn)
    for key, agent in AGENTS.items():
        if agent.email == wanted.email and wanted.password == PASSWORD:
            response = answer(dashboard.SignedIn(agent=agent))
            response.add_cookie("livechat_session", key, httponly=True, samesite="Lax", secure=False)
            return response
    raise RefusedError(401, "not_signed_in", "Email or password is not right.")


@app.get("/api/v1/session")
async def session(request: Request) -> HTTPResponse:
    return answer(dashboard.SignedIn(agent=who(request)))


@app.delete("/api/v1/session")
async def sign_out(request: Request) -> HTTPResponse:
    response = answer({"ok": True})
    response.delete_cookie("livechat_session")
    return response


@app.get("/api/v1/handovers")
async def handovers(request: Request) -> HTTPResponse:
    agent, world = who(request), app.ctx.world
    if (since := request.args.get("since")) and (seconds := float(request.args.get("wait", 0))):
        await app.ctx.hub.wait_until(lambda: str(world.version) != since, seconds)
    items = [row for row in world.rows() if row.status == request.args.get("status")]
    if request.args.get("mine") == "true":
        items = [row for row in items if row.claimed_by and row.claimed_by.id == agent.id]
    return answer(page(items, request))


@app.get("/api/v1/conversations")
async def with_the_bot(request: Request) -> HTTPResponse:
    who(request)
    return answer(page(app.ctx.world.bot_rows(), request))


def page(items: list[dashboard.InboxRow], request: Request) -> dashboard.Inbox:
    q = request.args.get("q", "").lower()
    found = [row for row in items if q in f"{row.customer.name} {row.preview and row.preview.text}".lower()]
    found.sort(key=lambda row: row.requested_at or "", reverse=request.args.get("status") != "pending")
    start, limit = int(request.args.get("cursor", 0)), int(request.args.get("limit", 50))
    follows = str(start + limit) if len(found) > start + limit else None
    world = app.ctx.world
    return dashboard.Inbox(
        items=found[start : start + limit],
        counts=world.counts(),
        next=follows,
        version=str(world.version),
        server_time=iso(ago()),
    )


@app.get("/api/v1/conversations/<id>")
async def conversation(request: Request, id: str) -> HTTPResponse:
    who(request)
    return answer(as_conversation(talk_of(request, id)))


@app.get("/api/v1/conversations/<id>/events")
async def events(request: Request, id: str) -> HTTPResponse:
    who(request)
    talk, after = talk_of(request, id), int(request.args.get("after", 0))
    await app.ctx.hub.wait_until(lambda: talk.last_seq > after, float(request.args.get("wait", 0)))
    found = [event for event in talk.events if event.seq > after][: int(request.args.get("limit", 200))]
    return answer(common.Events(events=found, last_seq=talk.last_seq))


@app.get("/api/v1/settings")
async def settings(request: Request) -> HTTPResponse:
    files, shelf = app.ctx.world.files, app.ctx.shelf
    found = shelf.answer(who(request), availability())
    found.document["attachments"] = {"enabled": files.enabled, "max_megabytes": files.max_megabytes}
    return answer(found)


@app.websocket("/api/v1/socket")
async def socket(request: Request, ws: Websocket) -> None:
    agent = AGENTS.get(request.cookies.get("livechat_session") or "")
    if agent is None:
        await ws.close(4401)
        return
    try:
        async for text in ws:
            if text == '{"type":"ping"}':
                await ws.send(msgspec.json.encode(sockets.Pong(server_time=iso(ago()))).decode())
            else:
                take(app.ctx.hub, ws, agent, frames.decode(text))
    finally:
        app.ctx.hub.followers.pop(ws, None)
        app.ctx.hub.bot_watchers.discard(ws)


def take(hub: Hub, ws: Websocket, agent: dashboard.Agent, frame: Any) -> None:
    match frame:
        case sockets.AgentHello():
            hub.followers[ws] = set()
            hub.send(
                ws,
                sockets.AgentReady(agent=agent, server_time=iso(ago()), lease_seconds=45, availability=availability()),
            )
            if app.ctx.ways["health"]:
                hub.send(ws, sockets.Health(parts=app.ctx.ways["health"]))
        case sockets.Subscribe(conversation_id=id, after=after):
            talk = hub.world.talks[id]
            hub.followers[ws].add(id)
            for event in talk.events:
                if event.seq > after:
                    hub.send(ws, sockets.NewEvent(conversation_id=id, event=event))
            hub.send(ws, sockets.Live(conversation_id=id, last_seq=talk.last_seq))
        case sockets.Unsubscribe(conversation_id=id):
            hub.followers[ws].discard(id)
        case sockets.AgentSend():
            hub.send(ws, stored(hub.world, agent, frame))
        case sockets.AgentRead(conversation_id=id, upto=upto):
            hub.world.mark_read(hub.world.talks[id], upto)
        case sockets.Watch(bot=on):
            (hub.bot_watchers.add if on else hub.bot_watchers.discard)(ws)


def stored(world: World, agent: dashboard.Agent, sent: sockets.AgentSend) -> sockets.Ack | sockets.Refused:
    try:
        seq = said(world, world.talks[sent.conversation_id], agent, sent)
    except RefusedError as error:
        return sockets.Refused(
            code=error.code, message=error.message, data=error.data, client_msg_id=sent.client_msg_id
        )
    return sockets.Ack(client_msg_id=sent.client_msg_id, seq=seq)


@app.post("/fake/<verb>")
async def fake(request: Request, verb: str) -> HTTPResponse:
    told = request.json or {}
    if verb == "seed":
        await fill(told["name"])
    elif verb == "cut":
        for ws in list(app.ctx.hub.followers):
            await ws.close(told["code"])
    elif verb == "health":
        app.ctx.ways["health"] = {name: dashboard.PartState(ok=ok) for name, ok in told.items()}
        app.ctx.hub.all(sockets.Health(parts=app.ctx.ways["health"]))
    elif verb == "ways":
        app.ctx.ways |= told
        app.ctx.hub.all(sockets.SettingsChange(availability=availability()))
    elif verb == "files":
        for name, value in told.items():
            setattr(app.ctx.world.files, name, value)
        app.ctx.hub.all(sockets.SettingsChange(availability=availability()))
    elif verb == "settings":
        made = tell(app.ctx.shelf, told)
        tell_settings()
        return answer({"ok": True, "made": made})
    else:
        return answer({"ok": True, "made": happen(app.ctx.world, app.ctx.hub, verb, told)})
    return answer({"ok": True})


async def fill(seed: str) -> None:
    """Other conversations from now on; pages that are open are cut off."""
    for ws in list(app.ctx.hub.followers) if hasattr(app.ctx, "hub") else []:
        await ws.close(1012)
    app.ctx.ways = {"closed": None, "health": {}}
    app.ctx.world = World()
    app.ctx.shelf = SettingsShelf()
    SEEDS[seed](app.ctx.world)
    app.ctx.hub = Hub(app.ctx.world)


@app.get("/fake/conversations")
async def conversations(request: Request) -> HTTPResponse:
    return answer({talk.customer.name or id: id for id, talk in app.ctx.world.talks.items()})


@app.get("/<path:path>")
async def page_file(request: Request, path: str) -> HTTPResponse:
    asked = (app.ctx.static / path).resolve()
    found = asked if asked.is_relative_to(app.ctx.static) and asked.is_file() else app.ctx.static / "index.html"
    return await file(found, headers={"Content-Security-Policy": CSP})


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--seed", choices=list(SEEDS), default="busy")
    options.add_argument("--static", type=Path, default=Path("dashboard_app/dist/agent"))
    chosen = options.parse_args()
    app.ctx.static = chosen.static.resolve()

    @app.before_server_start
    async def begin(*_: Any) -> None:
        await fill(chosen.seed)

    app.run("127.0.0.1", chosen.port, single_process=True, access_log=False, motd=False, verbosity=0)


if __name__ == "__main__":
    main()
