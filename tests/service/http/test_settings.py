"""`/api/v1/settings` over HTTP: what is in force, Save, who changed what, what there is to choose from."""

from collections.abc import Iterator
from typing import Any

import pytest

from livechat_plugin.clock import now_ms
from livechat_plugin.storage import settings_versions
from livechat_plugin.storage.database import connect
from tests.harness.client import AgentClient, body, code
from tests.harness.postgres import PostgresCluster
from tests.harness.running import Service, new_stack
from tests.harness.waiting import wait_until

from .sockets import Socket, widget

TEXT = """\
# Ours.
plan: pro   # paid
live_chat:
  message_threshold: 0   # at once
claims:
  lease_seconds: 3
"""
IN_FORCE_SECONDS = 5

pytestmark = pytest.mark.usefixtures("closed_sockets")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose settings may be changed."""
    service = Service(new_stack(tmp_path_factory.mktemp("shop")), settings=TEXT, alone=True)
    try:
        yield service.launch()
    finally:
        service.stop()


@pytest.fixture(scope="module")
def owner(shop: Service) -> AgentClient:
    return shop.add_agent("Ana", "owner")


def changed(shown: dict[str, Any], **sections: Any) -> dict[str, Any]:
    """The body of a Save: what was shown, with these sections changed."""
    document = {**shown["document"]}
    for name, value in sections.items():
        document[name] = {**document[name], **value} if isinstance(value, dict) else value
    return {"version": shown["version"], "document": document}


def save(agent: AgentClient, **sections: Any) -> Any:
    content = changed(body(agent.get("/settings")), **sections)
    return body(agent.call("PUT", "/settings", json=content))


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
    assert {"code": "BY", "name": "Bayern"} in germany["regions"]
    assert {"code": "de", "name": "Deutsch"} in choices["languages"]


def test_save_is_in_force_in_its_answer_and_in_the_file(shop: Service, owner: AgentClient) -> None:
    """With its author; the file keeps its comments; the versions tell the change."""
    saved = save(owner, live_chat={"message_threshold": 7})
    assert saved["document"]["live_chat"]["message_threshold"] == 7
    assert (saved["author"]["name"], saved["may_change"], saved["file_error"]) == ("Ana", True, None)
    assert saved["mail"]["owners"] == [{"name": "Ana", "email": "ana@example.com"}]
    assert shop.settings_file.read_text() == TEXT.replace("message_threshold: 0", "message_threshold: 7")
    newest = body(owner.get("/settings/versions", limit=1))
    assert newest["items"][0]["changes"] == [{"key": "live_chat.message_threshold", "before": 0, "after": 7}]
    assert newest["next"] == saved["version"]
    assert shop.livechat("settings", "check", str(shop.settings_file)).returncode == 0


def test_two_admins_from_the_same_version(shop: Service, owner: AgentClient) -> None:
    """The second one is told by whom, when and what, and may save upon that."""
    ben = shop.add_agent("Ben", "admin")
    read = body(owner.get("/settings"))
    body(ben.call("PUT", "/settings", json=changed(read, messages={"handover": "Soon."})))
    late = owner.call("PUT", "/settings", json=changed(read, messages={"handover": "At once."}))
    assert (late.status_code, code(late)) == (409, "stale_version")
    difference = late.json()["data"]
    assert difference["author"]["name"] == "Ben"
    assert [(one["key"], one["after"]) for one in difference["changes"]] == [("messages.handover", "Soon.")]
    again = {"version": difference["version"], "document": difference["document"]}
    again["document"]["messages"]["handover"] = "At once."
    assert body(owner.call("PUT", "/settings", json=again))["document"]["messages"]["handover"] == "At once."


def test_wrong_value_is_named(owner: AgentClient) -> None:
    """By its key, with what was expected."""
    content = changed(body(owner.get("/settings")), business_hours={"weekly": {"mon": ["9-5"]}})
    refused = owner.call("PUT", "/settings", json=content)
    assert (refused.status_code, code(refused)) == (422, "invalid")
    assert "09:00-17:00" in refused.json()["data"]["fields"]["business_hours.weekly.mon[0]"]


def test_preview_saves_nothing(agent: AgentClient) -> None:
    """Whoever may see the settings may ask; what a Save would refuse is refused."""
    shown = body(agent.get("/settings"))
    document = {**shown["document"], "plan": "free"}
    seen = body(agent.post("/settings/preview", {"document": document, "locale": "de", "timezone": "Asia/Tokyo"}))
    assert (seen["availability"]["reason"], seen["offers"], len(seen["days"])) == ("plan", "nothing", 14)
    assert body(agent.get("/settings")) == shown
    refused = agent.post("/settings/preview", {"document": {**document, "plan": "gold"}})
    assert (refused.status_code, list(refused.json()["data"]["fields"])) == (422, ["plan"])


async def test_open_widget_follows_a_save(shop: Service, owner: AgentClient) -> None:
    """At once, without a reload: the button goes and comes."""
    save(owner, live_chat={"message_threshold": 0, "show_button": True})
    socket: Socket = await widget(shop, shop.visitor())
    for on in (False, True):
        save(owner, live_chat={"show_button": on})
        frame = await socket.until(lambda frame, on=on: frame["type"] == "settings" and frame["button"] is on)
        assert frame["config"]["show_button"] is on


async def test_open_widget_follows_the_team(shop: Service, owner: AgentClient) -> None:
    """Where the settings ask for somebody to be there: when an agent opens the dashboard, and when they have left."""
    save(owner, live_chat={"only_when_agents_are_here": True})
    socket: Socket = await widget(shop, shop.visitor())

    async def told(reason: str) -> dict[str, Any]:
        return await socket.until(
            lambda frame: frame["type"] in ("ready", "settings") and frame["availability"]["reason"] == reason
        )

    if not any(frame.get("availability", {}).get("reason") == "nobody" for frame in socket.frames):
        await told("nobody")
    seat = await Socket.open(shop.url, "/api/v1/socket", owner.cookie)
    await seat.say("hello")
    assert (await told("open"))["form"] is False
    await seat.connection.close()
    assert (await told("nobody"))["form"] is True
    save(owner, live_chat={"only_when_agents_are_here": False})
    await told("open")


@pytest.mark.promise("settings", "5d")
def test_save_is_in_force_in_every_worker(postgres: PostgresCluster, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two workers on PostgreSQL: whoever answers says the same within five seconds, and one file is written."""
    stack = new_stack(tmp_path_factory.mktemp("two"), database_url=postgres.create_database("livechat_two_workers"))
    service = Service(stack, workers=2, settings=TEXT, alone=True)
    try:
        owner = service.launch().add_agent("Ana", "owner")
        for threshold in (5, 6, 7):
            version = save(owner, live_chat={"message_threshold": threshold})["version"]
            wait_until(lambda version=version: seen(owner) == {version}, IN_FORCE_SECONDS, "all workers to follow")
        assert "message_threshold: 7   # at once" in service.settings_file.read_text()
        assert len(body(owner.get("/settings/versions"))["items"]) == 4
    finally:
        service.stop()


async def test_who_asks_reads_the_newest_version_from_every_worker(shop: Service, owner: AgentClient) -> None:
    """A page that is told of a version by one worker may ask another that has not looked yet: no second word comes."""
    for _ in range(5):
        shown = body(owner.get("/settings"))
        version = shown["version"] + 1
        database = connect(shop.env["LIVECHAT_DATABASE_URL"])
        async with database.write() as connection:
            await settings_versions.add(connection, version, shown["document"], now_ms())
        await database.close()
        assert body(owner.get("/settings"))["version"] == version


def seen(agent: AgentClient) -> set[int]:
    """The versions that are answered over many new connections, so by both workers."""
    versions = set()
    for _ in range(12):
        one = agent.again()
        versions.add(body(one.get("/settings"))["version"])
        one.close()
    return versions
