"""A real service with a table instead of a bot, an owner at its settings page, and a customer with the chat open."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.harness.client import AgentClient, body
from tests.harness.waiting import PATIENCE, wait_until
from tests.web.widget.chat import Chat
from tests.web.widget.conftest import Stage, raise_stage

from .office import FILE, Office


@pytest.fixture(scope="module")
def raised(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    stage = raise_stage(tmp_path_factory.mktemp("settings"), FILE)
    yield stage
    stage.service.stop()
    stage.bot.stop()


@pytest.fixture(scope="module")
def owner(raised: Stage) -> AgentClient:
    return raised.service.add_agent("Olga Petrenko", "owner")


@pytest.fixture
def stage(raised: Stage, owner: AgentClient) -> Stage:
    """The one service of this file, with the settings it began with."""
    first = body(owner.get("/settings"))["version"]
    if raised.service.settings_file.read_text() != FILE:
        raised.service.write_settings(FILE)
        wait_until(lambda: body(owner.get("/settings"))["version"] > first, PATIENCE, "the first settings again")
    return raised


@pytest.fixture
def opened(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Callable[..., Page]]:
    """`opened(agent)`: an empty page in a browser of their own, signed in."""
    contexts: list[BrowserContext] = []

    def begin(agent: AgentClient | None = None, **options: Any) -> Page:
        contexts.append(browser.new_context(**{**browser_context_args, **options}))
        contexts[-1].set_default_timeout(10_000)
        for cookie in agent.http.cookies if agent else ():
            contexts[-1].add_cookies([{"name": cookie.name, "value": cookie.value or "", "url": agent.url}])  # type: ignore[union-attr]
        return contexts[-1].new_page()

    yield begin
    for context in contexts:
        context.close()


@pytest.fixture
def office(stage: Stage, owner: AgentClient, opened: Callable[..., Page]) -> Office:
    """The owner at the settings page."""
    return Office(opened(owner), stage.service, owner).open()


@pytest.fixture
def visit(stage: Stage, opened: Callable[..., Page]) -> Callable[..., Chat]:
    """`visit()`: a new customer with the chat open; options are the browser's."""

    def begin(**options: Any) -> Chat:
        page = opened(**options)
        page.goto(f"{stage.service.url}/demo")
        return Chat(page, stage.service.url).open()

    return begin


@pytest.fixture
def chat(visit: Callable[..., Chat]) -> Chat:
    """A customer who could ask for a person with one click."""
    chat = visit()
    expect(chat.human).to_be_visible()
    return chat
