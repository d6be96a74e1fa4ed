"""No test speaks to anything but this machine.

An audit hook sees every connect, send and name look-up of the test process (but those inside uvloop). One that
leaves loopback is refused with `LeftLoopback`, and remembered: code that swallows the error still fails its test.
"""

import ipaddress
import sys
from typing import Any

LOCAL_NAMES = {"localhost", "ip6-localhost", "", None}


class LeftLoopback(ConnectionRefusedError):
    """The code under test tried to reach another machine."""


class Guard:
    """Installed once per process; `refused` lists what was tried since the last `reset`."""

    def __init__(self) -> None:
        self.refused: list[str] = []
        self.active = False

    def install(self) -> None:
        sys.addaudithook(self._hook)
        self.active = True

    def reset(self) -> None:
        self.refused.clear()

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.active or not event.startswith("socket."):
            return
        host = reached_host(event, arguments)
        if not is_local(host):
            self.refused.append(f"{event} {host}")
            raise LeftLoopback(f"a test may only reach 127.0.0.1, not {host} ({event})")


def reached_host(event: str, arguments: tuple[Any, ...]) -> str | None:
    """The host that a socket audit event is about; None when it is about none."""
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = arguments[1] if len(arguments) > 1 else None
        return address[0] if isinstance(address, tuple) else None
    if event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = arguments[0]
        return host.decode() if isinstance(host, bytes) else host
    return None


def is_local(host: str | None) -> bool:
    if host in LOCAL_NAMES:
        return True
    try:
        address = ipaddress.ip_address(str(host).split("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


guard = Guard()
