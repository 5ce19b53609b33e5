"""The worker's life: greet, evaluate steps one after the other, leave when the daemon says so or is gone."""
import builtins
import faulthandler
import os
import platform
import signal
import sys
import time

from . import origins
from .attribution import Attribution, adapt_pool
from .bars import Bars
from .channel import Channel
from .charts import Charts
from .children import Children
from .debugger import Debugger, adapt_pdb
from .display import Displays
from .evaluator import Evaluator
from .figures import Figures
from .inspection import Inspection
from .forking import warn_of_others_only
from .interrupts import Interrupts
from .loading import Loading
from .loop import Loop
from .modules import LocalModules
from .namespace import Namespace
from .offered import Offered
from .questions import Questions
from .source import Sources
from .streams import Streams
from .tickets import Tickets
from .watch import Watch

DATA, LIFELINE, INTERRUPTS, TICKETS = 3, 4, 5, 6
SECONDS_TO_LEAVE_MAX = 2


def main():
    for descriptor in (DATA, LIFELINE, INTERRUPTS, TICKETS):
        os.set_inheritable(descriptor, False)
    for descriptor in (DATA, LIFELINE):
        os.set_blocking(descriptor, True)
    loop = Loop()
    interrupts = Interrupts(INTERRUPTS, loop)
    channel = Channel(DATA, interrupts)
    start = _first_message(channel)
    if start is None:
        return
    attribution = Attribution()
    streams = Streams(start["nonce"], attribution)
    faulthandler.enable(streams.error_descriptor, all_threads=False)
    evaluator = _evaluator(channel, interrupts, streams, attribution, start, loop)
    attribution.start_own_thread(_leave_with_daemon)
    channel.send({"type": "started", "version": platform.python_version(), "executable": sys.executable})
    _serve(channel, evaluator, Tickets(TICKETS))


def _first_message(channel):
    """A spare may wait for it for long, and is asked before whether it would still start the same."""
    begun = origins.look()
    message = channel.read()
    while message is not None and message["type"] == "look":
        channel.send({"type": "looked", "isAsNew": origins.look() == begun})
        message = channel.read()
    return message


def _evaluator(channel, interrupts, streams, attribution, start, loop):
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
    bars = Bars(displays, attribution)
    loading.then("tqdm.std", bars.adapt)
    loading.then("tqdm.notebook", bars.adapt_notebook)
    loading.then("concurrent.futures.thread", adapt_pool)
    Charts(displays, start["isScript"]).adapt(loading)
    loading.install()
    Offered(displays).install()
    warn_of_others_only(attribution.has_other_threads)
    modules = LocalModules(start["file"])
    modules.install()

    def become_child():
        for descriptor in (DATA, LIFELINE, INTERRUPTS, TICKETS):
            os.close(descriptor)
        interrupts.abandon()

    os.register_at_fork(after_in_child=become_child)
    return Evaluator(channel, interrupts, streams, namespace, displays, figures, loop, debugger, sources, modules, bars, Watch())


def _be_a_script(start):
    sys.argv = [start["file"], *start["arguments"]]
    if not getattr(sys.flags, "safe_path", False):
        sys.path.insert(0, os.path.dirname(start["file"]))


def _serve(channel, evaluator, tickets):
    while True:
        message = channel.read()
        if message is None or message["type"] == "stop":
            return
        # An answer that came after its question had been taken back is nobody's.
        if message["type"] == "evaluate" and evaluator.may_follow(message["after"]) and tickets.redeem(message["ticket"]):
            evaluator.evaluate(message, lambda: _follower(channel, evaluator, tickets))


def _follower(channel, evaluator, tickets):
    """A step that was sent ahead of the end of the last one, and begins now; None when there is none."""
    message = channel.next_if(lambda message: message["type"] == "evaluate" and evaluator.may_follow(message["after"]))
    return message if message is not None and tickets.redeem(message["ticket"]) else None


def _leave_with_daemon():
    """Without a daemon nobody hears us: nothing of this process group may go on."""
    while os.read(LIFELINE, 1):
        pass
    time.sleep(SECONDS_TO_LEAVE_MAX)
    os.killpg(os.getpgrp(), signal.SIGKILL)
