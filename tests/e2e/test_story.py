"""The main job in two browsers with the real bot: a customer reaches a person, and comes back to the bot.

Each browser has a network of its own (a fault proxy), so that either can lose it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.harness.client import AgentClient, body
from tests.harness.proxy import FaultProxy
from tests.harness.running import LiveStack, free_ports
from tests.harness.waiting import PATIENCE, wait_until
from tests.web.dashboard import go_to, lines, reply, row, sent, take_over
from tests.web.widget.chat import Chat

OpenPage = Callable[..., Page]
HANDOVER = "A team member will be with you shortly."
SETTINGS = f"""\
live_chat: {{message_threshold: 3}}
messages: {{handover: "{HANDOVER}"}}
claims: {{lease_seconds: 6, requeue_after_seconds: 60}}
bot: {{answer_within_seconds: 60}}
"""


@dataclass
class Theatre:
    """The whole product, an agent, and the networks between it and the two browsers."""

    stack: LiveStack
    agent: AgentClient
    customers_line: FaultProxy
    agents_line: FaultProxy


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, model: Path) -> Iterator[Theatre]:
    ports = free_ports()
    with FaultProxy(ports.service) as customers, FaultProxy(ports.service) as agents:
        env = {"LIVECHAT_ORIGINS": f"{customers.url},{agents.url}"}
        folder = tmp_path_factory.mktemp("story")
        with LiveStack(folder, model=model, ports=ports, settings=SETTINGS, service_env=env) as stack:
            yield Theatre(stack, stack.service.add_agent("Priya Raman"), customers, agents)


@pytest.fixture
def theatre(house: Theatre) -> Iterator[Theatre]:
    """The house with its networks whole."""
    yield house
    house.customers_line.heal()
    house.agents_line.heal()


@pytest.fixture
def chat(theatre: Theatre, customer_page: OpenPage) -> Chat:
    page = customer_page(theatre.customers_line.url)
    return Chat(page, theatre.customers_line.url).open()


@pytest.fixture
def desk(theatre: Theatre, dashboard_page: OpenPage) -> Page:
    return dashboard_page(theatre.agent, url=theatre.agents_line.url)


def said(theatre: Theatre, conversation: str) -> list[str]:
    """What the log holds that people can read, in order."""
    events = theatre.agent.events(conversation)
    return [event["text"] for event in events if event["kind"] == "message"]


def reload(chat: Chat) -> None:
    """The customer goes to another page of the shop and opens the chat again if it is closed."""
    chat.page.reload()
    if chat.panel.count() == 0:
        chat.open()
    expect(chat.log.locator(".message.bot")).not_to_have_count(0)


def ask_for_person(chat: Chat) -> str:
    """Past the threshold, and then the button; the conversation's id."""
    chat.ask("When are you open?", "open Monday to Friday")
    chat.say("What do you sell?")
    chat.human.click()
    chat.sees(HANDOVER)
    return chat.conversation()


def settle(theatre: Theatre, chat: Chat, desk: Page, conversation: str, count: int) -> list[str]:
    """Everything written has arrived (`count` lines of each), and both screens show what the log holds; answers it."""
    log: list[str] = []

    def arrived() -> bool:
        log[:] = said(theatre, conversation)
        return all(sum(text.startswith(f"{who} ") for text in log) == count for who in ("customer", "agent"))

    wait_until(arrived, PATIENCE, "every line to arrive")
    for whose, shown in (("customer", chat.texts), ("agent", lambda: first_lines(desk))):
        wait_until(lambda shown=shown: shown() == log, PATIENCE, f"the {whose}'s screen to show the log")
    return log


def first_lines(desk: Page) -> list[str]:
    """The lines on the agent's screen, without what stands below a text (a picture, buttons)."""
    return [text.partition("\n")[0] for text in lines(desk)]


@pytest.mark.rasa
@pytest.mark.promise("main", "3a")
def test_button_is_there_at_the_threshold_and_not_before(chat: Chat, figure: Callable[[str], None]) -> None:
    """One exchange is two of three: no button, also after a reload; the next message makes three: the button stays."""
    chat.ask("When are you open?", "open Monday to Friday")
    expect(chat.human).to_have_count(0)
    reload(chat)
    expect(chat.human).to_have_count(0)
    chat.say("What do you sell?")
    expect(chat.human).to_be_visible()
    reload(chat)
    expect(chat.human).to_be_visible()
    figure("absent at 2, there at 3, and so after a reload")


