"""A Rasa policy that gives a conversation to a person when the rules say so (rules.py) and stays out of the way else.

It predicts the action that asks for a person and, once that ran, the end of the turn, whatever came of it; so it can't
loop. The reason, confidence and ranking go into the action's metadata, into a note before it (an `agent` event without
text, which the action reads) and to the connector, which asks itself when the action gives no sign.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional

from rasa.core.featurizers.tracker_featurizers import TrackerFeaturizer
from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData, confidence_scores_for
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME, DEFAULT_ACTION_NAMES
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import AgentUttered, Event
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.exceptions import InvalidConfigException

from .reading import KEY, handover_result, read_turns
from .rules import Decision, on_action, on_message
from .running_turn import running_turn
from .settings import DEFAULTS, WrongSetting, read_thresholds

ASKED_BY_A_RULE = {
    "rule": "request",
    "trigger": "words",
    "reason": "The bot's own rules asked for a person.",
    "confidence": 1.0,
    "ranking": [],
}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class HandoverPolicy(Policy):
    """Nothing to learn: training only checks the settings."""

    def __init__(
        self,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        featurizer: Optional[TrackerFeaturizer] = None,
    ) -> None:
        super().__init__(config, model_storage, resource, execution_context, featurizer)
        self._action = str(config["action"])
        try:
            self._thresholds = read_thresholds(config)
        except WrongSetting as reason:
            raise InvalidConfigException(f"{type(self).__name__} in config.yml: {reason}") from reason

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return dict(DEFAULTS)

    @staticmethod
    def supported_data() -> SupportedData:
        return SupportedData.ML_AND_RULE_DATA

    def train(self, training_trackers: List[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: Optional[Dict[str, Any]] = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        if self._action not in domain.action_names_or_texts:
            return self._prediction(self._default_predictions(domain))
        events = [event.as_dict() for event in tracker.events]
        if tracker.latest_action_name == self._action:
            return self._after_request(events, tracker, domain)
        turns = read_turns(events, self._action)
        if tracker.latest_action_name == ACTION_LISTEN_NAME:
            decision = on_message(turns, self._thresholds)
        else:
            decision = on_action(turns, self._thresholds, self._fallible(domain))
        if decision is None:
            return self._prediction(self._default_predictions(domain))
        return self._request(decision, tracker, domain)

    def _request(self, decision: Decision, tracker: DialogueStateTracker, domain: Domain) -> PolicyPrediction:
        note = decision.as_note()
        turn = running_turn()
        if turn is not None:
            turn.escalate(note, tracker.current_state(EventVerbosity.ALL), domain.as_dict())
        noted = AgentUttered(metadata={KEY: {"decision": note}})
        return self._certain(self._action, tracker, domain, [noted], {KEY: {"decision": note}})

    def _after_request(
        self, events: List[Dict[str, Any]], tracker: DialogueStateTracker, domain: Domain
    ) -> PolicyPrediction:
        decided, status = handover_result(events, self._action)
        turn = running_turn()
        if turn is not None and not decided and status is None:
            turn.escalate(ASKED_BY_A_RULE, tracker.current_state(EventVerbosity.ALL), domain.as_dict())
        if turn is not None:
            turn.reported(status)
        if not decided:  # a rule of the bot asked for the action, and says itself what follows
            return self._prediction(self._default_predictions(domain))
        return self._certain(ACTION_LISTEN_NAME, tracker, domain)

    def _certain(
        self,
        action: str,
        tracker: DialogueStateTracker,
        domain: Domain,
        events: Optional[List[Event]] = None,
        metadata: Optional[Mapping[str, Any]] = None,
    ) -> PolicyPrediction:
        """A prediction that wins, also over a form, which takes part without regard to the message."""
        return PolicyPrediction(
            confidence_scores_for(action, 1.0, domain),
            type(self).__name__,
            self.priority,
            optional_events=events,
            is_no_user_prediction=tracker.active_loop_name is not None,
            hide_rule_turn=True,
            action_metadata=dict(metadata) if metadata else None,
        )

    def _fallible(self, domain: Domain) -> frozenset[str]:
        """Actions that leave a message or a change unless they failed: the bot's own and its forms."""
        own = [name for name in domain.user_actions if not name.startswith("utter_")]
        return frozenset([*own, *domain.form_names]) - {self._action, *DEFAULT_ACTION_NAMES}
