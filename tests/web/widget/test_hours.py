"""What the widget offers follows the settings, in a page that is open."""

from collections.abc import Callable

from playwright.sync_api import expect

from .chat import Chat
from .conftest import Stage

AT_ONCE = "plan: {plan}\nlive_chat: {{message_threshold: 0, enabled: {enabled}}}\n"


def settings(plan: str = "pro", *, enabled: bool = True) -> str:
    return AT_ONCE.format(plan=plan, enabled=str(enabled).lower())


def test_a_changed_setting_reaches_an_open_widget(own_stage: Stage, visit: Callable[..., Chat]) -> None:
    """The button comes and goes with livechat.yml, without a reload."""
    own_stage.service.write_settings(settings())
    chat = visit(own_stage.service.url).open()
    expect(chat.human).to_be_visible()
    own_stage.service.write_settings(settings(enabled=False))
    expect(chat.human).to_have_count(0)
    own_stage.service.write_settings(settings())
    expect(chat.human).to_be_visible()
    own_stage.service.write_settings(settings("free"))
    expect(chat.human).to_have_count(0)


def test_asking_just_when_nobody_is_there_is_answered_calmly(stage: Stage, chat: Chat) -> None:
    """The team closed between offer and click: the visitor is told when it opens, and can go on with the assistant."""
    chat.ask("one", "You said: one")
    chat.ask("two", "You said: two")
    answer = '{"status": "out_of_hours", "reason": null, "next_opening": "2030-01-07T08:00:00Z"}'
    chat.page.route("**/widget/v1/handover", lambda route: route.fulfill(status=200, body=answer))
    chat.human.click()
    expect(chat.panel.get_by_text("Nobody is here right now. We are back Monday")).to_be_visible()
    chat.ask("all right", "You said: all right")


def test_asking_into_an_outage_can_be_repeated(stage: Stage, chat: Chat) -> None:
    """A request that did not get through says so; the next click asks once."""
    chat.ask("one", "You said: one")
    chat.ask("two", "You said: two")
    chat.page.route("**/widget/v1/handover", lambda route: route.abort())
    chat.human.click()
    expect(chat.panel.get_by_text("That did not get through.")).to_be_visible()
    chat.page.unroute("**/widget/v1/handover")
    chat.human.click()
    expect(chat.panel.get_by_role("banner")).to_contain_text("Waiting for a person…")
    assert chat.texts().count("A team member will be with you shortly.") == 1
