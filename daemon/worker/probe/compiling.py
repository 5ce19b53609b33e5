"""What Python's compiler refuses. Lines and columns count from 1, columns in characters."""

import ast
import warnings

warnings.simplefilter("ignore")

FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


def refusals(cell, code):
    try:
        compile(code, "<cell>", "exec", FLAGS, dont_inherit=True)
    except SyntaxError as error:
        line = error.lineno or 1
        return [{"cell": cell, "line": line, "column": column(code, error), "message": error.msg}]
    except (ValueError, MemoryError, RecursionError, OverflowError):
        # Too deep, or not to be written in UTF-8: not a matter of syntax.
        pass
    return []


def column(code, error):
    """The parser counts characters; what comes after it counts bytes."""
    offset = error.offset or 1
    try:
        compile(code, "<cell>", "exec", FLAGS | ast.PyCF_ONLY_AST, dont_inherit=True)
    except SyntaxError:
        return offset
    line = code.split("\n")[(error.lineno or 1) - 1]
    return len(line.encode()[: offset - 1].decode(errors="ignore")) + 1
