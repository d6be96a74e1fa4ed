"""The numbers that this Rasa serves on WhatsApp. Several may belong to one app of Meta's, whose secret they share."""

import hmac
import os
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

from ..accounts import Account, Wanted, check_distinct, read_accounts, read_api_url
from ..base import Files, Media, PushConnector, Request
from ..errors import BadSignature
from ..model import Inbound, Outbound, Receipt
from ..provider import Provider
from .api import DEFAULT_URL, GraphApi
from .outbound import Part, parts_of, without_file
from .wire import is_signed, read_webhook

TOKEN = Wanted("token", "WHATSAPP_TOKEN", "EAAJB…")
NUMBER = Wanted("phone_number_id", "WHATSAPP_PHONE_NUMBER_ID", "106540352242922", r"[0-9]{1,32}")
APP_SECRET = Wanted("app_secret", "WHATSAPP_APP_SECRET", "a1b2c3…")
VERIFY_TOKEN = Wanted("verify_token", "WHATSAPP_VERIFY_TOKEN", "$(openssl rand -hex 32)")
HEADER = "x-hub-signature-256"


@dataclass(frozen=True)
class Number:
    """One account; its name is the id that Meta gave to the phone number."""

    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)
    api: GraphApi


class WhatsAppConnector(PushConnector[Part]):
    """Customers who write to one of our numbers."""

    name = "whatsapp"
    max_webhook = 3 * 1024 * 1024

    def __init__(self, numbers: Mapping[str, Number], provider: Provider) -> None:
        self._numbers = numbers
        self._provider = provider

    @classmethod
    def from_credentials(cls, credentials: Mapping[str, Any]) -> "WhatsAppConnector":
        """The numbers under `accounts`, or the one in the environment."""
        accounts = read_accounts(credentials, (TOKEN, NUMBER, APP_SECRET, VERIFY_TOKEN), os.environ)
        url = read_api_url(credentials, "WHATSAPP_API_URL", DEFAULT_URL, os.environ)
        ids = [account.secrets["phone_number_id"] for account in accounts]
        check_distinct(accounts, ids, NUMBER, "stands here twice")
        provider = Provider()
        return cls(
            {id: _number(account, id, provider, url) for id, account in zip(ids, accounts, strict=True)}, provider
        )

    @property
    def accounts(self) -> Collection[str]:
        return self._numbers.keys()

    def verify(self, request: Request) -> Collection[str]:
        """The numbers whose app signed this."""
        signature = request.headers.get(HEADER, "")
        secrets = {number.app_secret for number in self._numbers.values()}
        signed = {secret for secret in secrets if is_signed(request.body, signature, secret)}
        if not signed:
            raise BadSignature("the signature is wrong" if signature else "there is no signature")
        return [account for account, number in self._numbers.items() if number.app_secret in signed]

    def handshake(self, request: Request) -> str:
        """Meta's challenge, when it knows a verify token of ours."""
        given = request.query.get("hub.verify_token", "").encode("utf-8", "replace")
        tokens = [number.verify_token.encode() for number in self._numbers.values()]
        known = [hmac.compare_digest(given, token) for token in tokens]
        if request.query.get("hub.mode") != "subscribe" or not any(known):
            raise BadSignature("the verify token is wrong")
        return request.query.get("hub.challenge", "")

    def parse(self, body: bytes, accounts: Collection[str]) -> Sequence[Inbound | Receipt]:
        return read_webhook(body, accounts)

    def parts(self, message: Outbound) -> Sequence[Part]:
        return parts_of(message)

    def without_file(self, part: Part) -> Part | None:
        return without_file(part)

    async def send(self, message: Outbound, part: Part, files: Files) -> str:
        return await self._numbers[message.account].api.send(message, part, files)

    async def typing(self, message: Outbound) -> None:
        """Needs a message of the customer's to answer."""
        if message.reply_ref is not None:
            await self._numbers[message.account].api.show_typing(message.reply_ref)

    def media(self, account: str, ref: str) -> AbstractAsyncContextManager[Media]:
        return self._numbers[account].api.open(ref)

    async def close(self) -> None:
        await self._provider.close()


def _number(account: Account, number: str, provider: Provider, url: str) -> Number:
    api = GraphApi(provider, url, number, account.secrets["token"], account.name_of(TOKEN))
    return Number(account.secrets["app_secret"], account.secrets["verify_token"], api)
