"""Rasa's own Telegram channel, patched as far as it needs to answer at all. Loaded by the Rasa server (Python 3.10).

As installed (Rasa 3.6.21 with aiogram 2.15) it answers nothing: `get_output_channel` calls setWebhook in an
`asyncio.run` of its own, and the bot keeps that HTTP session, whose event loop is closed before the server's begins.
Patched are three things and no more:

- The bot is made without that call, so its session is opened by the first message, in the server's loop. The benchmark
  tells the fake provider where the webhook is.
- `webhook_url` is not the webhook but the Bot API to call, since Rasa knows no setting for it.
- It has a name of its own: ours is `telegram` as well.

What it does for a message is Rasa's: `getMe` each time, the whole turn within the webhook, then `sendMessage`.
"""

from aiogram.bot.api import TelegramAPIServer
from rasa.core.channels.telegram import TelegramInput, TelegramOutput


class PatchedTelegram(TelegramInput):
    @classmethod
    def name(cls) -> str:
        return "rasa_telegram"

    def get_output_channel(self) -> TelegramOutput:
        channel = TelegramOutput(self.access_token)
        channel.server = TelegramAPIServer.from_base(self.webhook_url)
        return channel
