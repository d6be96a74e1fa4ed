"""A Telegram Bot API on loopback: it refuses what Telegram refuses, and posts updates to the webhook it was told.

https://core.telegram.org/bots/api#available-methods
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from .ledger import Sent
from .provider import FakeProvider, FaultPlan, Upload, read_fields
from .server import Server
from .telegram_bot import Bot, TelegramCustomer
from .telegram_refusals import (
    DOWNLOAD_BYTES,
    LOOPBACK,
    Refused,
    bad_request,
    check_action,
    check_caption,
    check_picture,
    check_text,
    check_upload,
    check_webhook,
    read_button,
    read_keyboard,
)

Fields = Mapping[str, Any]


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
        return await self.through_faults(
            request, method, lambda: self._answer(token, method, fields), token.partition(":")[0]
        )

    async def _answer(self, token: str, method: str, fields: Fields) -> web.Response:
        try:
            bot, work = self._bot(token), METHODS.get(method.lower(), no_such_method)
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
    url, secret = str(fields.get("url", "")), str(fields.get("secret_token", ""))
    check_webhook(url, secret)
    wanted = fields.get("allowed_updates", bot.allowed_updates)
    bot.webhook_url, bot.secret, bot.allowed_updates = url, secret, wanted
    return True


async def delete_webhook(_: FakeTelegram, bot: Bot, fields: Fields) -> Any:
    bot.webhook_url, bot.secret = "", ""
    return True


async def get_webhook_info(telegram: FakeTelegram, bot: Bot, fields: Fields) -> Any:
    pending = telegram.pusher.pending
    known = {"url": bot.webhook_url, "has_custom_certificate": False, "pending_update_count": pending}
    if bot.webhook_url:
        known |= {"max_connections": 40, "ip_address": "127.0.0.1"}
    return {**known, "allowed_updates": list(bot.allowed_updates)} if bot.allowed_updates else known


async def send_message(_: FakeTelegram, bot: Bot, fields: Fields) -> Any:
    text = str(fields.get("text") or "")
    check_text(text)
    return _deliver(bot, fields, {"text": text}, text=text)


async def send_photo(telegram: FakeTelegram, bot: Bot, fields: Fields) -> Any:
    content, link, _ = await _file(telegram, bot, fields, "photo")
    if content is not None:
        check_picture(content)
    size = {**_kept(bot, content, "photos", ".jpg"), "width": 1280, "height": 960}
    return _deliver(bot, fields, {"photo": [size]}, kind="image", media=content, link=link, mime="image/jpeg")


async def send_document(telegram: FakeTelegram, bot: Bot, fields: Fields) -> Any:
    content, link, given = await _file(telegram, bot, fields, "document")
    name = given.name if given else link.rpartition("/")[2]
    mime = given.mime if given else "application/octet-stream"
    file = {**_kept(bot, content, "documents", ""), "file_name": name, "mime_type": mime}
    return _deliver(bot, fields, {"document": file}, kind="document", media=content, link=link, name=name, mime=mime)


async def send_chat_action(_: FakeTelegram, bot: Bot, fields: Fields) -> Any:
    check_action(fields.get("action"))
    _customer(bot, fields).sees_typing()
    return True


async def answer_callback_query(_: FakeTelegram, bot: Bot, fields: Fields) -> Any:
    customer = bot.queries.pop(str(fields.get("callback_query_id")), None)
    if customer is None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    customer.answered_presses += 1
    return True


async def get_file(_: FakeTelegram, bot: Bot, fields: Fields) -> Any:
    file_id = str(fields.get("file_id") or "")
    if not file_id:
        raise bad_request("file_id not specified")
    found = bot.files.find(file_id)
    if found is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    path, content = found
    if len(content) > DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(content), "file_path": path}


async def no_such_method(_: FakeTelegram, bot: Bot, fields: Fields) -> Any:
    raise Refused(404, "Not Found")


METHODS: Mapping[str, Callable[[FakeTelegram, Bot, Fields], Awaitable[Any]]] = {
    "getme": get_me,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "sendmessage": send_message,
    "sendphoto": send_photo,
    "senddocument": send_document,
    "sendchataction": send_chat_action,
    "answercallbackquery": answer_callback_query,
    "getfile": get_file,
}
"""Telegram reads their names in any case."""


def _customer(bot: Bot, fields: Fields) -> TelegramCustomer:
    if not fields.get("chat_id"):
        raise bad_request("chat_id is empty")
    customer = bot.find(fields["chat_id"])
    if customer is None:
        raise bad_request("chat not found")
    if customer.blocked:
        raise Refused(403, "Forbidden: bot was blocked by the user")
    return customer


def _deliver(bot: Bot, fields: Fields, content: dict[str, Any], **about: Any) -> Any:
    customer = _customer(bot, fields)
    rows = read_keyboard(fields.get("reply_markup"))
    buttons = tuple(read_button(entry) for row in rows for entry in row)
    caption = str(fields.get("caption") or "") if "text" not in content else ""
    check_caption(caption)
    if caption:
        content, about = {**content, "caption": caption}, {**about, "text": caption}
    if buttons:
        content["reply_markup"] = {"inline_keyboard": rows}

    def sent(message_id: str, message: Mapping[str, Any]) -> Sent:
        known = {"text": "", **about, "message_id": message_id, "buttons": buttons, "raw": message}
        return Sent(customer.user, bot.account, **known)

    return customer.gets(content, sent)


def _kept(bot: Bot, content: bytes | None, folder: str, suffix: str) -> dict[str, Any]:
    """A file as a message names it."""
    file_id = bot.files.keep(content or b"", folder, suffix)
    return {"file_id": file_id, "file_unique_id": f"AQAD{file_id[-6:]}", "file_size": len(content or b"")}


async def _file(telegram: FakeTelegram, bot: Bot, fields: Fields, kind: str) -> tuple[bytes | None, str, Upload | None]:
    """The bytes, the address, and the upload: in the field itself, or in another that it names."""
    given = fields.get(kind)
    if isinstance(given, str) and given.startswith("attach://"):
        given = fields.get(given.removeprefix("attach://"))
    if not given:
        raise bad_request(f"there is no {kind} in the request")
    if isinstance(given, Upload):
        check_upload(kind, given.content)
        return given.content, "", given
    if (known := bot.files.find(str(given))) is not None:
        return known[1], "", None
    return await _fetch(telegram, str(given)), str(given), None


async def _fetch(telegram: FakeTelegram, link: str) -> bytes | None:
    """Telegram fetches an address; here only one on this machine."""
    if urlsplit(link).scheme not in ("http", "https"):
        raise bad_request("wrong file identifier/HTTP URL specified")
    if urlsplit(link).hostname not in LOOPBACK:
        return None
    try:
        async with telegram.server.session.get(link) as response:
            response.raise_for_status()
            return await response.read()
    except (aiohttp.ClientError, OSError):
        raise bad_request("failed to get HTTP URL content") from None
