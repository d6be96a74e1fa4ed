"""When "Talk to Human" is offered: on the website as a button, elsewhere under what the bot says.

The threshold counts the customer's messages and the bot's turns since the conversation began or was last resolved; the
greeting doesn't count. It hides only the button: asking by words works from the first message.
"""

from sqlalchemy import RowMapping

from .context import Context

HUMAN = "human"
"""The end of the key `b:<seq>:human`: not a button of the bot but the one that asks for a person."""

REASON = "The customer pressed “Talk to Human”."


def may_ask(context: Context, conversation: RowMapping) -> bool:
    """Whether the button is offered in this conversation now: only when it can work."""
    live_chat = context.settings.live_chat
    return (
        live_chat.show_button
        and conversation["holder_kind"] == "bot"
        and conversation["exchanged"] >= live_chat.message_threshold
        and context.availability().open
    )
