"""`input()` and `getpass.getpass()`: a client of the daemon is asked, and the step waits for its answer."""
import builtins
import getpass
import os
import sys
import threading

PROMPT_CHARACTERS_MAX = 10_000


class Questions:
    def __init__(self, channel, displays, interrupts):
        self._channel = channel
        self._displays = displays
        self._interrupts = interrupts
        self._owner = os.getpid()
        self._main_thread = threading.get_ident()
        self._stdin = sys.stdin
        self._input = builtins.input
        self._getpass = getpass.getpass

    def install(self):
        def input(prompt="", /):
            """Forward to whoever has the notebook open, and return the line that comes back."""
            # A program that reads from something else, and a forked child, are served as anywhere.
            if sys.stdin is not self._stdin or os.getpid() != self._owner:
                return self._input(prompt)
            self._check_askable("input()")
            print(prompt, end="", flush=True)
            return self._ask(prompt, False)

        def ask_password(prompt="Password: ", stream=None, **options):
            """Ask whoever has the notebook open for a password."""
            if os.getpid() != self._owner:
                return self._getpass(prompt, stream, **options)
            self._check_askable("getpass()")
            # Not printed: whoever answers shows it, outside of what the cell gives.
            return self._ask(prompt, True)

        builtins.input = _named("input", input)
        getpass.getpass = _named("getpass", ask_password)

    def _check_askable(self, name):
        if threading.get_ident() != self._main_thread:
            raise EOFError(f"{name} can be answered in the main thread alone")
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
        if answer is None or answer["text"] is None:
            raise EOFError("EOF when reading a line")
        return answer["text"]


def _named(name, function):
    function.__name__ = function.__qualname__ = name
    return function
