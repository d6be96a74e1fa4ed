"""Who may import whom, read from the sources: the layers of the service, and the two Python environments.

`domain` imports nothing of ours; use cases stand on domain and storage; what faces outwards stands on use cases. The
Rasa side and the service import nothing of one another.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import ROOT

BASE = {"__version__", "clock", "config", "errors", "ids", "links", "loop", "mail_server", "passwords", "plain"}
BASE |= {"settings", "wire"}
"""Small modules without a layer: words and shapes that everybody shares."""

OUTWARDS = BASE | {"domain", "render", "services", "usecases"}
ALLOWED = {
    "domain": set(),
    "storage": BASE,
    "usecases": BASE | {"domain", "storage"},
    "api": OUTWARDS | {"realtime", "delivery"},
    "realtime": OUTWARDS,
    "delivery": OUTWARDS | {"realtime"},
    "render": BASE | {"domain", "usecases"},
    "wire": {"wire"},
}

EXCEPTIONS = {
    ("api/describe.py", "app"): {"APIS"},
    ("api/lists.py", "storage.inbox"): {"Filter", "Page"},
    ("render.py", "storage.events"): {"VISIBLE", "Reader"},
    ("realtime/hints.py", "storage.redis_link"): {"RedisDown", "RedisLink", "connect_redis"},
}
"""A command that prints what the application serves; shapes of storage that are read outside the use cases; the link to
Redis, over which the hints travel.
"""

RASA_SIDE = ("connectors", "actions", "rasa_bot")
IN_RASA = {"bearer.py", "channel.py", "push.py", "turn.py", "any_channel.py"}
"""The files of the connectors that may import Rasa and its Sanic."""


def sources(folder: str) -> list[Path]:
    found = sorted((ROOT / folder).rglob("*.py"))
    assert found, f"{folder} has no sources"
    return found


def imports(file: Path) -> list[tuple[str, set[str]]]:
    return list(imports_of(file.read_text(), file))


def imports_of(text: str, file: Path) -> Iterator[tuple[str, set[str]]]:
    """Every import of a source: the module with its full name, and the names that are taken from it."""
    package = file.relative_to(ROOT).with_suffix("").parts
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, set()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(package[: len(package) - node.level]) if node.level else ""
            module = ".".join(part for part in (above, node.module) if part)
            yield module, {alias.name for alias in node.names}


def used(file: Path) -> Iterator[tuple[str, set[str]]]:
    """What a file of the service uses of the service: `storage.inbox`, and the names."""
    for module, names in imports(file):
        top, _, rest = module.partition(".")
        if top == "livechat_plugin":
            if rest:
                yield rest, names
            else:
                yield from ((name, set()) for name in names)


def layer_of(file: Path) -> str:
    place = file.relative_to(ROOT / "livechat_plugin")
    return place.parts[0].removesuffix(".py")


def trespasses(file: Path) -> list[str]:
    """The imports of a file that its layer does not allow."""
    layer = layer_of(file)
    place = str(file.relative_to(ROOT / "livechat_plugin"))
    found = []
    for module, names in used(file):
        top = module.partition(".")[0]
        allowed = top == layer or top in ALLOWED.get(layer, {top})
        excepted = EXCEPTIONS.get((place, module), set())
        if not allowed and not (names and names <= excepted):
            found.append(f"{place} imports {module} ({', '.join(sorted(names))})")
    return found


@pytest.mark.parametrize("layer", sorted(ALLOWED))
def test_a_layer_imports_only_what_lies_below(layer: str) -> None:
    """The rule of the architecture; a read that an endpoint needs belongs into a use case."""
    files = [file for file in sources("livechat_plugin") if layer_of(file) == layer]
    assert files, f"there is no layer {layer}"
    assert [wrong for file in files for wrong in trespasses(file)] == []


def test_every_exception_is_still_needed() -> None:
    """One that nobody uses any more is taken off the list."""
    for (place, module), names in EXCEPTIONS.items():
        found = [taken for other, taken in used(ROOT / "livechat_plugin" / place) if other == module]
        assert found == [names]


@pytest.mark.parametrize("folder", RASA_SIDE)
def test_the_rasa_side_knows_nothing_of_the_service(folder: str) -> None:
    """The bodies on the wire are all that both sides share; no database is reached from inside Rasa."""
    strangers = {"livechat_plugin", "sqlalchemy", "alembic"}
    wrong = [
        f"{file.name} imports {module}"
        for file in sources(folder)
        for module, _ in imports(file)
        if module.partition(".")[0] in strangers
    ]
    assert wrong == []


def test_the_service_knows_nothing_of_the_rasa_side() -> None:
    """Neither the folders nor Rasa itself."""
    strangers = {*RASA_SIDE, "rasa", "rasa_sdk"}
    wrong = [
        f"{file.name} imports {module}"
        for file in sources("livechat_plugin")
        for module, _ in imports(file)
        if module.partition(".")[0] in strangers
    ]
    assert wrong == []


def test_connectors_touch_rasa_in_few_places() -> None:
    """A channel's formats and calls are pure: only where a channel is plugged in are Rasa and Sanic imported."""
    wrong = [
        f"{file.relative_to(ROOT)} imports {module}"
        for file in sources("connectors")
        for module, _ in imports(file)
        if module.partition(".")[0] in {"rasa", "sanic"} and file.name not in IN_RASA
    ]
    assert wrong == []


def test_a_trespass_is_found() -> None:
    """The reader of imports resolves relative ones; a test that can't fail proves nothing."""
    text = "from ..storage import agents\nfrom ..ids import AgentId\nimport sqlalchemy"
    found = dict(imports_of(text, ROOT / "livechat_plugin" / "domain" / "claim.py"))
    assert found == {"livechat_plugin.storage": {"agents"}, "livechat_plugin.ids": {"AgentId"}, "sqlalchemy": set()}
