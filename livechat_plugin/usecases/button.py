"""When "Talk to Human" is offered: on the website as a button, elsewhere under what the bot says. And what is offered
while live chat is closed: to leave one's details.

The threshold counts the customer's messages and the bot's turns since the conversation began or was last resolved; the
greeting doesn't count. It hides only the button: asking by words works from the first message.
"""

from sqlalchemy import RowMapping

from ..domain.availability import Verdict
from .context import Context

HUMAN = "human"
"""The end of the key `b:<seq>:human`: not a button of the bot but the one that asks for a person."""

REASON = "The customer pressed “Talk to Human”."

FORM = "form"
"""The end of the key `b:<seq>:form`, under the message that live chat is closed: it opens the contact form."""

LEAVE_DETAILS = "/leave_details"
"""What the bot reads when that button is pressed where the form is the bot's: its intent of this name."""


def may_ask(context: Context, conversation: RowMapping, verdict: Verdict | None = None) -> bool:
    """Whether the button is offered in this conversation now: only when it can work. `verdict` spares whoever asks for
    many conversations to judge availability for each.
    """
    live_chat = context.settings.live_chat
    return (
        live_chat.show_button
        and conversation["holder_kind"] == "bot"
        and conversation["exchanged"] >= live_chat.message_threshold
        and (verdict or context.availability()).open
    )


def may_leave_details(context: Context, conversation: RowMapping, verdict: Verdict | None = None) -> bool:
    """Whether the contact form stands in the place of that button: live chat is closed for now; or for good, and what
    this customer has open waits with the bot, so that it was offered to them.
    """
    if conversation["holder_kind"] != "bot":
        return False
    verdict = verdict or context.availability()
    return verdict.takes_forms or (not verdict.open and conversation["handover_id"] is not None)
