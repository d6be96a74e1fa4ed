"""Stand-ins for the demo's parts: real little processes."""

import sys
from pathlib import Path

from scripts.parts import Part
from tests.harness.waiting import free_port

SERVER = """
import http.server, os, signal, subprocess, sys, threading, time
port, ends_after, deaf, daemon = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3] == "deaf", sys.argv[4]
if deaf:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if daemon:
    subprocess.Popen(["sleep", "300"], start_new_session=True, stdout=open(daemon, "w"))
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
print("serving", flush=True)
server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Ready)
threading.Thread(target=server.serve_forever, daemon=True).start()
time.sleep(ends_after)
print("out of memory", flush=True)
os._exit(3)
"""


def stand_in(
    folder: Path, name: str, *, ends_after: float = 120, deaf: bool = False, daemon: bool = False, port: int = 0
) -> Part:
    """A part that answers 200, and may crash, ignore SIGTERM, or leave a daemon in a session of its own."""
    port = port or free_port()
    leaves = str(folder / f"{name}.daemon") if daemon else ""
    return Part(
        name=name,
        port=port,
        port_variable=f"LIVECHAT_{name.upper()}_PORT",
        command=[sys.executable, "-c", SERVER, str(port), str(ends_after), "deaf" if deaf else "", leaves],
        env={},
        ready_url=f"http://127.0.0.1:{port}/",
        ready_seconds=60,
        log=folder / f"{name}.log",
    )
