"""What the bot says without a turn: a reminder keeps the output of the turn that scheduled it."""

from datetime import datetime, timedelta, timezone

from connectors.aside import Asides
from connectors.bridge import Bridge

from .fake_actions import Answer, FakeActions, saying
from .fake_service import FakeService
from .stage import Stage, turn
from .waiting import until


def reminding(seconds: float) -> Answer:
    due = datetime.now(timezone.utc) + timedelta(seconds=seconds)
    event = {
        "event": "reminder",
        "intent": "due",
        "entities": None,
        "date_time": due.isoformat(),
        "name": "r1",
        "kill_on_user_msg": False,
    }
    return saying("I will.", events=[event])


async def test_a_reminder_speaks_beside_the_turns(
    stage: Stage, service: FakeService, action_server: FakeActions
) -> None:
    """Its words are no part of the turn that scheduled it, nor of the one after."""

    async def remind(tracker: Answer) -> Answer:
        return reminding(0.5)

    action_server.actions["action_remind"] = remind
    await stage.run(turn(1, "remind me"))
    await stage.run(turn(2, "hello"))
    await until(lambda: service.bodies("bot-messages"))
    (aside,) = service.bodies("bot-messages")
    assert aside["conversation_id"] == "c1"
    assert aside["messages"] == [{"text": "It is time."}]
    assert service.texts("c1-t1") == ["I will."]
    assert service.texts("c1-t2") == ["Hello None."]


async def test_each_message_has_a_key_and_its_repeats_share_it(bridge: Bridge, service: FakeService) -> None:
    """A repeat after a fault carries the same key; another message, even with the same words, another one."""
    asides = Asides(bridge)
    service.faults = [503]
    asides.say("c1", {"text": "Ping"})
    asides.say("c1", {"text": "Ping"})
    await until(lambda: len(service.bodies("bot-messages")) == 2)
    keys = [body["key"] for body in service.bodies("bot-messages")]
    assert len(set(keys)) == 2


async def test_messages_of_a_conversation_keep_their_order(bridge: Bridge, service: FakeService) -> None:
    """The first one is not overtaken while it is tried again."""
    asides = Asides(bridge)
    service.faults = [503, 503]
    for number in range(5):
        asides.say("c1", {"text": str(number)})
    await until(lambda: len(service.bodies("bot-messages")) == 5)
    assert [body["messages"][0]["text"] for body in service.bodies("bot-messages")] == list("01234")


async def test_an_output_without_a_turn_pushes(stage: Stage, service: FakeService) -> None:
    """What Rasa sends through the channel by itself goes beside the turns as well."""
    out = stage.turns.output()
    await out.send_text_message("c9", "News.")
    await until(lambda: service.bodies("bot-messages"))
    assert service.bodies("bot-messages")[0]["conversation_id"] == "c9"
