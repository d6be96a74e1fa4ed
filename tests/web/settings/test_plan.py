"""`plan` decides whether there is live chat at all; the page, the lists and the widget say so."""

import pytest
from playwright.sync_api import expect

from tests.web.widget.chat import Chat

from .office import Office

WHY = "not part of the Free plan"


def set_plan(office: Office, plan: str) -> None:
    text = office.service.settings_file.read_text()
    office.service.write_settings(text.replace("plan: pro", f"plan: {plan}"))


@pytest.mark.promise("settings", "6b")
@pytest.mark.parametrize("plan", ["basic", "scale", "pro"])
def test_free_is_off_with_the_reason_and_the_others_are_on(office: Office, chat: Chat, plan: str) -> None:
    """Open pages follow: free takes the button away and says why; any other plan brings it back."""
    set_plan(office, "free")
    expect(office.part("General")).to_contain_text(WHY)
    expect(office.part("Time machine").get_by_label("What a customer will see")).to_contain_text("No button")
    expect(chat.human).to_have_count(0)
    office.page.get_by_role("link", name="Live Chat").click()
    expect(office.page.get_by_role("heading", name="Live Chat")).to_be_visible()
    expect(office.page.get_by_text("Live chat is not part of the Free plan.")).to_be_visible()
    text = office.service.settings_file.read_text()
    office.service.write_settings(text.replace("plan: free", f"plan: {plan}"))
    expect(chat.human).to_be_visible()
    expect(office.page.get_by_text(WHY)).to_have_count(0)
    office.open()
    expect(office.part("General")).to_contain_text(f"Plan: {plan.title()}")
    expect(office.part("General")).not_to_contain_text(WHY)
