"""From a cell's text to code: line numbers of the notebook, parameters, private names, top-level await."""
import __future__

import ast
import collections
import functools
import linecache
import operator
import re

from .claims import NOTHING, claims_of
from .privates import Privates


Text = collections.namedtuple("Text", "code offset file privates")
Compiled = collections.namedtuple("Compiled", "key text body result futures")
_NO_PRIVATES = Privates((), "")
_FUTURES = functools.reduce(operator.or_, (getattr(__future__, name).compiler_flag for name in __future__.all_feature_names))


class Sources:
    """What has been compiled here: for tracebacks, `inspect.getsource`, and `from __future__` of earlier cells."""

    def __init__(self):
        self._file_of = {}
        self._steps_in = collections.Counter()
        self._futures_of = {}
        self._texts = {}
        self._compiled = {}
        self._claims = {}
        self._ahead = {}
        self.newest = None

    def compile(self, evaluation, privates):
        """The code objects of the cell: all but the last expression, and that expression or None."""
        step, file, offset = evaluation["step"], evaluation["fileName"], evaluation["lineOffset"]
        self._register(step, file, offset, evaluation["code"])
        for old in evaluation["forget"]:
            self._forget(old)
        layer = evaluation.get("layer")
        self._compile_program(evaluation)
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | self._futures_for(None, layer)
        compiled = self._compile(evaluation, flags, privates)
        self._texts[step] = Text(compiled.text, offset, file, privates)
        self.newest = step
        if compiled.futures:
            self._futures_of[step] = (layer, compiled.futures)
        return compiled.body, compiled.result

    def _compile_program(self, evaluation):
        """All that is to compile before anything runs. What came of it is kept for the steps that will want it."""
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        for part in evaluation.get("program", ()):
            self._lay(part["fileName"], part["lineOffset"], part["code"])
            compiled = self._compile({**evaluation, **part}, flags, _NO_PRIVATES)
            self._ahead[part["lineOffset"]] = compiled
            flags |= compiled.futures
        if not evaluation.get("isMarimo", False):
            _refuse_late_futures(evaluation.get("program", ()))

    def _compile(self, evaluation, flags, privates):
        """A file is compiled once, unless what else goes into it has changed."""
        file, offset, parameters = evaluation["fileName"], evaluation["lineOffset"], evaluation["parameters"]
        key = (evaluation["code"], offset, tuple(parameters.items()), evaluation["wantsResult"], flags, privates.names)
        known = self._ahead.pop(offset, None) or self._compiled.get(file)
        if known is not None and known.key == key:
            self._compiled[file] = known
        else:
            known = self._compiled[file] = Compiled(key, *_compiled_somehow(evaluation, flags, privates))
        return known

    def claims_in(self, file):
        """What the text of the file claims to change; nothing of a file that is no cell's."""
        known = self._compiled.get(file)
        if known is None:
            return NOTHING
        if self._claims.get(file, (None,))[0] is not known:
            self._claims[file] = (known, claims_of(known.text))
        return self._claims[file][1]

    def text_of(self, step):
        """What ran in the step; None for what was forgotten."""
        return self._texts.get(step)

    def text_at(self, file, line):
        """What ran in the newest step whose text has this line of the file."""
        for text in reversed(self._texts.values()):
            if text.file == file and text.offset < line <= text.offset + text.code.count("\n") + 1:
                return text
        return None

    @property
    def future_flags(self):
        """Those of cells."""
        return self._futures_for(None)

    def _futures_for(self, *layers):
        flags = [flags for layer, flags in self._futures_of.values() if layer in layers]
        return functools.reduce(operator.or_, flags, 0)

    def has(self, file):
        return file in self._steps_in

    def line(self, file, number):
        return linecache.getline(file, number).rstrip("\n")

    def _forget(self, step):
        self._futures_of.pop(step, None)
        self._texts.pop(step, None)
        file = self._file_of.pop(step, None)
        if file is None:
            return
        self._steps_in[file] -= 1
        if self._steps_in[file] == 0:
            del self._steps_in[file]
            self._compiled.pop(file, None)
            self._claims.pop(file, None)
            linecache.cache.pop(file, None)

    def _register(self, step, file, offset, code):
        self._lay(file, offset, code)
        self._file_of[step] = file
        self._steps_in[file] += 1

    def _lay(self, file, offset, code):
        """Cells of one file are laid over each other, each at its own lines."""
        lines = linecache.cache[file][2] if self.has(file) and len(linecache.cache.get(file, ())) == 4 else []
        if lines and file in self._compiled and self._compiled[file].key[:2] == (code, offset):
            return
        # Only these end a line in Python; str.splitlines knows more.
        added = [line + "\n" for line in re.split("\r\n|\r|\n", code)]
        lines += ["\n"] * (offset - len(lines))
        lines[offset : offset + len(added)] = added
        # Without a time of change, linecache never asks the disk.
        linecache.cache[file] = (len(code), None, lines, file)


