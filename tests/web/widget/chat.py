"""The customer's chat as a test sees it, by its roles and labels."""

from playwright.sync_api import Locator, Page, expect

CUT = "**/widget/v1/{sessions,messages,events,state,handover,seen}*"


class Chat:
    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    @property
    def bubble(self) -> Locator:
        return self.page.locator("button.bubble")

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def input(self) -> Locator:
        return self.panel.get_by_label("Write a message")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def human(self) -> Locator:
        return self.panel.get_by_role("button", name="Talk to Human")

    @property
    def mine(self) -> Locator:
        return self.log.locator(".message.me")

    def open(self) -> "Chat":
        """Click the bubble and wait for the greeting."""
        self.bubble.click()
        expect(self.log.locator(".message.bot")).not_to_have_count(0)
        return self

    def rests(self) -> None:
        """Wait until the panel has come to its place."""
        self.panel.evaluate("panel => Promise.all(panel.getAnimations().map((one) => one.finished))")

    def say(self, text: str) -> None:
        self.input.fill(text)
        self.input.press("Enter")

    def ask(self, text: str, answer: str) -> None:
        """Say something and wait for what the bot says to it."""
        self.say(text)
        self.sees(answer)

    def sees(self, text: str) -> None:
        """This line is in the log once."""
        expect(self.log.locator("li").filter(has_text=text)).to_have_count(1)

    def texts(self) -> list[str]:
        """What was said, by anybody, in the order on screen."""
        return self.log.locator(".text, .system").all_inner_texts()

    def conversation(self) -> str:
        """The conversation's id, from the visitor's own browser."""
        found: str = self.page.evaluate("JSON.parse(localStorage['livechat:session']).conversation_id")
        return found

    def cut(self) -> None:
        """The service can't be reached any more; the pages of the shop still load."""
        self.page.context.route(CUT, lambda route: route.abort())
        self.page.context.route_web_socket("**/widget/v1/socket", lambda socket: socket.close())

    def heal(self) -> None:
        self.page.context.unroute(CUT)
