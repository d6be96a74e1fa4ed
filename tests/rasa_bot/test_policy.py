"""The policy inside Rasa: what it predicts from a tracker, and what it leaves to others."""

from typing import Any

import pytest
from rasa.core.policies.policy import PolicyPrediction
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, AgentUttered, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import InvalidConfigException

from rasa_bot.policies.handover_policy import HandoverPolicy

DOMAIN = """
version: "3.1"
intents: [greet, request_human]
actions: [action_request_handover, action_stock]
forms: {order_form: {required_slots: []}}
responses: {utter_greet: [{text: Hi}]}
"""


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.from_yaml(DOMAIN)


def make(tmp_path: Any, **config: Any) -> HandoverPolicy:
    return HandoverPolicy.create(
        {**HandoverPolicy.get_default_config(), **config},
        LocalModelStorage.create(tmp_path),
        Resource("policy"),
        ExecutionContext(GraphSchema({})),
    )


def heard(intent: str, confidence: float = 0.9) -> UserUttered:
    parsed: Any = {"intent": {"name": intent, "confidence": confidence}, "entities": [], "text": intent}
    return UserUttered(intent, parsed["intent"], [], parsed, metadata={"livechat": {"turn": "t1"}})


def ask(policy: HandoverPolicy, domain: Domain, *events: Event) -> tuple[str | None, PolicyPrediction]:
    """The action that the policy is sure of, None when it leaves it to others."""
    tracker = DialogueStateTracker.from_events("c1", [ActionExecuted("action_listen"), *events], domain.slots)
    prediction = policy.predict_action_probabilities(tracker, domain)
    best = max(prediction.probabilities)
    name = domain.action_names_or_texts[prediction.probabilities.index(best)] if best else None
    return name, prediction


def test_a_request_is_predicted_with_its_reason(tmp_path: Any, domain: Domain) -> None:
    """With full confidence, over all other policies, and with the decision in metadata and note."""
    name, prediction = ask(make(tmp_path), domain, heard("request_human"))
    assert (name, prediction.max_confidence, prediction.policy_priority) == ("action_request_handover", 1.0, 100)
    assert prediction.action_metadata is not None
    decision = prediction.action_metadata["livechat"]["decision"]
    assert (decision["rule"], decision["confidence"]) == ("request", 0.9)
    (note,) = prediction.optional_events
    assert isinstance(note, AgentUttered)
    assert note.metadata == {"livechat": {"decision": decision}}


def test_anything_else_is_left_to_the_bot(tmp_path: Any, domain: Domain) -> None:
    """No opinion, no influence."""
    assert ask(make(tmp_path), domain, heard("greet"))[0] is None


def test_it_outdoes_a_form(tmp_path: Any, domain: Domain) -> None:
    """A form predicts itself without regard to the message; so does a request inside it."""
    name, prediction = ask(
        make(tmp_path),
        domain,
        heard("greet"),
        ActiveLoop("order_form"),
        ActionExecuted("action_listen"),
        heard("request_human"),
    )
    assert name == "action_request_handover"
    assert prediction.is_no_user_prediction


def test_the_turn_ends_after_the_request(tmp_path: Any, domain: Domain) -> None:
    """Also inside a form, also when the action left nothing: then the bot listens."""
    decided = ActionExecuted("action_request_handover", metadata={"livechat": {"decision": {"rule": "request"}}})
    for before in ([], [ActiveLoop("order_form")]):
        name, _ = ask(make(tmp_path), domain, *before, heard("request_human"), decided)
        assert name == "action_listen"


def test_a_rule_of_the_bot_goes_on_by_itself(tmp_path: Any, domain: Domain) -> None:
    """When a rule called the action, the rule says what follows."""
    policy = make(tmp_path, request_intents=[])
    assert ask(policy, domain, heard("request_human"), ActionExecuted("action_request_handover"))[0] is None


def test_a_failed_action_is_seen_at_once(tmp_path: Any, domain: Domain) -> None:
    """Before the bot listens again."""
    assert ask(make(tmp_path), domain, heard("greet"), ActionExecuted("action_stock"))[0] == "action_request_handover"
    said = [ActionExecuted("action_stock"), BotUttered("3 left")]
    assert ask(make(tmp_path), domain, heard("greet"), *said)[0] is None


def test_without_the_action_in_the_domain_it_stays_out(tmp_path: Any) -> None:
    """A bot that can't ask for a person is not broken by the policy."""
    bare = Domain.from_yaml('version: "3.1"\nintents: [request_human]\n')
    assert ask(make(tmp_path), bare, heard("request_human"))[0] is None


def test_a_wrong_setting_stops_the_training(tmp_path: Any) -> None:
    """Rasa shows the key and what was expected."""
    with pytest.raises(InvalidConfigException, match="low_confidence_times: expected a number of times"):
        make(tmp_path, low_confidence_times="often")
