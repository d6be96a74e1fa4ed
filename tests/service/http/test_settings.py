"""`/api/v1/settings` over HTTP: what is in force, who changed it, and what there is to choose from."""

from tests.harness.client import AgentClient, body


def test_settings_in_force_with_since_when_and_by_whom(agent: AgentClient) -> None:
    """The whole document with its defaults; a null author is the file; an agent may look, not change."""
    shown = body(agent.get("/settings"))
    assert shown["document"]["bot"] == {"answer_within_seconds": 600}
    assert shown["document"]["live_chat"]["message_threshold"] == 3
    assert (shown["version"], shown["author"], shown["may_change"], shown["file_error"]) == (1, None, False, None)
    assert shown["at"] == body(agent.get("/settings/versions"))["items"][0]["at"]
    assert shown["availability"]["reason"] == "open"


def test_choices_for_the_pages_lists(agent: AgentClient) -> None:
    """Zones, countries with their regions, languages by their own names."""
    choices = body(agent.get("/settings/choices"))
    assert "Europe/Berlin" in choices["timezones"]
    (germany,) = [one for one in choices["countries"] if one["code"] == "DE"]
    assert germany["name"] == "Germany"
    assert {"code": "BY"} in germany["regions"]
    assert {"code": "de", "name": "Deutsch"} in choices["languages"]
