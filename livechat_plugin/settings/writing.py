"""Writing changed settings into the text of livechat.yml, as somebody would who edits it by hand. Pure.

What must hold: the new text says exactly the new settings; a line that holds no changed value stays byte for byte, with
its comments, quotes and indentation. So the text is not written anew from what was read: ruamel says where each value
stands, and only that place is edited. A key that is not in the file is added at the end of its section, a section at
the end of the file. Should a text be of a kind that can't be edited so (aliases, say), ruamel writes it anew.
"""

from collections.abc import Mapping
from contextlib import suppress
from io import StringIO
from typing import Any

from .editing import Editor
from .reading import SettingsError, read_text
from .schema import Settings
from .words import block
from .yaml import round_trip


def merge(text: str, after: Settings) -> str:
    """`text` with these settings in the place of what it says now; of a text that is refused nothing is kept. Raises
    `SettingsError` if they take more room than a file may have.
    """
    try:
        before = read_text(text)
    except SettingsError:
        text, before = "", Settings()
    for write in (_edited, _written_anew):
        with suppress(Exception):  # a text that one of them can't edit is left to the next
            merged = write(text, before.document(), after.document())
            if _says(merged, after):
                return merged
    merged = "\n".join([*block(after.document(), 0, 2), ""])
    assert read_text(merged) == after, "settings can always be written"
    return merged


def _says(text: str, settings: Settings) -> bool:
    try:
        return read_text(text) == settings
    except SettingsError:
        return False


def _edited(text: str, before: dict[str, Any], after: dict[str, Any]) -> str:
    editor = Editor(text)
    editor.change(before, after)
    return editor.result()


def _written_anew(text: str, before: dict[str, Any], after: dict[str, Any]) -> str:
    """By ruamel, which keeps comments, quotes and order but not every indentation."""
    yaml = round_trip()
    document = yaml.load(StringIO(text)) or {}
    _set(document, before, after)
    written = StringIO()
    yaml.dump(document, written)
    return written.getvalue()


def _set(place: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    for name in before.keys() - after.keys():
        place.pop(name, None)
    for name, value in after.items():
        if value == before.get(name):
            continue
        if isinstance(value, dict) and isinstance(place.get(name), dict):
            _set(place[name], before.get(name) or {}, value)
        else:
            place[name] = value
