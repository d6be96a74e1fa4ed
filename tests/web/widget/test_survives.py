"""What is written is not lost: on a page change, with the service away, a session gone, sockets refused."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.harness.browser import WOKEN_MS
from tests.harness.proxy import FaultProxy

from .chat import Chat
from .conftest import Stage

SITES = "plan: pro\nwidget: {{sites: ['{site}']}}\n"


def test_a_draft_survives_a_page_change(chat: Chat) -> None:
    """The panel is open again on the next page, with the half-written text; the focus is left to the page."""
    chat.input.fill("I was about to ask")
    chat.page.goto(f"{chat.url}/demo/cart")
    expect(chat.input).to_have_value("I was about to ask")
    expect(chat.input).not_to_be_focused()


def test_an_unsent_message_survives_a_page_change(chat: Chat) -> None:
    """Written while the service is away, carried to another page, sent once when it is back."""
    chat.ask("before", "You said: before")
    chat.cut()
    chat.page.goto(f"{chat.url}/demo/cart")
    expect(chat.panel.get_by_text("Connecting…")).to_be_visible()
    chat.say("while you were away")
    expect(chat.mine.last).to_contain_text("Not sent")
    chat.heal()
    chat.page.goto(f"{chat.url}/demo")
    chat.sees("You said: while you were away")
    assert chat.texts().count("while you were away") == 1


def test_a_restart_of_the_service_loses_nothing(own_stage: Stage, visit: Callable[..., Chat]) -> None:
    """Killed and started again: the message written meanwhile arrives once, and the draft is still there."""
    chat = visit(own_stage.service.url).open()
    chat.ask("before", "You said: before")
    own_stage.service.kill()
    chat.say("into the gap")
    expect(chat.mine.last).to_contain_text("Sending…")
    chat.input.fill("half a thought")
    expect(chat.panel.get_by_text("Reconnecting… What you write is kept.")).to_be_visible()
    expect(chat.mine.last).to_contain_text("Not sent")
    # Before the service is back: from then on the message goes by itself, and the button with it.
    chat.panel.get_by_role("button", name="Retry").click()
    own_stage.service.launch()
    expect(chat.mine.last).to_contain_text("Sent")
    chat.sees("You said: into the gap")
    expect(chat.input).to_have_value("half a thought")
    assert chat.texts().count("into the gap") == 1


def test_a_lost_session_becomes_a_fresh_one(chat: Chat) -> None:
    """A token that the service does not know is replaced; what is written then arrives in the new conversation."""
    chat.ask("before", "You said: before")
    old = chat.conversation()
    chat.page.evaluate(
        "localStorage['livechat:session'] = JSON.stringify({token: 'nonsense', conversation_id: 'none'})"
    )
    chat.page.reload()
    chat.ask("after", "You said: after")
    assert chat.conversation() not in (old, "none")
    assert "before" not in chat.texts()


def test_refused_sockets_fall_back_to_long_poll(
    own_stage: Stage, visit: Callable[..., Chat], make_proxy: Callable[[int], FaultProxy]
) -> None:
    """With upgrades refused the talk goes on, a person's reply wakes the poll, and the button is there."""
    proxy = make_proxy(own_stage.service.port)
    own_stage.service.write_settings(SITES.format(site=proxy.url))
    proxy.refuse_upgrades()
    chat = visit(proxy.url)
    chat.open()
    chat.ask("one", "You said: one")
    chat.ask("two", "You said: two")
    chat.human.click()
    expect(chat.panel.get_by_role("banner")).to_contain_text("Waiting for a person…")
    epoch = own_stage.claim(chat)
    for number in range(3):
        own_stage.agent.send(chat.conversation(), epoch, f"Reply {number}.")
        expect(chat.log).to_contain_text(f"Reply {number}.", timeout=WOKEN_MS)


def test_a_cut_line_resumes_without_loss(
    own_stage: Stage, visit: Callable[..., Chat], make_proxy: Callable[[int], FaultProxy]
) -> None:
    """What was said on both sides while the network was gone is there afterwards: all of it, once, in order."""
    proxy = make_proxy(own_stage.service.port)
    own_stage.service.write_settings(SITES.format(site=proxy.url))
    chat = visit(proxy.url)
    chat.open()
    chat.say("person please")
    expect(chat.panel.get_by_role("banner")).to_contain_text("Waiting for a person…")
    epoch = own_stage.claim(chat)
    chat.sees("Priya Nair joined the chat")
    proxy.cut()
    for number in range(5):
        own_stage.agent.send(chat.conversation(), epoch, f"agent {number}")
        chat.say(f"customer {number}")
    proxy.heal()
    for number in range(5):
        chat.sees(f"agent {number}")
        chat.sees(f"customer {number}")
    said = chat.texts()
    for who in ("agent", "customer"):
        assert [text for text in said if text.startswith(who)] == [f"{who} {number}" for number in range(5)]
