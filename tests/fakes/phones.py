"""Both fake providers as one process, with a page at `/` that plays the customer on two phones.

    python -m tests.fakes.phones --port 8090 --rasa http://127.0.0.1:5005

Telegram is under /telegram, Meta's Graph API under /graph/v26.0. A channel is played when the environment has its
secrets, as Rasa reads them, and names this port as its API; or when its token stands on the command line.

For programs: `GET /_control/<channel>/screen` (what the phone shows) and `…/ledger` (what the provider accepted);
`POST …/say`, `edit?message=`, `press?message=`, `react?message=`, `file?name=&mime=`, `read`, `block` (true or false)
with what is said or pressed as the body, and `…/faults` with JSON: `{"method": "sendMessage", "next": ["429"]}`,
`{"method": "*", "rates": {"500": 0.1}}` or `{}` to end them. What a POST does needs the header X-Phones, so that no
other site can do it from a visitor's browser.
"""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import threading
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from .ledger import Sent
from .phone import Phone, picture_type
from .server import Server
from .telegram import FakeTelegram
from .whatsapp import FakeGraph

TELEGRAM_PATH, GRAPH_PATH = "/telegram", "/graph/v26.0"
TELEGRAM_USER, WHATSAPP_USER = 70120345, "491701234567"
PAGE = Path(__file__).with_name("phones")
STATIC = ("phones.css", "chat.css", "writer.css", "sheet.css", "phones.js", "bubble.js", "making.js")
PAGES = {"/": "index.html", **{f"/{name}": name for name in STATIC}}
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'none'; require-trusted-types-for 'script'"
)
FILE_CSP = "default-src 'none'; sandbox"
SAFE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
LOOK_SECONDS, STILL_HERE_SECONDS = 0.15, 15.0
"""How often the page's stream looks for something new, and says that it is alive."""

