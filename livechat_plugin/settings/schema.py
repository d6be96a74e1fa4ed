"""The schema of livechat.yml, as structs.

What must hold: whatever is accepted takes effect; an unknown key, a wrong type or an impossible value is refused
whole. The same structs check the file, the Settings page and what the database holds.
"""

from typing import Annotated, Any, Literal

import msgspec

from .hours import BusinessHours
from .section import Section
from .texts import Messages

Seconds = Annotated[int, msgspec.Meta(ge=1, le=86_400)]


class LiveChat(Section, kw_only=True, frozen=True):
    enabled: bool = True
    show_button: bool = True
    message_threshold: Annotated[int, msgspec.Meta(ge=0, le=1_000)] = 3
    only_when_agents_are_here: bool = False
    """Closed also while no agent is signed in."""


class ContactForm(Section, kw_only=True, frozen=True):
    """How long a customer who waits for a person when live chat closes is offered the form, and after how long a
    message for somebody who left their details and has gone is sent by mail.
    """

    offer_seconds: Seconds = 600
    mail_answer_after_seconds: Seconds = 60


class Attachments(Section, kw_only=True, frozen=True):
    """Pictures and files, both ways; `max_megabytes` is for each file."""

    enabled: bool = True
    max_megabytes: Annotated[int, msgspec.Meta(ge=1, le=20)] = 10

    @property
    def max_bytes(self) -> int:
        return self.max_megabytes * 1_000_000


class Email(Section, kw_only=True, frozen=True):
    """To all owners, on each new handover."""

    enabled: bool = True


class Notifications(Section, kw_only=True, frozen=True):
    email: Email = Email()


class Claims(Section, kw_only=True, frozen=True):
    lease_seconds: Annotated[int, msgspec.Meta(ge=3, le=3_600)] = 45
    requeue_after_seconds: Seconds = 120


class Bot(Section, kw_only=True, frozen=True):
    answer_within_seconds: Annotated[int, msgspec.Meta(ge=1, le=600)] = 20


Site = Annotated[str, msgspec.Meta(pattern=r"^https?://[a-z0-9.:\[\]-]+$", max_length=200)]


class Widget(Section, kw_only=True, frozen=True):
    """Origins of the websites on which the widget runs, besides the service's own."""

    sites: list[Site] = []


class Settings(Section, kw_only=True, frozen=True):
    plan: Literal["free", "basic", "pro", "scale"] = "pro"
    live_chat: LiveChat = LiveChat()
    messages: Messages = Messages()
    business_hours: BusinessHours = BusinessHours()
    contact_form: ContactForm = ContactForm()
    notifications: Notifications = Notifications()
    claims: Claims = Claims()
    attachments: Attachments = Attachments()
    bot: Bot = Bot()
    widget: Widget = Widget()

    def document(self) -> dict[str, Any]:
        """The settings as in livechat.yml, with every default filled in."""
        built: dict[str, Any] = msgspec.to_builtins(self)
        return built
