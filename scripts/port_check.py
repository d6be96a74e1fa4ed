"""Is a port free, and if not, who has it?

Linux tells in /proc which process holds a listening socket: /proc/net/tcp gives the socket's inode, and some
process has a file descriptor that is that socket.
"""

import contextlib
import socket
from collections.abc import Iterable
from pathlib import Path

from .failures import Failure
from .parts import HOST, Part

LISTEN = "0A"


def is_free(port: int) -> bool:
    """Whether a server can bind it now (connections of an ended server that still linger don't count)."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def holder(port: int) -> str:
    """ "process 4711 (nginx)", or "another process" when the system doesn't tell."""
    inodes = _listening_inodes(port)
    for process in Path("/proc").glob("[0-9]*"):
        if inodes & _socket_inodes(process):
            return f"process {process.name} ({_name(process)})"
    return "another process"


def _listening_inodes(port: int) -> set[str]:
    found: set[str] = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            lines = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        rows = (line.split() for line in lines)
        found |= {
            f"socket:[{row[9]}]" for row in rows if row[3] == LISTEN and int(row[1].rpartition(":")[2], 16) == port
        }
    return found


def _socket_inodes(process: Path) -> set[str]:
    found: set[str] = set()
    with contextlib.suppress(OSError):  # not ours to look at, or gone
        for descriptor in (process / "fd").iterdir():
            with contextlib.suppress(OSError):
                found.add(str(descriptor.readlink()))
    return found


def _name(process: Path) -> str:
    try:
        words = (process / "cmdline").read_bytes().split(b"\0")
        return " ".join(word.decode(errors="replace") for word in words if word)[:80] or process.name
    except OSError:
        return "?"


def require_free(parts: Iterable[Part]) -> None:
    """Raises Failure naming every port in use, who has it, and the variable that chooses another."""
    taken = [
        f"Port {part.port}, wanted by the {part.name}, is in use by {holder(part.port)}. "
        f"Stop that, or choose another port: {part.port_variable}={part.port + 1} make demo"
        for part in parts
        if not is_free(part.port)
    ]
    if taken:
        raise Failure("\n".join(taken))
