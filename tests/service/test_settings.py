"""livechat.yml: a mistake is refused with file, line, key and what was expected; what is right is in force."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from livechat_plugin.settings import Settings, SettingsError, check_document, read_file, read_text
from livechat_plugin.settings.file import SettingsFile
from livechat_plugin.usecases.context import Context
from livechat_plugin.usecases.keep_settings import follow, import_file

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ROOT = Path(__file__).parents[2]

MISTAKES = [
    ("plan: gold\n", 1, "plan", "basic, free, pro or scale"),
    ("live_chat:\n  message_threshold: three\n", 2, "live_chat.message_threshold", "a whole number"),
    ("live_chat:\n  message_threshold: -1\n", 2, "live_chat.message_threshold", ">= 0"),
    ("live_chat:\n  enabled: 'yes'\n", 2, "live_chat.enabled", "true or false"),
    ("live_chat:\n  treshold: 3\n", 2, "live_chat.treshold", "misspelled"),
    ("lve_chat: {}\n", 1, "lve_chat", "misspelled"),
    ("messages:\n  handover: '  '\n", 2, "messages.handover", "not blank"),
    ("messages:\n  handover: 5\n", 2, "messages.handover", "a text"),
    ("business_hours:\n  timezone: Mars/Olympus\n", 2, "business_hours.timezone", "IANA"),
    ("business_hours:\n  start: '9'\n", 2, "business_hours.start", "09:00"),
    ("business_hours:\n  end: '25:00'\n", 2, "business_hours.end", "17:00"),
    ("business_hours:\n  start: '09:00'\n  end: '09:00'\n", 3, "business_hours.end", "another time than start"),
    ("business_hours:\n  weekly:\n    mon: ['9-12']\n", 3, "business_hours.weekly.mon[0]", "09:00-17:00"),
    ("business_hours:\n  weekly:\n    mon: ['09:00-09:00']\n", 3, "business_hours.weekly.mon[0]", "00:00-24:00"),
    ("business_hours:\n  weekly:\n    mon: ['24:00-06:00']\n", 3, "business_hours.weekly.mon[0]", "09:00-17:00"),
    (
        "business_hours:\n  weekly:\n    mon: ['09:00-12:00', '11:00-13:00']\n",
        3,
        "business_hours.weekly.mon[1]",
        "overlap",
    ),
    ("business_hours:\n  weekly:\n    monday: []\n", 2, "business_hours.weekly", "mon"),
    ("business_hours:\n  exceptions:\n  - {date: 2026-13-24}\n", 3, "business_hours.exceptions[0].date", "2026-12-24"),
    (
        "business_hours:\n  exceptions:\n  - {date: 2026-12-24, open: ['9']}\n",
        3,
        "business_hours.exceptions[0].open[0]",
        "09:00",
    ),
    (
        "business_hours:\n  exceptions:\n  - date: 2026-12-24\n  - date: 2026-12-24\n",
        4,
        "business_hours.exceptions[1].date",
        "once",
    ),
    ("business_hours:\n  holidays: {country: XX}\n", 2, "business_hours.holidays.country", "DE"),
    ("business_hours:\n  holidays: {region: XX}\n", 2, "business_hours.holidays.region", "BY"),
    ("messages:\n  handover: 'At {next_opening}.'\n", 2, "messages.handover", "no placeholder"),
    ("messages:\n  out_of_hours: 'Until {name}. Bye.'\n", 2, "messages.out_of_hours", "{next_opening}"),
    ("messages:\n  out_of_hours: 'Back {next_opening}.'\n", 2, "messages.out_of_hours", "also a sentence"),
    ("messages:\n  language: klingon\n", 2, "messages.language", "en or pt-BR"),
    ("messages:\n  translations:\n    de: {handover: ' '}\n", 3, "messages.translations.de.handover", "not blank"),
    (
        "messages:\n  translations:\n    de: {handover: '{x}'}\n",
        3,
        "messages.translations.de.handover",
        "no placeholder",
    ),
    (
        "business_hours:\n  enabled: true\n  weekly: {mon: []}\n",
        3,
        "business_hours.weekly",
        "an opening in the next 400 days",
    ),
    ("claims: {lease_seconds: 0}\n", 1, "claims.lease_seconds", ">= 3"),
    ("widget:\n  sites: ['shop.example']\n", 2, "widget.sites", "https://"),
    ('business_hours:\n  start: "09:00\\n"\n', 2, "business_hours.start", "09:00"),
    ('business_hours:\n  end: "17:00\\n"\n', 2, "business_hours.end", "17:00"),
    ('business_hours:\n  weekly:\n    mon: ["09:00-12:00\\n"]\n', 3, "business_hours.weekly.mon[0]", "09:00-17:00"),
    ("plan: !!bool x\n", None, "", "expected YAML"),
    ("a: &a {<<: *a}\n", None, "", "expected YAML"),
    ("!!omap [plan: gold]\n", None, "plan", "basic, free, pro or scale"),
    ("claims: {}\n<<: {plan: gold}\n", None, "plan", "basic, free, pro or scale"),
    ("plan: pro\nplan: free\n", 2, "", "duplicate key"),
    ("plan: [\n", 2, "", "YAML"),
    ("- plan\n", None, "", "a mapping"),
    ("live_chat: pro\n", 1, "live_chat", "a mapping"),
]


@pytest.mark.parametrize(("text", "line", "key", "expected"), MISTAKES)
def test_mistake_is_named(text: str, line: int | None, key: str, expected: str) -> None:
    """Each mistake names its file, its line, its key and what was expected, and shows no Python."""
    with pytest.raises(SettingsError) as caught:
        read_text(text, "livechat.yml", NOW)
    said = str(caught.value)
    place = f"livechat.yml:{line}: " if line else "livechat.yml: "
    assert said.startswith(place + (f"{key}" if key else ""))
    assert expected in said
    assert "`" not in said
    assert "msgspec" not in said


def test_empty_file_says_the_defaults() -> None:
    """Every key may be left out."""
    assert read_text("") == Settings()


def test_what_is_quoted_in_the_file_is_a_plain_text() -> None:
    """So that it can be stored: the reader's own kinds of texts and numbers stay behind."""
    hours = "business_hours:\n  weekly: {'mon': [\"09:00-12:00\"]}\n"
    document = read_text(f"messages: {{handover: 'Soon.'}}\n{hours}claims: {{lease_seconds: 0x20}}\n").document()
    assert document["business_hours"]["weekly"] == {"mon": ["09:00-12:00"]}
    assert {type(document["messages"]["handover"]), type(document["claims"]["lease_seconds"])} == {str, int}


