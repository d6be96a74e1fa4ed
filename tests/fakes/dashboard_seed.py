"""Conversations as a small shop's team sees them on a busy morning, for tests and screenshots of the dashboard."""

from datetime import UTC, datetime, timedelta

from livechat_plugin.wire.card import ActiveForm, Card, CardSlot, FailedTurn, ReadIntent, Rival
from livechat_plugin.wire.common import Actor, Button, Customer

from .dashboard_talk import Talk
from .dashboard_world import AGENTS, World, ago

BOT = Actor(kind="bot", name="Assistant")
SYSTEM = Actor(kind="system")
WAIT_TEXT = "A team member will be with you shortly."


def visitor(key: str, name: str | None, **more: str) -> Customer:
    return Customer(id=f"v-{key}", name=name, **more)


def talk_to_bot(world: World, talk: Talk, lines: list[tuple[str, str]], at: datetime) -> datetime:
    """Lines of customer ("c") and bot ("b"), a few seconds apart; answers when the last one was said."""
    for who, text in lines:
        at += timedelta(seconds=9)
        world.say(talk, BOT if who == "b" else world.customer(talk), text, at=at)
    return at


def anna(world: World, minutes: float = 6.4) -> Talk:
    """A return that the form could not finish: the fullest card."""
    customer = visitor(
        "anna",
        "Anna Kovač",
        email="anna.kovac@example.com",
        locale="hr",
        page="https://shop.example/account/orders/10482",
    )
    talk = world.begin(customer)
    at = ago(minutes=minutes + 1.2)
    world.say(talk, BOT, "Hi! I’m the shop’s assistant. What can I do for you?", at=at)
    lines = [
        ("c", "I want to return the walnut desk lamp, it arrived with a broken switch"),
        ("b", "I’m sorry to hear that. What is your order number?"),
        ("c", "I don’t have it here, the mail is gone"),
        ("b", "I didn’t get that. What is your order number? It has five digits."),
        ("c", "can you look it up by my address instead"),
    ]
    at = talk_to_bot(world, talk, lines, at)
    choices = [
        Button(key="b:7:0", title="Order status"),
        Button(key="b:7:1", title="Returns"),
        Button(key="b:7:2", title="Talk to a person"),
    ]
    world.say(talk, BOT, "I’m not sure I understand. What is it about?", at=at + timedelta(seconds=3), buttons=choices)
    world.say(talk, world.customer(talk), "a real person please", at=at + timedelta(seconds=20))
    world.request(
        talk, "words", "Asked for a person after two questions that the form could not answer.", at=ago(minutes=minutes)
    )
    world.say(talk, SYSTEM, WAIT_TEXT, at=ago(minutes=minutes))
    talk.card = anna_card()
    return talk


def anna_card() -> Card:
    asked, address = "a real person please", "can you look it up by my address instead"
    return Card(
        rule="request",
        reason="Asked for a person after two questions that the form could not answer.",
        confidence=0.94,
        intents=[
            read(asked, ("request_human", 0.94), ("greet", 0.03), ("thanks", 0.01)),
            read(address, ("order_status", 0.38), ("change_address", 0.33), ("return_item", 0.12)),
        ],
        slots=[
            CardSlot(name="product", value="walnut desk lamp"),
            CardSlot(name="return_reason", value="broken switch"),
        ],
        missing_slots=["order_number"],
        active_form=ActiveForm(name="return_form", requested_slot="order_number"),
        failed_turns=[
            FailedTurn(
                text="I don’t have it here, the mail is gone",
                answer="I didn’t get that. What is your order number?",
                why="No order number found in the answer",
            ),
            FailedTurn(text=address, answer="I’m not sure I understand.", why="Confidence 38 %, below 60 %"),
        ],
    )


def read(text: str, best: tuple[str, float], *rivals: tuple[str, float]) -> ReadIntent:
    others = [Rival(intent=intent, confidence=confidence) for intent, confidence in rivals]
    return ReadIntent(text=text, intent=best[0], confidence=best[1], rivals=others)


def short(world: World, customer: Customer, channel: str, line: str, minutes: float, trigger: str = "button") -> Talk:
    talk = world.begin(customer, channel)
    talk_to_bot(
        world, talk, [("c", line), ("b", "Let me get somebody who can help with that.")], ago(minutes=minutes + 1)
    )
    world.request(talk, trigger, None, at=ago(minutes=minutes))  # type: ignore[arg-type]
    world.say(talk, SYSTEM, WAIT_TEXT, at=ago(minutes=minutes))
    return talk


