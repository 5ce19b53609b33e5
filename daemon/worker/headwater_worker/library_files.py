"""Functions of libraries that open files without a word to Python: they tell of the path that they are given."""
import functools
import re

_FORMATS = "avro|csv|excel|ipc|ipc_stream|json|lines|ndjson|ods|parquet"
_READERS = re.compile(f"(?:read|scan)_(?:{_FORMATS})")
_WRITERS = re.compile(f"(?:write|sink)_(?:{_FORMATS})")


def tell_of_polars(polars, tell_read, tell_write):
    _adapt(polars, _READERS, tell_read)
    for frame in (polars.DataFrame, polars.LazyFrame):
        _adapt(frame, _WRITERS, tell_write)


def _adapt(owner, names, tell):
    for name in dir(owner):
        if names.fullmatch(name):
            setattr(owner, name, _telling(getattr(owner, name), tell))


def _telling(function, tell):
    @functools.wraps(function)
    def telling(*arguments, **named):
        tell(arguments, named)
        return function(*arguments, **named)

    return telling
