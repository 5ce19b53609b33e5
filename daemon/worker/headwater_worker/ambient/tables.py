"""Tables that a process or a library keeps: each entry is a state of its own.

Reads leave no trace. Who may read an entry follows from the text (`graph/implicit.ts` in the daemon).
"""
import functools
import os
import sys

from ..forking import is_fork_filter
from ..loaded import held_by
from .change import MISSING, Change


class Tables:
    def __init__(self, loading, attribution):
        self._has_other_threads = attribution.has_other_threads
        self._tables = [Environment(), WorkingDirectory(), SearchPath(), WarningFilters()]
        self._has_warned = False
        # Each step looks at every table: at those of libraries where they are loaded.
        for table in (RcParams(), PandasOptions(), PrintOptions(), ErrorHandling(), DecimalContext(), Locale()):
            loading.then(table.module, functools.partial(self._add, table))

    def _add(self, table, _):
        if table not in self._tables:
            self._tables.append(table)

    def look(self):
        changes = {}
        for table in self._tables:
            table.look(changes)
        return changes

    def look_at_step(self):
        """After code of a step. While other threads run, nobody can tell which of them made a change."""
        changes = self.look()
        if changes and self._has_other_threads():
            # Libraries change the filters for a moment, in threads of their own, too.
            if changes.keys() != {WarningFilters.prefix}:
                self._warn(changes)
            return {}
        return changes

    def put(self, states):
        for table in self._tables:
            entries = {name: state for name, state in states.items() if name.startswith(table.prefix)}
            if entries:
                table.put(entries)

    def _warn(self, changes):
        if not self._has_warned:
            self._has_warned = True
            names = ", ".join(name.strip("<>") for name in list(changes)[:3])
            sys.stderr.write(f"Headwater: while threads run, it does not follow which cell changes {names}.\n")


class Table:
    """`entries` gives the table as it is, or None where there is none; `set` changes an entry."""

    prefix = ""
    # What to set would do more than to change an entry.
    left_out = ()

    def __init__(self):
        self._seen = None

    def look(self, changes):
        now = self._entries()
        if now is None or (self._seen is not None and dict.__eq__(now, self._seen)):
            return
        seen, self._seen = self._seen, dict(now)
        for key in {} if seen is None else {**seen, **self._seen}:
            before, after = seen.get(key, MISSING), self._seen.get(key, MISSING)
            if key not in self.left_out and before is not after and before != after:
                changes[self.name_of(key)] = Change(before, after)

    def put(self, states):
        for name, state in states.items():
            try:
                self.set(self.key_of(name), state)
            except Exception:  # a directory that is gone, a library that refuses a value
                continue
        self._seen = dict(self._entries() or ())

    def _entries(self):
        """Nothing where something else stands in the place of the table."""
        try:
            entries = self.entries()
        except Exception:
            return None
        return entries if isinstance(entries, dict) else None

    def name_of(self, key):
        return f"{self.prefix}{key}>"

    def key_of(self, name):
        return name[len(self.prefix) : -1]


class Environment(Table):
    prefix = "<os.environ "

    def entries(self):
        # Whoever sets a variable goes through `os.environ`, which keeps it here.
        return os.environ._data

    def name_of(self, key):
        return super().name_of(os.environ.decodekey(key))

    def key_of(self, name):
        return os.environ.encodekey(super().key_of(name))

    def set(self, key, value):
        if value is not MISSING:
            os.putenv(key, value)
            os.environ._data[key] = value
        elif key in os.environ._data:
            os.unsetenv(key)
            del os.environ._data[key]


class _Single(Table):
    """One state."""

    def name_of(self, _):
        return self.prefix

    def key_of(self, _):
        return ""


class WorkingDirectory(_Single):
    prefix = "<working directory>"

    def entries(self):
        try:
            return {"": os.getcwd()}
        except OSError:  # it was removed
            return None

    def set(self, _, folder):
        os.chdir(folder)


