"""Starts the worker. Old Pythons must be able to read this file, so that they can say that they are too old."""
import os
import sys

if sys.version_info < (3, 10):
    sys.stderr.write("Python %d.%d.%d is too old: notebooks need Python 3.10 or later.\n" % sys.version_info[:3])
    sys.exit(1)

# Python put this folder in front for us, except under `python -P`.
if not getattr(sys.flags, "safe_path", False):
    del sys.path[0]
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from headwater_worker.own_imports import OwnImports

_own_imports = OwnImports()
sys.meta_path.insert(0, _own_imports)
from headwater_worker.main import main

# All that the worker needs is loaded now. Forgetting it by name keeps it out of the sight and reach of the notebook.
del sys.path[0]
sys.meta_path.remove(_own_imports)
for _name in [name for name in sys.modules if name.partition(".")[0] == "headwater_worker"]:
    del sys.modules[_name]

main()
