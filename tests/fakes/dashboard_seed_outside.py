"""Conversations on Telegram and WhatsApp, for tests and screenshots of what only outside channels have."""

from datetime import timedelta

from livechat_plugin.wire.common import Actor, Button

from .dashboard_seed import BOT, WAIT_TEXT, talk_to_bot, visitor
from .dashboard_talk import Talk
from .dashboard_world import AGENTS, World, ago
from .pictures import png

SYSTEM = Actor(kind="system")


def outside(world: World) -> None:
    ravi(world)
    claire(world)


def ravi(world: World) -> Talk:
    """Telegram, held by Sam: pictures and a file, an edit, a reaction, and every way a message can end."""
    customer = visitor("ravi", "Ravi Menon", username="ravi_menon", locale="en-GB")
    talk = world.begin(customer, "telegram")
    sam = AGENTS["sam"]
    at = talk_to_bot(
        world, talk, [("c", "my kettle arrived damaged"), ("b", "I’m sorry! What happened to it?")], ago(minutes=26)
    )
    choices = [Button(key="b:2:0", title="Dented"), Button(key="b:2:1", title="Does not heat")]
    world.say(talk, BOT, "Which of these is it?", at=at, buttons=choices)
    world.request(talk, "words", "Asked for a person.", at=ago(minutes=24))
    world.say(talk, SYSTEM, WAIT_TEXT, at=ago(minutes=24))
    world.claim(talk, sam, at=ago(minutes=22))
    answer(world, talk, "Hello Ravi, Sam here. Could you send me a picture of the dent?", 21, "read")
    bring(world, talk, "dent-left.png", 0.05, 18, "Here, both sides")
    bring(world, talk, "dent-right.png", 0.6, 17.9)
    bring(world, talk, "Receipt 10482.pdf", None, 17)
    said = world.say(talk, world.customer(talk), "I paid 59 €", at=ago(minutes=16.5))
    world.say(talk, world.customer(talk), "I paid 49 €, sorry", kind="edit", target=said.seq, at=ago(minutes=16))
    thanks = answer(world, talk, "Thank you, that is enough for me. A new one leaves today.", 12, "delivered")
    world.say(talk, world.customer(talk), "👍", kind="reaction", target=thanks, at=ago(minutes=11))
    number = answer(world, talk, "The tracking number is LK 7730 1185.", 9, "sent")
    world.say(
        talk, SYSTEM, "It may have been sent twice.", kind="delivery", target=number, status="sent", at=ago(minutes=9)
    )
    world.say(talk, world.customer(talk), "Great! And the old one?", at=ago(minutes=2))
    return talk


def claire(world: World) -> Talk:
    """WhatsApp, held by Sam, with two hours and a half to go."""
    customer = visitor("claire", "Claire Dubois", phone="+33 6 12 34 56 78", locale="fr")
    talk = world.begin(customer, "whatsapp")
    talk_to_bot(
        world, talk, [("c", "Bonjour, do you ship to Lyon?"), ("c", "I need it before Friday")], ago(hours=21.5)
    )
    world.request(talk, "bot", "Shipping dates need a person.", at=ago(hours=21.4))
    world.claim(talk, AGENTS["sam"], at=ago(hours=21.3))
    answer(world, talk, "Bonjour Claire! We do. Let me find out about Friday.", 21.2 * 60, "read")
    return talk


def answer(world: World, talk: Talk, text: str, minutes: float, status: str) -> int:
    """Sam's line, and how far the channel got with it."""
    seq = world.reply(talk, AGENTS["sam"], f"o-{talk.last_seq}", talk.epoch, text, at=ago(minutes=minutes))
    talk.events[-1].status = status  # type: ignore[assignment]
    talk.sent = seq
    talk.delivered = seq if status != "sent" else talk.delivered
    talk.read = seq if status == "read" else talk.read
    return seq


def bring(world: World, talk: Talk, name: str, hue: float | None, minutes: float, text: str | None = None) -> None:
    content = b"%PDF-1.7 " + b"x" * 240_000 if hue is None else png(hue=hue)
    attachment = world.files.attachment(world.files.put(name, content))
    at = ago() - timedelta(minutes=minutes)
    world.say(talk, world.customer(talk), text, attachments=[attachment], at=at)
