"""The bots that this Rasa serves on Telegram. The secret of a webhook says for which of them it is."""

import hmac
import os
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

from ..accounts import Account, Wanted, check_distinct, read_accounts, read_api_url
from ..base import Files, Media, PushConnector, Request
from ..errors import BadSignature, NotConfigured
from ..model import Inbound, Outbound, Receipt
from ..provider import Provider
from .api import DEFAULT_URL, BotApi
from .parts import Part, parts, without_file
from .wire import CHANNEL, parse

TOKEN = Wanted("token", "TELEGRAM_TOKEN", "123456789:AAF…", r"[0-9]+:[A-Za-z0-9_-]+")
SECRET = Wanted("secret", "TELEGRAM_SECRET", "$(openssl rand -hex 32)", r"[A-Za-z0-9_-]{1,256}")
HEADER = "x-telegram-bot-api-secret-token"


@dataclass(frozen=True)
class Bot:
    """One account; its name is the bot's id."""

    secret: bytes = field(repr=False)
    groups: bool
    api: BotApi


class TelegramConnector(PushConnector[Part]):
    """Customers who write to one of our bots."""

    name = CHANNEL

    def __init__(self, bots: Mapping[str, Bot], provider: Provider) -> None:
        self._bots = bots
        self._provider = provider

    @classmethod
    def from_credentials(cls, credentials: Mapping[str, Any]) -> "TelegramConnector":
        """The bots under `accounts`, or the one in the environment."""
        accounts = read_accounts(credentials, (TOKEN, SECRET), os.environ, options=("groups",))
        url = read_api_url(credentials, "TELEGRAM_API_URL", DEFAULT_URL, os.environ)
        ids = [account.secrets["token"].partition(":")[0] for account in accounts]
        check_distinct(accounts, ids, TOKEN, "is of a bot that stands here twice")
        secrets = [account.secrets["secret"] for account in accounts]
        check_distinct(accounts, secrets, SECRET, "must differ from the secrets of the other bots")
        provider = Provider()
        return cls({id: _bot(account, provider, url) for id, account in zip(ids, accounts, strict=True)}, provider)

    @property
    def accounts(self) -> Collection[str]:
        return self._bots.keys()

    def verify(self, request: Request) -> Collection[str]:
        given = request.headers.get(HEADER, "").encode("utf-8", "replace")
        found = [account for account, bot in self._bots.items() if hmac.compare_digest(given, bot.secret)]
        if not found:
            raise BadSignature("the secret token is wrong" if given else "there is no secret token")
        return found

    def parse(self, body: bytes, accounts: Collection[str]) -> Sequence[Inbound | Receipt]:
        (account,) = accounts
        return [parse(body, account, self._bots[account].groups)]

    async def acknowledge(self, inbound: Inbound) -> None:
        """Stop the clock that turns on a pressed button."""
        if inbound.answer_to is not None:
            fields = {"callback_query_id": inbound.answer_to}
            await self._bots[inbound.account].api.call("answerCallbackQuery", fields)

    def parts(self, message: Outbound) -> Sequence[Part]:
        return parts(message)

    def without_file(self, part: Part) -> Part | None:
        return without_file(part)

    async def send(self, message: Outbound, part: Part, files: Files) -> str:
        return await self._bots[message.account].api.send(part, files)

    async def typing(self, message: Outbound) -> None:
        fields = {"chat_id": message.external_user, "action": "typing"}
        await self._bots[message.account].api.call("sendChatAction", fields)

    def media(self, account: str, ref: str) -> AbstractAsyncContextManager[Media]:
        return self._bots[account].api.open(ref)

    async def close(self) -> None:
        await self._provider.close()


def _bot(account: Account, provider: Provider, url: str) -> Bot:
    groups = account.options.get("groups", False)
    if not isinstance(groups, bool):
        raise NotConfigured(f"{account.place}.groups", "must be true or false", "false")
    api = BotApi(provider, url, account.secrets["token"], account.name_of(TOKEN))
    return Bot(account.secrets["secret"].encode(), groups, api)
