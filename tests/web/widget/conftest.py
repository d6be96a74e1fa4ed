"""A real service with a table instead of a bot behind it, a shop page, and a visitor in a browser of their own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.fakes.bot import FakeBot
from tests.fakes.site import FakeSite
from tests.harness.browser import *  # noqa: F403 - fixtures are found by their names
from tests.harness.client import AgentClient
from tests.harness.running import DEFAULT_SETTINGS, Service, new_stack

from .chat import Chat

ANSWERS: dict[str, Any] = {
    "products": [
        {
            "text": "We sell kettles and grinders. What would you like to see?",
            "buttons": [
                {"title": "Trail kettle", "payload": "/kettle"},
                {"title": "Hand grinder", "payload": "/grinder"},
            ],
        }
    ],
    "/kettle": [{"text": "The trail kettle is in stock, 49.00 €."}],
    "links": [{"text": "See https://example.com/a?b=1. Not javascript:alert(1), not <b>bold</b>."}],
    "person please": "handover",
}


@dataclass
class Stage:
    """The service, its bot and an agent who is signed in."""

    service: Service
    bot: FakeBot
    agent: AgentClient

    def claim(self, chat: Chat) -> int:
        """The agent takes the visitor's conversation; the epoch."""
        epoch: int = self.agent.claim(chat.conversation()).json()["epoch"]
        return epoch


def raise_stage(folder: Path, settings: str = DEFAULT_SETTINGS) -> Stage:
    stack = new_stack(folder)
    service = Service(stack, settings=settings)
    bot = FakeBot(stack.ports.rasa, service.url, service.token, ANSWERS).start()
    service.launch()
    return Stage(service, bot, service.add_agent("Priya Nair"))


@pytest.fixture(scope="session")
def site() -> Iterator[FakeSite]:
    """A website that the settings of `stage` allow to use the chat."""
    running = FakeSite().start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory, site: FakeSite) -> Iterator[Stage]:
    """One for the whole run: leave it as it was, and use new visitors."""
    settings = f"plan: pro\nwidget: {{sites: ['{site.url}']}}\n"
    raised = raise_stage(tmp_path_factory.mktemp("stage"), settings)
    yield raised
    raised.service.stop()
    raised.bot.stop()


@pytest.fixture(scope="session")
def own_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One to be stopped, started and set otherwise; a test first writes the settings that it needs."""
    raised = raise_stage(tmp_path_factory.mktemp("own-stage"))
    yield raised
    raised.service.stop()
    raised.bot.stop()


@pytest.fixture
def visit(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Callable[..., Chat]]:
    """`visit(stage.service.url)`: a new visitor on the shop's page; other options are the browser context's."""

    opened: list[BrowserContext] = []

    def begin(url: str, path: str = "/demo", **options: Any) -> Chat:
        opened.append(browser.new_context(**{**browser_context_args, **options}))
        opened[-1].set_default_timeout(10_000)
        page = opened[-1].new_page()
        page.goto(url + path)
        return Chat(page, url)

    yield begin
    for context in opened:
        context.close()


@pytest.fixture
def chat(stage: Stage, visit: Callable[..., Chat]) -> Chat:
    """A new visitor with the chat open."""
    return visit(stage.service.url).open()
