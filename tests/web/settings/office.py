"""What an owner does on the settings page, and where it must be seen afterwards: livechat.yml and the API."""

import re
from functools import reduce
from io import StringIO
from typing import Any

from playwright.sync_api import Locator, Page, expect

from livechat_plugin.settings.yaml import round_trip
from tests.harness.client import AgentClient, body
from tests.harness.running import Service
from tests.harness.waiting import PATIENCE, wait_until

FILE = """\
# What we decided in spring; ask Ana first.
plan: pro            # paid until June

live_chat:
  enabled: true      # the big switch
  show_button: true
  message_threshold: 0   # at once

messages:
  handover: "Somebody is coming."   # shown once
  out_of_hours: 'We are away.'

# Opening times
business_hours:
  enabled: false
  timezone: UTC      # no summer time
  start: "09:00"
  end: "17:00"

notifications:
  email: {enabled: true}   # to the owners

claims:
  lease_seconds: 3   # gone is gone
"""
COMMENTS = re.findall(r"#.*", FILE)


class Office:
    """The settings page of one person."""

    def __init__(self, page: Page, service: Service, agent: AgentClient) -> None:
        self.page, self.service, self.agent = page, service, agent

    def open(self) -> "Office":
        self.page.goto(f"{self.service.url}/live-chat/settings")
        expect(self.field("Enable Live Chat")).to_be_visible()
        return self

    def part(self, name: str) -> Locator:
        return self.page.get_by_role("region", name=name, exact=True)

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True)

    def fill(self, label: str, text: str) -> None:
        self.field(label).fill(text)
        self.field(label).blur()

    def save(self) -> None:
        """Save, and wait until it is said that it is in force."""
        self.page.get_by_role("button", name="Save", exact=True).click()
        expect(self.page.get_by_text("Saved. In force now.")).to_be_visible()

    def switch(self, label: str, *, on: bool) -> None:
        self.field(label).set_checked(on)
        self.save()

    def in_force(self, key: str, value: Any) -> None:
        """It stands in livechat.yml, whose comments are all there, and the API says it."""
        wait_until(lambda: self.written(key) == value, PATIENCE, f"{key}: {value!r} in livechat.yml")
        text = self.service.settings_file.read_text()
        assert [comment for comment in COMMENTS if comment not in text] == []
        assert at(body(self.agent.get("/settings"))["document"], key) == value

    def written(self, key: str) -> Any:
        return plain(at(round_trip().load(StringIO(self.service.settings_file.read_text())), key))


def at(document: Any, key: str) -> Any:
    """The value at a key as in livechat.yml; None where there is none."""
    return reduce(lambda inner, name: inner.get(name) if inner else None, key.split("."), document)


def plain(value: Any) -> Any:
    """Without what ruamel remembers of quotes and places."""
    if isinstance(value, dict):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return str(value) if isinstance(value, str) else value
