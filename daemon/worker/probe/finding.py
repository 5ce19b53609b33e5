"""
Looks for modules by the names of files. Starting the notebook's own interpreter would run what its environment holds, in
`.pth` files for example.
"""

import glob
import os
import re
import sys

from headwater_worker import regular_file

# What the worker offers to notebooks is there without being anywhere.
OFFERED = "headwater"
LIBRARY = os.path.dirname(os.__file__)
CONFIG_BYTES_MAX = 1024 * 1024
KNOWN = set(sys.builtin_module_names) | set(sys.stdlib_module_names)


class Places:
    """The folders that a Python in a folder would look for modules in; none where the interpreter is not known."""

    def __init__(self, interpreter, folder, home, python_path):
        self.sites = site_folders(interpreter, home) if interpreter else []
        self.paths = [folder, *filter(None, python_path.split(os.pathsep)), *self.sites]
        self.hooks = ""
        for site in self.sites:
            self.read_hooks(site)

    def read_hooks(self, site):
        """What a file of an editable installation mentions may come from there."""
        for path in matching(site, "*.pth") + matching(site, "__editable__*"):
            text = text_of(path)
            self.hooks += text
            if path.endswith(".pth"):
                lines = [line.strip() for line in text.splitlines() if not line.startswith(("import ", "#"))]
                self.paths += [os.path.join(site, line) for line in lines if line]

    def lacks(self, name):
        return bool(self.sites) and self._is_nowhere(name)

    def is_unsure_of(self, name):
        """Not found, and it is not known where packages are."""
        return not self.sites and self._is_nowhere(name)

    def _is_nowhere(self, name):
        if name in KNOWN or name == OFFERED or name in self.hooks:
            return False
        return not any(holds(path, name) for path in self.paths)

    def source(self, module):
        """The file of `a.b`, and whether it is a package; nothing for what is no plain Python file."""
        for path in [*self.paths, LIBRARY]:
            stem = os.path.join(path, *module.split("."))
            for file, is_package in ((os.path.join(stem, "__init__.py"), True), (stem + ".py", False)):
                if os.path.isfile(file):
                    return file, is_package
            # Python takes the first that it finds, and this one cannot be read.
            if glob.glob(glob.escape(stem) + ".*so"):
                return None
        return None


def site_folders(interpreter, home):
    prefix = os.path.dirname(os.path.dirname(interpreter))
    prefixes = [prefix]
    config = os.path.join(prefix, "pyvenv.cfg")
    takes_user = True
    if os.path.exists(config):
        text = text_of(config)
        takes_user = re.search(r"include-system-site-packages\s*=\s*true", text, re.I) is not None
        base = re.search(r"^home\s*=\s*(.+)$", text, re.M)
        if takes_user and base:
            prefixes.append(os.path.dirname(base.group(1).strip()))
    else:
        prefixes += [os.path.dirname(os.path.dirname(os.path.realpath(interpreter))), "/usr/local"]
    found = []
    for one in prefixes:
        for pattern in ("lib/python3*/site-packages", "lib/python3*/dist-packages", "lib64/python3*/site-packages"):
            found += matching(one, pattern)
    if takes_user:
        found += matching(home, ".local/lib/python3*/site-packages")
    return found


def text_of(path):
    """Nothing for what is no file, or a file that is larger than any that a tool has written."""
    try:
        return regular_file.read(path, CONFIG_BYTES_MAX).decode(errors="replace")
    except OSError:
        return ""


def holds(folder, name):
    if os.path.isdir(os.path.join(folder, name)):
        return True
    return bool(matching(folder, name + ".py*") or matching(folder, name + ".*so"))


def matching(folder, pattern):
    return glob.glob(os.path.join(glob.escape(folder), pattern))
