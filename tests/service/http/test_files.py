"""Files over HTTP: who may upload and read them, what is taken, and how a browser is kept from running anything."""

import pytest
import requests

from livechat_plugin.links import Links
from tests.harness.client import AgentClient, body, code
from tests.harness.running import Service

PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)
PDF = b"%PDF-1.7\n" + bytes(60)
TEXT = b"Just words.\n"


def upload(visitor: AgentClient, content: bytes, name: str = "picture.png", path: str = "/files") -> requests.Response:
    """A file as a page sends it: raw, with its name in the query."""
    return visitor.call("POST", path, params={"name": name}, data=content)


@pytest.mark.parametrize(
    ("content", "name", "kind", "mime"),
    [
        (PNG, "a.png", "image", "image/png"),
        (PNG, "trick.html", "image", "image/png"),
        (PDF, "terms.pdf", "file", "application/pdf"),
        (b"PK\x03\x04" + bytes(60), "letter.docx", "file", "application/vnd.openxmlformats-officedocument.wordproc"),
        (TEXT, "notes.txt", "file", "text/plain"),
        ("Grüße 👋".encode() * 9, "grüße.txt", "file", "text/plain"),
    ],
)
def test_a_file_is_what_its_bytes_say(service: Service, content: bytes, name: str, kind: str, mime: str) -> None:
    """The name and the declared type prove nothing."""
    kept = body(upload(service.visitor(), content, name))
    assert (kept["kind"], kept["size"]) == (kind, len(content))
    assert kept["mime"].startswith(mime)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<html><script>alert(1)</script>", "a.png"),
        (b"\xef\xbb\xbf  <svg onload='x()'/>", "a.txt"),
        (b"MZ\x90\x00\x03", "setup.pdf"),
        (b"\x7fELF\x02\x01", "a.jpg"),
        (b"", "empty.png"),
        (b"\x00\x01\x02", "a.bin"),
    ],
)
def test_what_a_browser_might_run_is_not_taken(service: Service, content: bytes, name: str) -> None:
    """Markup, programs, nothing at all and unknown bytes are refused in words, and nothing is kept."""
    answer = upload(service.visitor(), content, name)
    assert (answer.status_code, code(answer)) == (422, "invalid")
    assert "file" in answer.json()["data"]["fields"]


GIF = b"GIF89a" + bytes(60)
ZIP = b"PK\x03\x04" + bytes(60)


def writes(service: Service, channel: str) -> str:
    """Somebody on an outside channel; the conversation."""
    inbound = {"channel": channel, "account": "shop", "external_user": "u1", "kind": "message", "text": "Hello"}
    answer = requests.post(
        f"{service.url}/bridge/v1/inbound",
        json={**inbound, "external_id": f"{channel}-1"},
        headers={"Authorization": f"Bearer {service.token}"},
        timeout=30,
    )
    return str(body(answer)["conversation_id"])


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (GIF, "kettle.gif", "WhatsApp does not take GIF pictures."),
        (ZIP, "all.zip", "WhatsApp does not take ZIP files."),
        (ZIP, "list.ods", "WhatsApp does not take ODS files."),
        (PNG + bytes(5 * 2**20), "big.png", "WhatsApp takes PNG pictures only up to 5 MB."),
    ],
)
def test_an_agent_hears_at_once_what_the_channel_does_not_take(
    service: Service, agent: AgentClient, content: bytes, name: str, why: str
) -> None:
    """Before anything is sent; where the channel takes it, nobody objects."""
    refused = upload(agent, content, name, f"/conversations/{writes(service, 'whatsapp')}/files")
    assert (refused.status_code, refused.json()["message"]) == (422, why)
    assert upload(agent, content, name, f"/conversations/{writes(service, 'telegram')}/files").ok


def test_words_in_a_table_are_plain_text(service: Service, agent: AgentClient) -> None:
    """So WhatsApp takes a CSV, under its own name."""
    kept = body(upload(agent, TEXT, "prices.csv", f"/conversations/{writes(service, 'whatsapp')}/files"))
    assert (kept["mime"], kept["name"]) == ("text/plain", "prices.csv")


def test_too_large_a_file_names_the_limit(service: Service) -> None:
    """10 MB by default, whatever the client says about its length."""
    visitor = service.visitor()

    def chunks() -> object:
        yield PNG
        for _ in range(11):
            yield bytes(1_000_000)

    answer = visitor.call("POST", "/files", params={"name": "a.png"}, data=chunks())
    assert (answer.status_code, code(answer)) == (413, "invalid")
    assert "10 MB" in answer.json()["message"]


