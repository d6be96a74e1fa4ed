"""Debian's Chromium for pytest-playwright, which has no browser of its own here.

A conftest imports these fixtures: `from tests.harness.browser import *`. Each page of a test is in a context of its
own: another person at another computer.
"""

import shutil
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .client import AgentClient
from .fixtures import not_here
from .missing import MissingServer

__all__ = ["browser_context_args", "browser_type_launch_args", "customer_page", "dashboard_page"]

# Nothing leaves the machine: no updates, no look-ups of the vendor's hosts.
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
DESKTOP = {"width": 1440, "height": 900}
# How long a page may take to show what is expected: long, so that a busy machine fails no test.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)
# Shorter than a long poll that nothing wakes.
WOKEN_MS = 10_000

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    program = shutil.which("chromium")
    if program is None:
        not_here(MissingServer("Chromium", "chromium"))
    return {**browser_type_launch_args, "executable_path": program, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": DESKTOP, "locale": "en-GB", "timezone_id": "Europe/Berlin"}


@pytest.fixture
def dashboard_page(new_context: Callable[..., BrowserContext]) -> OpenPage:
    """`dashboard_page(agent)`: the dashboard, signed in as this agent, in a browser of their own.

    `url` is where the browser goes (a fault proxy, say), `script` runs before the page's own; other options are the
    context's, such as `viewport`.
    """

    def begin(agent: AgentClient, url: str = "", script: str = "", **options: Any) -> Page:
        context = new_context(**options)
        if script:
            context.add_init_script(script)
        context.set_default_timeout(PATIENCE_MS)
        base = url or agent.url
        context.add_cookies([{"name": c.name, "value": c.value or "", "url": base} for c in agent.http.cookies])
        page = context.new_page()
        page.goto(f"{base}/")
        return page

    return begin


@pytest.fixture
def customer_page(new_context: Callable[..., BrowserContext]) -> OpenPage:
    """`customer_page(url)`: the shop page with the widget, in a browser of its own."""

    def begin(url: str, **options: Any) -> Page:
        context = new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto(f"{url}/demo")
        return page

    return begin