def _refuse_late_futures(program):
    """Python refuses a script with `from __future__` below other code. Whatever else it would refuse, each cell was compiled for."""
    if not any("__future__" in part["code"] for part in program[1:]):
        return
    file = program[0]["fileName"]
    try:
        compile("".join(linecache.cache[file][2]), file, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as error:
        if "__future__" in error.msg:
            raise
    except (MemoryError, RecursionError, ValueError):
        pass


def _compiled_somehow(evaluation, flags, privates):
    """Text that is nested too deep for a syntax tree of Python's may compile all the same, as it stands: then no result of it is shown."""
    try:
        return _compiled(evaluation, flags, privates)
    except RecursionError:
        if privates.names or evaluation["parameters"]:
            raise
    code = evaluation["code"]
    body = compile("\n" * evaluation["lineOffset"] + code, evaluation["fileName"], "exec", flags, dont_inherit=True)
    return code, body, None, body.co_flags & _FUTURES


def _compiled(evaluation, flags, privates):
    file, offset = evaluation["fileName"], evaluation["lineOffset"]
    text, tree = _parse("\n" * offset + evaluation["code"], file, flags)
    set_parameters(tree, evaluation["parameters"])
    tree = privates.rename(tree)
    last = tree.body[-1] if tree.body else None
    is_result = isinstance(last, ast.Expr) and not _is_prose(tree, text) and not _is_silenced(text[offset:], last, offset)
    is_shown = evaluation["wantsResult"] and is_result
    if is_shown:
        tree.body.pop()
    futures = _futures(tree)
    body = privates.restore_names(compile(tree, file, "exec", flags, dont_inherit=True))
    result = None
    if is_shown:
        shown = compile(ast.Expression(last.value), file, "eval", flags | futures, dont_inherit=True)
        result = privates.restore_names(shown)
    return text[offset:], body, result, futures


def _parse(text, file, flags):
    while True:
        try:
            return text, compile(text, file, "exec", flags | ast.PyCF_ONLY_AST, dont_inherit=True)
        except SyntaxError as error:
            repaired = _without_hard_space(text, error)
            if repaired is None:
                raise
            text = repaired


def _without_hard_space(text, error):
    """A no-break space outside of strings, which keyboards and web pages slip in, counts as a space."""
    if "U+00A0" not in (error.msg or "") or not error.lineno or not error.offset:
        return None
    lines = text.split("\n")
    line, at = lines[error.lineno - 1], error.offset - 1
    spaces = re.compile("\xa0+").match(line, at)
    if spaces is None:
        return None
    lines[error.lineno - 1] = line[:at] + " " * len(spaces[0]) + line[spaces.end() :]
    return "\n".join(lines)


def _futures(tree):
    flags = 0
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            for alias in statement.names:
                flags |= getattr(getattr(__future__, alias.name, None), "compiler_flag", 0)
    return flags


def set_parameters(tree, parameters):
    for statement in tree.body:
        name = _assigned_name(statement)
        if name in parameters:
            given = ast.parse(parameters[name], mode="eval").body
            for node in ast.walk(given):
                ast.copy_location(node, statement.value)
            statement.value = given


def _assigned_name(statement):
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        target = statement.target
    else:
        return None
    return target.id if isinstance(target, ast.Name) else None


def _is_prose(tree, text):
    """A cell that is only a text in triple quotes: it sets `__doc__`, as in a script, and shows nothing."""
    if len(tree.body) != 1 or ast.get_docstring(tree, clean=False) is None:
        return False
    return (ast.get_source_segment(text, tree.body[0].value) or "").lstrip("rRuU").startswith(('"""', "'''"))


def _is_silenced(code, statement, offset):
    """Whether a `;` follows: what comes after the last statement is only brackets, comments and that."""
    lines = code.encode().splitlines()[statement.end_lineno - 1 - offset :]
    lines[0] = lines[0][statement.end_col_offset :]
    return any(b";" in line.partition(b"#")[0] for line in lines)