A_DAY = 24 * 3600.0
SECRETS = {
    "telegram": ("TELEGRAM_TOKEN",),
    "whatsapp": ("WHATSAPP_TOKEN", "WHATSAPP_PHONE_NUMBER_ID", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN"),
}


class Phones:
    """The page, its stream and what is done on it; `phones` are by channel."""

    def __init__(self, server: Server, phones: Mapping[str, Phone]) -> None:
        self._phones = phones
        routes = server.app.router
        for path, name in PAGES.items():
            routes.add_get(path, self._page(name))
        routes.add_get("/events", self._events)
        routes.add_get("/media/{channel}/{message_id:.+}", self._media)
        routes.add_get("/_control/{channel}/screen", self._screen)
        routes.add_get("/_control/{channel}/ledger", self._ledger)
        routes.add_post("/_control/{channel}/{action}", self._control)

    def _page(self, name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def page(_: web.Request) -> web.StreamResponse:
            return web.FileResponse(PAGE / name, headers={**SAFE, "Content-Security-Policy": CSP})

        return page

    async def _events(self, request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse(headers={**SAFE, "Content-Type": "text/event-stream"})
        await stream.prepare(request)
        with contextlib.suppress(ConnectionResetError):  # the page was closed
            await self._follow(stream)
        return stream

    async def _follow(self, stream: web.StreamResponse) -> None:
        shown, quiet = "", 0.0
        while True:
            state = json.dumps([phone.state() for phone in self._phones.values()])
            if state != shown or quiet > STILL_HERE_SECONDS:
                await stream.write(f"data: {state}\n\n".encode())
                shown, quiet = state, 0.0
            await asyncio.sleep(LOOK_SECONDS)
            quiet += LOOK_SECONDS

    async def _media(self, request: web.Request) -> web.Response:
        found = self._phone(request).file(request.match_info["message_id"])
        if found is None:
            raise web.HTTPNotFound
        content, _ = found
        headers = {**SAFE, "Content-Security-Policy": FILE_CSP}
        mime = picture_type(content)
        if mime is None:
            headers["Content-Disposition"] = "attachment"
        return web.Response(body=content, content_type=mime or "application/octet-stream", headers=headers)

    async def _screen(self, request: web.Request) -> web.Response:
        return web.json_response(self._phone(request).state(), headers=SAFE)

    async def _ledger(self, request: web.Request) -> web.Response:
        sent = self._phone(request).provider.ledger.all()
        return web.json_response({"sent": [entry(one) for one in sent]}, headers=SAFE)

    async def _control(self, request: web.Request) -> web.Response:
        if "X-Phones" not in request.headers:
            raise web.HTTPForbidden
        work = ACTIONS.get(request.match_info["action"])
        if work is None:
            raise web.HTTPNotFound
        content = await request.read()
        try:
            await asyncio.to_thread(work, self._phone(request), content, request.query)
        except (TimeoutError, KeyError, ValueError) as error:
            raise web.HTTPBadRequest(text=type(error).__name__) from error
        return web.Response(status=204)

    def _phone(self, request: web.Request) -> Phone:
        phone = self._phones.get(request.match_info["channel"])
        if phone is None:
            raise web.HTTPNotFound
        return phone


Query = Mapping[str, str]


def entry(sent: Sent) -> dict[str, object]:
    """A message of the ledger, without the bytes of its file."""
    names = ("user", "account", "kind", "text", "message_id", "name", "mime", "link", "echo", "at")
    buttons = [button._asdict() for button in sent.buttons]
    return {**{name: getattr(sent, name) for name in names}, "buttons": buttons, "size": len(sent.media or b"")}


def _say(phone: Phone, content: bytes, _: Query) -> None:
    if text := content.decode().strip():
        phone.say(text)


def _file(phone: Phone, content: bytes, query: Query) -> None:
    phone.send_file(content, query.get("name", "file"), query.get("mime") or "application/octet-stream")


def _faults(phone: Phone, content: bytes, _: Query) -> None:
    wanted, plan = json.loads(content), phone.provider.faults
    method = str(wanted.get("method", "*"))
    if "next" in wanted:
        plan.next(method, *wanted["next"])
    elif "rates" in wanted:
        plan.rates(method, **wanted["rates"])
    else:
        plan.clear()


ACTIONS: Mapping[str, Callable[[Phone, bytes, Query], None]] = {
    "say": _say,
    "file": _file,
    "edit": lambda phone, content, query: phone.edit(query["message"], content.decode()),
    "press": lambda phone, content, query: phone.press(query["message"], content.decode()),
    "react": lambda phone, content, query: phone.react(query["message"], content.decode()),
    "block": lambda phone, content, _: phone.block(content == b"true"),
    "read": lambda phone, content, _: phone.read(),
    "faults": _faults,
}


def chosen(environment: Mapping[str, str], words: argparse.Namespace) -> dict[str, str]:
    """The secrets of the channels that are played, by the names of their variables."""
    given = {
        "TELEGRAM_TOKEN": words.telegram_token,
        "WHATSAPP_TOKEN": words.whatsapp_token,
        "WHATSAPP_PHONE_NUMBER_ID": words.whatsapp_number,
        "WHATSAPP_APP_SECRET": words.whatsapp_app_secret,
        "WHATSAPP_VERIFY_TOKEN": words.whatsapp_verify_token,
    }
    secrets: dict[str, str] = {}
    for channel, names in SECRETS.items():
        is_here = urlsplit(environment.get(f"{channel.upper()}_API_URL", "")).port == words.port
        known = {name: given[name] or environment.get(name, "") for name in names}
        if (given[names[0]] or is_here) and all(known.values()):
            secrets |= known
    return secrets


def build(server: Server, rasa_url: str, secrets: Mapping[str, str]) -> dict[str, Phone]:
    """The fakes on one server, and a customer of each."""
    phones: dict[str, Phone] = {}
    if "TELEGRAM_TOKEN" in secrets:
        telegram = FakeTelegram(server, TELEGRAM_PATH)
        telegram.pusher.give_up_seconds = A_DAY
        bot = telegram.add_bot(secrets["TELEGRAM_TOKEN"], "larch_bot")
        phones["telegram"] = Phone("telegram", telegram, bot.customer(TELEGRAM_USER, "Ana", "ana_hikes"), bot)
    if "WHATSAPP_TOKEN" in secrets:
        graph = FakeGraph(server, GRAPH_PATH)
        graph.pusher.give_up_seconds, graph.statuses = A_DAY, ("sent", "delivered")
        url = f"{rasa_url.rstrip('/')}/webhooks/whatsapp/webhook"
        values = [secrets[name] for name in SECRETS["whatsapp"]]
        number = graph.add_number(values[1], values[0], values[2], values[3], url)
        customer = number.customer(WHATSAPP_USER, "Ben")
        customer.wrote_at = graph.now()  # what they wrote to the fake's last life is forgotten
        phones["whatsapp"] = Phone("whatsapp", graph, customer)
    return phones


def read_words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.phones", description="Two phones to try channels on.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--rasa", default="http://127.0.0.1:5005")
    for name in ("telegram-token", *(f"whatsapp-{rest}" for rest in ("token", "number", "app-secret", "verify-token"))):
        parser.add_argument(f"--{name}", default="", help="default: from the environment")
    return parser.parse_args()


def main() -> None:
    words = read_words()
    server = Server(words.port)
    phones = build(server, words.rasa, chosen(os.environ, words))
    Phones(server, phones)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    server.start()
    print(f"{' and '.join(phones) or 'Nobody'} on {server.url}/", flush=True)
    stopped.wait()
    server.stop()


if __name__ == "__main__":
    main()
