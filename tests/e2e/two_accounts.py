"""Two Telegram bots and two WhatsApp numbers in one credentials file, and people who write to both of each."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fakes.provider import FakeProvider
from tests.fakes.telegram import FakeTelegram
from tests.fakes.whatsapp import FakeGraph
from tests.harness.client import AgentClient
from tests.harness.running import LiveStack, free_ports

from .outside import OnPhone, set_webhook

NAMES = ("SHOP", "CLUB")
CREDENTIALS = """
connectors.web.channel.WebChannel:
connectors.telegram.channel.TelegramChannel:
  accounts:
    - token: ${SHOP_BOT_TOKEN}
      secret: ${SHOP_BOT_SECRET}
    - token: ${CLUB_BOT_TOKEN}
      secret: ${CLUB_BOT_SECRET}
connectors.whatsapp.channel.WhatsAppChannel:
  accounts:
    - token: ${SHOP_TOKEN}
      phone_number_id: ${SHOP_ID}
      app_secret: ${SHOP_APP_SECRET}
      verify_token: ${SHOP_VERIFY_TOKEN}
    - token: ${CLUB_TOKEN}
      phone_number_id: ${CLUB_ID}
      app_secret: ${CLUB_APP_SECRET}
      verify_token: ${CLUB_VERIFY_TOKEN}
"""


@dataclass
class TwoAccounts:
    """The product, both providers with two accounts each, and an agent."""

    stack: LiveStack
    providers: dict[str, FakeProvider]
    accounts: dict[str, list[Any]]
    """Two bots, two numbers."""

    agent: AgentClient

    def person(self, channel: str, number: int) -> tuple[OnPhone, OnPhone]:
        """The same person, by the provider's id, at both accounts."""
        name = f"{channel} {number}"
        one, other = (
            account.customer(4000 + number, first_name=name)
            if channel == "telegram"
            else account.customer(f"49160{number:07}", name=name)
            for account in self.accounts[channel]
        )
        return OnPhone(one, name, self.agent), OnPhone(other, name, self.agent)


def environment() -> dict[str, str]:
    """Nothing that two accounts have is the same."""
    made = {}
    for at, name in enumerate(NAMES, 1):
        made |= {f"{name}_BOT_TOKEN": f"700000000{at}:token-{at}", f"{name}_BOT_SECRET": f"bot-secret-{at}"}
        made |= {f"{name}_TOKEN": f"graph-token-{at}", f"{name}_ID": f"10654035224292{at}"}
        made |= {f"{name}_APP_SECRET": f"app-secret-{at}", f"{name}_VERIFY_TOKEN": f"verify-token-{at}"}
    return made


@contextmanager
def two_accounts(folder: Path, model: Path) -> Iterator[TwoAccounts]:
    """Everything started, the webhooks of all four set."""
    ports, env = free_ports(), environment()
    url = f"http://127.0.0.1:{ports.rasa}"
    credentials = folder / "credentials.yml"
    credentials.write_text(CREDENTIALS)
    with FakeTelegram() as telegram, FakeGraph() as graph:
        env |= {"TELEGRAM_API_URL": telegram.url, "WHATSAPP_API_URL": graph.url}
        bots = [telegram.add_bot(env[f"{name}_BOT_TOKEN"], f"{name.lower()}_bot") for name in NAMES]
        keys = ("ID", "TOKEN", "APP_SECRET", "VERIFY_TOKEN")
        webhook = f"{url}/webhooks/whatsapp/webhook"
        numbers = [graph.add_number(*(env[f"{name}_{key}"] for key in keys), webhook) for name in NAMES]
        with LiveStack(folder, model=model, ports=ports, channels=env, credentials=credentials) as stack:
            for name in NAMES:
                own = {f"TELEGRAM_{key}": env[f"{name}_BOT_{key}"] for key in ("TOKEN", "SECRET")}
                set_webhook(stack, url, {**own, "TELEGRAM_API_URL": telegram.url})
            assert [number.handshake()[0] for number in numbers] == [200, 200]
            accounts: dict[str, list[Any]] = {"telegram": bots, "whatsapp": numbers}
            agent = stack.service.add_agent("Priya")
            yield TwoAccounts(stack, {"telegram": telegram, "whatsapp": graph}, accounts, agent)
