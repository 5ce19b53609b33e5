"""Generators of random numbers: those of `random`, numpy and torch themselves from when they are first seeded, and those that a name holds."""
import functools
import threading

from ..attributes import is_hashed_plainly
from .change import MISSING, Change
from .frozen import Frozen
from .holders import held
from .memory import memory_of_numpy, memory_of_random, prepare
from .seeds import put_bits, put_seeds, state_of_bits, state_of_seeds

GENERATORS_MAX = 200

_MRO = type.__dict__["__mro__"].__get__


class Generators:
    def __init__(self, loading):
        # How the state of an object is read and written, by its type.
        self._types = {}
        # The same for every type that was asked for.
        self._known = {}
        self._shared = {}
        # By name: the object with its state as it was last seen, and the step in which it was found.
        self._found = {}
        # In the step that runs: generators that were asked for their state.
        self._asked = {}
        loading.then("random", self._adapt_random)
        loading.then("numpy.random", self._adapt_numpy)
        loading.then("torch.random", self._adapt_torch)

    def look(self):
        changes = {}
        for name, shared in self._shared.items():
            shared.look(name, changes)
        for name, found in list(self._found.items()):
            try:
                found.look(name, changes)
            except Exception:  # the program has taken apart what its state is made of
                del self._found[name]
        return changes

    def asked(self):
        """Names of those whose state was read, which leaves it as it was."""
        asked, self._asked = self._asked, {}
        if not asked:
            return []
        shared = [name for name, one in self._shared.items() if one.is_seeded and id(one.value) in asked]
        return shared + [name for name, found in self._found.items() if id(found.value) in asked]

    def _telling(self, get, value=None):
        """Of a function that gives the state of `value`, or of a method."""

        @functools.wraps(get)
        def tell_and_get(*arguments, **named):
            one = arguments[0] if value is None and arguments else value
            self._asked[id(one)] = one
            return get(*arguments, **named)

        return tell_and_get

    def put(self, states):
        for name, state in states.items():
            if state is not MISSING and name in self._shared:
                self._shared[name].put(state)
            elif state is not MISSING and name.startswith("<state of "):
                generator, numbers = state
                generator.put(numbers)
                self._found[name] = generator

    def find(self, values, cell, step):
        """Generators that these values are or hold, and that no name is known to hold: they begin here."""
        if not self._types:
            return {}
        known = {id(one.value) for one in (*self._found.values(), *self._shared.values())}
        born = {}
        for path, value in held(values):
            access = self._access(type(value))
            name = f"<state of {path} in {cell}>"
            if access is None or (id(value) in known and not self._is_of(name, value)) or len(self._found) >= GENERATORS_MAX:
                continue
            known.add(id(value))
            found = _generator(value, access, step)
            if found is not None:
                self._found[name] = found
                born[name] = Change(MISSING, (found, found.seen))
        return born

    def _access(self, kind):
        if not is_hashed_plainly(kind):
            return None
        if kind not in self._known:
            self._known[kind] = next((self._types[base] for base in _MRO(kind) if base in self._types), None)
        return self._known[kind]

    def _is_of(self, name, value):
        return name in self._found and self._found[name].value is value

    def forget(self, step):
        for name in [name for name, found in self._found.items() if found.step == step]:
            del self._found[name]

    def _adapt_random(self, random):
        prepare()
        access = _Access(random.Random.getstate, random.Random.setstate, memory_of_random)
        shared = self._shared["<state of random>"] = _Shared(random._inst, access)
        for name in ("seed", "setstate"):
            setattr(random, name, shared.told(getattr(random, name)))
        random.getstate = self._telling(random.getstate, random._inst)
        random.Random.getstate = self._telling(random.Random.getstate)
        self._types[random.Random] = access
        self._types[random.SystemRandom] = None

    def _adapt_numpy(self, random):
        prepare()
        access = _Access(_legacy_state, lambda value, state: value.set_state(state.given), memory_of_numpy)
        shared = self._shared["<state of numpy.random>"] = _Shared(random.mtrand._rand, access)
        for name in ("seed", "set_state"):
            setattr(random, name, shared.told(getattr(random, name)))
        random.get_state = self._telling(random.get_state, random.mtrand._rand)
        self._types[random.RandomState] = access
        self._types[random.Generator] = _Access(
            lambda value: state_of_bits(value.bit_generator), lambda value, state: put_bits(value.bit_generator, state)
        )
        self._types[random.BitGenerator] = _Access(state_of_bits, put_bits)
        self._types[random.SeedSequence] = _Access(state_of_seeds, put_seeds)

    def _adapt_torch(self, random):
        access = _Access(lambda value: Frozen(value.get_state()), lambda value, state: value.set_state(state.given))
        shared = self._shared["<state of torch>"] = _Shared(random.default_generator, access)
        for name in ("manual_seed", "set_rng_state"):
            setattr(random, name, shared.told(getattr(random, name)))
        random.get_rng_state = self._telling(random.get_rng_state, random.default_generator)
        self._types[type(random.default_generator)] = access


class _Access:
    """How the state of a generator is read and written; `memory` may give a cheaper way to see that it has not changed."""

    def __init__(self, get, put, memory=lambda value, state: None):
        self.get = get
        self.put = put
        self.memory = memory


class _State:
    """That of one generator. It is read again only where its memory has changed."""

    def __init__(self, value, access):
        self._value = value
        self._access = access
        self._last = self._memory = None
        self._is_read = False
        self._read = None

    def get(self):
        if self._memory is None or self._read(self._last) != self._memory:
            self._last = self._access.get(self._value)
            if not self._is_read:
                self._is_read = True
                self._read = self._access.memory(self._value, self._last)
            self._memory = self._read and self._read(self._last)
        return self._last

    def put(self, state):
        self._access.put(self._value, state)
        self._memory = None


class _Shared:
    """A module's own generator. Until it is seeded, nobody expects the same numbers again."""

    def __init__(self, value, access):
        self.value = value
        self.is_seeded = False
        self._state = _State(value, access)
        self._seen = None
        # In the step that runs: it was seeded before anything was drawn from it.
        self._is_set = False

    def told(self, seed):
        main_thread = threading.get_ident()

        @functools.wraps(seed)
        def seed_and_tell(*arguments, **named):
            if not self._is_set and threading.get_ident() == main_thread:
                self._is_set = not self.is_seeded or self._state.get() == self._seen
                self.is_seeded = True
            return seed(*arguments, **named)

        return seed_and_tell

    def look(self, name, changes):
        if not self.is_seeded:
            return
        before, self._seen = self._seen, self._state.get()
        if self._is_set or (before is not self._seen and before != self._seen):
            changes[name] = Change(MISSING if before is None else before, self._seen, is_read=not self._is_set)
        self._is_set = False

    def put(self, state):
        self._state.put(state)
        self._seen = state


class _Generator:
    def __init__(self, value, access, step):
        self.value = value
        self.step = step
        self._state = _State(value, access)
        self.seen = self._state.get()

    def look(self, name, changes):
        now = self._state.get()
        if now is not self.seen and now != self.seen:
            changes[name] = Change((self, self.seen), (self, now), is_read=True)
            self.seen = now

    def put(self, state):
        if state != self._state.get():
            self._state.put(state)
        self.seen = state


def _generator(value, access, step):
    """None where it has no state: a class of the program may not have called the `__init__` of its base."""
    try:
        return _Generator(value, access, step)
    except Exception:
        return None


def _legacy_state(value):
    return Frozen(value.get_state(legacy=False))