def waiting(world: World) -> None:
    anna(world)
    short(
        world,
        visitor("marco", "Marco Bianchi", phone="+39 333 010 2030"),
        "whatsapp",
        "Where is my parcel? It says delivered but it is not",
        4.1,
    )
    short(world, visitor("93fa", None), "web", "do you have the blue one in size M", 2.6, "bot")
    short(world, visitor("yuki", "Yuki Tanaka"), "telegram", "The discount code SPRING does not work", 0.7)


def lively(world: World) -> Talk:
    """A conversation in full swing, held by Sam."""
    sam, priya = AGENTS["sam"], AGENTS["priya"]
    customer = visitor(
        "jonas", "Jonas Weber", email="jonas.weber@example.com", locale="de", page="https://shop.example/checkout"
    )
    talk = world.begin(customer)
    at = talk_to_bot(
        world,
        talk,
        [
            ("c", "Can I change the delivery address of an order I just placed?"),
            ("b", "Orders can be changed until they are packed. Shall I get somebody from the team?"),
            ("c", "yes please"),
        ],
        ago(minutes=14),
    )
    world.request(talk, "bot", "Changing an address after checkout needs a person.", at=at)
    world.say(talk, SYSTEM, WAIT_TEXT, at=at)
    world.claim(talk, sam, at=ago(minutes=12.5))
    who = world.customer(talk)
    world.reply(
        talk,
        sam,
        "s-1",
        talk.epoch,
        "Hello Jonas, Sam here. I have your order 10517 in front of me. Where should it go?",
        at=ago(minutes=12),
    )
    world.say(talk, who, "Hi Sam! To my office:\nLindenstraße 12, 10969 Berlin", at=ago(minutes=11))
    world.say(talk, who, "c/o Fischer & Söhne, 3rd floor", at=ago(minutes=10.8))
    world.note(talk, priya, "n-1", "Warehouse says 10517 is not packed yet, we have until 11:30.", at=ago(minutes=10))
    world.reply(
        talk,
        sam,
        "s-2",
        talk.epoch,
        "Got it. The warehouse has not packed it yet, so I can still change it.",
        at=ago(minutes=9.5),
    )
    world.reply(
        talk,
        sam,
        "s-3",
        talk.epoch,
        "Done: https://shop.example/account/orders/10517 shows the new address.",
        at=ago(minutes=8.8),
    )
    question = "Perfect, I see it. One more thing: can the invoice be in the company’s name?"
    world.say(talk, who, question, at=ago(minutes=1.1))
    talk.delivered, talk.read = talk.last_seq, talk.last_seq - 1
    talk.card = Card(
        rule="low_confidence",
        reason="Changing an address after checkout needs a person.",
        confidence=0.41,
        slots=[CardSlot(name="order_number", value="10517")],
    )
    return talk


def others(world: World) -> None:
    talk = short(world, visitor("ines", "Inês Duarte"), "telegram", "I was charged twice", 22)
    world.claim(talk, AGENTS["priya"], at=ago(minutes=20))
    world.reply(
        talk,
        AGENTS["priya"],
        "p-1",
        talk.epoch,
        "I see both charges. The second one is being returned.",
        at=ago(minutes=19),
    )
    talk = short(world, visitor("tom", "Tom Baker"), "web", "is the oak table solid wood?", 31)
    world.claim(talk, AGENTS["sam"], at=ago(minutes=30))
    world.reply(
        talk,
        AGENTS["sam"],
        "s-9",
        talk.epoch,
        "It is, every part of it. I can send you photographs of the grain.",
        at=ago(minutes=29),
    )
    for key, name, line, minutes, agent in (
        ("olga", "Olga Petrenko", "thanks, that solved it", 55, "sam"),
        ("dave", "Dave Okafor", "How do I reset my password?", 80, "lena"),
    ):
        talk = short(world, visitor(key, name), "web", line, minutes + 4)
        world.claim(talk, AGENTS[agent], at=ago(minutes=minutes + 2))
        world.reply(
            talk, AGENTS[agent], f"r-{key}", talk.epoch, "Happy to help. Have a good day!", at=ago(minutes=minutes + 1)
        )
        world.resolve(talk, AGENTS[agent], talk.epoch, None, force=True, at=ago(minutes=minutes))
    for key, line in (("5b11", "what are your opening hours"), ("77c0", "I need a gift for my mother")):
        talk = world.begin(visitor(key, None))
        talk_to_bot(
            world,
            talk,
            [("c", line), ("b", "We are open from nine to five, Monday to Friday.")],
            datetime.now(UTC) - timedelta(minutes=2),
        )


def busy(world: World) -> None:
    waiting(world)
    lively(world)
    others(world)
