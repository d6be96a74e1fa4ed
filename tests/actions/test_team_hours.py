"""The bot says when somebody of the team is there: what the service knows, in the bot's words."""

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import availability
from actions.team_hours import ActionTeamHours
from connectors.bridge import Bridge
from connectors.settings import BridgeSettings
from tests.connectors.fake_service import TOKEN, FakeService

OPENING = "Tuesday, 24 November, 09:00 (Berlin)"


@pytest.fixture(autouse=True)
def environment(service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVECHAT_BRIDGE_TOKEN", TOKEN)
    monkeypatch.setenv("LIVECHAT_URL", service.url)


async def says(responses: dict[str, Any] | None = None) -> str:
    """The action's one sentence, for the conversation c1."""
    dispatcher, action = CollectingDispatcher(), ActionTeamHours()
    state = {"sender_id": "c1", "slots": {}, "events": [], "latest_message": {}, "paused": False}
    tracker = Tracker.from_dict({**state, "followup_action": None, "active_loop": {}, "latest_action_name": None})
    await action.run(dispatcher, tracker, {"responses": responses or {}})
    await action._enquiry.close()
    (message,) = dispatcher.messages
    return str(message["text"])


@pytest.mark.parametrize(
    ("reason", "opening", "said"),
    [
        ("open", None, "Somebody of our team is here now. Just ask for a person."),
        ("hours", OPENING, f"Our team is away right now. Somebody is here again: {OPENING}."),
        ("hours", None, "Nobody of our team is here right now. You can leave a message."),
        ("nobody", None, "Nobody of our team is here right now. You can leave a message."),
        ("off", None, "I'm sorry, I can't connect you to a person here."),
        ("plan", None, "I'm sorry, I can't connect you to a person here."),
    ],
)
async def test_what_the_service_says(service: FakeService, reason: str, opening: str | None, said: str) -> None:
    """Each reason has its words; the opening comes in words, made for this customer."""
    service.availability = {"open": reason == "open", "reason": reason, "opening": opening}
    assert await says() == said
    assert service.asked == ["c1"]


async def test_a_bot_has_words_of_its_own(service: FakeService) -> None:
    """By a response of the name."""
    service.availability = {"open": False, "reason": "hours", "opening": OPENING}
    assert await says({"utter_team_back": [{"text": "Back {opening}!"}]}) == f"Back {OPENING}!"


async def test_without_the_service_it_says_so(service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rather than a time that may be wrong."""
    monkeypatch.setattr(availability, "PATIENCE", 0.1)
    service.faults = [503]
    assert (
        await says() == "I can't see right now whether somebody of our team is here. Please ask me again in a moment."
    )


async def test_the_same_answer_for_a_while(service: FakeService) -> None:
    """For each conversation, whose clock it may be by."""
    bridge = Bridge(BridgeSettings(service.url, TOKEN))
    for conversation in ("c1", "c1", "c2", "c1"):
        assert (await bridge.availability(conversation, patience=1))["reason"] == "open"
    assert service.asked == ["c1", "c2"]
    await bridge.close()
