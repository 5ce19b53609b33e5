"""Which names a cell reads from outside when it runs, by CPython itself: it is run some times, and whatever it asks for is there and can do anything.

Reads JSON lines {"code": …} and prints for each {"names": […], "always": […]}: what was looked up in the globals while the cell ran and had not
been bound by it, and of that what was looked up each time that the cell came to its end (null where it never did). Functions that the cell only defines are never called; one that is given to something from outside is called there.
"""

import ast
import dis
import json
import os
import random
import signal
import sys
import types
import typing  # noqa: F401  The compiler's code for type parameters needs it.

RUNS = 4
STEPS_MAX = 3000
SECONDS_MAX = 10


class Enough(BaseException):
    """The cell has run long enough."""


class Anything:
    """Can be called, iterated, entered, awaited, compared …; as a condition it is true or false by chance."""

    def __init__(self, chance):
        object.__setattr__(self, "chance", chance)
        object.__setattr__(self, "decorated", [])

    def again(self, *given, **named):
        for value in [*given, *named.values()]:
            self.call(value)
        return self

    def call(self, value):
        """Whoever is given a function may call it, and whoever is given a generator may use it."""
        if isinstance(value, types.GeneratorType):
            next(value, None)
        if isinstance(value, types.FunctionType):
            try:
                value(*[self] * value.__code__.co_argcount, **dict.fromkeys(value.__kwdefaults__ or (), self))
            except Exception:
                pass

    def __call__(self, *given, **named):
        while self.decorated and self.decorated[-1] not in given:
            self.call(self.decorated.pop())
        if len(given) == 1 and not named and isinstance(given[0], (type, types.FunctionType)):
            # A decorator gives back what it is given. We take it that it calls it when the name is bound, not before.
            if given[0] not in self.decorated:
                self.decorated.append(given[0])
            return given[0]
        return self.again(*given, **named)

    def __getattr__(self, name):
        if name in ("__bases__", "__wrapped__", "__isabstractmethod__", "__set_name__"):
            raise AttributeError(name)
        return self

    def __setattr__(self, name, value):
        self.call(value)

    def __delattr__(self, name):
        pass

    def __setitem__(self, key, value):
        self.again(key, value)

    def __delitem__(self, key):
        pass

    def __bool__(self):
        return self.chance.random() < 0.6

    def __iter__(self):
        return iter([self] * (unpacked(sys._getframe(1)) or self.chance.randint(1, 3)))

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        return True

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False

    def __aiter__(self):
        self.left = 2
        return self

    async def __anext__(self):
        raise StopAsyncIteration

    def __await__(self):
        return self
        yield

    def __mro_entries__(self, bases):
        return ()

    def __hash__(self):
        return 1

    def __eq__(self, other):
        return self.chance.random() < 0.5

    def __len__(self):
        return 2

    def __contains__(self, item):
        return bool(self)

    def __format__(self, form):
        return ""

    def __index__(self):
        return 1

    def __str__(self):
        return ""

    __repr__ = __str__

    def keys(self):
        return []


for operator in "add sub mul matmul truediv floordiv mod pow and or xor lshift rshift lt le gt ge getitem neg invert pos".split():
    setattr(Anything, f"__{operator}__", lambda self, *others: self)
    setattr(Anything, f"__r{operator}__", lambda self, *others: self)
    setattr(Anything, f"__i{operator}__", lambda self, *others: self)


def unpacked(frame):
    """How many values the instruction that asks for them wants."""
    code = frame.f_code.co_code
    name, count = dis.opname[code[frame.f_lasti]], code[frame.f_lasti + 1]
    return {"UNPACK_SEQUENCE": count, "UNPACK_EX": count}.get(name)


class Outside(dict):
    """The names behind the globals: one that is not there is anything, and written down."""

    def __init__(self, chance):
        self.anything = Anything(chance)
        self.asked = set()
        super().__init__(__build_class__=__build_class__, __import__=self.module, __anything__=self.anything)

    def module(self, *_, **__):
        return self.anything

    def __missing__(self, name):
        self.asked.add(name)
        # Known not to call what it decorates.
        return property if name == "property" else self.anything


class Flexible(ast.NodeTransformer):
    """Constants become anything, so that fewer programs end in a TypeError."""

    def visit_Constant(self, node):
        return ast.copy_location(ast.Name("__anything__", ast.Load()), node)

    def leave(self, node):
        return node

    visit_JoinedStr = visit_MatchValue = visit_MatchSingleton = visit_MatchMapping = leave


def names_read(code):
    compile(code, "cell", "exec", dont_inherit=True)
    tree = ast.fix_missing_locations(Flexible().visit(ast.parse(code)))
    compiled = compile(tree, "cell", "exec", dont_inherit=True)
    asked = set()
    always = None
    for seed in range(RUNS):
        outside = Outside(random.Random(seed))
        ended = run(compiled, {"__name__": "cell", "__annotations__": {}, "__builtins__": outside})
        asked |= outside.asked
        if ended:
            always = outside.asked if always is None else always & outside.asked
    return {"names": sorted(asked), "always": None if always is None else sorted(always)}


def run(compiled, names):
    steps = 0

    def trace(frame, event, _):
        nonlocal steps
        steps += 1
        if steps > STEPS_MAX:
            raise Enough
        return trace

    sys.settrace(trace)
    try:
        exec(compiled, names)
        return True
    except (Exception, Enough):
        return False
    finally:
        sys.settrace(None)


def in_a_process_of_its_own(code):
    """CPython 3.13.0 crashes on some odd programs, and some never end within one step: then nothing is known."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS_MAX)
        try:
            answer = names_read(code)
        except (SyntaxError, ValueError, RecursionError) as error:
            answer = {"error": str(error)}
        os.write(writing, json.dumps(answer).encode())
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return text.decode() or json.dumps({"error": "no answer"})


def main():
    sys.setrecursionlimit(400)
    # A coroutine that is never awaited is no mistake here.
    sys.unraisablehook = lambda _: None
    for line in sys.stdin:
        print(in_a_process_of_its_own(json.loads(line)["code"]))


main()
