"""What the text of a cell claims to change of objects whose insides are not looked at otherwise: calls whose value nobody uses, and stores."""
import ast
import collections
import re
import types

from . import insides
from .attributes import held_by_class

# Names that say that something is read, shown, written elsewhere, or that a thing of the world is used.
_READING = re.compile(
    r"(get|is|has|p?print|show|display|draw|render|view|plot_|save|dump|write|export|to(?:_|string|xml|pretty|json|list|dict|bytes)|read|load|info|debug|warn|error|critical"
    r"|exception|log|describe|head|tail|summary|report|help|start|stop|join|wait|run|send|recv|sleep|acquire|release|connect|execute"
    r"|commit|rollback|flush|close|seek|tell|open|exit|assert|raise|check|validate|verify|test|predict|transform|score|evaluate"
    r"|format|encode|decode|copy|count|index|find|search|match|parse|items|keys|values|fetch|download|submit|shutdown|poll|kill"
    r"|terminate|cancel|result)",
    re.IGNORECASE,
)

# Whose value is often kept: `bars = ax.bar(…)`.
_CHANGING = re.compile(
    r"(add|append|insert|set|put|push|register|remove|delete|attach|create|sub_?element|plot|scatter|bar|hist|imshow|fill|text|annotate|legend)",
    re.IGNORECASE,
)

# `members` are called or stored, of the objects of `owners`; `given` are names handed to a function of a module, by the name of the module;
# `stored` are names of whose objects an attribute or an item is stored or deleted.
Claims = collections.namedtuple("Claims", "members owners given stored")

NOTHING = Claims(frozenset(), frozenset(), frozenset(), frozenset())


def claims_of(text):
    """In functions, too: who calls them may change what they change."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return NOTHING
    members, owners, given, stored = set(), set(), set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            _add_call(_awaited(node.value), members, owners, given)
        elif isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            members.update(target.attr for target in targets if isinstance(target, ast.Attribute))
            called = _awaited(node.value)
            if isinstance(called, ast.Call) and isinstance(called.func, ast.Attribute) and _CHANGING.match(called.func.attr):
                _add_call(called, members, owners, given)
            if any(isinstance(target, ast.Subscript) for target in targets):
                members.add("__setitem__")
            stored.update(_stored(targets))
        elif isinstance(node, ast.Delete):
            stored.update(_stored(node.targets))
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            for decorator in node.decorator_list:
                called = decorator.func if isinstance(decorator, ast.Call) else decorator
                if isinstance(called, ast.Attribute):
                    members.add(called.attr)
                    owners.add(_root_of(called))
    return Claims(frozenset(members), frozenset(owners), frozenset(given), frozenset(stored))


def _stored(targets):
    """Names directly before the attribute or the item."""
    return [target.value.id for target in targets if isinstance(target, (ast.Attribute, ast.Subscript)) and isinstance(target.value, ast.Name)]


def _awaited(value):
    return value.value if isinstance(value, ast.Await) else value


def _root_of(node):
    """The name at the start of a chain of attributes, calls and subscripts."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def _add_call(call, members, owners, given):
    if not isinstance(call, ast.Call):
        return
    # `show.register(int)(f)`
    while isinstance(call.func, ast.Call):
        call = call.func
    if not isinstance(call.func, ast.Attribute) or _READING.match(call.func.attr):
        return
    members.add(call.func.attr)
    owner = _root_of(call.func)
    owners.add(owner)
    held = [*call.args, *(keyword.value for keyword in call.keywords)]
    given.update((owner, argument.id) for argument in held if isinstance(argument, ast.Name))


class Claimed:
    """What the texts claim that come together in a step: its own, and those of functions that it is given. They are read when it is first asked."""

    def __init__(self, claims_in, values, bound):
        self._claims_in = claims_in
        self._values = values
        self._bound = bound
        self._files = []
        self._own = self._members = None

    def read(self, codes):
        self._files = [code.co_filename for code in codes]

    def has(self, name, value, is_root):
        """Whether a text calls or stores something by a name that the object has, or the step's own hands it to a function of a module."""
        if self._members is None:
            self._find()
        if insides.is_claimed(value, self._members):
            return True
        if not is_root:
            return False
        given = [owner for owner, given in self._own.given if given == name]
        return name in self._own.owners or any(type(self._bound.get(owner)) is types.ModuleType for owner in given)

    def says(self, name):
        """Whether the step's own text shows that it may change the object of the name."""
        if self._members is None:
            self._find()
        return name in self._own.owners or any(name == given for _, given in self._own.given)

    def stores(self, name):
        """Whether the step's own text stores or deletes an attribute or an item of the object of the name."""
        if self._members is None:
            self._find()
        return name in self._own.stored

    def _find(self):
        self._own = self._claims_in(self._files[0]) if self._files else NOTHING
        files = dict.fromkeys(file for value in self._values.values() for file in _files_of(value))
        others = [self._claims_in(file) for file in files if file not in self._files]
        self._members = self._own.members.union(*(one.members for one in others))


def _files_of(value):
    """Where the functions of the notebook stand that the value is, or has as methods."""
    kind = type(value)
    if kind is types.MethodType:
        value = value.__func__
    if type(value) is types.FunctionType:
        return [value.__code__.co_filename]
    held = held_by_class(value if issubclass(kind, type) else kind)
    return [one.__code__.co_filename for one in held if type(one) is types.FunctionType]
