"""ipykernel's side, through jupyter_client. It knows no graph: whoever wants the chain anew runs all of its cells, here one behind the other."""

import json
import subprocess
import sys
import time

from jupyter_client.manager import KernelManager

WAIT_SECONDS_MAX = 120


class Peer:
    manager = None

    def open(self, codes):
        self.begin()
        self.codes = list(codes)
        self.execute(self.codes)
        return {}

    def begin(self):
        self.end()
        self.manager = KernelManager(kernel_name="python3")
        # It warns of TCP without encryption at each start.
        self.manager.start_kernel(stderr=subprocess.DEVNULL)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=WAIT_SECONDS_MAX)

    def execute(self, codes):
        """Sends all, and waits until each is idle and answered. What was shown, by place; and the first time one was busy."""
        places = {self.client.execute(code, store_history=False): at for at, code in enumerate(codes)}
        left, shown, busy = set(places), {}, None
        while left:
            message = self.client.iopub_channel.get_msg(timeout=WAIT_SECONDS_MAX)
            parent, kind, content = message["parent_header"].get("msg_id"), message["msg_type"], message["content"]
            if parent not in places:
                continue
            result, lines = shown.get(places[parent], (None, 0))
            if kind == "execute_result":
                shown[places[parent]] = (content["data"]["text/plain"], lines)
            elif kind == "stream":
                shown[places[parent]] = (result, lines + content["text"].count("\n"))
            elif kind == "status" and content["execution_state"] == "busy":
                busy = busy or time.perf_counter()
            elif kind == "status" and content["execution_state"] == "idle":
                left.discard(parent)
        for _ in codes:
            reply = self.client.shell_channel.get_msg(timeout=WAIT_SECONDS_MAX)
            if reply["content"]["status"] != "ok":
                raise RuntimeError(f"A cell failed: {reply['content']}")
        return shown, busy

    def run(self, cell, code, shows):
        self.codes[cell] = code
        codes = self.codes[cell:]
        start = time.perf_counter()
        shown, busy = self.execute(codes)
        ms = (time.perf_counter() - start) * 1000
        result, lines = shown.get(shows - cell, (None, 0))
        return {"ms": ms, "firstMs": (busy - start) * 1000, "result": result, "lines": lines}

    def start(self, codes):
        self.end()
        return self.timed(codes, self.begin)

    def restart(self):
        def again():
            self.manager.restart_kernel(now=True)
            self.client.wait_for_ready(timeout=WAIT_SECONDS_MAX)

        return self.timed(self.codes[:1], again)

    def timed(self, codes, before):
        start = time.perf_counter()
        before()
        shown, _ = self.execute(codes)
        ms = (time.perf_counter() - start) * 1000
        self.codes = list(codes)
        return {"ms": ms, "result": shown[0][0], "lines": shown[0][1]}

    def processes(self):
        return {"roots": [self.manager.provisioner.process.pid]}

    def end(self):
        if self.manager:
            self.client.stop_channels()
            self.manager.shutdown_kernel(now=True)
            self.manager = None


peer = Peer()
try:
    for line in sys.stdin:
        request = json.loads(line)
        answer = getattr(peer, request.pop("op"))(**request)
        print(json.dumps(answer), flush=True)
finally:
    peer.end()
