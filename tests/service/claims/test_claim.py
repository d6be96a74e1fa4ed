"""Taking a conversation over: what it changes, what it says, and whom it refuses."""

from livechat_plugin.usecases.claim import claim
from livechat_plugin.usecases.context import Context
from tests.service.world import new_agent, pending, state


async def test_a_waiting_conversation_becomes_the_agents(context: Context) -> None:
    """A claim makes the agent the holder under the next epoch."""
    conversation, priya = await pending(context), await new_agent(context)
    before = await state(context, conversation)
    taken = await claim(context, priya, conversation)
    after = await state(context, conversation)
    assert (after["holder_kind"], after["holder_id"], after["epoch"]) == ("agent", priya["id"], before["epoch"] + 1)
    assert (taken.epoch, taken.last_seq) == (after["epoch"], after["last_seq"])
