"""What modules hold that the program has loaded. A module's own `__getattr__`, or an object of the program in a module's place, is not asked."""
import sys
import types

_DICT_OF_MODULE = types.ModuleType.__dict__["__dict__"].__get__
# A program may put a dictionary of its own into the place of `sys.modules`.
_modules = sys.modules


def held_by(module):
    """What the module of this name holds, by name; nothing where it is not loaded."""
    found = dict.get(_modules, module)
    return _DICT_OF_MODULE(found) if issubclass(type(found), types.ModuleType) else {}


def class_in(module, name):
    """A class of the module; None where there is none."""
    found = held_by(module).get(name)
    return found if issubclass(type(found), type) else None
