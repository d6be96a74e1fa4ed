"""The harness does what the fault tests rely on."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import redis
import requests

from tests.harness.child import Child, ChildDied, is_alive
from tests.harness.clock import ShiftedClock
from tests.harness.guard import LeftLoopback, guard
from tests.harness.postgres import PostgresCluster
from tests.harness.proxy import FaultProxy
from tests.harness.redis_server import RedisServer
from tests.harness.waiting import PATIENCE, can_connect, free_port, wait_until

MakeProxy = Callable[[int], FaultProxy]


class Hello(BaseHTTPRequestHandler):
    """Answers 200 with a kilobyte."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = b"x" * 1024
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def hello() -> Iterator[int]:
    """The port of a small HTTP server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hello)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def get(url: str) -> int:
    return requests.get(url, timeout=PATIENCE, headers={"Connection": "close"}).status_code


class TestProxy:
    def test_passes_bytes_and_counts_connections(self, hello: int, make_proxy: MakeProxy) -> None:
        """Without faults the proxy is not noticed."""
        proxy = make_proxy(hello)
        assert get(proxy.url) == 200
        assert proxy.accepted == 1

    def test_cut_refuses_until_healed(self, hello: int, make_proxy: MakeProxy) -> None:
        """A cut network resets new connections, and heal() brings it back."""
        proxy = make_proxy(hello)
        proxy.cut()
        with pytest.raises(requests.ConnectionError):
            get(proxy.url)
        proxy.heal()
        assert get(proxy.url) == 200

    def test_reset_after_some_bytes(self, hello: int, make_proxy: MakeProxy) -> None:
        """A connection breaks in the middle of an answer."""
        proxy = make_proxy(hello)
        proxy.reset_after(700)
        with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
            get(proxy.url)

    def test_delay_holds_each_direction(self, hello: int, make_proxy: MakeProxy) -> None:
        """The request and the answer each wait."""
        proxy = make_proxy(hello)
        proxy.delay(0.15)
        before = time.monotonic()
        assert get(proxy.url) == 200
        assert time.monotonic() - before >= 0.3

    def test_swallow_leaves_the_client_waiting(self, hello: int, make_proxy: MakeProxy) -> None:
        """Half-open: connected, and no answer ever comes."""
        proxy = make_proxy(hello)
        proxy.swallow("down")
        with pytest.raises(requests.ReadTimeout):
            requests.get(proxy.url, timeout=(3, 0.4))

    def test_swallowed_line_does_not_end_when_the_server_hangs_up(self, hello: int, make_proxy: MakeProxy) -> None:
        """The server's goodbye vanishes as its bytes do: a client that waits goes on waiting."""
        proxy = make_proxy(hello)
        proxy.swallow("down")
        with socket.create_connection(("127.0.0.1", proxy.port), timeout=0.4) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            with pytest.raises(TimeoutError):
                client.recv(1)

    def test_refuses_websocket_upgrades_only(self, hello: int, make_proxy: MakeProxy) -> None:
        """A WebSocket gets 403; plain HTTP goes on."""
        proxy = make_proxy(hello)
        proxy.refuse_upgrades()
        upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
        assert requests.get(proxy.url, headers=upgrade, timeout=PATIENCE).status_code == 403
        assert get(proxy.url) == 200
        assert proxy.upgrades_refused == 1

    def test_drop_connections_breaks_an_open_one(self, hello: int, make_proxy: MakeProxy) -> None:
        """An idle connection is reset, and a new one works."""
        proxy = make_proxy(hello)
        with socket.create_connection(("127.0.0.1", proxy.port), timeout=PATIENCE) as client:
            wait_until(lambda: proxy.open_connections == 1, PATIENCE, "the proxy to accept")
            proxy.drop_connections()
            with pytest.raises(ConnectionResetError):
                client.recv(1)
        assert get(proxy.url) == 200


class TestGuard:
    def test_refuses_to_leave_the_machine(self) -> None:
        """A connect to another address raises before a packet leaves, and is remembered."""
        with socket.socket() as client, pytest.raises(LeftLoopback):
            client.connect(("192.0.2.1", 80))
        assert guard.refused == ["socket.connect 192.0.2.1"]
        guard.reset()

    def test_refuses_to_look_up_names(self) -> None:
        """Not even a name is looked up."""
        with pytest.raises(LeftLoopback):
            socket.getaddrinfo("example.com", 443)
        guard.reset()

    def test_lets_loopback_through(self, hello: int) -> None:
        """127.0.0.1 and localhost work."""
        assert get(f"http://localhost:{hello}/") == 200
        assert guard.refused == []


