"""The end of a kernel that is asked to leave: as at the end of a Python program, but that modules are not taken apart.

To take apart every module, as Python does at its end, takes longer than all the rest of a restart, and with large libraries many times as long.
"""
import atexit
import gc
import os
import sys
import threading


def leave(kernel):
    # As Python does it: threads first, then what the program registered, then its objects.
    threading._shutdown()
    atexit._run_exitfuncs()
    kernel.namespace.release()
    for name in kernel.modules.loaded():
        sys.modules.pop(name, None)
    gc.collect()
    kernel.flush()
    os._exit(0)
