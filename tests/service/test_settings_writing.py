"""Save writes livechat.yml back: it says the new settings, and every line without a changed value stays as it was."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings as hypothesis_settings, strategies as st
from ruamel.yaml.nodes import MappingNode, Node

from livechat_plugin.settings import Settings, check_document, read_text
from livechat_plugin.settings.writing import merge
from livechat_plugin.settings.yaml import round_trip

ROOT = Path(__file__).parents[2]

HANDMADE = """\
# Ours, since 2019.

plan: 'pro'   # paid until May

# --- texts -------------------------------------------------

messages:
    handover: >
        Somebody is coming,
        please wait.

    # said at night
    out_of_hours: |-
        We sleep. Back {next_opening}.
        We are back soon.
    form_received: Thank you, we have it.   # plain
    translations:
        de:    # Anna's
            handover: 'Gleich ist jemand da.'
            greeting: "Hallo! \\
              Was darf es sein?"
        "no":
            handover: Straks.
business_hours:
    weekly:
        # short week
        mon: ["09:00-12:00", '13:00-17:00']   # lunch
        tue:
        - "09:00-12:00"   # morning
        # nobody at noon
        - "13:00-17:00"
        sat: []
    enabled: true
    exceptions:   # closed days
        # Christmas
        - {date: 2026-12-24, open: ["09:00-12:00"]}   # the eve
        - date: 2026-12-25   # the day
          open: []
          name: Christmas
        # and after
        - {date: 2026-12-31, "name": "Silvester"}
    holidays: {enabled: true, country: DE, region: BY}
widget:
    sites: [
        "https://one.example",   # the shop
        https://two.example,     # the blog
    ]
