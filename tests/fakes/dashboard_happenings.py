"""What tests tell the stand-in to happen: what customers do, colleagues, and the channels."""

from typing import Any

from livechat_plugin.wire import sockets

from . import dashboard_outside, dashboard_seed
from .dashboard_hub import Hub
from .dashboard_talk import Talk
from .dashboard_world import AGENTS, World
from .pictures import png


def happen(world: World, hub: Hub, verb: str, said: dict[str, Any]) -> Any:
    """Answers what was made: the seq of a line, the id of a file."""
    if verb == "arrive":
        customer = dashboard_seed.visitor(said["name"], said["name"])
        return dashboard_seed.short(world, customer, said.get("channel", "web"), said["text"], 0).id
    if verb == "settle":
        return world.files.settle(said["file"], said.get("reason"))
    return in_talk(world, hub, verb, world.talks[said.pop("conversation")], said)


def in_talk(world: World, hub: Hub, verb: str, talk: Talk, said: dict[str, Any]) -> Any:
    customer = world.customer(talk)
    match verb:
        case "say":
            return world.say(talk, customer, said["text"]).seq
        case "bring":
            return bring(world, talk, **said)
        case "typing":
            hub.all(sockets.Typing(conversation_id=talk.id, actor=customer, for_ms=5000))
        case "claim":
            world.take_away(talk, AGENTS[said["agent"]])
        case "deliver":
            dashboard_outside.deliver(world, talk, **said)
        case "edit" | "reaction":
            world.say(talk, customer, said["text"], kind=verb, target=said.get("seq"))
        case "block":
            dashboard_outside.block(world, talk, said["on"])
        case "window":
            dashboard_outside.set_window(world, talk, **said)
    return None


def bring(world: World, talk: Talk, name: str, text: str | None = None, *, here: bool = True, hue: float = 0.6) -> str:
    """The customer sends a picture or file, which may still be on its way; its id."""
    content = png(hue=hue) if name.endswith(".png") else b"%PDF-1.7 " + b"x" * 240_000
    file = world.files.put(name, content, here=here)
    world.say(talk, world.customer(talk), text, attachments=[world.files.attachment(file)])
    return file
