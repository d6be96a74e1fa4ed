"""A stand-in for Rasa with our connector: runs the turns of the web channel by a table, over real HTTP on loopback.

What the customer says (or the payload behind a button) is looked up in `answers`; anything else is said back. A message
whose answer is `"handover"` asks the service for a person, as the policy would.
"""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import requests

Body = dict[str, Any]


class FakeBot:
    def __init__(self, port: int, service_url: str, token: str, answers: dict[str, list[Body] | str]) -> None:
        self.answers = answers
        self.pause_seconds = 0.0
        self._service_url = service_url
        self._auth = {"Authorization": f"Bearer {token}"}
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def start(self) -> Self:
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def run(self, turn: Body) -> None:
        """One turn, after the service was told that it was taken."""
        said = turn["message"].get("payload") or turn["message"].get("text") or ""
        answer = self.answers.get(said.lower(), [{"text": f"You said: {said}"}])
        time.sleep(self.pause_seconds)
        if isinstance(answer, str):
            reason = {"key": turn["turn"], "conversation_id": turn["conversation_id"], "trigger": "words"}
            self._post("handovers", {**reason, "reason": f"The customer said “{said}”."})
            answer = []
        bubbles = {"epoch": turn["epoch"], "from": 0, "messages": answer, "done": True}
        self._post(f"turns/{turn['turn']}/messages", bubbles)

    def _post(self, path: str, body: Body) -> None:
        requests.post(f"{self._service_url}/bridge/v1/{path}", json=body, headers=self._auth, timeout=30)


def _handler(bot: FakeBot) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(200, {"status": "ok"})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if not self.path.endswith("/turn"):
                self._answer(200, {"card": None})
                return
            self._answer(202, {})
            threading.Thread(target=bot.run, args=(body,), daemon=True).start()

        def _answer(self, status: int, body: Body) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
