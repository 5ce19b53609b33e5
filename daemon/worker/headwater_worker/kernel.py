"""The parts of a kernel and how they hang together."""
import builtins
import contextlib
import faulthandler
import gc
import os
import signal
import sys
import time

from .ambient import Ambient
from .attribution import Attribution, adapt_pool
from .bars import Bars
from .channel import Channel
from .charts import Charts
from .children import Children
from .data_files import DataFiles
from .debugger import Debugger, adapt_pdb
from .descriptors import ALL, LIFELINE, Identity, Spared
from .display import Displays
from .evaluated import Evaluated
from .evaluator import Code, Evaluator, Process, Shown, Values
from .figures import Figures
from .forking import warn_of_others_only
from .inspection import Inspection
from .lane import Lane
from .loading import Loading
from .marimo_context import MarimoContext
from .modules import LocalModules
from .namespace import Namespace
from .offered import Offered
from .owner import Owner
from .project import Project
from .questions import Questions
from .record import Record
from .source import Sources
from .streams import Streams
from .watch import Watch

SECONDS_TO_LEAVE_MAX = 2


class Kernel:
    """Put together before anything of the program's is loaded, maybe in a process that kernels are forked from."""

    def __init__(self, channel, interrupts, loop, notebook):
        self._channel = channel
        self._interrupts = interrupts
        self._identities = ()
        self._spared = None
        self._owner = Owner()
        self._attribution = Attribution()
        self._streams = Streams(self._attribution, notebook["isScript"])
        self.namespace = Namespace(notebook["file"], notebook["isScript"])
        self._record = Record(self.namespace)
        live = Channel(LIFELINE, interrupts)
        self._lane = Lane(live, {"variables": _answering(live, self._record.recall)})
        project = Project(notebook["file"])
        self.modules = LocalModules(project)
        self._files = DataFiles(notebook["file"], project, self._attribution.is_other_step, self.modules.is_file)
        self.evaluator = self._evaluator(loop, notebook)

    def _evaluator(self, loop, notebook):
        channel = self._channel
        displays = Displays(channel, self._streams, self._interrupts, self._owner)
        loading = Loading()
        ambient = Ambient(loading, self._attribution)
        figures = Figures(displays, ambient.figures)
        debugger = Debugger()
        sources = Sources()
        _be_a_script(notebook)
        builtins.display = displays.display
        if not notebook.get("hasInput"):
            Questions(channel, displays, self._interrupts, self._owner).install()
        figures.install(loading)
        loading.then("pdb", adapt_pdb)
        loading.then("inspect", Inspection(self.namespace, sources).adapt)
        loading.then("multiprocessing.spawn", Children(notebook["file"], self.namespace, sources).adapt)
        bars = Bars(displays, self._attribution, self._owner)
        loading.then("tqdm.std", bars.adapt)
        loading.then("tqdm.notebook", bars.adapt_notebook)
        loading.then("concurrent.futures.thread", adapt_pool)
        Charts(displays, notebook["isScript"]).adapt(loading)
        if not notebook["isScript"]:
            self._files.install(loading)
        loading.install()
        Offered(displays).install()
        self.modules.install()
        process = Process(channel, self._interrupts, self._streams, self._owner)
        marimo = MarimoContext(notebook["file"], self.namespace, sources, tells_states=not notebook["isScript"])
        marimo.adapt(loading)
        code = Code(sources, self.modules, self._files, loop, debugger, marimo)
        values = Values(self.namespace, Watch(sources.claims_in), Evaluated(self.namespace), self._record, ambient)
        return Evaluator(process, code, values, Shown(displays, figures, bars))

    def table(self, tickets):
        """What a kernel does with each message: with questions, while no step runs. Those that come while one does have a lane of their own."""
        return {
            "evaluate": lambda message: self._evaluate(message, tickets),
            "variables": _answering(self._channel, self._record.look),
        }

    def _evaluate(self, message, tickets):
        if self.evaluator.may_follow(message["after"]) and tickets.redeem(message["ticket"]):
            self.evaluator.evaluate(message, lambda: self._follower(tickets))

    def _follower(self, tickets):
        """A step that was sent ahead of the end of the last one, and begins now; None when there is none."""
        message = self._channel.next_if(
            lambda message: message["type"] == "evaluate" and self.evaluator.may_follow(message["after"])
        )
        return message if message is not None and tickets.redeem(message["ticket"]) else None

    def start(self, nonce):
        """From here on this process is the kernel, and has threads."""
        self._owner.claim()
        self._identities = tuple(map(Identity, ALL))
        self._spared = Spared()
        self._streams.start(nonce)
        faulthandler.enable(self._streams.error_descriptor, all_threads=False)
        warn_of_others_only(self._attribution.has_other_threads)
        os.register_at_fork(before=self._lane.pause, after_in_parent=self._lane.resume, after_in_child=self._become_child)
        self._attribution.start_own_thread(self._serve_until_daemon_leaves)
        # What is there before the program's first step stays to the end, and is looked through no more. The program itself is not of it.
        gc.freeze()
        self.namespace.open()

    def flush(self):
        self._streams.flush()

    def _serve_until_daemon_leaves(self):
        """Without a daemon nobody hears us: nothing of this process group may go on."""
        with contextlib.suppress(ConnectionError):
            self._lane.serve()
        time.sleep(SECONDS_TO_LEAVE_MAX)
        os.killpg(os.getpgrp(), signal.SIGKILL)

    def _become_child(self):
        """Its own children are the program's alone: what they find here is theirs."""
        for identity in self._identities:
            identity.close()
        if self._identities:
            self._interrupts.abandon()
            self._spared.end()
        self._identities = ()
        self._lane.abandon()


def _be_a_script(notebook):
    sys.argv = [notebook["file"], *notebook["arguments"]]
    if not getattr(sys.flags, "safe_path", False):
        sys.path.insert(0, os.path.dirname(notebook["file"]))


def _answering(channel, answer):
    return lambda message: channel.send({"type": "answered", "question": message["question"], "answer": answer(message)})
