"""livechat.yml is edited while customers talk: a good edit is in force within seconds, a bad one changes nothing."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.harness.client import AgentClient, VisitorClient, body
from tests.harness.running import Service, new_stack
from tests.harness.waiting import wait_until

SECONDS = 30
"""For what the product does in five, on a busy machine."""

BEFORE = """\
plan: pro
live_chat:
  message_threshold: 3
messages:
  handover: "Somebody is coming."
bot:
  answer_within_seconds: 600
"""
AFTER = BEFORE.replace("3", "1").replace("Somebody is coming.", "Priya or Tom is coming.")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(new_stack(tmp_path_factory.mktemp("settings")), settings=BEFORE, alone=True)
    try:
        yield service.launch()
    finally:
        service.stop()


@pytest.fixture(scope="module")
def agent(running: Service) -> AgentClient:
    return running.add_agent("Priya", role="admin")


@pytest.fixture
def service(running: Service, agent: AgentClient) -> Iterator[Service]:
    """The one service of this file, with the settings it began with, also after the test."""
    document = body(agent.get("/settings"))["document"]
    yield running
    running.write_settings(BEFORE)
    wait_until(lambda: settings(agent) == (document, None), SECONDS, "the first settings to be in force again")


def settings(agent: AgentClient) -> tuple[dict[str, Any], str | None]:
    """What is in force, and what is wrong with the file."""
    answer = body(agent.get("/settings"))
    return answer["document"], answer["file_error"]


def state(visitor: VisitorClient) -> tuple[int, bool]:
    """The threshold, and whether the button is there."""
    shown = body(visitor.get("/state"))
    return shown["config"]["message_threshold"], shown["button"]


def said(visitor: VisitorClient) -> list[str]:
    return [event["text"] for event in visitor.events() if event["actor"]["kind"] == "system" and event["text"]]


def next_frame(socket: ClientConnection, type_: str) -> dict[str, Any]:
    """The next frame of this type; others are passed over."""
    deadline = time.monotonic() + SECONDS
    while True:
        frame: dict[str, Any] = json.loads(socket.recv(timeout=deadline - time.monotonic()))
        if frame["type"] == type_:
            return frame


@pytest.mark.promise("main", "8a")
def test_a_changed_threshold_and_text_are_in_force(service: Service, figure: Callable[[str], None]) -> None:
    """An open widget is told, the button appears, and the next handover says the new text, all without a restart."""
    process = service.pid
    first, second = service.visitor(), service.visitor()
    body(first.ask_for_person())
    body(second.send("hello"))
    assert state(second) == (3, False)
    with connect(service.url.replace("http", "ws") + "/widget/v1/socket", proxy=None) as socket:
        socket.send(json.dumps({"type": "hello", "token": second.token}))
        next_frame(socket, "live")
        service.write_settings(AFTER)
        told = next_frame(socket, "settings")
    assert (told["config"]["message_threshold"], told["button"]) == (1, True)
    assert state(second) == (1, True)
    body(second.ask_for_person())
    assert (said(first), said(second)) == (["Somebody is coming."], ["Priya or Tom is coming."])
    assert service.pid == process
    figure("threshold 3 → 1 and the new text, told to an open socket; same process")


@pytest.mark.parametrize(
    ("broken", "line", "key", "expected"),
    [
        (
            BEFORE.replace("message_threshold: 3", "message_threshold: many"),
            3,
            "live_chat.message_threshold",
            "expected",
        ),
        (BEFORE.replace("message_threshold", "mesage_threshold"), 3, "live_chat.mesage_threshold", ""),
        (AFTER + "claims: {lease_seconds: 0}\n", 8, "claims.lease_seconds", "expected"),
        (AFTER + "  oops: [\n", 9, "", "expected YAML"),
    ],
    ids=["wrong type", "unknown key", "impossible value", "no YAML"],
)
@pytest.mark.promise("main", "8b")
def test_a_broken_file_is_refused(
    service: Service,
    agent: AgentClient,
    figure: Callable[[str], None],
    broken: str,
    line: int,
    key: str,
    expected: str,
) -> None:
    """It is refused whole, with line, key and what was expected, wherever one looks; the old settings stay."""
    visitor = service.visitor()
    held = settings(agent)
    service.write_settings(broken)
    place = ": ".join(filter(None, (f"livechat.yml:{line}", key)))
    error = str(wait_until(lambda: settings(agent)[1], SECONDS, "the refusal"))
    assert f"{place}: " in error
    assert expected in error
    assert ready(service)["parts"]["settings"] == {"ok": False, "note": error}
    checked = service.livechat("settings", "check", str(service.settings_file))
    assert (checked.returncode, checked.stderr.strip()) == (1, error)
    assert settings(agent) == (held[0], error)
    assert state(visitor)[0] == 3
    body(visitor.ask_for_person())
    assert said(visitor) == ["Somebody is coming."]
    service.write_settings(BEFORE)
    wait_until(lambda: settings(agent) == held, SECONDS, "the mended file")
    assert service.livechat("settings", "check", str(service.settings_file)).returncode == 0
    figure(f"{place} refused")


def ready(service: Service) -> dict[str, Any]:
    """What `/ready` says; there is no Rasa here, so the service is not whole anyway."""
    answer: dict[str, Any] = AgentClient(service.url, "", "").http.get(f"{service.url}/ready", timeout=SECONDS).json()
    return answer


def test_the_plan_is_a_setting_like_any_other(service: Service) -> None:
    """`plan: free` in the file switches live chat off for the next visitor, and back."""
    visitor = service.visitor()
    service.write_settings(BEFORE.replace("plan: pro", "plan: free"))
    wait_until(lambda: not body(visitor.get("/state"))["availability"]["open"], SECONDS, "the plan to be in force")
    assert body(visitor.ask_for_person())["status"] == "disabled"
    service.write_settings(BEFORE)
    wait_until(lambda: body(visitor.get("/state"))["availability"]["open"], SECONDS, "the plan to be back")
    assert body(visitor.ask_for_person())["status"] == "pending"
