"""The contact form's files, copied into a bot that has never heard of them: asked, checked, left, passed on once."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from actions.contact import ActionSubmitContact, ValidateContactForm
from connectors.model import Resume

from .fake_actions import RealActions
from .fake_service import TOKEN, FakeService
from .stage import Stage, turn
from .waiting import until

ROOT = Path(__file__).parents[2]
TINY_BOT = Path(__file__).parent / "tiny_bot"
NAME, REACH, MESSAGE = "What is your name?", "How can we reach you?", "And your message?"


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The tiny bot with the two files beside its own."""
    from rasa import train  # noqa: PLC0415 - takes ten seconds, and only for tests that run Rasa

    domain, data = tmp_path_factory.mktemp("domain"), tmp_path_factory.mktemp("data")
    shutil.copy(TINY_BOT / "domain.yml", domain / "tiny.yml")
    shutil.copy(ROOT / "rasa_bot" / "domain" / "contact.yml", domain)
    for file in (TINY_BOT / "nlu.yml", TINY_BOT / "rules.yml", ROOT / "rasa_bot" / "data" / "contact.yml"):
        shutil.copy(file, data)
    result = train(
        domain=str(domain),
        config=str(TINY_BOT / "config.yml"),
        training_files=[str(data)],
        output=str(tmp_path_factory.mktemp("models")),
        force_training=True,
    )
    assert result.model is not None
    return str(result.model)


@pytest.fixture
def stage(
    new_stage: Callable[..., Stage],
    service: FakeService,
    monkeypatch: pytest.MonkeyPatch,
    loop: asyncio.AbstractEventLoop,
) -> Iterator[Stage]:
    """Rasa with the form's own actions, and the service that they ask and pass the details to."""
    monkeypatch.setenv("LIVECHAT_BRIDGE_TOKEN", TOKEN)
    monkeypatch.setenv("LIVECHAT_URL", service.url)
    monkeypatch.setattr("actions.contact.PATIENCE", 0.5)
    monkeypatch.setattr("actions.availability.PATIENCE", 0.5)
    monkeypatch.setattr("connectors.bridge.KEPT_SECONDS", 0.0)
    validate, submit = ValidateContactForm(), ActionSubmitContact()
    server = loop.run_until_complete(RealActions(validate, submit).start())
    yield new_stage(actions_url=server.url)
    loop.run_until_complete(server.stop())
    loop.run_until_complete(validate._enquiry.close())
    if submit._bridge is not None:
        loop.run_until_complete(submit._bridge.close())


class Talk:
    """One customer's turns; what the bot answers to each."""

    def __init__(self, stage: Stage, service: FakeService) -> None:
        self._stage, self._service, self._number = stage, service, 0

    async def says(self, text: str, payload: str | None = None) -> list[str]:
        self._number += 1
        await self._stage.run(turn(self._number, text, payload=payload))
        return self._service.texts(f"c1-t{self._number}")

    async def slots(self) -> dict[str, object]:
        """The form's slots as they are now."""
        events = await self._stage.events()
        return {
            event["name"]: event["value"]
            for event in events
            if event["event"] == "slot" and event["name"].startswith("contact_")
        }

    async def form(self) -> tuple[object, object]:
        """The form under way, and the slot that it asks for."""
        events = await self._stage.events()
        loops = [event["name"] for event in events if event["event"] == "active_loop"]
        asked = [event["value"] for event in events if event["event"] == "slot" and event["name"] == "requested_slot"]
        return loops[-1], asked[-1]


@pytest.fixture
def talk(stage: Stage, service: FakeService) -> Talk:
    return Talk(stage, service)


async def test_from_the_button_to_the_service(talk: Talk, service: FakeService) -> None:
    """Three questions; the details go under the id of the last turn, the service says the rest, the slots are empty."""
    assert (await talk.says("Leave a message", "/leave_details"))[0] == NAME
    assert (await talk.says("Ana Kovač"))[0].startswith(REACH)
    assert await talk.says("you can write to ana@example.org, thanks") == [MESSAGE]
    assert await talk.says("The stove hisses.\nWhy?") == []
    (request,) = service.bodies("handovers")
    assert (request["key"], request["trigger"]) == ("c1-t4", "contact_form")
    assert request["contact"] == {
        "name": "Ana Kovač",
        "email": "ana@example.org",
        "message": "The stove hisses.\nWhy?",
    }
    assert set((await talk.slots()).values()) == {None}