@pytest.mark.rasa
@pytest.mark.promise("main", "3b")
@pytest.mark.promise("main", "3c")
@pytest.mark.promise("main", "3d")
def test_whole_story(theatre: Theatre, chat: Chat, desk: Page, figure: Callable[[str], None]) -> None:
    """Bot, button, Take Over, ten lines each way over two broken networks, Resolve, and the bot again."""
    conversation = ask_for_person(chat)
    row(desk, conversation).click()
    take_over(desk)
    expect(chat.panel.get_by_text("Priya Raman").first).to_be_visible()

    cut_and_heal = {
        2: theatre.customers_line.cut,
        4: theatre.customers_line.heal,
        6: theatre.agents_line.cut,
        8: theatre.agents_line.heal,
    }
    for number in range(10):
        cut_and_heal.get(number, lambda: None)()
        chat.say(f"customer {number}")
        reply(desk, f"agent {number}")
    log = settle(theatre, chat, desk, conversation, 10)
    assert [text for text in log if text.startswith("customer ")] == [f"customer {n}" for n in range(10)]
    assert [text for text in log if text.startswith("agent ")] == [f"agent {n}" for n in range(10)]
    assert log.count(HANDOVER) == 1

    desk.get_by_role("button", name="Resolve", exact=True).click()
    expect(desk.get_by_role("button", name="Undo")).to_be_visible()
    wait_until(lambda: holder(theatre, conversation) == "bot", PATIENCE, "the bot to hold the conversation again")
    chat.say("Thanks, when are you open?")
    wait_until(lambda: by_bot_after(theatre, conversation, "Thanks, when are you open?"), PATIENCE, "the bot's answer")
    chat.sees("Thanks, when are you open?")
    answers = by_bot_after(theatre, conversation, "customer 0")
    assert len(answers) == 1
    figure("20 lines over 2 cuts: 0 lost, 0 doubled, 0 out of order; 1 handover message; 1 answer after Resolve")


def holder(theatre: Theatre, conversation: str) -> str:
    kind: str = theatre.agent.conversation(conversation)["holder"]["kind"]
    return kind


def by_bot_after(theatre: Theatre, conversation: str, text: str) -> list[str]:
    """What the bot said since this line; nothing while the line is on its way."""
    messages = [event for event in theatre.agent.events(conversation) if event["kind"] == "message"]
    start = next((number for number, event in enumerate(messages) if event["text"] == text), len(messages))
    return [event["text"] for event in messages[start:] if event["actor"]["kind"] == "bot"]


@pytest.mark.rasa
@pytest.mark.promise("main", "4")
def test_story_without_sockets(
    theatre: Theatre, customer_page: OpenPage, dashboard_page: OpenPage, figure: Callable[[str], None]
) -> None:
    """Both networks refuse WebSockets: the same story by long-poll, and polling keeps the claim past its lease."""
    theatre.customers_line.refuse_upgrades()
    theatre.agents_line.refuse_upgrades()
    chat = Chat(customer_page(theatre.customers_line.url), theatre.customers_line.url).open()
    desk = dashboard_page(theatre.agent, url=theatre.agents_line.url)
    conversation = ask_for_person(chat)
    go_to(desk, theatre.agents_line.url, conversation)
    take_over(desk)
    waits = [relay(chat, desk, number) for number in range(5)]
    assert max(waits) <= 3.0

    epoch = theatre.agent.conversation(conversation)["epoch"]
    desk.wait_for_timeout(8_000)  # longer than the lease of 6 s: only the polls renew it
    now = theatre.agent.conversation(conversation)
    assert (now["epoch"], now["handover"]["away"]) == (epoch, False)
    sent(desk)
    settle(theatre, chat, desk, conversation, 5)
    desk.get_by_role("button", name="Resolve", exact=True).click()
    wait_until(lambda: holder(theatre, conversation) == "bot", PATIENCE, "the bot to hold the conversation again")
    chat.ask("Thanks, when are you open?", "Thanks, when are you open?")
    wait_until(lambda: by_bot_after(theatre, conversation, "Thanks, when are you open?"), PATIENCE, "the bot's answer")
    figure(f"10 lines by poll, the slowest in {max(waits):.1f} s; held past a lease of 6 s")


def relay(chat: Chat, desk: Page, number: int) -> float:
    """One line each way; the longer of the two waits, in seconds."""
    chat.say(f"customer {number}")
    there = seconds_until(desk.locator(".line .bubble", has_text=f"customer {number}"))
    reply(desk, f"agent {number}")
    return max(there, seconds_until(chat.log.locator(".text", has_text=f"agent {number}")))


def seconds_until(line: Locator) -> float:
    """How long until the line is on screen, by the page's own clock."""
    before = line.page.evaluate("performance.now()")
    expect(line).to_be_visible()
    elapsed: float = line.page.evaluate("performance.now()") - before
    return elapsed / 1000


@pytest.mark.promise("main", "8c")
def test_notes_between_two_replies_cause_no_request(
    theatre: Theatre, chat: Chat, figure: Callable[[str], None]
) -> None:
    """20 private notes are holes in the customer's log, not gaps: the widget asks for nothing."""
    chat.say("I want to talk to a person")
    chat.sees(HANDOVER)
    conversation = chat.conversation()
    epoch = body(theatre.agent.claim(conversation))["epoch"]
    body(theatre.agent.send(conversation, epoch, "the first reply"))
    chat.sees("the first reply")
    asked: list[str] = []
    chat.page.on("request", lambda request: asked.append(request.url))
    for number in range(20):
        body(theatre.agent.note(conversation, f"note {number}"))
    body(theatre.agent.send(conversation, epoch, "the second reply"))
    chat.sees("the second reply")
    ranges = [path for path in asked if "/events" in path]
    assert ranges == []
    assert not any("note" in text for text in chat.texts())
    figure(f"{len(ranges)} range requests")
