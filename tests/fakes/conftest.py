"""A provider with one account and one customer, and somewhere to post webhooks; by turns of both kinds."""

from collections.abc import Iterator
from typing import Any

import pytest

from .played import PlayedTelegram, PlayedWhatsApp
from .receiver import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def telegram(receiver: Receiver) -> Iterator[PlayedTelegram]:
    with PlayedTelegram.of(receiver) as played:
        yield played


@pytest.fixture
def whatsapp(receiver: Receiver) -> Iterator[PlayedWhatsApp]:
    with PlayedWhatsApp.of(receiver) as played:
        yield played


@pytest.fixture(params=["telegram", "whatsapp"])
def played(request: pytest.FixtureRequest) -> Any:
    """Either provider."""
    return request.getfixturevalue(request.param)