def test_both_sides_send_and_see_files(service: Service, agent: AgentClient) -> None:
    """A visitor's picture reaches the agent, the agent's document the visitor: the same bytes, each by own address."""
    visitor = service.visitor()
    picture = body(upload(visitor, PNG))
    body(visitor.post("/messages", {"client_msg_id": "m1", "attachments": [{"id": picture["id"]}]}))
    id_ = visitor.conversation
    epoch = body(agent.claim(id_))["epoch"]
    document = body(upload(agent, PDF, "terms.pdf", f"/conversations/{id_}/files"))
    content = {"client_msg_id": "a1", "epoch": epoch, "text": "Here", "attachments": [{"id": document["id"]}]}
    body(agent.post(f"/conversations/{id_}/messages", content))

    (seen,) = [e for e in agent.events(id_) if e["attachments"] and e["actor"]["kind"] == "customer"]
    shown = agent.http.get(service.url + seen["attachments"][0]["url"], timeout=30)
    assert (shown.content, shown.headers["Content-Type"]) == (PNG, "image/png")
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"

    (got,) = [e for e in visitor.events() if e["actor"]["kind"] == "agent" and e["kind"] == "message"]
    link = got["attachments"][0]
    saved = requests.get(service.url + link["url"], timeout=30)  # as an <img> or a link does: without the token
    assert (saved.content, link["name"], got["text"]) == (PDF, "terms.pdf", "Here")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in saved.headers["Content-Security-Policy"]


def test_address_of_a_file_can_not_be_made_up(service: Service) -> None:
    """Another file's key, another end, or none: there is nothing here."""
    visitor = service.visitor()
    one, two = body(upload(visitor, PNG)), body(upload(visitor, PDF, "b.pdf"))
    key = two["url"].partition("?")[2]
    for url in (f"/widget/v1/files/{one['id']}?{key}", f"/widget/v1/files/{one['id']}?until=99999&key={'0' * 32}"):
        assert requests.get(service.url + url, timeout=30).status_code == 404
    assert requests.get(f"{service.url}/widget/v1/files/{one['id']}", timeout=30).status_code == 422
    assert requests.get(f"{service.url}/api/v1/files/{one['id']}", timeout=30).status_code == 401
    assert requests.get(f"{service.url}/bridge/v1/files/{one['id']}", timeout=30).status_code == 404


def test_address_of_a_file_ends() -> None:
    """Two days at most; the same for a whole day, so that a browser keeps what it has loaded."""
    clock = iter([0, 1_000, 10, 86_400_000 * 2 - 1, 86_400_000 * 2])
    links = Links(key=b"k" * 32, clock=lambda: next(clock))
    first, second = links.for_customer("f"), links.for_customer("f")
    assert first == second
    until, key = int(first.split("until=")[1].split("&")[0]), first.split("key=")[1]
    assert [links.is_customers("f", until, key) for _ in range(3)] == [True, True, False]


def test_file_of_another_conversation_can_not_be_sent(service: Service, agent: AgentClient) -> None:
    """A visitor sends their own uploads; an agent those made for this conversation; each once."""
    ana, ben = service.visitor(), service.visitor()
    kept = body(upload(ana, PNG))
    refused = ben.post("/messages", {"client_msg_id": "m1", "attachments": [{"id": kept["id"]}]})
    assert (refused.status_code, code(refused)) == (422, "invalid")
    epoch = body(agent.claim(ana.conversation))["epoch"]
    content = {"client_msg_id": "a1", "epoch": epoch, "attachments": [{"id": kept["id"]}]}
    assert agent.post(f"/conversations/{ana.conversation}/messages", content).status_code == 422
    assert ana.post("/messages", {"client_msg_id": "m1", "attachments": [{"id": kept["id"]}]}).status_code == 201
    again = ana.post("/messages", {"client_msg_id": "m2", "attachments": [{"id": kept["id"]}]})
    assert again.status_code == 422


def test_repeated_message_with_a_file_is_the_same_message(service: Service) -> None:
    """The client's id decides before its files are looked at."""
    visitor = service.visitor()
    kept = body(upload(visitor, PNG))
    content = {"client_msg_id": "m1", "text": "look", "attachments": [{"id": kept["id"]}]}
    first, second = visitor.post("/messages", content), visitor.post("/messages", content)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["seq"] == second.json()["seq"]
