"""`input()`, `sys.stdin` and `getpass.getpass()`: a client of the daemon is asked, and the step waits for its answer."""
import builtins
import getpass
import io
import sys
import threading

PROMPT_CHARACTERS_MAX = 10_000


class Questions:
    def __init__(self, channel, displays, interrupts, owner):
        self._channel = channel
        self._displays = displays
        self._interrupts = interrupts
        self._owner = owner
        self._main_thread = threading.get_ident()
        self._lines = _Lines(self._line)
        self._input = builtins.input
        self._getpass = getpass.getpass

    def install(self):
        stdin = sys.stdin = io.TextIOWrapper(io.BufferedReader(self._lines), encoding="utf-8", newline="\n")
        stdin.mode = "r"

        def input(prompt="", /):
            """Forward to whoever has the notebook open, and return the line that comes back."""
            # A program that reads from something else, and a forked child, are served as anywhere.
            if sys.stdin is not stdin or not self._owner.is_here():
                return self._input(prompt)
            self._check_askable("input()")
            print(prompt, end="", flush=True)
            # By way of the stream, which may hold the rest of a line.
            self._lines.prompt = prompt
            try:
                line = stdin.readline()
            finally:
                self._lines.prompt = ""
            if line == "":
                raise EOFError("EOF when reading a line")
            return line.removesuffix("\n")

        def ask_password(prompt="Password: ", stream=None, **options):
            """Ask whoever has the notebook open for a password."""
            if not self._owner.is_here():
                return self._getpass(prompt, stream, **options)
            self._check_askable("getpass()")
            # Not printed: whoever answers shows it, outside of what the cell gives.
            answer = self._ask(prompt, True)
            if answer is None:
                raise EOFError("EOF when reading a line")
            return answer

        builtins.input = _named("input", input)
        getpass.getpass = _named("getpass", ask_password)

    def _line(self, prompt):
        """The next line of standard input, or None at its end; also where nobody can be asked."""
        can_ask = self._owner.is_here() and threading.get_ident() == self._main_thread and self._interrupts.has_step
        return self._ask(prompt, False) if can_ask else None

    def _check_askable(self, name):
        if threading.get_ident() != self._main_thread:
            raise EOFError(f"{name} can only be answered in the main thread")
        if not self._interrupts.has_step:
            raise EOFError(f"{name} can be answered only while a cell runs")

    def _ask(self, prompt, is_password):
        prompt = str(prompt)[-PROMPT_CHARACTERS_MAX:]
        number = None
        try:
            # The number must be known before an interrupt is raised, which takes the question back.
            with self._interrupts:
                number = self._displays.announce({"type": "input", "prompt": prompt, "isPassword": is_password})
            answer = self._channel.wait_for(lambda message: message["type"] == "answer" and message["input"] == number)
        except BaseException:
            if number is not None:
                self._displays.announce({"type": "input-withdrawn", "input": number})
            raise
        return None if answer is None else answer["text"]


class _Lines(io.RawIOBase):
    """Bytes that are asked for line by line, as a terminal gives them."""

    name = "<stdin>"

    def __init__(self, ask):
        super().__init__()
        self._ask = ask
        self._rest = b""
        self.prompt = ""

    def readable(self):
        return True

    def fileno(self):
        return 0

    def readinto(self, buffer):
        if not self._rest:
            line = self._ask(self.prompt)
            if line is None:
                return 0
            self._rest = (line + "\n").encode(errors="surrogateescape")
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count


def _named(name, function):
    function.__name__ = function.__qualname__ = name
    return function
