"""A value as a MIME bundle: what it says about itself, and always plain text."""
import base64
import itertools
import json

from . import hypertext, standard
from .charts import parts_of
from .facts import type_name

TEXT_CHARACTERS_MAX = 100_000
BUNDLE_BYTES_MAX = 32 * 1024 * 1024
CONTAINER_ITEMS_MAX = 2_000
LINE_CHARACTERS_MAX = 88

_METHODS = (
    ("_repr_html_", "text/html"),
    ("_repr_markdown_", "text/markdown"),
    ("_repr_svg_", "image/svg+xml"),
    ("_repr_png_", "image/png"),
    ("_repr_jpeg_", "image/jpeg"),
    ("_repr_json_", "application/json"),
    ("_repr_latex_", "text/latex"),
)
_DEPTH_MAX = 3
_CONTAINERS = (list, tuple, dict, set, frozenset)
# What a value may raise while it is shown: none of it ends the step.
FAILURES = (Exception, SystemExit, GeneratorExit)


def bundle_of(value):
    """{MIME type: text or bytes}. If a representation raises, the text says so; the step never fails for it."""
    notes = []
    parts = {"text/plain": plain_text(value)}
    try:
        _add_own_parts(parts, value, notes)
    except FAILURES as failure:
        notes.append(f"(showing it raised {summary_of(failure)})")
    if notes:
        parts["text/plain"] = "\n".join([str(parts["text/plain"]), *notes])
    return parts


def _add_own_parts(parts, value, notes):
    total = 0
    for mime, data in _own_parts(value, notes):
        part = _as_part(mime, data)
        if total + len(part) > BUNDLE_BYTES_MAX:
            notes.append(f"({mime} is left out: its {len(part)} bytes exceed the limit of {BUNDLE_BYTES_MAX})")
        else:
            parts[mime] = part
            total += len(part)


def _own_parts(value, notes, depth=_DEPTH_MAX):
    # marimo's way for a class to be shown as another value.
    other = _call(value, "_display_", notes) if depth else None
    if other is not None:
        yield "text/plain", plain_text(other)
        yield from _own_parts(other, notes, depth - 1)
        return
    whole = _call(value, "_repr_mimebundle_", notes)
    if isinstance(whole, tuple) and whole:
        whole = whole[0]
    given = {mime: data for mime, data in whole.items() if isinstance(mime, str) and data is not None} if isinstance(whole, dict) else {}
    yield from given.items()
    for method, mime in _METHODS:
        # A picture is sent once, as it is.
        if mime in given or (mime == "image/jpeg" and "image/png" in given):
            continue
        data = _call(value, method, notes)
        # Jupyter's convention: (data, metadata).
        if isinstance(data, tuple) and len(data) == 2 and isinstance(data[1], dict):
            data = data[0]
        if data is not None:
            given[mime] = data
            yield mime, data
    try:
        yield from ((mime, data) for mime, data in parts_of(value) if mime not in given)
    except FAILURES as failure:
        notes.append(f"(its specification raised {summary_of(failure)})")
    named = _call(value, "_mime_", notes)
    # What marimo calls Markdown is HTML.
    if isinstance(named, tuple) and len(named) == 2 and isinstance(named[0], str) and named[0] not in given:
        yield named
    text = hypertext.text_of(value, given)
    if text:
        yield "text/plain", text


def _call(value, method, notes):
    function = method_of(value, method)
    if function is None:
        return None
    try:
        return function(value)
    except NotImplementedError:
        return None
    except FAILURES as failure:
        notes.append(f"({method} raised {summary_of(failure)})")
        return None


def method_of(value, name):
    """Asked of the class: objects that answer to every name would answer to these, too."""
    try:
        return getattr(type(value), name, None)
    except FAILURES:  # a metaclass has a say in it
        return None


def _as_part(mime, data):
    if isinstance(data, (bytes, bytearray, memoryview)):
        return bytes(data)
    if not isinstance(data, str):
        return json.dumps(data, default=str)
    if mime.startswith("image/") and mime != "image/svg+xml":
        try:
            return base64.b64decode(data)
        except ValueError:
            return data
    return data


def plain_text(value):
    try:
        return _bounded_text(value)
    except FAILURES as failure:
        return f"<{type_name(type(value))} object: its repr raised {summary_of(failure)}>"


def _bounded_text(value):
    if type(value) in (str, bytes) and len(value) > TEXT_CHARACTERS_MAX:
        return f"{value[:TEXT_CHARACTERS_MAX]!r}… {len(value) - TEXT_CHARACTERS_MAX} more characters"
    hidden = 0
    if type(value) in _CONTAINERS and len(value) > CONTAINER_ITEMS_MAX:
        hidden = len(value) - CONTAINER_ITEMS_MAX
        items = value.items() if isinstance(value, dict) else value
        value = type(value)(itertools.islice(items, CONTAINER_ITEMS_MAX))
    # Without what a subclass of `str` makes of it.
    text = str.__str__(repr(value))
    if type(value) in _CONTAINERS and LINE_CHARACTERS_MAX < len(text) <= TEXT_CHARACTERS_MAX:
        text = _pretty(value)
    if len(text) > TEXT_CHARACTERS_MAX:
        return f"{text[:TEXT_CHARACTERS_MAX]}… {len(text) - TEXT_CHARACTERS_MAX} more characters"
    return f"{text}\n… {hidden} more items" if hidden else text


def _pretty(value):
    return standard.load("pprint").pformat(value, width=LINE_CHARACTERS_MAX, compact=True, sort_dicts=False)


def summary_of(failure):
    try:
        return f"{type_name(type(failure))}: {failure}"
    except FAILURES:
        return type_name(type(failure))