async def test_asked_for_in_words(talk: Talk, service: FakeService) -> None:
    """The same form; a phone number will do, and a wrong answer is asked for again, however often."""
    assert (await talk.says("I want to leave a message"))[0] == NAME
    await talk.says("Bo")
    for wrong in ("a@b", "12", "somewhere", "somewhere"):
        told, asked = await talk.says(wrong)
        assert told.startswith("That is neither")
        assert asked.startswith(REACH)
    assert await talk.says("+49 40 123456") == [MESSAGE]
    await talk.says("Call me")
    (request,) = service.bodies("handovers")
    assert request["contact"] == {"name": "Bo", "phone": "+49 40 123456", "message": "Call me"}


@pytest.mark.parametrize(
    "message", ["I want to talk to a person about my order", "hello", "/greet", "shape", "cancel my order"]
)
async def test_the_message_is_free(talk: Talk, service: FakeService, message: str) -> None:
    """Whatever intent it looks like, nobody is asked for but by the form, and nothing else begins."""
    await talk.says("Leave a message", "/leave_details")
    await talk.says("Ana")
    await talk.says("ana@example.org")
    assert await talk.says(message) == []
    (request,) = service.bodies("handovers")
    assert (request["trigger"], request["contact"]["message"]) == ("contact_form", message.lstrip("/"))


@pytest.mark.parametrize("answered", [0, 1, 2])
@pytest.mark.parametrize("word", ["cancel", "Stop!", "never mind"])
async def test_the_customer_can_leave(talk: Talk, service: FakeService, answered: int, word: str) -> None:
    """At every question; nothing is sent or kept, and the bot goes on as before."""
    await talk.says("Leave a message", "/leave_details")
    for answer in ("Ana", "ana@example.org")[:answered]:
        await talk.says(answer)
    assert await talk.says(word) == ["All right, I have passed nothing on."]
    assert service.bodies("handovers") == []
    assert set((await talk.slots()).values()) <= {None}
    assert await talk.says("hello") == ["Hello None."]
    assert (await talk.says("Leave a message", "/leave_details"))[0] == NAME


async def test_service_that_is_away_loses_nothing(
    talk: Talk, service: FakeService, caplog: pytest.LogCaptureFixture
) -> None:
    """The truth, and the answers kept: trying again asks nothing and sends under the first key."""
    await talk.says("Leave a message", "/leave_details")
    await talk.says("Ana")
    await talk.says("ana@example.org")
    service.faults = [503] * 20
    (told,) = await asyncio.wait_for(_through_faults(talk, service, caplog), 30)
    assert told.startswith("I couldn't pass on your message")
    assert await talk.says("Try again", "/leave_details") == []
    (request,) = service.bodies("handovers")
    assert (request["key"], request["contact"]["message"]) == ("c1-t4", "Call me")
    assert set((await talk.slots()).values()) == {None}


async def _through_faults(talk: Talk, service: FakeService, caplog: pytest.LogCaptureFixture) -> list[str]:
    """The last answer, with the bridge's own posts getting through once the action has given up."""

    async def recover() -> None:
        await until(lambda: "could not be given a contact form" in caplog.text)
        service.faults = []

    recovery = asyncio.get_running_loop().create_task(recover())
    said = await talk.says("Call me")
    await recovery
    return said


@pytest.mark.parametrize("status", ["disabled", "out_of_hours"])
async def test_refused_it_is_said(talk: Talk, service: FakeService, status: str) -> None:
    """With live chat off for good: honest words, and nothing stays behind."""
    service.handover = {"status": status, "reason": "plan"}
    await talk.says("Leave a message", "/leave_details")
    await talk.says("Ana")
    await talk.says("ana@example.org")
    assert (await talk.says("Call me"))[0].startswith("I'm sorry")
    assert set((await talk.slots()).values()) == {None}


