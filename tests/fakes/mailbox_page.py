"""The inbox in a browser: a list, and each mail as text and as HTML, which can run and load nothing."""

from datetime import UTC, datetime
from html import escape
from typing import Any, cast, get_args

from aiohttp import web

from .mailbox import Fault, Kept, Mailbox
from .server import Server

SAFE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
CSP = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'none'"
)
MAIL_CSP = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups; frame-ancestors 'self'"
STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.3rem }
ul { list-style: none; padding: 0 }
li { border-bottom: 1px solid #8886; padding: 0.5rem 0 }
li a { font-weight: 600 }
small, dt { opacity: 0.75 }
dl { display: grid; grid-template-columns: auto 1fr; gap: 0 1rem }
dd { margin: 0; overflow-wrap: anywhere }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid #8886; padding: 1rem }
iframe { width: 100%; height: 40rem; border: 1px solid #8886 }
"""
REFRESH = '<meta http-equiv="refresh" content="3">'


class MailboxPage:
    def __init__(self, server: Server, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        routes = server.app.router
        routes.add_get("/", self._list)
        routes.add_get("/mailbox.css", self._style)
        routes.add_get("/mails/{number:\\d+}", self._mail)
        routes.add_get("/mails/{number:\\d+}/html", self._html)
        routes.add_get("/_control/mails", self._mails)
        routes.add_post("/_control/fault", self._fault)

    async def _list(self, _: web.Request) -> web.Response:
        rows = "".join(_row(mail) for mail in reversed(self._mailbox.mails))
        said = f"<ul>{rows}</ul>" if rows else "<p>No mail yet. Ask for a person in one of the chats.</p>"
        return _page(
            "Inbox", f"<h1>Inbox</h1><p>What the demo would send. Nothing leaves this machine.</p>{said}", REFRESH
        )

    async def _mail(self, request: web.Request) -> web.Response:
        mail = self._find(request)
        headers = "".join(
            f"<dt>{escape(name)}</dt><dd>{escape(str(value))}</dd>" for name, value in mail.message.items()
        )
        body = (
            f'<p><a href="/">Inbox</a></p><h1>{escape(_subject(mail))}</h1>'
            f"<p>Envelope: from {escape(mail.sender)} to {escape(', '.join(mail.recipients))}</p><dl>{headers}</dl>"
            f'<h2>HTML</h2><iframe sandbox="allow-popups" title="HTML" src="/mails/{mail.number}/html"></iframe>'
            f"<h2>Plain text</h2><pre>{escape(mail.text)}</pre>"
        )
        return _page(_subject(mail), body)

    async def _html(self, request: web.Request) -> web.Response:
        headers = {**SAFE, "Content-Security-Policy": MAIL_CSP}
        text = self._find(request).html.replace("<head>", '<head><base target="_blank">', 1)
        return web.Response(text=text, content_type="text/html", headers=headers)

    async def _style(self, _: web.Request) -> web.Response:
        return web.Response(text=STYLE, content_type="text/css", headers=SAFE)

    async def _mails(self, _: web.Request) -> web.Response:
        return web.json_response({"mails": [_entry(mail) for mail in self._mailbox.mails]}, headers=SAFE)

    async def _fault(self, request: web.Request) -> web.Response:
        if "X-Mailbox" not in request.headers:
            raise web.HTTPForbidden
        wanted = (await request.text()).strip() or None
        if wanted is not None and wanted not in get_args(Fault):
            raise web.HTTPBadRequest(text=f"one of {', '.join(get_args(Fault))}")
        self._mailbox.fault = cast("Fault | None", wanted)
        await self._mailbox.close()
        if wanted != "refuse":
            await self._mailbox.listen()
        return web.Response(status=204)

    def _find(self, request: web.Request) -> Kept:
        number = int(request.match_info["number"])
        if number >= len(self._mailbox.mails):
            raise web.HTTPNotFound
        return self._mailbox.mails[number]


def _page(title: str, body: str, head: str = "") -> web.Response:
    text = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
        f'<link rel="stylesheet" href="/mailbox.css">{head}</head><body><main>{body}</main></body></html>'
    )
    return web.Response(text=text, content_type="text/html", headers={**SAFE, "Content-Security-Policy": CSP})


def _row(mail: Kept) -> str:
    at = datetime.fromtimestamp(mail.at, UTC).astimezone().strftime("%H:%M:%S")
    return (
        f'<li><a href="/mails/{mail.number}">{escape(_subject(mail))}</a><br>'
        f"<small>{at} to {escape(', '.join(mail.recipients))}</small></li>"
    )


def _subject(mail: Kept) -> str:
    return str(mail.message["Subject"] or "(no subject)")


def _entry(mail: Kept) -> dict[str, Any]:
    return {
        "from": mail.sender,
        "to": list(mail.recipients),
        "headers": {name: str(value) for name, value in mail.message.items()},
        "text": mail.text,
        "html": mail.html,
        "at": mail.at,
    }
