"""The settings page on the stand-in, whose settings are in memory."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.web.conftest import StandIn

OWNERS = [
    {"name": "Priya Raman", "email": "priya@example.com"},
    {"name": "Tom Abara", "email": "tom@example.com"},
]
MAILS: list[dict[str, Any]] = [
    {
        "id": "1",
        "kind": "handover",
        "to": "priya@example.com",
        "subject": "Anna is waiting",
        "state": "sent",
        "attempts": 1,
    },
    {"id": "2", "kind": "test", "to": "tom@example.com", "subject": None, "state": "waiting", "attempts": 3},
]
RICH: dict[str, Any] = {
    "messages": {"translations": {"de": {"handover": "Gleich ist jemand für Sie da."}}},
    "business_hours": {
        "enabled": True,
        "weekly": {"mon": ["09:00-12:00", "13:00-17:00"], "tue": ["09:00-17:00"], "fri": ["22:00-06:00"], "sat": []},
        "exceptions": [
            {"date": "2026-11-26", "open": ["10:00-12:00"], "name": "Stock-taking"},
            {"date": "2026-12-24", "open": [], "name": "Christmas Eve"},
        ],
        "holidays": {"enabled": True, "country": "DE", "region": "BY"},
    },
}


def furnish(server: StandIn, document: dict[str, Any] | None = None, author: str = "lena", **more: Any) -> None:
    """A version with these settings, saved by somebody; the mail log and what is wrong with the file as told."""
    mail = {"configured": True, "sender": "chat@example.com", "owners": OWNERS}
    mails = [{"error": None, "created_at": "2026-11-23T10:00:00Z", "sent_at": None, **one} for one in MAILS]
    server.tell("settings", document=document or RICH, author=author, **{"mail": mail, "mails": mails, **more})


def open_settings(page: Page, server: StandIn, who: str = "priya") -> None:
    page.context.add_cookies([{"name": "livechat_session", "value": who, "url": server.url}])
    page.goto(f"{server.url}/live-chat/settings")
    expect(page.get_by_label("The next 14 days").get_by_role("listitem")).to_have_count(14)
