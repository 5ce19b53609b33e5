"""Runs one step: its names, its code, its result, and what became of it."""
import collections
import os
import time

from .channel import write_all
from .errors import Errors
from .footing import Footing
from .held import names_read
from .outcomes import Outcomes
from .privates import Privates
from .pure import leaves_alone

# What a step works with: the ways to the daemon; how code is compiled and run; the names and what is known of them; what it shows.
Process = collections.namedtuple("Process", "channel interrupts streams owner")
Code = collections.namedtuple("Code", "sources modules files loop debugger marimo")
Values = collections.namedtuple("Values", "namespace watch evaluated record ambient")
Shown = collections.namedtuple("Shown", "displays figures bars")

_CO_COROUTINE = 0x80
# For how long other names are searched that reach what a step has changed: the longer of this, and this part of the step's own time.
REACH_SECONDS_MIN = 0.001
REACH_SHARE = 0.1


class Evaluator:
    def __init__(self, process, code, values, shown):
        self._process = process
        self._code = code
        self._values = values
        self._shown = shown
        self._errors = Errors(code.sources, values.namespace.restore_text)
        self._outcomes = Outcomes(process.interrupts, self._errors, code.marimo.is_stop)
        self._footing = Footing()
        self._last = None

    def may_follow(self, step):
        """Whether one that was sent ahead of the end of this step may begin; one that was not, always may."""
        return step is None or (self._last is not None and self._last["step"] == step and self._last["isPlain"])

    def evaluate(self, evaluation, follower):
        """Runs the step, and those that begin as soon as it has ended: `follower` gives the next."""
        self._process.streams.begin(evaluation["step"])
        while evaluation is not None:
            evaluation = self._evaluate(evaluation, follower)

    def _evaluate(self, evaluation, follower):
        step = evaluation["step"]
        started = time.perf_counter()
        outcome = self._outcome(evaluation)
        # What the step's last objects print when they go still belongs to the step.
        kept = self._settle(evaluation, outcome, max(REACH_SECONDS_MIN, REACH_SHARE * (time.perf_counter() - started)))
        self._process.streams.flush()
        duration = (time.perf_counter() - started) * 1000
        if not self._process.owner.is_here():
            _leave_child(outcome)
        self._last = {"type": "finished", "step": step, "outcome": outcome, **kept, "durationMs": duration}
        following = follower()
        self._process.streams.end(step, following and following["step"])
        self._process.channel.send(self._last)
        # Nobody waits for this: the daemon has heard of the end.
        self._values.record.note(step, evaluation["forget"])
        return following

    def _outcome(self, evaluation):
        preparing = self._prepare(evaluation)
        if preparing is not None:
            return {"type": "raised", "error": self._errors.describe(preparing)}
        self._values.watch.begin(*self._values.namespace.watched_by(evaluation))
        self._values.evaluated.begin(evaluation.get("tellsReads", False))
        self._shown.figures.begin(evaluation["wantsResult"])
        self._code.debugger.begin()
        self._process.interrupts.begin(evaluation["step"])
        ended = self._process.interrupts.guard(lambda: self._run(evaluation))
        self._footing.stand()
        finishing = self._process.interrupts.guard(lambda: self._finish(ended))
        self._code.files.end()
        failure = ended if ended is not None else finishing
        outcome = self._outcomes.of(failure)
        self._process.interrupts.end()
        if failure is not None:
            # Frames and exception hold each other; what the step's functions held is to go now.
            BaseException.with_traceback(failure, None)
        return outcome

    def _prepare(self, evaluation):
        try:
            # One that was sent ahead follows at once.
            if evaluation["after"] is None:
                self._values.namespace.remember()
            self._values.ambient.prepare(evaluation)
            self._values.namespace.prepare(evaluation)
        except Exception as exception:
            return exception
        return None

    def _run(self, evaluation):
        # Each run's private names are its own: functions of earlier runs, which may come back, keep theirs.
        step = evaluation["step"]
        privates = Privates(evaluation["locals"], f"{evaluation['localPrefix']}{step}_")
        if evaluation["locals"]:
            self._values.namespace.add_privates(step, privates)
        body, result = self._code.sources.compile(evaluation, privates)
        self._code.modules.begin(evaluation)
        self._code.marimo.begin(evaluation)
        self._code.files.begin(evaluation)
        self._values.watch.follow((body, result))
        self._footing.give_back()
        value = self._execute([body] if result is None else [body, result])
        if result is not None and value is not None:
            self._shown.displays.show_value(value, is_result=True)

    def _execute(self, codes):
        """What the last of them gives. Where one awaits, all of the step runs on the loop."""
        if any(map(_awaits, codes)):
            return self._code.loop.run(self._execute_on_loop(codes))
        for code in codes:
            with self._code.debugger:
                value = eval(code, self._values.namespace.globals)
        return value

    async def _execute_on_loop(self, codes):
        for code in codes:
            with self._code.debugger:
                value = eval(code, self._values.namespace.globals)
                if _awaits(code):
                    value = await value
        return value

    def _finish(self, ended):
        if self._code.marimo.is_stop(ended) and ended.output is not None:
            self._shown.displays.show_value(ended.output, is_result=True)
        self._shown.figures.show_open()
        self._shown.bars.settle()
        self._process.streams.flush()

    def _settle(self, evaluation, outcome, seconds_to_search):
        """What the step made of its names, and what else it was seen to do."""
        writes, inputs, namespace = evaluation["writes"], self._inputs(), self._values.namespace
        changes, aside, unwatched = self._values.watch.end(namespace, seconds_to_search)
        evaluated = self._values.evaluated.end()
        told = {"aside": aside, "unwatched": unwatched, "evaluated": evaluated, "states": self._code.marimo.take_states_set()}
        shared = {key: found for key, found in told.items() if found}
        if "layer" in evaluation:
            return self._settle_placeless(evaluation, changes, shared)
        if outcome["type"] != "ok":
            shared |= _told(self._values.ambient.discard())
            observed = {"writes": [], "reads": [], "changes": changes, **shared}
            return {**self._values.namespace.discard(writes), "observed": observed, **inputs, "isPlain": False}
        changed = [change["name"] for change in changes]
        names, found = self._values.namespace.keep(evaluation["step"], writes, changed)
        reads = self._reads(evaluation, [*names["written"], *found, *changed])
        implicit, unchanged = self._keep_states(evaluation, [*names["written"], *found])
        names["unchanged"] += unchanged
        shared |= _told(implicit) | self._pure(evaluation, names["untouched"], found)
        observed = {"writes": found, "reads": reads, "changes": changes, **shared}
        others = (names["deleted"], names["untouched"], names["unchanged"], *observed.values(), inputs["modules"], "files" in inputs)
        is_plain = names["written"] == writes and not any(others)
        return {**names, "observed": observed, **inputs, "isPlain": is_plain}

    def _inputs(self):
        """Files of the project that it was given: modules, and data files where there are any."""
        modules, files = self._code.modules.used(), self._code.files.used()
        return {"modules": modules} if files is None else {"modules": modules, "files": files}

    def _settle_placeless(self, evaluation, changes, shared):
        """As in Python, what the code bound before it failed stays bound."""
        names, found = self._values.namespace.keep_whatever(evaluation["step"], evaluation["writes"])
        implicit, _ = self._keep_states(evaluation, ())
        observed = {"writes": found, "reads": [], "changes": changes, **shared, **_told(implicit)}
        return {**names, "observed": observed, "modules": [], "isPlain": False}

    def _keep_states(self, evaluation, names):
        bound = self._values.namespace.globals
        given = [bound[name] for name in evaluation["watched"] if name in bound]
        return self._values.ambient.keep(evaluation, {name: bound[name] for name in names}, given)

    def _pure(self, evaluation, untouched, found):
        """The names whose objects are of types that the methods of `doubtful` do not change."""
        if "doubtful" not in evaluation:
            return {}
        bound, writes = self._values.namespace.globals, evaluation["writes"]
        pure = [
            name
            for name, methods in evaluation["doubtful"]
            if name in bound
            and (name in untouched or name not in (*writes, *found))
            and leaves_alone(type(bound[name]), methods)
        ]
        return {"pure": pure} if pure else {}

    def _reads(self, evaluation, names):
        """What functions read that the values of these names hold, but for what is known of it."""
        if "knownReads" not in evaluation:
            return []
        bound = self._values.namespace.globals
        values = [bound[name] for name in names if name in bound]
        return [name for name in names_read(values, bound) if name not in evaluation["knownReads"]]


def _awaits(code):
    return code.co_flags & _CO_COROUTINE


def _told(implicit):
    """What the step did with implicit names, where that is not as expected."""
    return {} if implicit is None else {"implicit": implicit}


def _leave_child(outcome):
    """The step forked, and this is the child: like a script's, it ends where its text ends."""
    code = outcome.get("code", 0 if outcome["type"] in ("ok", "stopped") else 1)
    write_all(2, (outcome["error"]["text"] if "error" in outcome else outcome.get("message") or "").encode(errors="replace"))
    os._exit(code & 0xFF)
