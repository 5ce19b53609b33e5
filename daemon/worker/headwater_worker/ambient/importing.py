"""What the first import of a module changes belongs to the kernel: the module is not loaded a second time, so it will not change it again."""
import importlib._bootstrap as bootstrap
import threading


def tell_imports(begins, ends):
    """Calls before and after each import that loads modules, in the main thread, but not for imports within it."""
    find_and_load = bootstrap._find_and_load
    main_thread = threading.get_ident()
    is_under_way = False

    def _find_and_load(name, import_):
        nonlocal is_under_way
        if is_under_way or threading.get_ident() != main_thread:
            return find_and_load(name, import_)
        is_under_way = True
        begins()
        try:
            return find_and_load(name, import_)
        finally:
            is_under_way = False
            ends()

    # Tracebacks leave out what stands in this file: that is how Python knows the frames of its own import system.
    _find_and_load.__code__ = _find_and_load.__code__.replace(co_filename="<frozen importlib._bootstrap>")
    bootstrap._find_and_load = _find_and_load
