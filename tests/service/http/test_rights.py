"""Who may call what: every route of the OpenAPI file, by every kind of caller; what is not allowed is refused."""

import json
import re
from typing import Any

import pytest
import requests

from livechat_plugin.api import openapi
from livechat_plugin.api.routing import Route
from livechat_plugin.app import APIS
from tests.harness import ROOT
from tests.harness.client import AgentClient, code
from tests.harness.running import Service

ROUTES = [route for api in APIS for route in api.all]
GUARDED = [route for route in ROUTES if route.who not in ("anyone", "newcomer")]
REFUSALS = {"agent": (401, "not_signed_in"), "visitor": (401, "not_signed_in"), "bridge": (404, "not_found")}


def name(route: Route) -> str:
    return f"{route.method} {route.path}"


def sample_path(route: Route) -> str:
    """The route's path with something in each place."""
    return re.sub(r"<\w+:(\w+)>", lambda place: "1" if place[1] == "int" else "nothing", route.path)


def call(service: Service, route: Route, **headers: str) -> requests.Response:
    path = sample_path(route)
    return requests.request(route.method, f"{service.url}{path}", json={}, headers=headers, timeout=30)


@pytest.mark.parametrize("route", GUARDED, ids=name)
def test_nobody_is_refused(service: Service, route: Route) -> None:
    """Without credentials each guarded route refuses, before it looks at the body."""
    answer = call(service, route, **{"X-LiveChat": "1"})
    assert (answer.status_code, code(answer)) == REFUSALS[route.who]


@pytest.mark.parametrize("route", GUARDED, ids=name)
def test_credentials_of_another_kind_are_refused(service: Service, route: Route) -> None:
    """A visitor's token opens neither the dashboard nor the bridge, and a made-up one opens nothing."""
    visitor = service.visitor()
    token = visitor.http.headers["Authorization"] if route.who != "visitor" else "Bearer made-up"
    answer = call(service, route, **{"X-LiveChat": "1", "Authorization": str(token)})
    assert (answer.status_code, code(answer)) == REFUSALS[route.who]


@pytest.mark.parametrize("route", [route for route in ROUTES if route.path.startswith("/api/")], ids=name)
def test_another_site_can_not_act_for_an_agent(service: Service, agent: AgentClient, route: Route) -> None:
    """A state change needs the header and a known Origin; another page's cookie-bearing request has neither."""
    if route.method == "GET":
        return
    path = sample_path(route)
    for headers in ({}, {"X-LiveChat": "1", "Origin": "https://evil.example"}):
        answer = requests.request(
            route.method, f"{service.url}{path}", json={}, headers=headers, cookies=agent.http.cookies, timeout=30
        )
        assert (answer.status_code, code(answer)) == (403, "forbidden")


RIGHTS = {
    "see_conversations": "owner admin agent",
    "claim": "owner admin agent",
    "write": "owner admin agent",
    "note": "owner admin agent",
    "resolve": "owner admin agent",
    "give_away": "owner admin agent",
    "see_agents": "owner admin agent",
    "see_settings": "owner admin agent",
    "change_settings": "owner admin",
    "see_mails": "owner admin",
}


@pytest.fixture(scope="session")
def team(service: Service) -> dict[str, AgentClient]:
    """One of each role, signed in."""
    return {role: service.add_agent(f"The {role}", role) for role in ("owner", "admin", "agent")}


@pytest.mark.parametrize("route", [route for route in ROUTES if route.who == "agent" and route.action], ids=name)
@pytest.mark.parametrize("role", ["owner", "admin", "agent"])
def test_role_decides(team: dict[str, AgentClient], role: str, route: Route) -> None:
    """Who may not is refused before anything is looked at; who may gets past that."""
    allowed = role in RIGHTS[str(route.action)].split()
    answer = team[role].call(route.method, sample_path(route).removeprefix("/api/v1"), json={})
    refused = answer.status_code == 403 and code(answer) == "forbidden"
    assert refused is not allowed
    assert answer.status_code != 401


def test_visitor_reads_and_writes_only_their_own_conversation(service: Service) -> None:
    """Two visitors: each log holds its own lines."""
    ana, ben = service.visitor(), service.visitor()
    ana.send("I am Ana")
    ben.send("I am Ben")
    assert [e["text"] for e in ana.events() if e["actor"]["kind"] == "customer"] == ["I am Ana"]
    assert [e["text"] for e in ben.events() if e["actor"]["kind"] == "customer"] == ["I am Ben"]


