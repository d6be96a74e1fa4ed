"""Meta's Graph API on loopback, as far as WhatsApp's Cloud API uses it.

A message is accepted within 24 hours of the customer's last one; what becomes of it is told by webhooks.
https://developers.facebook.com/documentation/business-messaging/whatsapp/reference
"""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from .ledger import Button, Sent
from .provider import FakeProvider, FaultPlan, Upload, read_fields
from .server import Server
from .whatsapp_number import App, Medium, Number, WhatsAppCustomer, new_wamid
from .whatsapp_refusals import ERRORS, UPLOADS, Refused, check_message, check_upload

WINDOW_SECONDS = 24 * 3600
ALL_STATUSES = ("sent", "delivered", "read")
FILES = "whatsapp_business/attachments"
FAULTS = {"429": 130429, "500": 1, "401": 190}
LOOPBACK = ("127.0.0.1", "localhost")

Body = dict[str, Any]


class FakeGraph(FakeProvider):
    """`with FakeGraph() as graph: number = graph.add_number(…); number.customer("491501234567").says("hello")`.

    `url` goes into WHATSAPP_API_URL. Faults go by "messages", "typing", "media" (upload), "media_url" and "download";
    an error code of Meta's is a kind of fault, too. `statuses` are those that are told of an accepted message
    (`()`: none), in any order with `shuffle_statuses`. `clock` gives seconds since 1970 and closes the window;
    with `refuse_by_status` a late message is accepted and then fails, which Meta does, too.
    """

    def __init__(self, server: Server | None = None, prefix: str = "/v26.0", seed: int = 0) -> None:
        super().__init__(server, prefix, FaultPlan(seed, map(str, ERRORS)), seed)
        self.clock: Callable[[], float] = time.time
        self.statuses: Sequence[str] = ALL_STATUSES
        self.shuffle_statuses = False
        self.refuse_by_status = False
        self._random = random.Random(seed)
        self._numbers: dict[str, Number] = {}
        routes = self.server.app.router
        routes.add_post(f"{prefix}/{{number}}/messages", self._take_message)
        routes.add_post(f"{prefix}/{{number}}/media", self._take_media)
        routes.add_get(f"{prefix}/{FILES}/{{media}}", self._download)
        routes.add_get(f"{prefix}/{{media}}", self._media_url)

    def add_number(
        self, phone_number_id: str, token: str, app_secret: str, verify_token: str, webhook_url: str
    ) -> Number:
        """A number of an app whose webhooks go to `webhook_url`."""
        app = App(token, app_secret, verify_token, webhook_url)
        number = Number(phone_number_id, app, self.server, self.pusher, self.ledger, self.now)
        self._numbers[phone_number_id] = number
        return number

    def now(self) -> float:
        """By the clock that is set at the moment."""
        return self.clock()

    def refusal(self, kind: str) -> web.Response:
        code = FAULTS.get(kind) or int(kind)
        return Refused(code).answer(self.faults.retry_after if kind == "429" else None)

    async def _take_message(self, request: web.Request) -> web.StreamResponse:
        fields = await read_fields(request)
        typing = fields.get("status") == "read"

        async def work() -> web.Response:
            try:
                number = self._number(request)
                result = self._mark_read(number, fields) if typing else await self._accept(number, fields)
            except Refused as reason:
                return reason.answer()
            return web.json_response(result)

        method, account = "typing" if typing else "messages", request.match_info["number"]
        return await self.through_faults(request, method, work, account)

    def _mark_read(self, number: Number, fields: Body) -> Body:
        customer = number.written.get(str(fields.get("message_id")))
        if customer is None:
            raise Refused(100, "message_id is not that of a message to this number.")
        customer.read_by_us.add(fields["message_id"])
        if "typing_indicator" in fields:
            customer.sees_typing()
        return {"success": True}

    async def _accept(self, number: Number, fields: Body) -> Body:
        check_message(fields)
        customer = number.find(fields)
        if customer is None:
            raise Refused(131026, "The recipient is not a WhatsApp user, or `to` holds a user id.")
        late = customer.wrote_at is None or self.clock() - customer.wrote_at > WINDOW_SECONDS
        if late and not self.refuse_by_status:
            raise Refused(131047)
        sent = await self._sent(number, customer, fields)
        self._tell(number, customer, sent, 131047 if late else 131026 if customer.blocked else _unusable(sent))
        contact = {"input": fields.get("to") or fields.get("recipient"), "wa_id": customer.phone}
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": sent.message_id}]}

    def _tell(self, number: Number, customer: WhatsAppCustomer, sent: Sent, failure: int | None) -> None:
        """A message that fails later never reaches the customer, so it is not in the ledger."""
        if failure is not None:
            number.tell(sent, customer.phone, ["failed"], Refused(failure).as_status())
            return
        self.ledger.add(sent)
        customer.typing_at = 0.0
        statuses = list(self.statuses)
        if "read" in statuses:
            customer.has_read(sent)
        if self.shuffle_statuses:
            self._random.shuffle(statuses)
        number.tell(sent, customer.phone, statuses)

    async def _sent(self, number: Number, customer: WhatsAppCustomer, fields: Body) -> Sent:
        kind = fields.get("type", "text")
        content = fields[kind]
        about: Body = {"text": content.get("body", "") if kind == "text" else content.get("caption", "")}
        if kind == "interactive":
            about = {"text": content["body"]["text"], "buttons": _buttons(content)}
        elif kind != "text":
            about |= {"kind": kind, "name": content.get("filename", ""), **await self._file(number, content)}
        echo, wamid = fields.get("biz_opaque_callback_data"), new_wamid(customer.phone)
        return Sent(customer.user, number.account, message_id=wamid, echo=echo, raw=fields, at=self.clock(), **about)

    async def _file(self, number: Number, content: Mapping[str, Any]) -> Body:
        """What was uploaded, or what stands at an address of this machine."""
        if "id" in content:
            medium = number.media.get(str(content["id"]))
            if medium is None:
                raise Refused(100, "The media id does not exist.")
            return {"media": medium.content, "mime": medium.mime}
        link = str(content["link"])
        if urlsplit(link).hostname not in LOOPBACK:
            return {"link": link}
        try:
            async with self.server.session.get(link) as response:
                response.raise_for_status()
                return {"link": link, "media": await response.read(), "mime": response.content_type}
        except (aiohttp.ClientError, OSError):
            return {"link": link}

    async def _take_media(self, request: web.Request) -> web.StreamResponse:
        fields = await read_fields(request)

        async def work() -> web.Response:
            try:
                number, file = self._number(request), fields.get("file")
                if not isinstance(file, Upload) or fields.get("messaging_product") != "whatsapp":
                    return Refused(100, "file and messaging_product are required.").answer()
                check_upload(file.mime, file.content)
            except Refused as reason:
                return reason.answer()
            return web.json_response({"id": number.keep(file.content, str(fields.get("type") or file.mime))})

        return await self.through_faults(request, "media", work, request.match_info["number"])

    async def _media_url(self, request: web.Request) -> web.StreamResponse:
        media_id = request.match_info["media"]

        async def work() -> web.Response:
            try:
                medium = self._medium(request)
            except Refused as reason:
                return reason.answer()
            known: Body = {"messaging_product": "whatsapp", "url": f"{self.url}/{FILES}/{media_id}", "id": media_id}
            known |= {"mime_type": medium.mime, "sha256": medium.sha256, "file_size": len(medium.content)}
            return web.json_response(known)

        return await self.through_faults(request, "media_url", work)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        async def work() -> web.Response:
            try:
                medium = self._medium(request)
            except Refused as reason:
                return web.Response(status=401 if reason.code == 190 else 404)
            return web.Response(body=medium.content, content_type=medium.mime)

        return await self.through_faults(request, "download", work)

    def _medium(self, request: web.Request) -> Medium:
        """The file, if it belongs to a number of the token."""
        media_id, asked = request.match_info["media"], request.query.get("phone_number_id")
        for number in self._owned(request):
            if media_id in number.media and asked in (None, number.account):
                return number.media[media_id]
        raise Refused(100, "Object does not exist, or cannot be loaded.", subcode=33)

    def _number(self, request: web.Request) -> Number:
        """The number that is called."""
        for number in self._owned(request):
            if number.account == request.match_info["number"]:
                return number
        raise Refused(100, "Object does not exist, or cannot be loaded due to missing permissions.", subcode=33)

    def _owned(self, request: web.Request) -> list[Number]:
        """The numbers of the token."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        owned = [number for number in self._numbers.values() if number.app.token == token]
        if not owned:
            raise Refused(190)
        return owned


def _unusable(sent: Sent) -> int | None:
    """What is at an address Meta sees only when the message is accepted already."""
    ours = urlsplit(sent.link).hostname in LOOPBACK
    return 131053 if ours and sent.mime not in UPLOADS else None


def _buttons(interactive: Mapping[str, Any]) -> tuple[Button, ...]:
    action = interactive["action"]
    if interactive["type"] == "cta_url":
        link = action["parameters"]
        return (Button(link["display_text"], url=link["url"]),)
    if interactive["type"] == "button":
        return tuple(Button(one["reply"]["title"], one["reply"]["id"]) for one in action["buttons"])
    return tuple(Button(row["title"], row["id"]) for section in action["sections"] for row in section["rows"])
