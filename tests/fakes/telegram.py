"""A Telegram Bot API on loopback: it refuses what Telegram refuses, and posts updates to the webhook it was told.

https://core.telegram.org/bots/api#available-methods
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from .ledger import Button, Sent
from .provider import FakeProvider, FaultPlan, Upload, read_fields
from .server import Server
from .telegram_bot import Bot, TelegramCustomer

TEXT, CAPTION, BUTTON_BYTES, DOWNLOAD_BYTES = 4096, 1024, 64, 20_000_000
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
LOOPBACK = ("127.0.0.1", "localhost")

Fields = Mapping[str, Any]


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.parameters = parameters

    def answer(self) -> web.Response:
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": str(self)}
        if self.parameters:
            body["parameters"] = self.parameters
        return web.json_response(body, status=self.code)


class FakeTelegram(FakeProvider):
    """`with FakeTelegram() as telegram: bot = telegram.add_bot("1001:token"); bot.customer(7).says("hello")`.

    `url` goes into TELEGRAM_API_URL; the webhook is where setWebhook says. Faults go by the names of methods,
    "download" is that of a file.
    """

    def __init__(self, server: Server | None = None, prefix: str = "", seed: int = 0) -> None:
        super().__init__(server, prefix, FaultPlan(seed, ["403"]), seed)
        self._bots: dict[str, Bot] = {}
        routes = self.server.app.router
        routes.add_route("*", f"{prefix}/bot{{token:[^/]+}}/{{method}}", self._call)
        routes.add_get(f"{prefix}/file/bot{{token:[^/]+}}/{{path:.+}}", self._download)

    def add_bot(self, token: str, username: str = "trailshop_bot") -> Bot:
        """A bot, as @BotFather makes one."""
        self._bots[token] = Bot(token, username, self.pusher, self.ledger)
        return self._bots[token]

    def refusal(self, kind: str) -> web.Response:
        if kind == "429":
            pause = self.faults.retry_after
            return Refused(429, f"Too Many Requests: retry after {pause}", retry_after=pause).answer()
        words = {
            "401": "Unauthorized",
            "403": "Forbidden: bot was blocked by the user",
            "500": "Internal Server Error",
        }
        return Refused(int(kind), words[kind]).answer()

    async def _call(self, request: web.Request) -> web.StreamResponse:
        token, method = request.match_info["token"], request.match_info["method"]
        fields = {**request.query, **await read_fields(request)}
        return await self.through_faults(request, method, lambda: self._answer(token, method, fields))

    async def _answer(self, token: str, method: str, fields: Fields) -> web.Response:
        try:
            bot, work = self._bot(token), METHODS.get(method, no_such_method)
            return web.json_response({"ok": True, "result": await work(self, bot, fields)})
        except Refused as reason:
            return reason.answer()

    async def _download(self, request: web.Request) -> web.StreamResponse:
        async def file() -> web.Response:
            try:
                content = self._bot(request.match_info["token"]).files.at(request.match_info["path"])
            except Refused as reason:
                return reason.answer()
            return Refused(404, "Not Found").answer() if content is None else web.Response(body=content)

        return await self.through_faults(request, "download", file)

    def _bot(self, token: str) -> Bot:
        if re.fullmatch(r"\d+:[\w-]+", token, re.ASCII) is None:
            raise Refused(404, "Not Found")
        if token not in self._bots:
            raise Refused(401, "Unauthorized")
        return self._bots[token]


async def get_me(_: FakeTelegram, bot: Bot, fields: Fields) -> Any:
    return {**bot.person(), "can_join_groups": True, "can_read_all_group_messages": False}


async def set_webhook(_: FakeTelegram, bot: Bot, fields: Fields) -> Any:
    """Unlike Telegram, but like a Bot API server of one's own, it takes http."""
    url, secret = str(fields.get("url", "")), str(fields.get("secret_token", ""))
    if url and urlsplit(url).scheme not in ("http", "https"):
        raise Refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
    if secret and SECRET.fullmatch(secret) is None:
        raise Refused(400, "Bad Request: secret token contains unallowed characters")
    wanted = fields.get("allowed_updates", bot.allowed_updates)
    bot.webhook_url, bot.secret, bot.allowed_updates = url, secret, wanted
    return True


async def delete_webhook(_: FakeTelegram, bot: Bot, fields: Fields) -> Any:
    bot.webhook_url, bot.secret = "", ""
    return True


async def get_webhook_info(telegram: FakeTelegram, bot: Bot, fields: Fields) -> Any:
    pending = telegram.pusher.pending
    return {"url": bot.webhook_url, "has_custom_certificate": False, "pending_update_count": pending}


async def send_message(_: FakeTelegram, bot: Bot, fields: Fields) -> Any:
    text = str(fields.get("text") or "")
    if not text.strip():
        raise Refused(400, "Bad Request: message text is empty")
    if len(text) > TEXT:
        raise Refused(400, "Bad Request: message is too long")
    return _deliver(bot, fields, {"text": text}, text=text)