CLOSED_FOR_GOOD = [{"open": False, "reason": reason, "opening": None, "form": False} for reason in ("off", "plan")]
IN_WORDS, PRESSED = ("I want to leave a message", None), ("Leave a message", "/leave_details")
REFUSED = ["I'm sorry, I can't pass on messages here."]


@pytest.mark.parametrize("closed", CLOSED_FOR_GOOD, ids=["off", "plan"])
@pytest.mark.parametrize("asked", [IN_WORDS, PRESSED], ids=["words", "button"])
async def test_closed_for_good_nothing_is_asked(
    talk: Talk, service: FakeService, closed: dict[str, object], asked: tuple[str, str | None]
) -> None:
    """The truth at once, in each way to ask; nothing stays behind, and the form begins when live chat is back."""
    service.availability = closed
    assert await talk.says(*asked) == REFUSED
    assert (await talk.form(), set((await talk.slots()).values())) == ((None, None), {None})
    assert await talk.says("hello") == ["Hello None."]
    service.availability = {"open": True, "reason": "open", "opening": None, "form": True}
    assert (await talk.says(*asked))[0] == NAME
    assert service.bodies("handovers") == []


@pytest.mark.parametrize("reason", ["open", "hours", "nobody", "off", "plan"])
async def test_where_a_form_is_taken_it_begins(talk: Talk, service: FakeService, reason: str) -> None:
    """Also closed for good, of a customer with something open. The service is asked once."""
    service.availability = {"open": reason == "open", "reason": reason, "opening": None, "form": True}
    assert (await talk.says("I want to leave a message"))[0] == NAME
    service.availability = CLOSED_FOR_GOOD[0]
    assert (await talk.says("Ana"))[0].startswith(REACH)
    assert await talk.says("ana@example.org") == [MESSAGE]
    assert await talk.says("Call me") == []
    assert (service.asked, len(service.bodies("handovers"))) == (["c1"], 1)


async def test_a_service_that_cannot_be_asked_refuses_nothing(
    talk: Talk, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answers are kept and can be sent later; then the service is not asked whether it would take them."""
    monkeypatch.setenv("LIVECHAT_URL", "http://127.0.0.1:9")
    assert (await talk.says("I want to leave a message"))[0] == NAME
    await talk.says("Ana")
    await talk.says("ana@example.org")
    assert (await talk.says("Call me"))[0].startswith("I couldn't pass on your message")
    assert (await talk.says("Try again", "/leave_details"))[0].startswith("I couldn't pass on your message")
    assert (await talk.slots())["contact_message"] == "Call me"
    assert service.asked == []


async def test_closed_for_good_in_the_middle_of_another_form(talk: Talk, service: FakeService) -> None:
    """The other form has ended by the press, and nothing takes its place."""
    service.availability = CLOSED_FOR_GOOD[0]
    await talk.says("shape")
    assert await talk.says(*PRESSED) == REFUSED
    assert await talk.form() == (None, None)
    assert await talk.says("hello") == ["Hello None."]


async def test_what_was_kept_is_forgotten_where_nothing_is_taken(
    talk: Talk, service: FakeService, stage: Stage
) -> None:
    """Answers of a form that a person broke into are no reason to keep them, or to ask the rest."""
    await talk.says(*PRESSED)
    await talk.says("Ana")
    await stage.run(turn(9, "hello", resume=Resume("r1", "fresh", {"contact_name": "Ana"})))
    service.availability = CLOSED_FOR_GOOD[0]
    assert await talk.says(*IN_WORDS) == REFUSED
    assert (await talk.form(), set((await talk.slots()).values())) == ((None, None), {None})


async def test_pressed_in_the_middle_of_another_form(talk: Talk) -> None:
    """A form of the bot would take the payload for an answer; so it ends, and its slots stay as they are."""
    await talk.says("shape")
    await talk.says("large")
    assert (await talk.says("Leave a message", "/leave_details"))[0] == NAME