class TestChild:
    def test_names_a_process_that_ends_while_starting(self, tmp_path: Path) -> None:
        """The error carries the exit code and the end of the log."""
        child = Child(
            "part", [sys.executable, "-c", "print('no such table'); raise SystemExit(3)"], log=tmp_path / "log"
        )
        with pytest.raises(ChildDied, match=r"part ended with 3(?s:.*)no such table"):
            child.start().await_ready(lambda: False, 10)

    def test_stop_kills_what_ignores_a_request_to_end(self, tmp_path: Path) -> None:
        """A process that ignores SIGTERM, and the one it started, are gone after the time allowed."""
        code = (
            "import signal, subprocess, time; signal.signal(15, signal.SIG_IGN); "
            "print(subprocess.Popen(['sleep', '600']).pid, flush=True); time.sleep(600)"
        )
        child = Child("deaf", [sys.executable, "-c", code], log=tmp_path / "log")
        child.start().await_ready(child.tail, 10)
        started = int(child.tail())
        child.stop(0.3)
        assert not child.running
        wait_until(lambda: not is_alive(started), PATIENCE, "the grandchild to end")

    def test_ends_when_the_test_run_is_killed(self, tmp_path: Path) -> None:
        """A child doesn't outlive a parent that got `kill -9`."""
        code = (
            "import sys, time; from pathlib import Path; from tests.harness.child import Child\n"
            f"child = Child('c', ['sleep', '600'], log=Path({str(tmp_path / 'log')!r})).start()\n"
            "print(child.pid, flush=True); time.sleep(600)"
        )
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
            assert parent.stdout is not None
            pid = int(parent.stdout.readline())
            time.sleep(0.3)  # the child has yet to ask the kernel
            parent.send_signal(signal.SIGKILL)
        wait_until(lambda: not is_alive(pid), PATIENCE, "the child to end")


class TestServers:
    def test_redis_comes_back_empty_after_a_kill(self, redis_server: RedisServer) -> None:
        """Killed means killed: refused at first, and nothing is remembered."""
        with redis_server.client as client:
            client.set("key", "value")
        redis_server.kill()
        with redis_server.client as client, pytest.raises(redis.ConnectionError):
            client.ping()
        redis_server.start()
        with redis_server.client as client:
            assert client.get("key") is None

    def test_redis_replica_is_promoted(self, redis_server: RedisServer) -> None:
        """A replica has the primary's data, and takes writes once promoted."""
        with redis_server.client as client:
            client.set("key", "value")
        with RedisServer() as replica:
            replica.follow(redis_server)
            replica.promote()
            with replica.client as client:
                assert client.get("key") == "value"
                assert client.set("key", "newer")

    def test_postgres_keeps_its_data_through_a_crash(self, postgres_server: PostgresCluster) -> None:
        """After `immediate` recovery brings back what was committed."""
        database = postgres_server.create_database().rsplit("/", 1)[1]
        postgres_server.execute("CREATE TABLE t (n int)", database)
        postgres_server.execute("INSERT INTO t VALUES (7)", database)
        postgres_server.restart(immediate=True)
        assert postgres_server.execute("SELECT n FROM t", database) == [["7"]]

    def test_postgres_listens_on_loopback_alone(self, postgres_server: PostgresCluster) -> None:
        """Nobody else can reach it."""
        assert postgres_server.execute("SHOW listen_addresses") == [["127.0.0.1"]]

    def test_clock_shifts_a_running_process(self, shifted_clock: ShiftedClock, tmp_path: Path) -> None:
        """The wall clock jumps an hour on; the monotonic one doesn't."""
        code = "import time\nwhile True: print(time.time(), time.monotonic(), flush=True); time.sleep(0.1)"
        env = {**os.environ, **shifted_clock.env()}
        with Child("clock", [sys.executable, "-c", code], log=tmp_path / "log", env=env) as child:
            wait_until(lambda: child.tail(1), PATIENCE, "a first line")
            shifted_clock.shift(minutes=61)
            wait_until(lambda: offsets(child.tail(1))[0] > 3600, PATIENCE, "the clock to jump")
            wall, monotonic = offsets(child.tail(1))
            shifted_clock.reset()
            wait_until(lambda: offsets(child.tail(1))[0] < 60, PATIENCE, "the clock to jump back")
        assert wall == pytest.approx(3660, abs=PATIENCE)
        assert monotonic == pytest.approx(0, abs=PATIENCE)


def offsets(line: str) -> tuple[float, float]:
    """How far a line "wall monotonic" is ahead of this process's clocks."""
    wall, monotonic = (float(word) for word in line.split())
    return wall - time.time(), monotonic - time.monotonic()


def test_wait_until_names_what_it_waited_for() -> None:
    """A wait that ends in vain says so."""
    with pytest.raises(TimeoutError, match=r"waited 0\.1 s in vain for rain"):
        wait_until(lambda: False, 0.1, "rain")


def test_a_free_port_is_free() -> None:
    """Nobody listens there."""
    assert not can_connect(free_port())


def test_a_free_port_stays_free_until_its_server_starts() -> None:
    """It is given out once, and to no outgoing connection: one had taken the port while Rasa loaded its model."""
    first_of_the_kernel = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    ports = [free_port() for _ in range(50)]
    assert len(set(ports)) == 50
    assert max(ports) < first_of_the_kernel
