"""What the folder `actions` gives to this one: the pure functions that draw the card and word a refusal.

The folders may be shipped under names of their own, all with the same beginning (`livechat_connectors` beside
`livechat_actions`); so the neighbour is named after this package.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actions.card import build_card
    from actions.wording import refusal
else:
    _neighbour = __package__.split(".")[0].replace("connectors", "actions")
    build_card = import_module(f"{_neighbour}.card").build_card
    refusal = import_module(f"{_neighbour}.wording").refusal

__all__ = ["build_card", "refusal"]
