"""Editing a YAML text in place: only the characters of changed values are replaced. See `writing.py`."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from io import StringIO
from typing import Any

from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from . import words
from .yaml import round_trip

COMMENT = re.compile(r" +(?=#)")
Pair = tuple[Node, Node]
Document = Mapping[str, Any]


class Editor:
    """One text, the places of its values, and the edits that are to be made."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._root = round_trip().compose(StringIO(text))
        self._edits: list[tuple[int, int, str]] = []
        self._step = self._indentation()

    def change(self, before: Document, after: Document) -> None:
        """Both are whole documents; the text says `before`."""
        if isinstance(self._root, MappingNode):
            self._change_mapping(None, self._root, before, after)
        else:
            self._insert_lines(len(self._text), words.block(_changed(before, after), 0, self._step))

    def result(self) -> str:
        """The text with all edits made, from the last to the first so that the places stay right."""
        text = self._text
        for start, end, new in sorted(self._edits, reverse=True):
            text = text[:start] + new + text[end:]
        return text

    # -- values

    def _change(self, key: Node | None, node: Node, before: Any, after: Any) -> None:
        """`key` is None for an entry of a list."""
        if isinstance(node, MappingNode) and isinstance(after, Mapping):
            self._change_mapping(key, node, before or {}, after)
        elif isinstance(node, SequenceNode) and isinstance(after, list):
            self._change_list(key, node, before or [], after)
        elif isinstance(node, ScalarNode) and not isinstance(after, Mapping | list):
            unquoted = isinstance(before, str) and not node.style
            self._replace(node, words.scalar(after, "" if unquoted else node.style))
        else:
            self._replace(node, words.flow(after))

    def _replace(self, node: Node, new: str) -> None:
        start, end = node.start_mark.index, self._end(node)
        gap = " " if start == end and self._text[start - 1 : start] in (":", "-") else ""
        room = COMMENT.match(self._text, end)
        if room:  # the comment behind it stays in its column, if there is room
            self._edits.append((end, room.end(), " " * max(1, room.end() - start - len(new))))
        self._edits.append((start, end, gap + new))

    def _replace_all(self, key: Node | None, node: CollectionNode, value: Any) -> None:
        """A whole collection: below its key where that reads better, else beside it."""
        below = words.below_key(value, key.start_mark.column, self._step) if self._in_lines(key) and key else []
        beside = "" if below else words.flow(value)
        if key is not None and below and not COMMENT.match(self._text, self._end(node)):
            self._edits.append((key.end_mark.index, self._end(node), ":"))
        elif node.flow_style or key is None:
            self._replace(node, beside)
        else:
            colon = self._text.index(":", key.end_mark.index) + 1
            self._edits.append((colon, colon, f" {beside}" if beside else ""))
            for first, last in self._entries(node):
                self._delete_lines(first.start_mark.index, self._end(last))
        if below:
            self._insert_lines(self._after_line(self._end(node)), below)

    # -- mappings

    def _change_mapping(self, key: Node | None, node: MappingNode, before: Document, after: Document) -> None:
        pairs: dict[str, Pair] = {name.value: (name, value) for name, value in node.value}
        gone = {name for name in pairs if after.get(name) is None}
        added = {name: value for name, value in _changed(before, after).items() if name not in pairs}
        if len(gone) == len(pairs) and (node.flow_style or not added):
            self._replace_all(key, node, added)
            return
        for name, (inner, value) in pairs.items():
            if name not in gone and after[name] != before.get(name):
                self._change(inner, value, before.get(name), after[name])
        self._remove(node, [name in gone for name in pairs])
        if added and node.flow_style:
            last = next(value for name, (_, value) in reversed(pairs.items()) if name not in gone)
            new = "".join(f", {words.scalar(name)}: {words.flow(value)}" for name, value in added.items())
            self._edits.append((self._end(last), self._end(last), new))
        elif added:
            at = self._after_line(self._end(node.value[-1][1]))
            self._insert_lines(at, self._section(node, added))

    def _section(self, node: MappingNode, added: Document) -> list[str]:
        """The lines of new keys; a new section stands apart where the others do."""
        lines = words.block(added, node.value[0][0].start_mark.column, self._step)
        apart = node is self._root and "\n\n" in self._text.replace("\r", "")
        return [wanted for line in lines for wanted in (["", line] if apart and line[0] != " " else [line])]

    # -- lists

    def _change_list(self, key: Node | None, node: SequenceNode, before: Sequence[Any], after: list[Any]) -> None:
        steps = SequenceMatcher(None, _names(before), _names(after), autojunk=False).get_opcodes()
        some_stay = any(step == "equal" for step, *_ in steps)
        if not after or (node.flow_style and (self._on_one_line(node) or not some_stay)):
            self._replace_all(key, node, after)
            return
        gone = [False] * len(before)
        for step, start, end, new_start, new_end in steps:
            kept = end - start if step == "equal" else 0
            for n in range(kept):
                if before[start + n] != after[new_start + n]:
                    self._change(None, node.value[start + n], before[start + n], after[new_start + n])
            gone[start + kept : end] = [True] * (end - start - kept)
            self._insert_items(node, start + kept, after[new_start + kept : new_end])
        self._remove(node, gone)

    def _insert_items(self, node: SequenceNode, place: int, new: Sequence[Any]) -> None:
        """Before the item that stands at `place` now."""
        items = [words.item(one) for one in new]
        if not items:
            return
        if node.flow_style:
            at = self._end(node.value[place - 1]) if place else node.start_mark.index + 1
            self._edits.append((at, at, "".join(f", {one}" if place else f"{one}, " for one in items)))
            return
        dash = self._dash(node.value[0])
        margin = " " * (dash - self._line_start(dash))
        at = self._after_line(self._end(node.value[place - 1])) if place else self._line_start(dash)
        self._insert_lines(at, [f"{margin}- {one}" for one in items])

    # -- places

    def _remove(self, node: CollectionNode, gone: Sequence[bool]) -> None:
        """Takes entries out: their lines, or what stands between the brackets, with one comma."""
        entries = list(self._entries(node))
        for n, ((first, last), out) in enumerate(zip(entries, gone, strict=True)):
            if not out:
                continue
            start, end = first.start_mark.index, self._end(last)
            if not node.flow_style or self._alone(start, end):
                self._delete_lines(self._dash(first) if self._dashed(node) else start, end)
            elif not all(gone[n:]):
                self._edits.append((start, entries[n + 1][0].start_mark.index, ""))
            else:
                self._edits.append((self._end(entries[n - 1][1]), end, ""))

    def _entries(self, node: CollectionNode) -> Iterator[Pair]:
        """The first and the last node of each entry."""
        for entry in node.value:
            yield entry if isinstance(node, MappingNode) else (entry, entry)

    def _end(self, node: Node) -> int:
        """Where a value ends: of one in lines that is the end of its last value, not the next key's line."""
        if isinstance(node, CollectionNode) and not node.flow_style and node.value:
            *_, (_, last) = self._entries(node)
            return self._end(last)
        start, end = node.start_mark.index, node.end_mark.index
        in_lines = isinstance(node, ScalarNode) and node.style in ("|", ">")
        return int(start + len(self._text[start:end].rstrip()) if in_lines else end)

    def _dash(self, item: Node) -> int:
        return self._text.rindex("-", 0, item.start_mark.index)

    def _line_start(self, index: int) -> int:
        return self._text.rfind("\n", 0, index) + 1

    def _after_line(self, index: int) -> int:
        end = self._text.find("\n", index)
        return len(self._text) if end < 0 else end + 1

    def _delete_lines(self, start: int, end: int) -> None:
        self._edits.append((self._line_start(start), self._after_line(end), ""))

    def _insert_lines(self, at: int, lines: Sequence[str]) -> None:
        new = "".join(line + self._newline for line in lines)
        needs_end = at > 0 and self._text[at - 1] != "\n"
        self._edits.append((at, at, self._newline + new if needs_end else new))

    def _alone(self, start: int, end: int) -> bool:
        """Whether nothing but a comma and a comment stands on the lines between."""
        rest = self._text[end : self._after_line(end)].partition("#")[0]
        return not self._text[self._line_start(start) : start].strip() and rest.strip() in ("", ",")

    def _dashed(self, node: Node) -> bool:
        return isinstance(node, SequenceNode) and not node.flow_style

    def _on_one_line(self, node: Node) -> bool:
        return bool(node.start_mark.line == node.end_mark.line)

    def _in_lines(self, key: Node | None) -> bool:
        """Whether this key begins its line, so that something may stand below it."""
        if key is None:
            return False
        start = key.start_mark.index
        return not self._text[self._line_start(start) : start].strip()

    def _indentation(self) -> int:
        """By how much the text indents, as its first section shows."""
        for key, value in self._root.value if isinstance(self._root, MappingNode) else ():
            if isinstance(value, MappingNode) and not value.flow_style:
                return int(value.value[0][0].start_mark.column - key.start_mark.column)
        return 2


def _changed(before: Document, after: Document) -> dict[str, Any]:
    """Only the keys of `after` that are new or different; None is as good as not there."""
    return {
        name: _changed(before.get(name) or {}, value) if isinstance(value, Mapping) else value
        for name, value in after.items()
        if value is not None and (name not in before or value != before[name])
    }


def _names(items: Sequence[Any]) -> list[str]:
    """What makes an entry the same one as before, though something in it changed: its date."""
    return [str(one["date"]) if isinstance(one, Mapping) and "date" in one else json.dumps(one) for one in items]