live_chat: {enabled: true,   show_button: false}  # as agreed
# the end
"""

TEXTS = {
    "shipped": (ROOT / "livechat.yml").read_text(),
    "by hand": HANDMADE,
    "Windows": HANDMADE.replace("\n", "\r\n"),
    "no newline at the end": "plan: pro\nlive_chat:\n  enabled: true   # on",
    "comments alone": "# nothing yet\n",
    "empty": "",
    "JSON": '{"plan": "basic", "live_chat": {"enabled": false}, "widget": {"sites": ["https://a.example"]}}\n',
    "a document's marks": "---\nplan: pro\nclaims:\n  lease_seconds: 30\n",
    "nothing in it": "messages: {}\nbusiness_hours: {}\nwidget: {}\n",
}
ANEW = {
    "aliases": "messages:\n  handover: &text Soon.\n  requeued: *text\n",
    "an end mark": "plan: pro\n...\n",
    "only nothing": "null\n",
    "nothing, said otherwise": "# ours\n~   # nothing\n",
}
REFUSED = {"refused": "plan: gold\n", "no YAML": "plan: [\n"}

words = st.text(
    st.characters(codec="utf-8", exclude_characters="{}\x00", exclude_categories=("Cs",)), min_size=1, max_size=30
).filter(lambda text: not text.isspace())
texts = words | st.sampled_from(
    ["no", "null", "1", "true", "a: b", "# c", "it's", '"', " x ", "-", "2026-12-24", "y\ny"]
)
spans = st.lists(
    st.sampled_from(["00:00-01:00", "09:00-12:00", "13:00-17:00", "22:00-24:00"]), unique=True, max_size=3
).map(sorted)
days = st.integers(0, 8).map(lambda n: str(date(2026, 12, 23) + timedelta(days=n)))
exception = st.fixed_dictionaries({"date": days, "open": spans, "name": st.just("") | words})
translation = st.fixed_dictionaries({}, optional={"handover": texts, "greeting": texts, "out_of_hours": texts})

regions = st.none() | st.just("BE")
holidays = st.fixed_dictionaries({}, optional={"enabled": st.booleans(), "region": regions})

documents = st.fixed_dictionaries(
    {},
    optional={
        "plan": st.sampled_from(["free", "basic", "pro", "scale"]),
        "live_chat": st.fixed_dictionaries({}, optional={"enabled": st.booleans(), "show_button": st.booleans()}),
        "messages": st.fixed_dictionaries(
            {},
            optional={
                "handover": texts,
                "out_of_hours": texts,
                "requeued": texts,
                "translations": st.dictionaries(st.sampled_from(["de", "no", "pt-BR", "fr"]), translation, max_size=3),
            },
        ),
        "business_hours": st.fixed_dictionaries(
            {},
            optional={
                "enabled": st.booleans(),
                "timezone": st.sampled_from(["Europe/Berlin", "America/New_York", "Etc/GMT+5"]),
                "end": st.sampled_from(["17:00", "24:00"]),
                "weekly": st.dictionaries(st.sampled_from(["mon", "tue", "sat"]), spans, max_size=3),
                "exceptions": st.lists(exception, unique_by=lambda one: one["date"], max_size=4),
                "holidays": holidays,
            },
        ),
        "claims": st.fixed_dictionaries({}, optional={"lease_seconds": st.integers(3, 90)}),
        "widget": st.fixed_dictionaries(
            {},
            optional={
                "sites": st.lists(
                    st.sampled_from(["https://one.example", "https://two.example", "http://c.example:80"]), unique=True
                )
            },
        ),
    },
)  # fmt: skip


def overlay(base: Any, change: Any) -> Any:
    """`change` over `base`; free mappings and lists are replaced, so that entries go, too."""
    if not isinstance(base, Mapping) or not isinstance(change, Mapping):
        return change
    merged = {**base}
    for name, value in change.items():
        whole = name in ("translations", "weekly")
        merged[name] = value if whole else overlay(base.get(name), value)
    return merged


def known(document: Any) -> Any:
    """Without what is None: that is as good as not there."""
    if not isinstance(document, Mapping):
        return document
    return {name: known(value) for name, value in document.items() if value is not None}


def touched(text: str, before: Any, after: Any) -> set[int]:
    """The lines of keys whose values differ."""
    root = round_trip().compose(StringIO(text))
    if root is None:
        return set()
    return set(range(text.count("\n") + 1)) if root.flow_style else set(_touched(root, before, after))


def _touched(node: Node, before: Any, after: Any) -> Iterator[int]:
    for key, value in node.value:
        one, other = before.get(key.value), after.get(key.value)
        if one == other:
            continue
        if isinstance(value, MappingNode) and one and other and not value.flow_style:
            yield from _touched(value, one, other)
            if not set(other) & {name.value for name, _ in value.value}:
                yield key.start_mark.line
        else:
            in_lines = value.start_mark.line < value.end_mark.line and value.end_mark.column == 0
            yield from range(key.start_mark.line, value.end_mark.line + (not in_lines))


def is_subsequence(wanted: list[str], found: list[str]) -> bool:
    rest = iter(found)
    return all(line in rest for line in wanted)


@pytest.mark.promise("settings", "5e")
@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=st.sampled_from(sorted(TEXTS)), change=documents)
def test_random_changes_are_written_and_nothing_else_moves(name: str, change: dict[str, Any]) -> None:
    """What is read back are the new settings; each line without a changed value is there as it was, in its order."""
    text = TEXTS[name]
    before = read_text(text)
    after = check_document(overlay(before.document(), change))
    merged = merge(text, after)
    assert read_text(merged) == after
    lines = text.split("\n")
    changed = touched(text, known(before.document()), known(after.document()))
    untouched = [line for n, line in enumerate(lines) if n not in changed]
    assert is_subsequence(untouched, merged.split("\n")), merged


@hypothesis_settings(max_examples=60, deadline=None)
@given(text=st.sampled_from(sorted(ANEW.values()) + sorted(REFUSED.values())), change=documents)
def test_text_of_any_kind_says_the_new_settings(text: str, change: dict[str, Any]) -> None:
    """One that can't be edited in place is written anew; of one that is refused nothing is kept."""
    after = check_document(change)
    assert read_text(merge(text, after)) == after