def test_cookie_is_kept_from_scripts_and_other_sites(service: Service, agent: AgentClient) -> None:
    """HttpOnly, SameSite=Lax, for the whole site; the token is new at each sign-in."""
    first = agent.cookie
    again = requests.post(
        f"{service.url}/api/v1/session",
        json={"email": agent.email, "password": agent.password},
        headers={"X-LiveChat": "1"},
        timeout=30,
    )
    cookie = again.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert first not in cookie


def test_site_of_somebody_else_can_not_use_the_widget(service: Service) -> None:
    """Sites are allow-listed: an unknown Origin gets neither a session nor CORS headers; our own page does."""
    evil = requests.post(
        f"{service.url}/widget/v1/sessions", json={}, headers={"Origin": "https://evil.example"}, timeout=30
    )
    assert (evil.status_code, code(evil)) == (403, "forbidden")
    assert "Access-Control-Allow-Origin" not in evil.headers
    own = requests.post(f"{service.url}/widget/v1/sessions", json={}, headers={"Origin": service.url}, timeout=30)
    assert own.status_code == 201
    assert own.headers["Access-Control-Allow-Origin"] == service.url


BAD_BODIES: list[tuple[bytes, str]] = [
    (b"{", "body"),
    (b"\xff\xfe", "body"),
    (b"[]", "body"),
    (b'{"client_msg_id": 5, "text": "x"}', "client_msg_id"),
    (b'{"client_msg_id": "m"}', "text"),
    (b'{"client_msg_id": "m", "text": "x", "button": "b:1:0"}', "text"),
    (b'{"client_msg_id": "m", "text": "   "}', "text"),
    (b'{"client_msg_id": "m", "text": "x", "colour": 1}', "colour"),
    (json.dumps({"client_msg_id": "m", "text": "x" * 8001}).encode(), "text"),
    (b'{"client_msg_id": "../../etc", "text": "x"}', "client_msg_id"),
    (b'{"client_msg_id": "m", "button": "DROP TABLE"}', "button"),
]


@pytest.mark.parametrize(("raw", "field"), BAD_BODIES)
def test_bad_body_is_named(service: Service, raw: bytes, field: str) -> None:
    """A clear code, the field and what was expected; no stack trace, and nothing is stored."""
    visitor = service.visitor()
    answer = visitor.call("POST", "/messages", data=raw)
    assert (answer.status_code, code(answer)) == (422, "invalid")
    assert field in answer.json()["data"]["fields"]
    assert "Traceback" not in answer.text
    assert [e["actor"]["kind"] for e in visitor.events()] == ["bot"]


def test_too_large_body_is_refused_with_the_limit(service: Service) -> None:
    """A megabyte is the end, and the answer says so."""
    answer = service.visitor().call("POST", "/messages", data=b" " * 1_000_001)
    assert answer.status_code == 413
    assert "1000 kB" in answer.json()["message"]


@pytest.mark.parametrize("path", ["/../livechat.yml", "/assets/../../livechat.yml", "/demo/..%2f..%2flivechat.yml"])
def test_no_path_leads_out_of_the_pages(service: Service, path: str) -> None:
    """Whatever a path says, only built pages are served."""
    request = requests.Request("GET", service.url).prepare()
    request.url = f"{service.url}{path}"
    with requests.Session() as session:
        answer = session.send(request, timeout=30)
    assert b"plan:" not in answer.content


def test_openapi_describes_every_route(service: Service) -> None:
    """The file that the service serves names each route and each frame, and refers to nothing that is not in it."""
    described: dict[str, Any] = requests.get(f"{service.url}/api/openapi.json", timeout=30).json()
    assert described["paths"].keys() == openapi.paths(APIS).keys()
    text = json.dumps(described)
    known = described["components"]["schemas"]
    assert {"DashboardFrame", "WidgetFrame", "ToDashboard", "ToWidget"} <= known.keys()
    referred = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert referred <= known.keys()


def test_front_ends_types_are_made_from_this_service() -> None:
    """The checked-in OpenAPI file is what the code describes; `npm run check` holds the types against it."""
    kept = json.loads((ROOT / "dashboard_app/protocol/openapi.json").read_text())
    assert kept == json.loads(json.dumps(openapi.document(openapi.paths(APIS))))
