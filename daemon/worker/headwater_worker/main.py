"""The worker's life: greet, evaluate steps one after the other, leave when the daemon says so or is gone."""
import _thread
import builtins
import faulthandler
import os
import platform
import signal
import sys
import time

from . import origins
from .channel import Channel
from .children import Children
from .debugger import Debugger, adapt_pdb
from .display import Displays
from .evaluator import Evaluator
from .figures import Figures
from .inspection import Inspection
from .interrupts import Interrupts
from .loading import Loading
from .loop import Loop
from .namespace import Namespace
from .offered import Offered
from .questions import Questions
from .source import Sources
from .streams import Streams
from .watch import Watch

DATA, LIFELINE, INTERRUPTS = 3, 4, 5
SECONDS_TO_LEAVE_MAX = 2


def main():
    for descriptor in (DATA, LIFELINE, INTERRUPTS):
        os.set_inheritable(descriptor, False)
        os.set_blocking(descriptor, True)
    loop = Loop()
    interrupts = Interrupts(INTERRUPTS, loop)
    channel = Channel(DATA, interrupts)
    start = _first_message(channel)
    if start is None:
        return
    streams = Streams(start["nonce"])
    faulthandler.enable(streams.error_descriptor, all_threads=False)
    evaluator = _evaluator(channel, interrupts, streams, start, loop)
    _thread.start_new_thread(_leave_with_daemon, ())
    channel.send({"type": "started", "version": platform.python_version(), "executable": sys.executable})
    _serve(channel, evaluator)


def _first_message(channel):
    """A spare may wait for it for long, and is asked before whether it would still start the same."""
    begun = origins.look()
    message = channel.read()
    while message is not None and message["type"] == "look":
        channel.send({"type": "looked", "isAsNew": origins.look() == begun})
        message = channel.read()
    return message


def _evaluator(channel, interrupts, streams, start, loop):
    displays = Displays(channel, streams, interrupts)
    figures = Figures(displays)
    debugger = Debugger()
    sources = Sources()
    namespace = Namespace(start["file"])
    _be_a_script(start)
    builtins.display = displays.display
    Questions(channel, displays, interrupts).install()
    figures.install()
    loading = Loading()
    loading.then("pdb", adapt_pdb)
    loading.then("inspect", Inspection(namespace, sources).adapt)
    loading.then("multiprocessing.spawn", Children(start["file"], namespace, sources).adapt)
    loading.install()
    Offered(displays).install()

    def become_child():
        for descriptor in (DATA, LIFELINE, INTERRUPTS):
            os.close(descriptor)
        interrupts.abandon()

    os.register_at_fork(after_in_child=become_child)
    return Evaluator(channel, interrupts, streams, namespace, displays, figures, loop, debugger, sources, Watch())


def _be_a_script(start):
    sys.argv = [start["file"], *start["arguments"]]
    if not getattr(sys.flags, "safe_path", False):
        sys.path.insert(0, os.path.dirname(start["file"]))


def _serve(channel, evaluator):
    while True:
        message = channel.read()
        if message is None or message["type"] == "stop":
            return
        # An answer that came after its question had been taken back is nobody's.
        if message["type"] == "evaluate":
            evaluator.evaluate(message)


def _leave_with_daemon():
    """Without a daemon nobody hears us: nothing of this process group may go on."""
    while os.read(LIFELINE, 1):
        pass
    time.sleep(SECONDS_TO_LEAVE_MAX)
    os.killpg(os.getpgrp(), signal.SIGKILL)
