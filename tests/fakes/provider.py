"""What both fake providers share: faults by plan, and a server whose calls go through them.

A fault happens to one call of the provider's API. "before": nothing was accepted; "after": it was, and the caller
does not hear of it, so its repeat is a duplicate that nobody can avoid (`FaultPlan.ambiguous` counts these).
"""

import asyncio
import json
import random
import socket
import struct
import threading
import time
from abc import ABC, abstractmethod
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from aiohttp import web

from .customer import Customer
from .ledger import Button, Ledger, Sent
from .server import Pusher, Server

__all__ = ["Button", "Customer", "FakeProvider", "FaultPlan", "Ledger", "Sent", "Upload", "read_fields"]

if TYPE_CHECKING:
    from typing import Self

NONE = "none"
KINDS = ("429", "500", "401", "timeout_before", "timeout_after", "reset_before", "reset_after")
JSON_FIELDS = ("reply_markup", "allowed_updates")
LONGEST_SILENCE = 60.0
"""Seconds after which a call without an answer is dropped, if the caller has not gone away."""


class FaultPlan:
    """What goes wrong: calls named by `next` first, then by chance. `method` "*" means every method, `<account>/*` or
    `<account>/<method>` those of one account alone.
    """

    def __init__(self, seed: int = 0, more_kinds: Iterable[str] = ()) -> None:
        self.retry_after = 1
        self.ambiguous = 0
        self.injected: Counter[str] = Counter()
        self._kinds = {NONE, *KINDS, *more_kinds}
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._rates: dict[str, Mapping[str, float]] = {}
        self._next: dict[str, deque[str]] = defaultdict(deque)

    def rates(self, method: str, **kinds: float) -> None:
        """From now on each kind hits this share of the calls: `rates("sendMessage", **{"500": 0.1})`."""
        self._check(kinds)
        with self._lock:
            self._rates[method] = kinds

    def next(self, method: str, *kinds: str) -> None:
        """The next calls meet these faults, in order; "none" lets one through."""
        self._check(kinds)
        with self._lock:
            self._next[method].extend(kinds)

    def clear(self) -> None:
        """No more faults; the counters stay."""
        with self._lock:
            self._rates.clear()
            self._next.clear()

    def draw(self, method: str, account: str = "") -> str:
        """The fault for this call, or "none"."""
        names = (f"{account}/{method}", f"{account}/*", method, "*")
        with self._lock:
            kind = self._planned(names) or self._by_chance(names)
            if kind != NONE:
                self.injected[kind] += 1
            return kind

    def _planned(self, names: Iterable[str]) -> str | None:
        queue = next((self._next[name] for name in names if self._next[name]), None)
        return queue.popleft() if queue else None

    def _by_chance(self, names: Iterable[str]) -> str:
        left = self._random.random()
        for kind, share in next((self._rates[name] for name in names if self._rates.get(name)), {}).items():
            if (left := left - share) < 0:
                return kind
        return NONE

    def _check(self, kinds: Iterable[str]) -> None:
        if unknown := set(kinds) - self._kinds:
            raise ValueError(f"no fault {', '.join(sorted(unknown))}; there are {', '.join(sorted(self._kinds))}")


class FakeProvider(ABC):
    """A provider's API on a server of its own, or with others on one, under `prefix`."""

    def __init__(self, server: Server | None, prefix: str, faults: FaultPlan, seed: int) -> None:
        self.server = server or Server()
        self.faults = faults
        self.ledger = Ledger()
        self.pusher = Pusher(self.server, seed)
        self._prefix = prefix
        self._owns_server = server is None

    @property
    def url(self) -> str:
        """What the connector is given as the provider's base URL."""
        return f"{self.server.url}{self._prefix}"

    def __enter__(self) -> "Self":
        if self._owns_server:
            self.server.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._owns_server:
            self.server.stop()

    @abstractmethod
    def refusal(self, kind: str) -> web.Response:
        """The provider's answer for a fault that is an answer."""

    async def through_faults(
        self, request: web.Request, method: str, work: Callable[[], Awaitable[web.StreamResponse]], account: str = ""
    ) -> web.StreamResponse:
        """Do the call, unless the plan says otherwise."""
        kind = self.faults.draw(method, account)
        what, _, when = kind.partition("_")
        if kind != NONE and not when:
            return self.refusal(kind)
        response = web.Response() if when == "before" else await work()
        if kind == NONE or response.status >= 400:  # a refused call accepted nothing, so there is nothing to hide
            return response
        self.faults.ambiguous += when == "after"
        await (_reset(request) if what == "reset" else _stay_silent(request))
        return response


async def _stay_silent(request: web.Request) -> None:
    deadline = time.monotonic() + LONGEST_SILENCE
    while request.transport is not None and not request.transport.is_closing() and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    await _reset(request)


async def _reset(request: web.Request) -> None:
    """Close with RST, without a word."""
    if request.transport is None:
        return
    raw = request.transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.transport.abort()


class Upload(NamedTuple):
    """A file in a form."""

    name: str
    mime: str
    content: bytes


async def read_fields(request: web.Request) -> dict[str, Any]:
    """The fields of a call: of JSON, or of a form, where JSON within a field is read, too."""
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read())
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}
    form = await request.post()
    return {name: _field(name, value) for name, value in form.items()}


def _field(name: str, value: object) -> Any:
    if isinstance(value, web.FileField):
        with value.file:
            return Upload(value.filename, value.content_type, value.file.read())
    if name not in JSON_FIELDS:
        return str(value)
    try:
        return json.loads(str(value))
    except ValueError:
        return str(value)  # whose mistake that is, the provider says
