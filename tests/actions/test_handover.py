"""Asking for a person: once, in time, and honestly."""

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import handover
from actions.handover import ActionRequestHandover
from tests.connectors.contract import example
from tests.connectors.fake_service import TOKEN, FakeService

Sample = dict[str, Any]


@pytest.fixture(autouse=True)
def environment(service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVECHAT_BRIDGE_TOKEN", TOKEN)
    monkeypatch.setenv("LIVECHAT_URL", service.url)


def tracker_of(sample: Sample) -> Tracker:
    return Tracker.from_dict({**sample["state"], "paused": False, "latest_message": {}, "followup_action": None})


async def run(sample: Sample) -> tuple[list[str], list[Sample]]:
    """What the action says and leaves."""
    dispatcher, action = CollectingDispatcher(), ActionRequestHandover()
    events = await action.run(dispatcher, tracker_of(sample), sample["domain"])
    if action._bridge is not None:
        await action._bridge.close()
    return [message["text"] for message in dispatcher.messages], events


async def test_the_request_is_the_agreed_one(sample: Sample, service: FakeService) -> None:
    """Key, trigger, reason and card are those of the contract."""
    await run(sample)
    assert service.bodies("handovers") == [example("open_handover")]


@pytest.mark.parametrize("status", ["pending", "already_open", "out_of_hours"])
async def test_where_the_service_speaks_the_action_is_silent(status: str, sample: Sample, service: FakeService) -> None:
    """The customer hears what happens next from one side only; the answer is noted."""
    service.handover = {"status": status}
    said, (note,) = await run(sample)
    assert said == []
    assert (note["event"], note["metadata"]) == ("agent", {"livechat": {"handover": status}})


async def test_when_live_chat_is_off_it_says_so(sample: Sample, service: FakeService) -> None:
    """In the bot's own words, where it has any."""
    service.handover = {"status": "disabled", "reason": "plan"}
    assert (await run(sample))[0] == ["I'm sorry, I can't connect you to a person here."]
    sample["domain"]["responses"] = {"utter_handover_disabled": [{"text": "Write to us."}]}
    assert (await run(sample))[0] == ["Write to us."]


async def test_a_short_fault_is_waited_out(sample: Sample, service: FakeService) -> None:
    """Under the same key, and nobody notices."""
    service.faults = [503, 503]
    said, (note,) = await run(sample)
    assert (said, note["metadata"]["livechat"]["handover"]) == ([], "pending")
    assert len(service.bodies("handovers")) == 1


async def test_an_unreachable_service_is_no_silence(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    """The truth, before the connector's five seconds are over."""
    monkeypatch.setenv("LIVECHAT_URL", "http://127.0.0.1:9")
    monkeypatch.setattr(handover, "PATIENCE", 0.5)
    (said,), (note,) = await run(sample)
    assert "trouble reaching our team" in said
    assert note["metadata"]["livechat"]["handover"] == "unreachable"


async def test_without_the_secret_it_says_the_truth_too(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong set-up of the action server is not the customer's problem; the connector still asks."""
    monkeypatch.delenv("LIVECHAT_BRIDGE_TOKEN")
    said, (note,) = await run(sample)
    assert len(said) == 1
    assert note["metadata"]["livechat"]["handover"] == "unreachable"


async def test_a_rule_of_the_bot_may_ask_too(sample: Sample, service: FakeService) -> None:
    """Without a decision of the policy the customer's words are the trigger."""
    sample["state"]["events"].pop()
    await run(sample)
    (request,) = service.bodies("handovers")
    assert (request["key"], request["trigger"]) == ("t2", "words")


def test_it_gives_up_before_the_connector_steps_in() -> None:
    """Two different answers to the customer would be one too many."""
    from connectors.running import ACTION_SECONDS  # noqa: PLC0415

    assert handover.PATIENCE < ACTION_SECONDS
