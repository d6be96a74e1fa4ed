"""Two accounts of one channel side by side: each conversation goes through its own, and none waits for the other."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.harness.client import body
from tests.harness.waiting import PATIENCE, wait_until

from .outside import OnPhone
from .pictures import both_send_a_picture
from .talking import HANDOVER
from .two_accounts import TwoAccounts, two_accounts

pytestmark = [pytest.mark.rasa, pytest.mark.promise("channels", "8")]

WAITING = 36
"""Conversations that wait on one account: more than twice what is sent at once."""

PAUSE = 12
"""Seconds for which the provider wants quiet."""


@pytest.fixture(scope="module")
def shops(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoAccounts]:
    with two_accounts(tmp_path_factory.mktemp("accounts"), model) as made:
        yield made


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
def test_one_person_at_two_accounts(shops: TwoAccounts, channel: str, figure: Callable[[str], None]) -> None:
    """Two conversations: while a person answers in one, the bot does in the other; words and files keep apart."""
    agent, (one, other) = shops.agent, shops.person(channel, 1)
    one.asks("hello")
    other.asks("hello")
    conversations = [one.conversation(), other.conversation()]
    shown = [agent.conversation(conversation)["account"] for conversation in conversations]
    assert shown == [account.account for account in shops.accounts[channel]]

    one.says("I want to talk to a person")
    one.waits_for(HANDOVER)
    epoch = body(agent.claim(conversations[0]))["epoch"]
    body(agent.send(conversations[0], epoch, "Hello from the shop."))
    one.waits_for("Hello from the shop.")
    other.asks("when are you open")
    assert agent.conversation(conversations[1])["holder"]["kind"] == "bot"
    assert not {HANDOVER, "Hello from the shop."} & set(other.sees())

    other.says("I want to talk to a person")
    other.waits_for(HANDOVER)
    second = body(agent.claim(conversations[1]))["epoch"]
    body(agent.send(conversations[1], second, "Hello from the club."))
    other.waits_for("Hello from the club.")
    assert "Hello from the club." not in one.sees()
    both_send_a_picture(agent, one, conversations[0], epoch)
    both_send_a_picture(agent, other, conversations[1], second)
    body(agent.resolve(conversations[0], epoch, force=True))
    one.asks("thank you")
    assert agent.conversation(conversations[1])["holder"]["kind"] == "agent"
    figure(f"{channel}: one person, 2 accounts, 2 conversations, each with its own token and its own holder")


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
def test_a_pause_of_one_account_is_none_of_the_other(
    shops: TwoAccounts, channel: str, figure: Callable[[str], None]
) -> None:
    """The provider wants quiet from the one, where much waits; what is written on the other goes on as ever."""
    people = [shops.person(channel, number) for number in range(100, 100 + WAITING)]
    quiet = [claimed(shops, one) for one, _ in people]
    lively = [claimed(shops, other) for _, other in people[:3]]
    faults = shops.providers[channel].faults
    own = f"{shops.accounts[channel][0].account}/*"
    faults.retry_after = PAUSE
    faults.rates(own, **{"429": 1.0})
    try:
        for customer, conversation, epoch in quiet:
            body(shops.agent.send(conversation, epoch, f"to {customer.name}"))
        began = time.monotonic()
        for customer, conversation, epoch in lively:
            for number in range(3):
                body(shops.agent.send(conversation, epoch, f"{number} to {customer.name}"))
        for customer, *_ in lively:
            customer.waits_for(f"2 to {customer.name}")
            assert said(customer) == [f"{number} to {customer.name}" for number in range(3)]
        took = time.monotonic() - began
        assert faults.injected["429"]
        assert not any(said(customer) for customer, *_ in quiet)
    finally:
        faults.rates(own, **{"429": 0.0})
    assert took < PAUSE / 2, "the other account did not wait for the pause"
    wait_until(lambda: all(said(customer) for customer, *_ in quiet), PATIENCE, "what had waited")
    assert all(said(customer) == [f"to {customer.name}"] for customer, *_ in quiet)
    figure(f"{channel}: {WAITING} conversations paused for {PAUSE} s; 9 messages on the other account in {took:.1f} s")


def claimed(shops: TwoAccounts, customer: OnPhone) -> tuple[OnPhone, str, int]:
    """The agent steps in where the bot has answered."""
    customer.asks("hello")
    conversation = customer.conversation()
    return customer, conversation, int(body(shops.agent.claim(conversation))["epoch"])


def said(customer: OnPhone) -> list[str]:
    """What the agent wrote."""
    return [text for text in customer.sees() if text.endswith(f"to {customer.name}")]
