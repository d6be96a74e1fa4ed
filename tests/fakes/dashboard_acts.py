"""What agents do in a conversation of the stand-in, as calls of the dashboard API."""

import asyncio

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, raw

from livechat_plugin.wire import common, dashboard, sockets

from . import dashboard_outside
from .dashboard_call import answer, body, talk_of, who
from .dashboard_refusal import RefusedError
from .dashboard_talk import Talk
from .dashboard_world import World

acts = Blueprint("acts", url_prefix="/api/v1")


@acts.post("/conversations/<id>/files")
async def upload(request: Request, id: str) -> HTTPResponse:
    who(request)
    talk_of(request, id)
    if request.headers.get("X-LiveChat") != "1":
        raise RefusedError(403, "forbidden", "The header X-LiveChat is missing.")
    files = request.app.ctx.world.files
    await asyncio.sleep(files.pause_seconds)
    return answer(files.uploaded(files.put(request.args["name"][0], request.body)))


@acts.get("/files/<id>")
async def download(request: Request, id: str) -> HTTPResponse:
    who(request)
    found = await request.app.ctx.world.files.wait_for(id)
    return raw(found.content, content_type=found.mime, headers=found.headers)


@acts.post("/conversations/<id>/messages/<seq:int>/<verb>")
async def redeliver(request: Request, id: str, seq: int, verb: str) -> HTTPResponse:
    agent, wish = who(request), body(request, dashboard.Redeliver)
    dashboard_outside.redeliver(request.app.ctx.world, talk_of(request, id), agent, seq, verb, wish.epoch)
    return answer({"ok": True})


@acts.post("/conversations/<id>/<verb>")
async def act(request: Request, id: str, verb: str) -> HTTPResponse:
    agent, talk, world = who(request), talk_of(request, id), request.app.ctx.world
    match verb:
        case "claim":
            body(request, dashboard.Claim)
            return answer(dashboard.Claimed(epoch=world.claim(talk, agent), last_seq=talk.last_seq))
        case "messages":
            sent = body(request, dashboard.SendMessage)
            return answer(common.Accepted(seq=said(world, talk, agent, sent)), 201)
        case "notes":
            added = body(request, dashboard.AddNote)
            return answer(common.Accepted(seq=world.note(talk, agent, added.client_msg_id, added.text)), 201)
        case "resolve":
            wish = body(request, dashboard.Resolve)
            return answer(dashboard.NewEpoch(epoch=world.resolve(talk, agent, wish.epoch, wish.seen, wish.force)))
        case "reopen":
            return answer(dashboard.NewEpoch(epoch=world.reopen(talk, agent, body(request, dashboard.Reopen).epoch)))
        case "release":
            return answer(dashboard.NewEpoch(epoch=world.release(talk, agent, body(request, dashboard.Release).epoch)))
        case "read":
            world.mark_read(talk, body(request, dashboard.MarkRead).upto)
            return answer({"ok": True})
    raise RefusedError(404, "not_found", "There is no such call.")


def said(world: World, talk: Talk, agent: dashboard.Agent, sent: dashboard.SendMessage | sockets.AgentSend) -> int:
    files = [one.id for one in sent.attachments]
    return world.reply(talk, agent, sent.client_msg_id, sent.epoch, sent.text, files)
