"""marimo's side: its server, over HTTP and the websocket. Answers one request a line on standard input."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid

from websockets.sync.client import connect

WAIT_SECONDS_MAX = 120
FOLDER = tempfile.mkdtemp(prefix="headwater-bench-")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`marimo edit` of one notebook."""

    def __init__(self, text):
        self.path = os.path.join(FOLDER, f"notebook_{uuid.uuid4().hex[:8]}.py")
        with open(self.path, "w") as file:
            file.write(text)
        self.port = free_port()
        self.session = f"s_{uuid.uuid4().hex[:6]}"
        arguments = ["--headless", "--no-token", "--no-skew-protection", "--skip-update-check", "-p", str(self.port)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "marimo", "edit", self.path, *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "XDG_CONFIG_HOME": FOLDER},
            start_new_session=True,
        )
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.5).close()
                break
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("marimo's server did not start.") from None
                time.sleep(0.01)
        self.http = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_SECONDS_MAX)
        self.http.connect()
        self.http.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def enter(self):
        """Connects and runs all cells."""
        address = f"ws://127.0.0.1:{self.port}/ws?session_id={self.session}"
        self.entered = contextlib.ExitStack()
        self.socket = self.entered.enter_context(connect(address, max_size=None, compression=None, ping_interval=None))
        ready = json.loads(self.until("kernel-ready")[-1][1])["data"]
        self.ids = ready["cell_ids"]
        self.send("/api/kernel/instantiate", {"objectIds": [], "values": [], "autoRun": True})
        frames = self.until("completed-run")
        self.receive()
        return frames

    def until(self, op):
        """All frames up to the first with this name, each with the time of its arrival."""
        frames = []
        head = f'"op":"{op}"'
        while True:
            frame = self.socket.recv(timeout=WAIT_SECONDS_MAX)
            frames.append((time.perf_counter(), frame))
            if head in frame[:60]:
                return frames

    def send(self, path, body):
        headers = {"Content-Type": "application/json", "Marimo-Session-Id": self.session}
        self.http.request("POST", path, json.dumps(body), headers)

    def receive(self):
        response = self.http.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"marimo answered {response.status}: {body[:300]}")

    def run(self, cell, code):
        self.send("/api/kernel/run", {"cellIds": [self.ids[cell]], "codes": [code]})
        frames = self.until("completed-run")
        self.receive()
        return frames

    def restart(self):
        self.send("/api/kernel/restart_session", {})
        self.receive()
        self.entered.close()
        return self.enter()

    def close(self):
        self.entered.close()
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def operations(frames, cell_id):
    for at, frame in frames:
        if '"op":"cell-op"' in frame[:60] and cell_id in frame:
            data = json.loads(frame)["data"]
            if data["cell_id"] == cell_id:
                yield at, data


def shown(frames, cell_id):
    """The value that the cell shows, and how many lines it printed."""
    result, lines = None, 0
    for _, data in operations(frames, cell_id):
        output = data.get("output")
        if output and output.get("channel") == "output" and output.get("data"):
            result = re.sub(r"<[^>]*>", "", str(output["data"])).strip()
        console = data.get("console") or []
        for part in console if isinstance(console, list) else [console]:
            lines += str(part.get("data", "")).count("\n")
    return {"result": result, "lines": lines}


def notebook_text(codes):
    cells = "".join(f"@app.cell\ndef _():\n{re.sub('^', '    ', code, flags=re.M)}\n    return\n\n\n" for code in codes)
    return f"import marimo\n\napp = marimo.App()\n\n\n{cells}"


class Peer:
    server = None

    def open(self, codes):
        self.end()
        self.server = Server(notebook_text(codes))
        self.server.enter()
        return {}

    def run(self, cell, code, shows):
        start = time.perf_counter()
        frames = self.server.run(cell, code)
        ms = (time.perf_counter() - start) * 1000
        running = [at for at, data in operations(frames, self.server.ids[cell]) if data.get("status") == "running"]
        return {"ms": ms, "firstMs": (running[0] - start) * 1000, **shown(frames, self.server.ids[shows])}

    def start(self, codes):
        self.end()
        self.server = Server(notebook_text(codes))
        return self.timed(self.server.enter)

    def restart(self):
        return self.timed(self.server.restart)

    def timed(self, work):
        start = time.perf_counter()
        frames = work()
        ms = (time.perf_counter() - start) * 1000
        return {"ms": ms, **shown(frames, self.server.ids[0])}

    def processes(self):
        return {"roots": [self.server.process.pid]}

    def end(self):
        if self.server:
            self.server.close()


peer = Peer()
try:
    for line in sys.stdin:
        request = json.loads(line)
        answer = getattr(peer, request.pop("op"))(**request)
        print(json.dumps(answer), flush=True)
finally:
    peer.end()
