"""The OpenAPI 3.1 file, made from the wire structs and the route table.

What must hold: every route and every frame is described by the very struct that decodes or encodes it, so the file
can't promise what the code doesn't do. The front end's types are generated from it.
"""

import re
import types
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeGuard

import msgspec

from .. import __version__
from ..wire import bridge, card, common, connector, dashboard, mails, settings, sockets, widget

if TYPE_CHECKING:
    from .routing import Route, Routes

REF = "#/components/schemas/{name}"
FRAMES = {
    "DashboardFrame": sockets.DashboardFrame,
    "WidgetFrame": sockets.WidgetFrame,
    "ToDashboard": sockets.ToDashboard,
    "ToWidget": sockets.ToWidget,
}
SECURITY = {"agent": "session", "visitor": "visitor", "bridge": "bridge"}
MODULES = (common, card, dashboard, settings, mails, widget, bridge, connector, sockets)
BASES = frozenset({"Incoming", "Outgoing", "CardPart", "FromRasa", "FromClient", "FromServer"})


def _structs(modules: Iterable[types.ModuleType]) -> list[type[msgspec.Struct]]:
    """Every struct defined in the wire modules, once, without the bases."""
    return [
        value
        for module in modules
        for name, value in vars(module).items()
        if _is_struct(value) and value.__module__ == module.__name__ and name not in BASES
    ]


def _is_struct(value: object) -> TypeGuard[type[msgspec.Struct]]:
    return isinstance(value, type) and issubclass(value, msgspec.Struct)


def components() -> dict[str, Any]:
    """JSON Schemas of all wire structs and of the four frame unions, by name."""
    structs = _structs(MODULES)
    unions = list(FRAMES.values())
    schemas, found = msgspec.json.schema_components([*structs, *unions], ref_template=REF)
    for name, schema in zip(FRAMES, schemas[len(structs) :], strict=True):
        found[name] = schema
    return dict(sorted(found.items()))


def paths(apis: Iterable["Routes"]) -> dict[str, Any]:
    """The `paths` object of all routes."""
    found: dict[str, Any] = {}
    for api in apis:
        for route in api.all:
            path = re.sub(r"<(\w+):\w+>", r"{\1}", route.path)
            found.setdefault(path, {})[route.method.lower()] = _operation(route, re.findall(r"{(\w+)}", path))
    return found


def _operation(route: "Route", names: list[str]) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names
    ]
    if route.query is not None:
        parameters += _query_parameters(route.query)
    operation: dict[str, Any] = {
        "summary": route.summary,
        "security": [{SECURITY[route.who]: []}] if route.who in SECURITY else [],
        "parameters": parameters,
        "responses": {
            str(int(route.status)): _content("Done.", route.answers) if route.answers else _bytes("The file."),
            "default": _content("Refused: switch on `code`.", common.ErrorBody),
        },
    }
    if route.upload:
        operation["requestBody"] = {"required": True, "content": _bytes("")["content"]}
    if route.body is not None:
        operation["requestBody"] = {"required": True, **_content("", route.body)}
        del operation["requestBody"]["description"]
    return operation


def _content(description: str, struct: type[msgspec.Struct]) -> dict[str, Any]:
    schema = {"$ref": REF.format(name=struct.__name__)}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _bytes(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/octet-stream": {"schema": {"format": "binary"}}}}


def _query_parameters(query: type[msgspec.Struct]) -> list[dict[str, Any]]:
    _, found = msgspec.json.schema_components([query], ref_template=REF)
    schema = found[query.__name__]
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": one}
        for name, one in schema["properties"].items()
    ]


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
