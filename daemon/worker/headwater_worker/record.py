"""What was to be seen of the values that steps gave to names: looked at when a step ends, and repeated while another one runs.

No value is held, nor is one touched to repeat it: whoever drops the last reference to an object runs what the program has for its end.
"""
import time

from .facts import facts_of

# Of one step. What goes beyond is looked at when somebody asks while no step runs.
VALUES_MAX = 1_000
SECONDS_MAX = 0.002
VALUES_BETWEEN_TIMES = 16


class Record:
    def __init__(self, namespace):
        self._namespace = namespace
        self._facts = {}
        self._step = None

    def note(self, step, forgotten):
        """At the end of a step: what it bound, and whose values are gone."""
        self._step = step
        for old in forgotten:
            self._facts.pop(old, None)
        values = self._namespace.values_of(step)
        if values:
            self._facts[step] = self._look_at(values)

    def _look_at(self, values):
        noted, until = {}, time.perf_counter() + SECONDS_MAX
        for count, (name, value) in enumerate(values.items(), start=1):
            if count > VALUES_MAX or (count % VALUES_BETWEEN_TIMES == 0 and time.perf_counter() > until):
                break
            noted[name] = facts_of(value, self._step)
        return noted

    def look(self, question):
        """While no step runs: the values as they are now."""
        return [self._look(step, name) for step, name in zip(question["steps"], question["names"])]

    def _look(self, step, name):
        values = self._namespace.values_of(step)
        if name not in values:
            return None
        facts = self._facts.setdefault(step, {})[name] = facts_of(values[name], self._step)
        return (*facts[:-1], None)

    def recall(self, question):
        """At any time, in any thread: the values as they were, and the step at whose end that was."""
        return [self._recall(step, name) for step, name in zip(question["steps"], question["names"])]

    def _recall(self, step, name):
        noted = self._facts.get(step)
        return None if noted is None else noted.get(name)
