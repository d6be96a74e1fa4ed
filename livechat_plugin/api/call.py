"""A request as a handler gets it: who may be calling, and one call of somebody who is known."""

from dataclasses import dataclass, field
from typing import Any, Literal

from sanic import Request
from sqlalchemy import RowMapping

from ..services import Services

Who = Literal["anyone", "newcomer", "agent", "visitor", "bridge"]
"""A newcomer is somebody at the dashboard who has yet to sign in: nobody, but on our own page."""


@dataclass(kw_only=True)
class Call:
    """One request of somebody who is known: `agent` for `agent` routes, `conversation` for `visitor` ones."""

    request: Request
    services: Services
    params: dict[str, str]
    body: Any = None
    query: Any = None
    agent: RowMapping = field(default=None)  # type: ignore[assignment]
    conversation: RowMapping = field(default=None)  # type: ignore[assignment]
