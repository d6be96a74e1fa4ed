"""Speaks to the service over plain HTTP, as a dashboard and as a widget would; for tests that look from outside.

Every call answers the `requests.Response`, so that a test may look at refusals; `body()` is for those that must work.
A client is for one thread: `again()` gives another with the same sign-in.
"""

import uuid
from typing import Any, ClassVar, Self

import requests

SECONDS = 30.0


class Refused(AssertionError):
    """A call that had to work was refused."""


def body(response: requests.Response) -> Any:
    """The JSON of an answer that must be 2xx; raises Refused with the code and message otherwise."""
    if not response.ok:
        raise Refused(f"{response.request.method} {response.request.url}: {response.status_code} {response.text[:500]}")
    return response.json() if response.content else None


def code(response: requests.Response) -> str:
    """The `code` of a refusal."""
    answer = response.json()
    return str(answer["code"])


def new_id() -> str:
    """A `client_msg_id`."""
    return str(uuid.uuid4())


class Client:
    """What both sides share: a base URL, a session, a time-out on every call."""

    prefix = ""
    made: ClassVar[list["Client"]] = []

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = requests.Session()
        self.http.trust_env = False
        Client.made.append(self)

    def call(self, method: str, path: str, *, seconds: float = SECONDS, **options: Any) -> requests.Response:
        return self.http.request(method, f"{self.url}{self.prefix}{path}", timeout=seconds, **options)

    def get(self, path: str, **params: Any) -> requests.Response:
        return self.call("GET", path, params={key: value for key, value in params.items() if value is not None})

    def post(self, path: str, content: dict[str, Any] | None = None) -> requests.Response:
        return self.call("POST", path, json=content or {})

    def close(self) -> None:
        """Gives its connections back; a later call opens new ones."""
        self.http.close()


class AgentClient(Client):
    """A member of the team at the dashboard's API."""

    prefix = "/api/v1"

    def __init__(self, url: str, email: str, password: str) -> None:
        super().__init__(url)
        self.email, self.password = email, password
        self.id = ""
        self.name = ""
        self.http.headers.update({"X-LiveChat": "1", "Origin": url})

    def sign_in(self) -> Self:
        agent = body(self.post("/session", {"email": self.email, "password": self.password}))["agent"]
        self.id, self.name = agent["id"], agent["name"]
        return self

    def again(self) -> "AgentClient":
        """The same sign-in for another thread."""
        twin = AgentClient(self.url, self.email, self.password)
        twin.id, twin.name = self.id, self.name
        twin.http.cookies.update(self.http.cookies)
        return twin

    @property
    def cookie(self) -> str:
        """The value of the `Cookie` header, for a WebSocket."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.http.cookies)

    def handovers(self, status: str = "pending", **params: Any) -> Any:
        return body(self.get("/handovers", status=status, **params))

    def conversation(self, conversation: str) -> Any:
        return body(self.get(f"/conversations/{conversation}"))

    def events(self, conversation: str, after: int = 0, wait: float | None = None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = body(self.get(f"/conversations/{conversation}/events", after=after, wait=wait))[
            "events"
        ]
        return found

    def claim(self, conversation: str) -> requests.Response:
        return self.post(f"/conversations/{conversation}/claim")

    def send(self, conversation: str, epoch: int, text: str, client_msg_id: str | None = None) -> requests.Response:
        content = {"client_msg_id": client_msg_id or new_id(), "epoch": epoch, "text": text}
        return self.post(f"/conversations/{conversation}/messages", content)

    def note(self, conversation: str, text: str) -> requests.Response:
        return self.post(f"/conversations/{conversation}/notes", {"client_msg_id": new_id(), "text": text})

    def resolve(self, conversation: str, epoch: int, **options: Any) -> requests.Response:
        return self.post(f"/conversations/{conversation}/resolve", {"epoch": epoch, **options})

    def reopen(self, conversation: str, epoch: int) -> requests.Response:
        return self.post(f"/conversations/{conversation}/reopen", {"epoch": epoch})

    def release(self, conversation: str, epoch: int) -> requests.Response:
        return self.post(f"/conversations/{conversation}/release", {"epoch": epoch})


class VisitorClient(Client):
    """A customer at the widget's API."""

    prefix = "/widget/v1"

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.token = ""
        self.conversation = ""

    def open(self) -> Self:
        """Begin a conversation."""
        session = body(self.post("/sessions"))
        self.token, self.conversation = session["token"], session["conversation_id"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"
        return self

    def again(self) -> "VisitorClient":
        """The same visitor for another thread."""
        twin = VisitorClient(self.url)
        twin.token, twin.conversation = self.token, self.conversation
        twin.http.headers.update(self.http.headers)
        return twin

    def send(self, text: str, client_msg_id: str | None = None) -> requests.Response:
        return self.post("/messages", {"client_msg_id": client_msg_id or new_id(), "text": text})

    def press(self, key: str) -> requests.Response:
        """Press a button of a message."""
        return self.post("/messages", {"client_msg_id": new_id(), "button": key})

    def events(self, after: int = 0, wait: float | None = None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = body(self.get("/events", after=after, wait=wait))["events"]
        return found

    def ask_for_person(self) -> requests.Response:
        """The button "Talk to Human"."""
        return self.post("/handover", {"client_msg_id": new_id()})
