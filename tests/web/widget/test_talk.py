"""The whole talk: with the bot, to a person, and back."""

from playwright.sync_api import expect

from .chat import Chat
from .conftest import Stage


def test_the_greeting_comes_from_the_log_and_a_message_is_answered(chat: Chat) -> None:
    """The visitor sees the greeting, says something, sees it sent and answered."""
    chat.ask("hello", "You said: hello")
    expect(chat.mine.last).to_contain_text("Sent")
    expect(chat.panel).to_contain_text("Automatic assistant")


def test_a_button_of_the_bot_is_pressed_by_its_key(chat: Chat) -> None:
    """Pressing a choice says its title, gets the answer to its payload, and takes the choices away."""
    chat.ask("products", "What would you like to see?")
    chat.panel.get_by_role("button", name="Trail kettle").click()
    chat.sees("in stock, 49.00 €")
    expect(chat.mine.last).to_contain_text("Trail kettle")
    expect(chat.panel.get_by_role("button", name="Hand grinder")).to_have_count(0)
    expect(chat.input).to_be_focused()


def test_only_real_addresses_become_links(chat: Chat) -> None:
    """http is a link; javascript: and markup stay the text that they are."""
    chat.ask("links", "Not javascript:alert(1), not <b>bold</b>.")
    links = chat.log.locator(".bot a")
    expect(links).to_have_count(1)
    expect(links).to_have_attribute("href", "https://example.com/a?b=1")
    expect(links).to_have_attribute("rel", "noopener noreferrer nofollow")


def test_talk_to_human_appears_at_the_threshold(chat: Chat) -> None:
    """With a threshold of 3: absent after two messages, there after the third, also after a reload."""
    chat.ask("one", "You said: one")
    expect(chat.human).to_have_count(0)
    chat.say("two")
    expect(chat.human).to_be_visible()
    chat.page.reload()
    expect(chat.human).to_be_visible()


def test_from_the_bot_to_a_person_and_back(stage: Stage, chat: Chat) -> None:
    """Waiting, the person's name, messages both ways, and the assistant again after Resolve."""
    chat.ask("one", "You said: one")
    chat.ask("two", "You said: two")
    chat.human.click()
    expect(chat.panel.get_by_role("banner")).to_contain_text("Waiting for a person…")
    chat.sees("A team member will be with you shortly.")
    expect(chat.human).to_have_count(0)

    epoch = stage.claim(chat)
    expect(chat.panel.get_by_role("banner")).to_contain_text("Priya Nair")
    chat.sees("Priya Nair joined the chat")
    stage.agent.send(chat.conversation(), epoch, "Hello, this is Priya.")
    chat.sees("Hello, this is Priya.")
    chat.say("Thank you!")
    expect(chat.mine.last).to_contain_text("Sent")

    seen = stage.agent.events(chat.conversation())[-1]["seq"]
    stage.agent.resolve(chat.conversation(), epoch, seen=seen)
    chat.sees("The assistant is back")
    chat.ask("and now?", "You said: and now?")
    assert chat.texts().count("A team member will be with you shortly.") == 1


def test_words_bring_a_person_without_the_button(chat: Chat) -> None:
    """A handover that the bot opens shows the same waiting."""
    chat.say("person please")
    expect(chat.panel.get_by_role("banner")).to_contain_text("Waiting for a person…")


def test_twenty_notes_between_two_replies_cause_no_range_request(stage: Stage, chat: Chat) -> None:
    """Notes leave holes in seq at the customer's side; `prev` says that nothing is missing."""
    chat.say("person please")
    expect(chat.panel.get_by_role("banner")).to_contain_text("Waiting for a person…")
    epoch = stage.claim(chat)
    stage.agent.send(chat.conversation(), epoch, "First reply.")
    chat.sees("First reply.")
    asked: list[str] = []
    chat.page.on("request", lambda request: asked.append(request.url) if "/events" in request.url else None)
    for number in range(20):
        stage.agent.note(chat.conversation(), f"note {number}")
    stage.agent.send(chat.conversation(), epoch, "Second reply.")
    chat.sees("Second reply.")
    assert asked == []
    assert "note" not in " ".join(chat.texts())