def test_shipped_file_is_valid_and_uses_known_keys() -> None:
    """The livechat.yml of the repository is accepted as it stands."""
    assert read_file(ROOT / "livechat.yml").plan == "pro"


def test_document_and_file_go_through_the_same_checks() -> None:
    """What the database holds is checked like the file, and comes back as it was."""
    assert check_document(Settings().document()) == Settings()
    with pytest.raises(SettingsError, match=r"live_chat\.message_threshold"):
        check_document({"live_chat": {"message_threshold": "three"}})


@pytest.mark.parametrize("raw", [b"\xff\xfe\x00", b"a: &a [*a]", b"x" * 300_000, b"{" * 500])
def test_hostile_file_is_refused_and_nothing_breaks(tmp_path: Path, raw: bytes) -> None:
    """Wrong encoding, a knot of aliases, a huge or a deep file: refused with the file's name."""
    file = tmp_path / "livechat.yml"
    file.write_bytes(raw)
    with pytest.raises(SettingsError, match=r"livechat\.yml"):
        read_file(file)


async def test_valid_edit_is_the_next_version(context: Context, tmp_path: Path) -> None:
    """A changed file becomes a version in SQL and is in force; the same text again makes none."""
    file = SettingsFile(tmp_path / "livechat.yml")
    file.path.write_text("plan: basic\n")
    await import_file(context, file)
    assert await follow(context)
    assert (context.version, context.settings.plan) == (1, "basic")
    file.path.write_text("plan: basic\n")
    file.stamp = None
    await import_file(context, file)
    assert not await follow(context)
    file.path.write_text("plan: scale\n")
    file.stamp = None
    await import_file(context, file)
    assert await follow(context)
    assert (context.version, context.settings.plan) == (2, "scale")


async def test_broken_edit_leaves_the_settings_in_force(context: Context, tmp_path: Path) -> None:
    """A mistake is kept to be shown; the last good version goes on, and the mended file takes over."""
    file = SettingsFile(tmp_path / "livechat.yml")
    file.path.write_text("plan: basic\n")
    await import_file(context, file)
    await follow(context)
    file.path.write_text("plan: basic\nlive_chat:\n  message_threshold: many\n")
    await import_file(context, file)
    assert not await follow(context)
    assert context.settings.plan == "basic"
    assert file.error is not None
    assert "livechat.yml:3: live_chat.message_threshold" in file.error
    file.path.write_text("plan: scale\n# mended\n")
    await import_file(context, file)
    assert await follow(context)
    assert file.error is None


async def test_two_workers_agree(context: Context, tmp_path: Path) -> None:
    """Two workers see the same edit at once: one version, in force in both."""
    other = Context(database=context.database, gate=context.gate, clock=context.clock)
    path = tmp_path / "livechat.yml"
    path.write_text("plan: basic\n")
    for one in (context, other):
        await import_file(one, SettingsFile(path))
        await follow(one)
    assert context.version == other.version == 1
    assert other.settings.plan == "basic"