class SearchPath(_Single):
    prefix = "<sys.path>"

    def entries(self):
        return {"": tuple(sys.path)}

    def set(self, _, folders):
        sys.path[:] = folders


class WarningFilters(_Single):
    prefix = "<warnings.filters>"

    def __init__(self):
        super().__init__()
        self._all = None
        self._others = None

    def entries(self):
        now = sys.modules["warnings"].filters
        # To look for ours among them takes longer than to see that nothing has changed.
        if self._all != now:
            self._all = [*now]
            self._others = {"": tuple(one for one in now if not is_fork_filter(one))}
        return self._others

    def set(self, _, filters):
        warnings = sys.modules["warnings"]
        own = [one for one in warnings.filters if is_fork_filter(one)]
        warnings.filters[:] = [*own, *filters]
        # Python remembers what it has found for each place.
        mutated = getattr(warnings, "_filters_mutated", None) or warnings._filters_mutated_lock_held
        mutated()


class Locale(_Single):
    prefix = "<locale>"
    module = "locale"

    def entries(self):
        locale = held_by(self.module)
        return {"": locale["setlocale"](locale["LC_ALL"])} if locale else None

    def set(self, _, name):
        locale = sys.modules["locale"]
        locale.setlocale(locale.LC_ALL, name)


class RcParams(Table):
    prefix = "<matplotlib.rcParams "
    module = "matplotlib"
    left_out = frozenset(("backend", "backend_fallback", "interactive", "toolbar", "savefig.directory"))

    def entries(self):
        return held_by(self.module).get("rcParams")

    def set(self, key, value):
        # As it was: it needs no check, and says nothing of what is deprecated.
        dict.__setitem__(sys.modules["matplotlib"].rcParams, key, value)


class PandasOptions(Table):
    prefix = "<pandas.options "
    module = "pandas._config.config"
    left_out = frozenset(("plotting.backend", "compute.use_numba", "compute.use_bottleneck", "compute.use_numexpr"))

    def __init__(self):
        super().__init__()
        self._nested = None
        self._flat = None

    def entries(self):
        options = held_by(self.module).get("_global_config")
        if options is None:
            return None
        # To go through all takes longer than to see that nothing has changed.
        if self._nested != options:
            self._nested = _copied(options)
            self._flat = dict(_flat(options, ""))
        return self._flat

    def set(self, key, value):
        sys.modules["pandas"].set_option(key, value)


class PrintOptions(Table):
    prefix = "<numpy.printoptions "
    module = "numpy"
    left_out = frozenset(("override_repr",))

    def entries(self):
        get = held_by(self.module).get("get_printoptions")
        return get() if get else None

    def set(self, key, value):
        sys.modules["numpy"].set_printoptions(**{key: value})


class ErrorHandling(Table):
    prefix = "<numpy.errstate "
    module = "numpy"

    def entries(self):
        get = held_by(self.module).get("geterr")
        return get() if get else None

    def set(self, key, value):
        sys.modules["numpy"].seterr(**{key: value})


class DecimalContext(Table):
    prefix = "<decimal.context "
    module = "decimal"
    _fields = ("prec", "rounding", "Emin", "Emax", "capitals", "clamp")

    def entries(self):
        get = held_by(self.module).get("getcontext")
        if get is None:
            return None
        context = get()
        traps = tuple(signal for signal, is_on in context.traps.items() if is_on)
        return {"traps": traps, **{field: getattr(context, field) for field in self._fields}}

    def set(self, field, value):
        context = sys.modules["decimal"].getcontext()
        if field == "traps":
            context.traps.update({signal: signal in value for signal in context.traps})
        else:
            setattr(context, field, value)


def _copied(options):
    return {key: _copied(value) if type(value) is dict else value for key, value in options.items()}


def _flat(options, prefix):
    for key, value in options.items():
        if type(value) is dict:
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value
