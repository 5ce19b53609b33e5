"""Looks at arrays and tables: their shape and a sample of their values. Only packages that the program has imported are asked."""
import math

from .loaded import class_in

BYTES_MAX = 256 * 1024
SAMPLES = 2_048
COLUMNS_MAX = 200
SAMPLES_OF_WIDE = 256
ROWS = 16


def kinds_of(kind):
    """The ways to look at objects of the type; nothing where it is no array or table."""
    for module, name, look in _kinds:
        base = class_in(module, name)
        if base is not None and issubclass(kind, base):
            return (look,)
    return ()


def _look_at_array(value, samples=SAMPLES):
    ndarray = class_in("numpy", "ndarray")
    plain = ndarray.view(value, ndarray)
    if _is_file(plain, ndarray):
        return ()
    about = (plain.shape, plain.dtype.str)
    if plain.dtype.kind == "O":
        return (*about, *(item for part in _samples(plain, samples) for item in part.ravel().tolist()))
    if plain.dtype.hasobject:
        return about
    if plain.nbytes <= BYTES_MAX:
        return (*about, plain.tobytes())
    return (*about, *(part.tobytes() for part in _samples(plain, samples)))


def _look_at_masked(value):
    mask = object.__getattribute__(value, "_mask")
    is_array = isinstance(mask, class_in("numpy", "ndarray"))
    return (*_look_at_array(value), *(_look_at_array(mask) if is_array else ()))


def _is_file(value, ndarray):
    """To look at a file that is mapped may read from the disk, and what is in it is no secret of this process."""
    memmap = class_in("numpy", "memmap")
    while isinstance(value, ndarray):
        if isinstance(value, memmap):
            return True
        value = value.base
    return False


def _samples(plain, samples):
    """The whole of a small array, of a large one two grids: from the start, and from the end."""
    if plain.size <= samples:
        return (plain,)
    counts = list(plain.shape)
    for axis in sorted(range(plain.ndim), key=lambda axis: -plain.shape[axis]):
        excess = math.prod(counts) / samples
        if excess > 1:
            counts[axis] = max(1, int(counts[axis] / excess))
    steps = [-(-size // count) for size, count in zip(plain.shape, counts)]
    return tuple(plain[tuple(slice(None, None, sign * step) for step in steps)] for sign in (1, -1))


def _look_at_frame(value):
    manager = object.__getattribute__(value, "_mgr")
    columns, index = manager.axes
    count = len(columns)
    samples = SAMPLES if count <= ROWS else SAMPLES_OF_WIDE
    chosen = range(0, count, -(-count // COLUMNS_MAX) or 1)
    values = (part for at in chosen for part in _look_at_values(manager.iget_values(at), samples))
    return (count, len(index), *_notes_on(value), *_look_at_index(columns), *_look_at_index(index), *values)


def _look_at_series(value):
    manager = object.__getattribute__(value, "_mgr")
    name = object.__getattribute__(value, "_name")
    return (name, *_notes_on(value), *_look_at_index(manager.axes[0]), *_look_at_values(manager.blocks[0].values, SAMPLES))


def _notes_on(value):
    """What is said in `attrs`."""
    notes = object.__getattribute__(value, "_attrs")
    return (*notes.keys(), *notes.values())


def _look_at_index(index):
    """It is never changed but in its names; a table that is given another one may have been given an equal one."""
    return (tuple(index.names), index)


def _look_at_labels(index):
    names = tuple(index.names)
    if isinstance(index, class_in("pandas", "RangeIndex")):
        return (names, index.start, index.stop, index.step)
    if isinstance(index, class_in("pandas", "MultiIndex")):
        return (names, len(index), *(index[at] for at in _places(len(index))))
    return (names, *_look_at_values(index._values, SAMPLES))


def _look_at_values(values, samples):
    """Of one column, or of one block: an array of numpy, or of one of pandas' own kinds, which mostly keep such arrays."""
    ndarray = class_in("numpy", "ndarray")
    if isinstance(values, ndarray):
        return _look_at_array(values, samples)
    inner = [getattr(values, name, None) for name in ("_ndarray", "_data", "_mask")]
    inner = [part for part in inner if isinstance(part, ndarray)]
    if inner:
        kind = values.dtype
        return (str(kind), getattr(kind, "categories", None), *(part for one in inner for part in _look_at_array(one, samples)))
    count = len(values)
    return (type(values).__name__, count, *(values[at] for at in _places(count)))


def _look_at_polars_frame(value):
    count = value.height
    return (count, tuple(value.columns), *(item for at in _places(count) for item in value.row(at)))


def _look_at_polars_series(value):
    count = value.len()
    return (count, value.name, *(value[at] for at in _places(count)))


def _look_at_number(value):
    return (value.tobytes(),)


def _places(count):
    if count <= ROWS:
        return range(count)
    return (*range(0, count - 1, -(-count // ROWS)), count - 1)


_kinds = (
    ("numpy.ma.core", "MaskedArray", _look_at_masked),
    ("numpy", "ndarray", _look_at_array),
    ("numpy", "generic", _look_at_number),
    ("pandas", "DataFrame", _look_at_frame),
    ("pandas", "Series", _look_at_series),
    ("pandas", "Index", _look_at_labels),
    ("polars", "DataFrame", _look_at_polars_frame),
    ("polars", "Series", _look_at_polars_series),
)
