"""The OpenAPI 3.1 file, made from the wire structs and the route table.

What must hold: every route and every frame is described by the very struct that decodes or encodes it, so the file can't
promise what the code doesn't do. The front end's types are generated from it.
"""

import types
from collections.abc import Iterable
from typing import Any

import msgspec

from .. import __version__
from ..wire import bridge, card, common, connector, dashboard, sockets, widget

REF = "#/components/schemas/{name}"
FRAMES = {
    "DashboardFrame": sockets.DashboardFrame,
    "WidgetFrame": sockets.WidgetFrame,
    "ToDashboard": sockets.ToDashboard,
    "ToWidget": sockets.ToWidget,
}
MODULES = (common, card, dashboard, widget, bridge, connector, sockets)
BASES = frozenset({"Incoming", "Outgoing", "CardPart", "FromRasa", "FromClient", "FromServer"})


def _structs(modules: Iterable[types.ModuleType]) -> list[type[msgspec.Struct]]:
    """Every struct defined in the wire modules, once, without the bases."""
    found: dict[str, type[msgspec.Struct]] = {}
    for module in modules:
        for name, value in vars(module).items():
            if isinstance(value, type) and issubclass(value, msgspec.Struct) and name not in BASES:
                if value.__module__ == module.__name__:
                    found[name] = value
    return list(found.values())


def components() -> dict[str, Any]:
    """JSON Schemas of all wire structs and of the four frame unions, by name."""
    structs = _structs(MODULES)
    unions = list(FRAMES.values())
    schemas, found = msgspec.json.schema_components([*structs, *unions], ref_template=REF)
    for name, schema in zip(FRAMES, schemas[len(structs) :], strict=True):
        found[name] = schema
    return dict(sorted(found.items()))


def document(paths: dict[str, Any]) -> dict[str, Any]:
    """The whole file for the given `paths` object."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Rasa Live Chat", "version": __version__},
        "paths": paths,
        "components": {
            "schemas": components(),
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "livechat_session"},
                "visitor": {"type": "http", "scheme": "bearer"},
                "bridge": {"type": "http", "scheme": "bearer"},
            },
        },
    }