async def send_photo(telegram: FakeTelegram, bot: Bot, fields: Fields) -> Any:
    content, link = await _file(telegram, fields.get("photo"))
    if content is not None and not content.startswith(PICTURES):
        raise Refused(400, "Bad Request: IMAGE_PROCESS_FAILED")
    size = {"file_id": bot.files.keep(content or b"", "photos", ".jpg"), "width": 1280, "height": 960}
    return _deliver(bot, fields, {"photo": [size]}, kind="image", media=content, link=link, mime="image/jpeg")


async def send_document(telegram: FakeTelegram, bot: Bot, fields: Fields) -> Any:
    content, link = await _file(telegram, fields.get("document"))
    given = fields.get("document")
    name = given.name if isinstance(given, Upload) else link.rpartition("/")[2]
    mime = given.mime if isinstance(given, Upload) else "application/octet-stream"
    file = {"file_id": bot.files.keep(content or b"", "documents", ""), "file_name": name, "mime_type": mime}
    return _deliver(bot, fields, {"document": file}, kind="document", media=content, link=link, name=name, mime=mime)


async def send_chat_action(_: FakeTelegram, bot: Bot, fields: Fields) -> Any:
    _customer(bot, fields).sees_typing()
    return True


async def answer_callback_query(_: FakeTelegram, bot: Bot, fields: Fields) -> Any:
    customer = bot.queries.pop(str(fields.get("callback_query_id")), None)
    if customer is None:
        raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    customer.answered_presses += 1
    return True


async def get_file(_: FakeTelegram, bot: Bot, fields: Fields) -> Any:
    file_id = str(fields.get("file_id"))
    found = bot.files.find(file_id)
    if found is None:
        raise Refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    path, content = found
    if len(content) > DOWNLOAD_BYTES:
        raise Refused(400, "Bad Request: file is too big")
    return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(content), "file_path": path}


async def no_such_method(_: FakeTelegram, bot: Bot, fields: Fields) -> Any:
    raise Refused(404, "Not Found")


METHODS: Mapping[str, Callable[[FakeTelegram, Bot, Fields], Awaitable[Any]]] = {
    "getMe": get_me,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendChatAction": send_chat_action,
    "answerCallbackQuery": answer_callback_query,
    "getFile": get_file,
}


def _customer(bot: Bot, fields: Fields) -> TelegramCustomer:
    customer = bot.find(fields.get("chat_id"))
    if customer is None:
        raise Refused(400, "Bad Request: chat not found")
    if customer.blocked:
        raise Refused(403, "Forbidden: bot was blocked by the user")
    return customer


def _deliver(bot: Bot, fields: Fields, content: dict[str, Any], **about: Any) -> Any:
    customer = _customer(bot, fields)
    buttons = _buttons(fields)
    caption = str(fields.get("caption") or "") if "text" not in content else ""
    if len(caption) > CAPTION:
        raise Refused(400, "Bad Request: message caption is too long")
    if caption:
        content, about = {**content, "caption": caption}, {**about, "text": caption}
    if buttons:
        content["reply_markup"] = fields["reply_markup"]

    def sent(message_id: str, message: Mapping[str, Any]) -> Sent:
        known = {"text": "", **about, "message_id": message_id, "buttons": buttons, "raw": message}
        return Sent(customer.user, bot.account, **known)

    return customer.gets(content, sent)


def _buttons(fields: Fields) -> tuple[Button, ...]:
    markup = fields.get("reply_markup") or {}
    if isinstance(markup, str):
        markup = json.loads(markup)
    entries = [entry for row in markup.get("inline_keyboard", []) for entry in row]
    for entry in entries:
        if (
            not 1 <= len(entry.get("callback_data", entry.get("url", "")).encode()) <= BUTTON_BYTES
            and "url" not in entry
        ):
            raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    return tuple(Button(entry["text"], entry.get("callback_data", ""), entry.get("url", "")) for entry in entries)


async def _file(telegram: FakeTelegram, given: object) -> tuple[bytes | None, str]:
    """The bytes and the address. Telegram fetches an address; here only one on this machine."""
    if isinstance(given, Upload):
        if not given.content:
            raise Refused(400, "Bad Request: file must be non-empty")
        return given.content, ""
    link = str(given or "")
    if urlsplit(link).scheme not in ("http", "https"):
        raise Refused(400, "Bad Request: wrong file identifier/HTTP URL specified")
    if urlsplit(link).hostname not in LOOPBACK:
        return None, link
    try:
        async with telegram.server.session.get(link) as response:
            response.raise_for_status()
            return await response.read(), link
    except (aiohttp.ClientError, OSError):
        raise Refused(400, "Bad Request: failed to get HTTP URL content") from None
