"""What `import marimo` finds in a notebook of marimo's: the context that `python notebook.py` gives it, so that its functions do here as they do there.

marimo's graph has the cells that have run, by the ids that the daemon knows them by.
"""
import builtins
import collections
import contextlib
import sys

_TYPES = "marimo._runtime.context.types"
_CONTROL_FLOW = "marimo._runtime.control_flow"
# As marimo's own: the line before the cell's first, and its code.
_Found = collections.namedtuple("_Found", "lineno code")


class MarimoContext:
    def __init__(self, file, namespace, sources, tells_states):
        self._file = file
        self._tells_states = tells_states
        self._namespace = namespace
        self._sources = sources
        # Until a step says otherwise: a process that kernels are forked from loads marimo before it knows for what.
        self._is_marimo = True
        self._cell = self._context = None
        self._cell_of = {}
        # What marimo's graph has not heard of yet.
        self._codes = {}
        # In the order in which they were set.
        self._states_set = {}

    def adapt(self, loading):
        loading.then("marimo", lambda _: self._install())
        loading.then("marimo._save.save", self._adapt_caches)

    def begin(self, evaluation):
        self._is_marimo = evaluation.get("isMarimo", False)
        if not self._is_marimo:
            self._remove()
        elif "cell" in evaluation:
            self._begin(evaluation["step"], evaluation["cell"], evaluation["code"])
        for step in evaluation["forget"]:
            self._forget(step)

    def is_stop(self, exception):
        """Whether this is `mo.stop(…)`: a cell ends itself."""
        control = sys.modules.get(_CONTROL_FLOW) if self._is_marimo else None
        return control is not None and issubclass(type(exception), control.MarimoStopError)

    def take_states_set(self):
        """Of each state that was set since: the names under which it is read, and whether the cell that set it may run again for it."""
        states, self._states_set = [*self._states_set.values()], {}
        bound = self._namespace.globals
        return [([name for name, value in bound.items() if value is state], bool(state.allow_self_loops)) for state in states]

    def _note_state(self, state):
        if self._tells_states:
            self._states_set[id(state)] = state

    def _begin(self, step, cell, code):
        # marimo gives its cells a dictionary, and looks names up in it.
        self._namespace.globals["__builtins__"] = builtins.__dict__
        self._cell = self._cell_of[step] = cell
        self._codes[cell] = code
        if self._context is not None:
            self._enter()

    def _forget(self, step):
        cell = self._cell_of.pop(step, None)
        if cell is not None and cell not in self._cell_of.values():
            self._codes[cell] = ""

    def _install(self):
        # Another version of marimo may be made otherwise: then it finds no context, as before.
        with contextlib.suppress(Exception):
            if self._is_marimo and self._context is None:
                self._context = _new_context(self._file, self._namespace, self._tell, self._note_state)
                self._enter()

    def _remove(self):
        if self._context is not None:
            self._context = None
            sys.modules[_TYPES].teardown_context()

    def _enter(self):
        with contextlib.suppress(Exception):
            execution = sys.modules[_TYPES].ExecutionContext(cell_id=self._cell, setting_element_value=False)
            self._context.app.set_execution_context(execution)
            self._context.cell_lifecycle_registry.dispose(self._cell, deletion=False)

    def _tell(self, graph):
        from marimo._ast.compiler import compile_cell

        while self._codes:
            cell, code = self._codes.popitem()
            if cell in graph.cells:
                graph.delete_cell(cell)
            with contextlib.suppress(SyntaxError):
                graph.register_cell(cell, compile_cell(code, cell_id=cell))

    def _adapt_caches(self, module):
        find_in_file = module.find_cell

        def find_cell(filename, lineno):
            text = self._sources.text_at(filename, lineno)
            return find_in_file(filename, lineno) if text is None else _Found(text.offset, text.code)

        module.find_cell = find_cell


def _new_context(file, namespace, tell, note_state):
    from marimo._ast.app import App, InternalApp
    from marimo._messaging.types import NoopStream
    from marimo._runtime.context.script_context import ScriptRuntimeContext, initialize_script_context
    from marimo._runtime.context.types import get_context

    class Context(ScriptRuntimeContext):
        @property
        def graph(self):
            graph = super().graph
            tell(graph)
            return graph

        @property
        def globals(self):
            return namespace.globals

        def register_state_update(self, state):
            note_state(state)

    initialize_script_context(app=InternalApp(App(_filename=file)), stream=NoopStream(), filename=file)
    context = get_context()
    context.__class__ = Context
    return context