def test_text_that_a_writer_fails_on_is_written_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bug: a mistake in one of them was the end of every Save."""

    def fail(*_: object) -> str:
        raise TypeError

    monkeypatch.setattr("livechat_plugin.settings.writing.Editor", fail)
    assert merge("plan: pro   # paid\n", Settings(plan="free")) == "plan: free  # paid\n"
    monkeypatch.setattr("livechat_plugin.settings.writing._set", fail)
    assert read_text(merge("plan: pro   # paid\n", Settings(plan="free"))) == Settings(plan="free")


def test_unchanged_settings_leave_the_text_alone() -> None:
    """To the byte."""
    for text in [*TEXTS.values(), *ANEW.values()]:
        assert merge(text, read_text(text)) == text


def changed(text: str, change: Mapping[str, Any]) -> list[str]:
    """The lines that writing the change makes new."""
    merged = merge(text, check_document(overlay(read_text(text).document(), change)))
    return [line for line in merged.splitlines() if line not in text.splitlines()]


EDITS: list[tuple[dict[str, Any], list[str]]] = [
    ({"plan": "free"}, ["plan: 'free'  # paid until May"]),
    ({"messages": {"form_received": "Yes: we do"}}, ['    form_received: "Yes: we do"             # plain']),
    ({"messages": {"handover": "Soon."}}, ['    handover: "Soon."']),
    ({"messages": {"requeued": "Wait."}}, ['    requeued: "Wait."']),
    ({"claims": {"lease_seconds": 60}}, ["claims:", "    lease_seconds: 60"]),
    ({"live_chat": {"enabled": False}}, ["live_chat: {enabled: false,   show_button: false}  # as agreed"]),
    (
        {"live_chat": {"message_threshold": 5}},
        ["live_chat: {enabled: true,   show_button: false, message_threshold: 5}  # as agreed"],
    ),
    ({"business_hours": {"holidays": {"region": None}}}, ["    holidays: {enabled: true, country: DE}"]),
    ({"widget": {"sites": ["https://one.example"]}}, []),
]


@pytest.mark.parametrize(("change", "lines"), EDITS)
def test_edit_reads_as_if_made_by_hand(change: dict[str, Any], lines: list[str]) -> None:
    """Its quotes, its indentation and its comment stay where they were, new keys stand at the end of their section."""
    assert changed(HANDMADE, change) == lines


def test_entry_of_a_list_goes_and_comes_alone() -> None:
    """Days are told apart by their dates: the others keep their lines and comments."""
    before = read_text(HANDMADE).document()
    first, second, third = before["business_hours"]["exceptions"]
    new = {"date": "2027-01-01", "open": [], "name": "New Year"}
    exceptions = [new, {**second, "open": ["10:00-12:00"]}, third]
    merged = merge(HANDMADE, check_document(overlay(before, {"business_hours": {"exceptions": exceptions}})))
    start = merged.index("    exceptions:")
    assert merged[start : merged.index("    holidays")] == (
        "    exceptions:   # closed days\n"
        "        # Christmas\n"
        '        - {date: 2027-01-01, open: [], name: "New Year"}\n'
        "        - date: 2026-12-25   # the day\n"
        '          open: ["10:00-12:00"]\n'
        "          name: Christmas\n"
        "        # and after\n"
        '        - {date: 2026-12-31, "name": "Silvester"}\n'
    )
    assert first["date"] not in merged


def test_translations_are_written_below_one_another() -> None:
    """As the shipped file would have it."""
    change = {"messages": {"translations": {"de": {"handover": "Gleich."}}}}
    assert changed("messages: {}\n", change) == ["messages:", "  translations:", "    de:", '      handover: "Gleich."']
    title, *lines = changed(TEXTS["shipped"], change)
    assert title.startswith("  translations:   ")
    assert "# de:" in title
    assert lines == ["    de:", '      handover: "Gleich."']


def test_new_section_stands_apart_where_the_others_do() -> None:
    """At the end of the file."""
    after = check_document(overlay(read_text(TEXTS["shipped"]).document(), {"attachments": {"max_megabytes": 5}}))
    assert merge(TEXTS["shipped"], after) == f"{TEXTS['shipped']}\nattachments:\n  max_megabytes: 5\n"


def test_defaults_need_no_file() -> None:
    """An empty text gets only what is not as by default."""
    assert merge("", Settings()) == ""
    assert merge("", check_document({"plan": "free"})) == "plan: free\n"
