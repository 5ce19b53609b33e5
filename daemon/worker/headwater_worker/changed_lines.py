"""Which line of a step changed an object: looks again at each new line, where Python tells of lines cheaply (from 3.12 on)."""
import sys
import threading
import time

SECONDS_MAX = 0.005
LOOKS_AT_ONE_LINE_MAX = 20
CODES_MAX = 100
_TOOL = 4
_NAME = "headwater"


class ChangedLines:
    def __init__(self):
        self._monitoring = getattr(sys, "monitoring", None)
        self._is_registered = False
        self._thread = threading.get_ident()
        self._own = self._armed = ()
        self._last = None

    def arm(self, codes, functions, look):
        """`codes` are the step's; `look` gives the names whose objects have changed since it was asked last."""
        if self._monitoring is None or not self._register():
            return
        self._look = look
        self._own = frozenset(codes)
        self._armed = _with_inner([*codes, *functions])
        self._last = None
        self._visits = {}
        self._left = SECONDS_MAX
        self.places = {}
        for code in self._armed:
            self._monitoring.set_local_events(_TOOL, code, self._monitoring.events.LINE)

    def disarm(self, changed):
        """The place for each name that it is known of: the step's own line, and the function further in, if it was in one."""
        if not self._armed:
            return {}
        for code in self._armed:
            self._monitoring.set_local_events(_TOOL, code, 0)
        self._note(changed)
        places, self.places = self.places, {}
        self._own, self._armed, self._last, self._look = (), (), None, None
        return places

    def _register(self):
        if not self._is_registered:
            try:
                self._monitoring.use_tool_id(_TOOL, _NAME)
            except ValueError:  # another tool has it
                self._monitoring = None
                return False
            self._monitoring.register_callback(_TOOL, self._monitoring.events.LINE, self._on_line)
            self._is_registered = True
        return True

    def _on_line(self, code, line):
        if threading.get_ident() != self._thread or not self._armed:
            return None
        visits = self._visits[code, line] = self._visits.get((code, line), 0) + 1
        if self._left > 0:
            started = time.thread_time()
            self._note(self._look())
            self._left -= time.thread_time() - started
            self._last = (self._own_line(code, line), None if code in self._own else (code, line))
        else:
            self._last = None
        return self._monitoring.DISABLE if visits >= LOOKS_AT_ONE_LINE_MAX or self._left <= 0 else None

    def _note(self, changed):
        """What has changed did so in the line before."""
        if self._last is not None:
            for name in changed:
                self.places.setdefault(name, self._last)

    def _own_line(self, code, line):
        if code in self._own:
            return line
        frame = sys._getframe(2)
        while frame is not None and frame.f_code not in self._own:
            frame = frame.f_back
        return None if frame is None else frame.f_lineno


def _with_inner(codes):
    found = dict.fromkeys(codes)
    for code in list(found):
        _add_inner(code, found)
    return tuple(found)


def _add_inner(code, found):
    for constant in code.co_consts:
        if isinstance(constant, type(code)) and len(found) < CODES_MAX:
            found[constant] = None
            _add_inner(constant, found)
