"""What changed between two versions of the settings, and how a version of another program's is read."""

import logging
from typing import Any

import pytest
from sqlalchemy import update

from livechat_plugin.settings import Settings, check_document, read_stored
from livechat_plugin.settings.differences import differences
from livechat_plugin.settings.file import SettingsFile
from livechat_plugin.storage.tables import settings_versions
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.keep_settings import follow, import_file
from livechat_plugin.usecases.read_settings import list_versions

CHANGES: list[tuple[dict[str, Any], dict[str, Any], list[tuple[str, Any, Any]]]] = [
    ({"plan": "pro"}, {"plan": "pro"}, []),
    ({"plan": "pro"}, {"plan": "free"}, [("plan", "pro", "free")]),
    ({"a": {"b": True}}, {"a": {"b": 1}}, [("a.b", True, 1)]),
    ({"mon": ["09:00-12:00"]}, {"mon": ["10:00-12:00"]}, [("mon[0]", "09:00-12:00", "10:00-12:00")]),
    ({"week": {}}, {"week": {"sat": []}}, [("week.sat", None, [])]),
    ({"week": {"sat": ["x"]}}, {"week": {}}, [("week.sat", ["x"], None)]),
    ({"days": []}, {"days": [{"date": "d", "open": []}]}, [("days[0]", None, {"date": "d", "open": []})]),
    ({"days": [{"date": "d"}]}, {"days": [{"date": "e"}]}, [("days[0].date", "d", "e")]),
    ({"texts": {}}, {"texts": {"de": {"hello": "Hallo", "bye": None}}}, [("texts.de.hello", None, "Hallo")]),
    ({"texts": {"de": {"hello": "Hallo"}}}, {"texts": {}}, [("texts.de.hello", "Hallo", None)]),
]


@pytest.mark.parametrize(("before", "after", "expected"), CHANGES)
def test_each_changed_key_is_told(
    before: dict[str, Any], after: dict[str, Any], expected: list[tuple[str, Any, Any]]
) -> None:
    """Keys as in YAML, lists by place; what is not there on one side is None."""
    assert [(one.key, one.before, one.after) for one in differences(before, after)] == expected


HOURS = "business_hours"
CHRISTMAS = {"date": "2026-12-24"}
STORED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({"plan": "basic", "later": {"x": 1}}, {"plan": "basic"}),
    ({"plan": "gold", "live_chat": {"enabled": False, "colour": 1}}, {"live_chat": {"enabled": False}}),
    ({HOURS: {"timezone": "Mars/Olympus", "end": "18:00"}}, {HOURS: {"end": "18:00"}}),
    ({HOURS: {"weekly": {"mon": ["9"], "tue": []}}}, {HOURS: {"weekly": {"mon": [], "tue": []}}}),
    ({HOURS: {"exceptions": [{"open": []}, {"date": "2026-12-24"}]}}, {HOURS: {"exceptions": [CHRISTMAS]}}),
    (
        {"messages": {"translations": {"pt-BR": {"handover": " "}, "de": {}}}},
        {"messages": {"translations": {"pt-BR": {}, "de": {}}}},
    ),
    ({"live_chat": "on"}, {}),
]


@pytest.mark.parametrize(("document", "kept"), STORED)
def test_version_of_another_program_is_read(document: dict[str, Any], kept: dict[str, Any]) -> None:
    """What it does not know, or takes no more, has its default; the rest is in force."""
    assert read_stored(document) == check_document(kept)


@pytest.mark.parametrize("document", [None, [], "plan", 5, {5: 6}])
def test_whatever_is_stored_the_service_starts(document: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The defaults, if nothing can be made of it, and a line in the log."""
    with caplog.at_level(logging.WARNING):
        assert read_stored(document) == Settings()
    assert "stored version" in caplog.text


async def test_unknown_key_in_the_database_does_not_stop_a_worker(context: Context, tmp_path: Any) -> None:
    """A newer program has written it, or an older one."""
    file = SettingsFile(tmp_path / "livechat.yml")
    file.path.write_text("plan: basic\n")
    await import_file(context, file)
    async with context.database.write() as connection:
        await connection.execute(update(settings_versions).values(document={"plan": "scale", "later": 1}))
    assert await follow(context)
    assert context.settings == check_document({"plan": "scale"})


async def test_versions_say_what_they_changed(context: Context, tmp_path: Any) -> None:
    """Newest first, in pages; the first of all has changed nothing."""
    file = SettingsFile(tmp_path / "livechat.yml")
    for plan in ("basic", "pro", "scale"):
        file.path.write_text(f"plan: {plan}\n")
        file.stamp = None
        await import_file(context, file)
    page = await list_versions(context, None, 2)
    assert [(one.number, [(c.key, c.before, c.after) for c in one.changes]) for one in page.versions] == [
        (3, [("plan", "pro", "scale")]),
        (2, [("plan", "basic", "pro")]),
    ]
    rest = await list_versions(context, page.next, 2)
    assert [(one.number, one.changes, rest.next) for one in rest.versions] == [(1, (), None)]
