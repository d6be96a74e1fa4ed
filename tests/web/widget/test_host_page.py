"""The widget on pages that trust nobody: strict CSP, Trusted Types, another origin, hostile styles."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.fakes.site import FakeSite

from .chat import Chat
from .conftest import Stage

STRICT = "default-src 'none'; script-src {0}; style-src 'self'; connect-src {0} ws:; require-trusted-types-for 'script'"
PAGE = """<!doctype html><html lang="en"><head><title>A site</title>{style}</head>
<body><h1>A page</h1><script src="{src}/widget.js" {data}></script></body></html>"""
HOSTILE = "<style>* { color: red; font-size: 40px } button, p, li { display: none !important }</style>"


def page(stage: Stage, data: str = "", style: str = "") -> str:
    return PAGE.format(src=stage.service.url, data=data, style=style)


def test_a_strict_policy_is_never_violated(stage: Stage, site: FakeSite, visit: Callable[..., Chat]) -> None:
    """Opening, talking, pressing a choice and a theme under the strictest policy: not one violation is reported."""
    site.put("/strict", page(stage, 'data-accent="#2f5d46"'), STRICT.format(stage.service.url))
    site.put("/empty", "<title>Nothing</title>")
    chat = visit(site.url, "/empty")
    complaints: list[str] = []
    chat.page.on("console", lambda message: complaints.append(message.text))
    chat.page.on("pageerror", lambda error: complaints.append(str(error)))
    chat.page.goto(f"{site.url}/strict")
    chat.open()
    chat.ask("products", "What would you like to see?")
    chat.panel.get_by_role("button", name="Trail kettle").click()
    chat.sees("in stock")
    assert complaints == []


def test_a_site_that_is_not_named_gets_no_conversation(
    stage: Stage, site: FakeSite, visit: Callable[..., Chat]
) -> None:
    """The chat opens and says that it connects; the browser's console says who was refused."""
    site.put("/shop", page(stage))
    chat = visit(site.other_name, "/shop")
    said: list[str] = []
    chat.page.on("console", lambda message: said.append(message.text))
    chat.bubble.click()
    expect(chat.panel.get_by_text("Connecting…")).to_be_visible()
    expect(chat.log.locator(".message.bot")).to_have_count(0)
    assert any("/widget/v1/sessions" in text for text in said)


def test_the_styles_of_the_page_stay_outside(stage: Stage, site: FakeSite, visit: Callable[..., Chat]) -> None:
    """A page that hides and recolours everything does neither inside the chat."""
    site.put("/hostile", page(stage, style=HOSTILE))
    chat = visit(site.url, "/hostile").open()
    look = chat.log.locator(".text").first.evaluate(
        "text => [getComputedStyle(text).fontSize, getComputedStyle(text).color]"
    )
    assert look == ["14px", "rgb(26, 29, 35)"]


def test_a_dark_or_a_light_accent_gets_readable_text(stage: Stage, site: FakeSite, visit: Callable[..., Chat]) -> None:
    """On a yellow accent the sign is dark, on a green one white."""
    for accent, expected in (("#ffd400", "rgb(13, 18, 32)"), ("darkgreen", "rgb(255, 255, 255)")):
        site.put("/accent", page(stage, f'data-accent="{accent}"'))
        chat = visit(site.url, "/accent")
        assert chat.bubble.evaluate("bubble => getComputedStyle(bubble).color") == expected
