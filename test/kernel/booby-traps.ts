// Objects and classes that note each call of one of their methods, whoever makes it. They are armed when the cell that makes them ends.

const code = `
import collections, enum, sys, types, weakref

calls, armed = [], []

def trap(name, result=None):
    def called(*arguments, **named):
        if armed:
            calls.append(name)
        return result(*arguments, **named) if callable(result) else result
    return called

class Descriptor:
    def __get__(self, instance, owner=None):
        if armed: calls.append("Descriptor.__get__")
    def __set__(self, instance, value):
        if armed: calls.append("Descriptor.__set__")

NAMES = """abs add and await bool bytes call ceil complex contains copy deepcopy del delattr delete delitem dir divmod enter
eq exit float floor floordiv format fspath ge get getitem getnewargs getstate gt hash iadd iand index instancecheck int
invert iter le len length_hint lshift lt matmul missing mod mul ne neg next or pos pow prepare radd reduce reduce_ex
release_buffer repr reversed round rshift set setattr setitem sizeof str sub subclasscheck subclasshook truediv trunc xor
array array_interface array_struct array_ufunc array_function dataframe length_hint buffer""".split()
OF_METACLASS = set("call prepare".split())
KEPT = {"hash": object.__hash__, "eq": object.__eq__, "ne": object.__ne__}

def traps(prefix, leave=()):
    methods = {f"__{name}__": trap(f"{prefix}.__{name}__", KEPT.get(name)) for name in NAMES if name not in leave}
    for name in ("__class__", "__doc__", "__wrapped__", "shape", "dtype", "nbytes", "base", "_mgr", "_df", "_s", "_data", "axes"):
        methods[name] = property(trap(f"{prefix}.{name}"))
    def getattribute(self, name):
        if armed: calls.append(f"{prefix}.__getattribute__ {name}")
        return (type if issubclass(type(self), type) else object).__getattribute__(self, name)
    methods["__getattribute__"] = getattribute
    methods["__getattr__"] = trap(f"{prefix}.__getattr__")
    methods["_repr_html_"] = methods["_repr_mimebundle_"] = trap(f"{prefix}._repr_")
    methods["described"] = Descriptor()
    return methods

def metaclass(base):
    leave = OF_METACLASS | {"new", "init", "subclasscheck", "instancecheck", "hash", "eq", "ne", "setattr", "subclasshook"}
    held = traps("Meta", leave)
    del held["__getattr__"]
    # What "type" itself would say of a class.
    for name in ("__module__", "__name__", "__mro__", "__dict__", "__class__", "__bases__"):
        held[name] = property(trap(f"Meta.{name}"))
    Meta = type("Meta", (base,), held)
    for name, result in (("__hash__", base.__hash__), ("__eq__", base.__eq__), ("__instancecheck__", None), ("__subclasscheck__", None)):
        setattr(Meta, name, trap(f"Meta.{name}", result))
    return Meta

Meta = metaclass(type)
EnumMeta = metaclass(type(enum.Enum))

def make(kind, *arguments, meta=Meta):
    body = traps(kind.__name__)
    del body["__hash__"], body["__eq__"], body["__del__"]
    body["__hash__"] = trap(f"{kind.__name__}.__hash__", lambda self: 1)
    body["__eq__"] = trap(f"{kind.__name__}.__eq__", lambda self, other: self is other)
    made = Meta.__new__(meta, f"Trapped{kind.__name__}", (kind,), body)
    return made, kind.__new__(made, *arguments)

Plain, plain = make(object)
List, a_list = make(list)
Dict, a_dict = make(dict)
Text, text = make(str, "text")
Bytes, some_bytes = make(bytes, b"bytes")
Int, number = make(int, 7)
Float, real = make(float, 1.5)
Tuple, a_tuple = make(tuple, (1, 2))
Set, a_set = make(set)
Frozen, frozen = make(frozenset)
Error, error = make(Exception)
Ordered, ordered = make(collections.OrderedDict)
Deque, deque = make(collections.deque)
list.append(a_list, 1)
dict.__setitem__(a_dict, "a", 1)

class Dying:
    def __del__(self):
        if armed: calls.append("Dying.__del__")
dying = [Dying()]

# Names and modules that are of another type than text, or that a class computes.
named = type("Named", (), {"__module__": property(trap("Named.__module__")), "__qualname__": "x"})()
odd_name = type(text.__str__ and "Odd", (), {})
odd_name.__module__ = text
odd = odd_name()

# What imitates libraries: a module of a class of its own, and a plain one with classes of the program.
FakeModule, _ = make(types.ModuleType)
fake_numpy = types.ModuleType.__new__(FakeModule)
types.ModuleType.__init__(fake_numpy, "numpy")
Array = Meta.__new__(Meta, "ndarray", (), {**traps("ndarray", ("del", "hash", "eq")), "__module__": "numpy"})
types.ModuleType.__setattr__(fake_numpy, "ndarray", Array)
array = object.__new__(Array)
slotted_numpy = types.ModuleType("numpy")
Slotted = type("ndarray", (), {"__slots__": ("shape", "dtype", "nbytes", "base", "kind"), "__module__": "numpy"})
slotted_numpy.ndarray = Slotted
slotted = Slotted()
slotted.shape, slotted.nbytes, slotted.base, slotted.dtype, slotted.kind = a_tuple, number, plain, slotted, text
fake_pandas = types.ModuleType("pandas")
Frame = type("DataFrame", (), {**traps("DataFrame", ("del", "hash", "eq")), "__module__": "pandas"})
Column = Meta.__new__(Meta, "Series", (), {**traps("Series", ("del", "hash", "eq")), "__module__": "pandas"})
fake_pandas.DataFrame, fake_pandas.Series = Frame, Column
sys.modules["pandas"] = fake_pandas
frame, column = object.__new__(Frame), object.__new__(Column)
object.__getattribute__(frame, "__dict__").update(_mgr=plain, _range=plain, _data=plain)
fake_polars = types.ModuleType("polars")
Inner = type("Inner", (), {"shape": trap("Inner.shape"), "__module__": "polars"})
PolarsFrame = type("DataFrame", (), {**traps("polars", ("del", "hash", "eq")), "__module__": "polars"})
fake_polars.DataFrame = PolarsFrame
sys.modules["polars"] = fake_polars
polars_frame = object.__new__(PolarsFrame)
object.__getattribute__(polars_frame, "__dict__").update(_df=Inner())

class Color(enum.Enum):
    RED = plain
color = Color.RED
generator = (one for one in [plain])
in_containers = [plain, [Plain, (number, {"k": text})], {real: 1}, {frozen}, Meta, EnumMeta, fake_numpy, error]
method = plain_method = types.MethodType(trap("method"), plain)
proxy = weakref.proxy(dying[0], trap("callback"))
closed = (lambda held: lambda: held)(plain)
sys.modules["numpy"] = IMITATION
armed.append(True)
`;

const names = [
  'Plain plain List a_list Dict a_dict Text text Bytes some_bytes Int number Float real Tuple a_tuple Set a_set Frozen frozen',
  'Error error Ordered ordered Deque deque dying named odd odd_name fake_numpy Array array fake_pandas Frame Column frame column',
  'fake_polars PolarsFrame polars_frame color generator slotted in_containers method proxy closed Meta EnumMeta Color Descriptor trap',
]
  .join(' ')
  .split(' ');

export const booby = {
  /** A module of a class of its own, and one whose arrays have slots as those of numpy, in which anything may be. */
  imitations: ['fake_numpy', 'slotted_numpy'],
  code: (imitation: string) => code.replace('IMITATION', imitation),
  names,
  /** Disarms before anything else. */
  report: 'armed.clear()\nprint("calls:", sorted(set(calls)))',
  /** The traps do work. */
  proof: 'armed.append(1)\ntry: repr(plain)\nexcept BaseException: pass\narmed.clear()\nprint("calls:", bool(calls))',
};
