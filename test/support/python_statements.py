"""Prints, per file of the standard library, where Python's own tokenizer sees statements start and end."""

import io
import json
import pathlib
import sys
import sysconfig
import tokenize

QUIET = {
    tokenize.NL,
    tokenize.COMMENT,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
    tokenize.ENCODING,
}
# The tests of the tokenizer and of strings hold the odd cases.
PATTERNS = ["*.py", "asyncio/*.py", "test/test_*string*.py", "test/test_tokenize.py", "test/test_grammar.py"]


def statements(text):
    found, current = [], None
    for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
        if token.type == tokenize.NEWLINE:
            if current:
                found.append(current)
            current = None
        elif token.type not in QUIET:
            start = (token.start[0] - 1, token.start[1])
            current = [*(current[:2] if current else start), token.end[0] - 1, token.end[1]]
    return found


def main():
    root = pathlib.Path(sysconfig.get_path("stdlib"))
    for pattern in PATTERNS:
        for path in sorted(root.glob(pattern)):
            try:
                text = path.read_bytes().decode("utf-8")
                compile(text, str(path), "exec")
                found = statements(text)
            except (SyntaxError, ValueError, tokenize.TokenError):
                continue
            print(json.dumps({"path": str(path.relative_to(root)), "text": text, "statements": found}))


main()
